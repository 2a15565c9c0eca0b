"""Values in the words of a report."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checking.plain import is_tensor
from course_utils.checking.session import Ref

_FEWEST, _MOST = 4, 17  # digits
_FRACTIONS, _TRUTHS, _WHOLE, _COMPLEX = (float, np.floating), (bool, np.bool_), (int, np.integer), (complex, np.complexfloating)


def describe(value: Any) -> str:
    """A value in the words of a report: `(5, 3)` for an array, `0.5` for a number, "3 results" for a tuple."""
    if isinstance(value, Ref):
        return f"an object of type {value.type}"
    if isinstance(value, np.ndarray) or is_tensor(value):
        return _array(value)
    if isinstance(value, tuple):
        return f"{len(value)} results"
    if isinstance(value, list):
        return f"a list of {len(value)}{_of_what(value)}"
    if isinstance(value, dict):
        return "a dict with " + ", ".join(map(short, list(value)[:6])) if value else "an empty dict"
    if callable(value):
        return "a function"
    return _number(value) if isinstance(value, _FRACTIONS) else short(value)


def describe_argument(value: Any) -> str:
    """What a function was given: as `describe`, but a short tuple of whole numbers, such as a shape, as it stands."""
    few = isinstance(value, tuple) and len(value) <= 5 and all(isinstance(item, int) for item in value)
    return str(value) if few else describe(value)


def _array(value: Any) -> str:
    if value.ndim == 0:
        return _number(value.item())
    shown = value.ndim == 1 and len(value) <= 4
    return _numbers(value.tolist()) if shown else str(tuple(value.shape))


_PLURALS = {"bool": "truth values", "str": "texts", "tuple": "tuples", "list": "lists", "b": "truth values"}
_PLURALS |= dict.fromkeys(("int", "float", "i", "u", "f"), "numbers")


def _of_what(items: list[Any]) -> str:
    """What the items of a list are, where they are all of a kind."""
    kinds = {np.asarray(item).dtype.kind if isinstance(item, np.ndarray | np.generic) else type(item).__name__ for item in items}
    kind = kinds.pop() if len(kinds) == 1 else ""
    shapes = {item.shape for item in items if isinstance(item, np.ndarray) and item.ndim}
    if shapes:
        return f" arrays of shape {shapes.pop()}" if len(shapes) == 1 else " arrays"
    words = f" {_PLURALS[kind]}" if kind in _PLURALS else ""
    return words.removesuffix("s") if len(items) == 1 else words


def short(value: Any) -> str:
    """At most a line's beginning of what a value looks like."""
    if isinstance(value, int) and value.bit_length() > 200:
        return f"a whole number of {value.bit_length()} bits"
    return (repr(value) if isinstance(value, bytes | slice) else str(value))[:60]


def number(value: Any, digits: int = _FEWEST) -> str:
    """One number, or one truth value, with so many digits."""
    if isinstance(value, _TRUTHS):
        return str(bool(value))
    if isinstance(value, _WHOLE):
        return str(value) if abs(int(value)) < 10**12 else short(int(value)) if int(value).bit_length() > 200 else f"{int(value):.6e}"
    if isinstance(value, _COMPLEX) or not float(value).is_integer():
        return f"{value:.{digits}g}"
    return f"{float(value) + 0.0:.0f}" if abs(float(value)) < 1e12 else f"{float(value):.{max(digits, 6)}g}"


def two_numbers(got: Any, want: Any) -> tuple[str, str]:
    """Two different numbers with as many digits as it takes to see the difference."""
    pairs = ((number(got, digits), number(want, digits)) for digits in range(_FEWEST, _MOST + 1))
    return next((pair for pair in pairs if pair[0] != pair[1]), (repr(got), repr(want)))


def kind_of(array: NDArray[Any], name: str) -> str:
    """What an array holds, when that is not simply numbers."""
    return f"{name} holds {'truth values' if array.dtype.kind == 'b' else 'whole numbers'}"


def _number(value: Any) -> str:
    return number(value)


def _numbers(values: list[Any]) -> str:
    return "[" + ", ".join(map(number, values)) + "]"
