"""Answers that do nothing: what they get right earns nothing alone.

A stub that returns zeros is right about every zero, one that returns its first argument about every input that stays as it
is. An observation that such an answer fulfils is worth its points only beside one that it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Function = Callable[..., Any]


def trivial_answers(reference: Any) -> Iterator[Function]:
    """Functions that could be written without a thought about the exercise; none for a class or a value."""
    if not callable(reference) or isinstance(reference, type):
        return
    yield lambda *args, **kwargs: args[0]
    yield lambda *args, **kwargs: args[-1]
    yield lambda *args, **kwargs: args
    yield lambda *args, **kwargs: args[:2]
    yield lambda *args, **kwargs: [args[:2]]
    yield lambda *args, **kwargs: (args[1], 0)
    for fill in (0.0, 1.0):
        yield _filled(reference, fill)
        yield lambda *args, fill=fill, **kwargs: fill
        yield lambda *args, fill=fill, **kwargs: np.full_like(args[0], fill, dtype=float)
    yield lambda *args, **kwargs: True
    yield lambda *args, **kwargs: ""


def _filled(reference: Function, fill: float) -> Function:
    """Whatever the reference gives, in kind and shape, with one number in place of all."""

    def answer(*args: Any, **kwargs: Any) -> Any:
        return _replaced(reference(*args, **kwargs), fill)

    return answer


def _replaced(value: Any, fill: float) -> Any:
    if isinstance(value, np.ndarray):
        return np.full_like(value, fill)
    if isinstance(value, list | tuple):
        return type(value)(_replaced(item, fill) for item in value)
    if isinstance(value, dict):
        return {key: _replaced(item, fill) for key, item in value.items()}
    kind: Any = type(value)
    return kind(fill) if isinstance(value, bool | int | float | np.number | np.bool_) else value
