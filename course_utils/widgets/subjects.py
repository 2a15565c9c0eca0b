"""The student's own functions in a picture: asked as a check asks them, and answered for in a check's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.cells import AT_LINE
from course_utils.checking.compare import compare
from course_utils.checking.describe import describe
from course_utils.checking.perform import describe_error, perform_local
from course_utils.checking.session import Raised

WAITING = "yours will appear here"


class Unusable(Exception):
    """A function of the student's cannot be drawn; the message is the lines that a check would show."""


class NotWritten(Exception):
    """A function of the student's is not written yet."""


def trial(function: Callable[..., Any] | None, *args: Any, want: Any, name: str = "") -> Any:
    """What a student's function answers to a first call, in the kind and shape of `want`.

    Raises NotWritten for a stub, and Unusable for everything that a check would refuse without looking at the numbers.
    """
    if function is None:
        raise NotWritten
    name = name or getattr(function, "__name__", "your function")
    reply = perform_local("call", function, args, {})
    if reply.raised:
        raise _refused(name, args, reply.raised)
    if reply.changed:
        place = next(iter(reply.changed))
        where = f"argument {place + 1}" if isinstance(place, int) else f"argument {place}"
        raise Unusable(f"{_called(name, args)}\n{where} is not the same after the call: work on a copy of it")
    difference = compare(f"the result of {name}", reply.value, want)
    if difference and difference.stage in ("kind", "shape"):
        raise Unusable(f"{_called(name, args)}\n{difference.sentence}")
    return reply.value


def values(function: Callable[..., Any] | None, z: np.ndarray, name: str = "") -> np.ndarray:
    """g(z) for a function that takes an array entry by entry, as float64 (N,)."""
    return np.asarray(trial(function, z.copy(), want=np.zeros_like(z), name=name), dtype=float)


def sentence(error: BaseException) -> str:
    """Lines for whatever came out of a drawing: where, what, likely why."""
    if isinstance(error, Unusable):
        return str(error)
    if isinstance(error, NotWritten | NotImplementedError):
        return WAITING
    return _told(describe_error(error))


def _refused(name: str, args: tuple[Any, ...], raised: Raised) -> Exception:
    if raised.kind == "not implemented" and raised.function in ("", name):
        return NotWritten()
    if raised.kind == "not implemented":
        return Unusable(f"{name} needs {raised.function}, which is not written yet")
    return Unusable(f"{_called(name, args)}\n{_told(raised)}")


def _told(raised: Raised) -> str:
    if raised.kind == "signature":
        return raised.message
    line = f"\n{AT_LINE}{raised.line}" if raised.line else ""
    return f"{raised.type}: {raised.message}".split("\n")[0][:200] + line


def _called(name: str, args: tuple[Any, ...]) -> str:
    return f"{name} called with {', '.join(describe(arg) for arg in args)}"
