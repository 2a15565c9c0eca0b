"""Numbers as a question shows them: all of its choices with equally many decimal places, so that none stands out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_MOST_ENTRIES = 36  # of an array that one can read
_MOST_PLACES = 4
_APART = 3  # units of the last place that is shown


def shown(value: Any, places: int) -> str:
    """A number, a text, an array or several of them as text. Raises TypeError or ValueError for what cannot be shown."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return ", ".join(f"{name}: {shown(each, places)}" for name, each in value.items())
    if isinstance(value, tuple) or (isinstance(value, list) and any(np.ndim(each) for each in value)):
        return "(" + ", ".join(shown(each, places) for each in value) + ("," if len(value) == 1 else "") + ")"
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or array.size > _MOST_ENTRIES or array.size == 0:
        raise TypeError("neither a text nor a few numbers")
    if array.ndim == 0:
        return _number(array[()], places)
    width = max(len(_number(each, places)) for each in array.ravel()) if array.ndim > 1 else 0  # columns stand below each other
    return np.array2string(array, separator=", ", formatter={"all": lambda each: _number(each, places).rjust(width)}, max_line_width=72)


def _number(value: Any, places: int) -> str:
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(value) if places == 0 else f"{float(value):.{places}f}"
    if not np.isfinite(value):
        return str(float(value))
    rounded = round(float(value), places) + 0.0  # no −0
    return f"{rounded:.{places}f}"


def places_for(values: Sequence[Any]) -> int:
    """The decimal places that tell these values exactly, or as many as give three digits to the smallest that has more."""
    numbers = np.array([abs(number) for value in values for number in _numbers(value) if np.isfinite(number)])
    for places in range(_MOST_PLACES):
        if np.allclose(numbers, np.round(numbers, places), rtol=0, atol=1e-9):
            return places
    small = numbers[numbers > 1e-9].min(initial=1.0)
    return 3 if small >= 0.02 else _MOST_PLACES


def _numbers(value: Any) -> list[float]:
    if isinstance(value, str):
        return []
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [number for each in value for number in _numbers(each)]
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return []
    return [float(number) for number in array.ravel()[:_MOST_ENTRIES]] if np.asarray(value).dtype.kind != "O" else []


class Unlike:
    """Whether two values differ for whoever reads them, by more than rounding."""

    def __init__(self, places: int) -> None:
        self.places = places

    def __call__(self, one: Any, other: Any) -> bool:
        if shown(one, self.places) == shown(other, self.places):
            return False
        first, second = _numbers(one), _numbers(other)
        if not first or len(first) != len(second) or shape_of(one) != shape_of(other):
            return True
        exact = all(round(number, self.places) == number for number in [*first, *second])
        apart = np.abs(np.subtract(first, second))
        finite = np.isfinite(apart)
        return bool(exact or not finite.all() or apart.max(initial=0) >= _APART * 10.0**-self.places)


def shape_of(value: Any) -> Any:
    """The shape of an array, or the shapes of the parts of a tuple."""
    return [shape_of(each) for each in value] if isinstance(value, tuple) else np.shape(value)
