"""Overflow as an error, also where NumPy cannot hear one: WebAssembly, a browser's machine, keeps no note of what went wrong in arithmetic.

There the arrays that a student's function gets, and what NumPy makes of them, look at every result themselves: infinite from finite
numbers is an overflow or a division by 0, no number from numbers is an invalid operation. `np.errstate` counts as ever.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

_MAKERS = ("array", "asarray", "asanyarray", "atleast_1d")
_POLES = {"log", "log2", "log10", "log1p", "reciprocal", "divide", "floor_divide", "power", "float_power", "arctanh"}  # may divide by 0
_LOOKED_AT = ("__call__", "reduce", "accumulate", "outer")
Array = np.ndarray[Any, Any]


@functools.cache
def hears() -> bool:
    """Whether NumPy notices an overflow on this machine."""
    try:
        with np.errstate(over="raise"):
            np.exp(np.array([1000.0]))
    except FloatingPointError:
        return True
    return False


@contextmanager
def loud() -> Iterator[None]:
    """An overflow, a division by 0 and an invalid operation raise FloatingPointError, if the arguments went through `listening`."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        if hears():
            yield
            return
        kept = {name: getattr(np, name) for name in (*_ufuncs(), *_MAKERS)}
        try:
            for name, known in kept.items():
                setattr(np, name, _Ufunc(known) if isinstance(known, np.ufunc) else _maker(known))
            yield
        finally:
            for name, known in kept.items():
                setattr(np, name, known)


def listening(value: Any) -> Any:
    """An argument for a function that runs in `loud`: the same memory, whatever is computed with it looked at. Or just the argument."""
    return value if hears() else _each(value, _dressed)


def bare(value: Any) -> Any:
    """What such a function gave, as it would have been without."""
    return value if hears() else _each(value, lambda each: _plain(each)[()] if isinstance(each, Listening) else each)


class Listening(np.ndarray):
    """An array that says what went wrong in its arithmetic."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: Any, *inputs: Any, **how: Any) -> Any:
        return _looked_at(ufunc, method, inputs, how)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return _each(super().__array_function__(func, types, args, kwargs), _dressed)


class _Ufunc:
    """A function of NumPy in its own place: also what is computed with plain arrays and numbers is looked at."""

    def __init__(self, ufunc: np.ufunc) -> None:
        self._ufunc = ufunc

    def __call__(self, *inputs: Any, **how: Any) -> Any:
        return _looked_at(self._ufunc, "__call__", inputs, how)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ufunc, name)


def _looked_at(ufunc: np.ufunc, method: str, inputs: Sequence[Any], how: dict[str, Any]) -> Any:
    out = how.get("out")
    inputs = [_plain(each) if out is None else np.copy(_plain(each)) for each in inputs]  # what is written over was asked before
    given = out if isinstance(out, tuple) else (out,)
    how = {name: tuple(map(_plain, given)) if name == "out" and out is not None else _plain(each) for name, each in how.items()}
    with np.errstate(all="ignore"):
        found = getattr(ufunc, method)(*inputs, **how)
        entrywise = method == "__call__" and ufunc.signature is None
        where = how.get("where", True) if entrywise else True
        wrong = _wrong(ufunc.__name__, inputs, found, where, entrywise) if method in _LOOKED_AT and ufunc.nout == 1 else ""
    _complain(wrong, ufunc.__name__ if method == "__call__" else method)
    return _each(found, _dressed) if out is None else given[0] if len(given) == 1 else given


def _wrong(name: str, inputs: Sequence[Any], found: Any, where: Any, entrywise: bool) -> str:
    """What NumPy would have noticed, as its messages call it; "" for nothing. entrywise: an entry of the result is one of each input."""
    result = np.asarray(found)
    numbers = [array for each in inputs if (array := np.asarray(each)).dtype.kind in "fiub"]
    if result.dtype.kind != "f" or len(numbers) < len(inputs):
        return ""
    known, finite = (_all_of(test, numbers, entrywise) for test in (lambda array: ~np.isnan(array), np.isfinite))
    infinite = np.isinf(result) & finite & where
    if entrywise and name in _POLES and np.any(infinite & _at_a_pole(name, numbers)):
        return "divide by zero"  # in NumPy's own order
    return "overflow" if np.any(infinite) else "invalid value" if np.any(np.isnan(result) & known & where) else ""


def _all_of(test: Callable[[Array], Array], numbers: Sequence[Array], entrywise: bool) -> Any:
    """Where every input passes a test; else whether all of them do."""
    found = [test(array) if array.dtype.kind == "f" else np.True_ for array in numbers]
    return functools.reduce(np.logical_and, found) if entrywise else all(map(np.all, found))


def _at_a_pole(name: str, numbers: Sequence[Array]) -> Any:
    """Where a function of NumPy divides by 0, or takes the logarithm of 0."""
    if name == "log1p":
        return numbers[0] == -1
    if name == "arctanh":
        return abs(numbers[0]) == 1
    return numbers["divide" in name] == 0


_KINDS = {"overflow": "over", "divide by zero": "divide", "invalid value": "invalid"}


def _complain(wrong: str, name: str) -> None:
    said, wanted = f"{wrong} encountered in {name}", np.geterr()[_KINDS[wrong]] if wrong else "ignore"  # type: ignore[literal-required]
    if wanted == "raise":
        raise FloatingPointError(said)
    if wanted == "warn":
        warnings.warn(said, RuntimeWarning, stacklevel=4)


@functools.cache
def _ufuncs() -> tuple[str, ...]:
    """The names of NumPy's functions for fractions."""
    names = (name for name, each in vars(np).items() if isinstance(each, np.ufunc) and each.nout == 1)
    return tuple(name for name in names if any(kind.endswith("->d") for kind in getattr(np, name).types))


def _maker(known: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **how: _each(known(*args, **how), _dressed)


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Listening) else value


def _dressed(value: Any) -> Any:
    if type(value) is np.ndarray and value.dtype.kind in "fiub":
        return value.view(Listening)
    return np.asarray(value).view(Listening) if isinstance(value, np.floating) else value


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """A value with a change made to it, or to all that is in it where it holds others."""
    if type(value) in (list, tuple):
        return type(value)(_each(item, change) for item in value)
    if type(value) is dict and isinstance(value, Mapping):
        return {key: _each(item, change) for key, item in value.items()}
    return change(value)
