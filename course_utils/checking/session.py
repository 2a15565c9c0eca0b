"""How a check reaches the student's objects: in this process, or through a wire.

A *session* looks names up and performs operations on what it finds. Results that are plain data (numbers, arrays,
text, and containers of these) come back as data; everything else stays where it is and is spoken of by a `Ref`.
`Local` is the session of a notebook; the grader's sandbox has another one with the same two methods.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import linecache
import operator
import sys
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from course_utils.checking.by_hand import without_torch
from course_utils.checking.names import find
from course_utils.checking.plain import copied, is_plain, is_tensor, same, snapshot

_OURS = str(Path(__file__).resolve().parent.parent)


class Raised(NamedTuple):
    """What went wrong while the student's code ran.

    `kind` is "error", "signature", "missing", "not implemented", "timeout", "died", or "probe" when the check itself
    stumbled over what it was given.
    """

    kind: str
    type: str = ""
    message: str = ""
    line: str = ""
    function: str = ""


class Ref(NamedTuple):
    """Stands for an object of the student that is not plain data; `parameters` names the arguments where known."""

    key: int
    type: str
    callable: bool
    parameters: tuple[str, ...] = ()


class Seeded(NamedTuple):
    """Stands for `numpy.random.default_rng(seed)` as an argument."""

    seed: int


class Reply(NamedTuple):
    """The outcome of one operation.

    `changed` maps the position (or keyword) of every argument that was changed in place to its new value; `warned`
    holds the messages of NumPy's floating-point warnings.
    """

    value: Any = None
    changed: Mapping[int | str, Any] = {}
    raised: Raised | None = None
    warned: tuple[str, ...] = ()


class Session(Protocol):
    """Where the student's objects live."""

    def lookup(self, name: str) -> Reply:
        """The object that `names.find` finds: plain data or a `Ref`; raised kind "missing" when there is none."""
        ...

    def perform(
        self,
        op: str,
        target: Ref,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        by_hand: bool = False,
        quiet: bool = False,
    ) -> Reply:
        """Do one operation on one object."""
        ...


def _reflected(name: str) -> Callable[[Any, Any], Any]:
    forward = getattr(operator, name)
    return lambda obj, other: forward(other, obj)


ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
OPERATORS = ("getitem", "setitem", "contains", "neg", "eq", "lt", "le", "gt", "ge")
OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": lambda obj, *args, **kwargs: obj(*args, **kwargs),
    "getattr": getattr,
    "setattr": setattr,
    "iter": iter,
    "next": next,
    "len": len,
    "float": float,
    **{name: getattr(operator, name) for name in OPERATORS},
    **{name: getattr(operator, name) for name in ARITHMETIC},
    **{f"r{name}": _reflected(name) for name in ARITHMETIC},
}


def perform_local(
    op: str,
    obj: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    by_hand: bool = False,
    quiet: bool = False,
) -> Reply:
    """Do one operation on a real object and tell what came of it; never raises for what the student's code did.

    The arguments are the student's to keep; `Seeded` ones become generators. The value is the raw result.
    """
    args = tuple(_with_generator(arg) for arg in args)
    kwargs = {name: _with_generator(arg) for name, arg in kwargs.items()}
    if op == "call" and (problem := _signature_problem(obj, args, kwargs)):
        return Reply(raised=Raised("signature", "TypeError", problem))
    before = {key: snapshot(value) for key, value in _numbered(args, kwargs)}
    raised, value, notes = None, None, []
    try:
        with _guarded(by_hand, quiet) as notes:
            value = OPERATIONS[op](obj, *args, **kwargs)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the student's code raises is an answer
        raised = describe_error(error)
    changed = {key: arg for key, arg in _numbered(args, kwargs) if key in before and not same(before[key], arg)}
    return Reply(value, changed, raised, tuple(notes))


class Local:
    """The session of a notebook: the student's objects are in this process.

    What the student's code prints while a check runs is swallowed: nbgrader takes any text on stderr for a failure.
    """

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self._objects: list[Any] = []

    def lookup(self, name: str) -> Reply:
        try:
            return Reply(self._out(find(name, self._namespace)))
        except LookupError as error:
            return Reply(raised=Raised("missing", "NameError", str(error)))

    def perform(
        self,
        op: str,
        target: Ref,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        by_hand: bool = False,
        quiet: bool = False,
    ) -> Reply:
        args = tuple(self._in(arg) for arg in args)
        kwargs = {name: self._in(arg) for name, arg in kwargs.items()}
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            reply = perform_local(op, self._objects[target.key], args, kwargs, by_hand=by_hand, quiet=quiet)
        return reply._replace(value=self._out(reply.value))

    def _in(self, value: Any) -> Any:
        if isinstance(value, Ref):
            return self._objects[value.key]
        if isinstance(value, list):
            return [self._in(item) for item in value]
        if type(value) is tuple:
            return tuple(self._in(item) for item in value)
        if isinstance(value, dict):
            return {key: self._in(item) for key, item in value.items()}
        return copied(value)

    def _out(self, value: Any) -> Any:
        if is_tensor(value):
            return value
        if type(value) in (list, tuple):
            return type(value)(self._out(item) for item in value)
        if type(value) is dict and all(isinstance(key, str | int) for key in value):
            return {key: self._out(item) for key, item in value.items()}
        if is_plain(value):
            return copy.deepcopy(value)
        self._objects.append(value)
        return Ref(len(self._objects) - 1, type(value).__name__, callable(value), _parameters(value))


def describe_error(error: BaseException) -> Raised:
    """An exception as data, with the deepest line of the student's own code."""
    kind = "not implemented" if isinstance(error, NotImplementedError) else "error"
    line = function = ""
    for frame, number in _frames(error.__traceback__):
        filename = frame.f_code.co_filename
        # a function of the probe that is called back lives in the lab's checks.py
        if not filename.startswith((_OURS, sys.prefix, sys.base_prefix, "<frozen")) and not filename.endswith("checks.py"):
            line = linecache.getline(filename, number).strip()
            function = frame.f_code.co_name
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - the student's own exception class may be broken
        message = "(its message cannot be shown)"
    return Raised(kind, type(error).__name__, message[:500], line[:200], function[:100])


def _frames(traceback: types.TracebackType | None) -> Iterator[tuple[types.FrameType, int]]:
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _with_generator(value: Any) -> Any:
    return np.random.default_rng(value.seed) if isinstance(value, Seeded) else value


def _numbered(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[tuple[int | str, Any]]:
    yield from enumerate(args)
    yield from kwargs.items()


def _parameters(obj: Any) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(obj).parameters) if callable(obj) else ()
    except (ValueError, TypeError):  # some builtins have no signature
        return ()


def _signature_problem(obj: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    name = getattr(obj, "__name__", type(obj).__name__)
    if not callable(obj):
        return f"{name} is not a function"
    try:
        signature = inspect.signature(obj)
    except (ValueError, TypeError):  # some builtins have none
        return ""
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        return f"{name}{signature} cannot be called like this: {error}"[:300]
    return ""


@contextlib.contextmanager
def _guarded(by_hand: bool, quiet: bool) -> Iterator[list[str]]:
    """Collect floating-point warnings, or make them errors (`quiet`); take torch away (`by_hand`)."""
    notes: list[str] = []
    with contextlib.ExitStack() as stack:
        caught = stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        if quiet:
            stack.enter_context(np.errstate(over="raise", divide="raise", invalid="raise"))
        if by_hand:
            stack.enter_context(without_torch())
        yield notes
        notes += sorted({str(item.message)[:200] for item in caught or () if item.category is RuntimeWarning})
