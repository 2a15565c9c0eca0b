"""Answers that do nothing: what they get right earns nothing alone.

A stub that returns zeros is right about every zero, one that returns its first argument about every input that stays as it
is. An observation that such an answer fulfils is worth its points only beside one that it does not.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from itertools import islice
from types import GeneratorType
from typing import Any

import numpy as np

from course_utils.checking.plain import is_tensor

_ITEMS = 1000  # of what a reference yields
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
    """Whatever the reference gives, in kind and shape, with one number in place of all; what it changes stays as it was."""

    def answer(*args: Any, **kwargs: Any) -> Any:
        return _replaced(reference(*copy.deepcopy(args), **kwargs), fill)

    return answer


def _replaced(value: Any, fill: float) -> Any:
    """TypeError where there is no number to replace: then it would be the reference's own answer."""
    if is_tensor(value):
        return value.new_full(value.shape, fill)
    if isinstance(value, np.ndarray):
        return np.full_like(value, fill)
    if isinstance(value, GeneratorType):
        return [_replaced(item, fill) for item in islice(value, _ITEMS)]
    if isinstance(value, list | tuple):
        return type(value)(_replaced(item, fill) for item in value)
    if isinstance(value, dict):
        return {key: _replaced(item, fill) for key, item in value.items()}
    if isinstance(value, bool | int | float | np.number | np.bool_):
        kind: Any = type(value)
        return kind(fill)
    raise TypeError(f"no number in a {type(value).__name__}")
