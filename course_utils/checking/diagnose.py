"""Say why a value is wrong, when the values themselves show it.

A sentence is only returned when it follows from the numbers: a known mistake that answers the same, a constant ratio,
a transpose, swapped results, one wrong row or column. Otherwise nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checking.compare import as_numbers, close_enough, equal
from course_utils.checking.observe import Trace
from course_utils.checking.values import Bound, Follows

Sizes = Mapping[str, tuple[int, ...]]
OWN_RTOL = 1e-4  # central differences with h = 1e-5 are good to about 1e-9 of the largest entry; curvature may cost more


def same_answer(trace: Trace, other: Trace) -> bool:
    """Whether two traces of one probe tell the same story: same values, same error, same inputs changed."""
    if trace.raised or other.raised:
        mine, theirs = trace.raised, other.raised
        return mine is not None and theirs is not None and mine[:3] == theirs[:3] and trace.changed == other.changed
    return (
        trace.changed == other.changed
        and trace.observations.keys() == other.observations.keys()
        and all(_same_value(trace.observations[name], other.observations[name]) for name in trace.observations)
    )


def _same_value(got: Any, other: Any) -> bool:
    """Equality between two answers; a statistic is compared as the number it is."""
    return equal(_bare(got), _bare(other))


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, Bound | Follows) else value


def right_for_own_forward(value: Any) -> bool:
    """Whether a gradient is what numerical differentiation makes of the student's own forward function."""
    if not isinstance(value, Follows):
        return False
    mine, own = as_numbers(value.value), as_numbers(value.own)
    if mine is None or own is None or mine.shape != own.shape or not np.isfinite(mine).all():
        return False
    return bool(np.allclose(mine, own, rtol=0, atol=OWN_RTOL * float(np.abs(own).max(initial=0.0))))


def known_mistake(answers: Mapping[Any, Trace], mistakes: Mapping[str, Mapping[Any, Trace]]) -> str | None:
    """The sentence of the one mistake that gives the same answers wherever the two can be compared."""
    sentences = {
        sentence
        for sentence, traces in mistakes.items()
        if traces and all(key in traces and same_answer(trace, traces[key]) for key, trace in answers.items())
    }
    return sentences.pop() if len(sentences) == 1 else None


def mistaken_observation(name: str, answers: Mapping[Any, Trace], mistakes: Mapping[str, Mapping[Any, Trace]]) -> str | None:
    """The one mistake that gives this wrong observation; asked only of values that could hardly agree by accident."""
    values = {key: _bare(trace.observations.get(name)) for key, trace in answers.items()}
    if not all(_telling(value) for value in values.values()):
        return None
    sentences = {
        sentence
        for sentence, traces in mistakes.items()
        if all(key in traces and _same_value(v, traces[key].observations.get(name)) for key, v in values.items())
    }
    return sentences.pop() if len(sentences) == 1 else None


def _telling(value: Any) -> bool:
    array = as_numbers(value)
    if array is None or array.dtype.kind in "biu" or not np.isfinite(array).all():
        return False
    return len(np.unique(array[array != np.round(array)])) >= min(2, array.size)


def from_values(name: str, got: Mapping[str, Any], want: Mapping[str, Any], sizes: Sizes) -> str | None:
    """What the numbers of one wrong observation show, with all observations of the probe at hand.

    `sizes` maps the names of the arguments to their shapes; they give a ratio such as 5 its meaning.
    """
    mine, wanted = as_numbers(_bare(got[name])), as_numbers(_bare(want[name]))
    if mine is None or wanted is None or not mine.size or not np.isfinite(mine).all():
        return None
    sentence = _transposed(name, mine, wanted) or _swapped(name, mine, got, want)
    if sentence or mine.shape != wanted.shape:
        return sentence or _missing_sum(name, mine, wanted)
    return _ratio(name, mine, wanted, sizes) or _offset(name, mine, wanted) or _one_slice(name, mine, wanted)


def _transposed(name: str, got: NDArray[Any], want: NDArray[Any]) -> str | None:
    if want.ndim == 2 and got.ndim == 2 and got.shape == want.shape[::-1]:
        if close_enough(got.T, want).all() and not _flat(want):
            return f"{name} is the transpose of what it should be"
        return f"{name} has the shape of its transpose" if got.shape != want.shape else None
    return None


def _swapped(name: str, got: NDArray[Any], mine: Mapping[str, Any], want: Mapping[str, Any]) -> str | None:
    for other, value in want.items():
        wanted = as_numbers(_bare(value))
        if other == name or wanted is None or wanted.shape != got.shape:
            continue
        if _flat(wanted) or _flat(as_numbers(_bare(want[name]))):
            continue
        if equal(got, wanted) and not equal(_bare(mine.get(other)), wanted):
            return f"this is the value that belongs to {other}: are the two swapped?"
    return None


def _missing_sum(name: str, got: NDArray[Any], want: NDArray[Any]) -> str | None:
    if got.size == want.size and got.size > 1 and close_enough(got.reshape(want.shape), want).all():
        return f"the numbers of {name} are right, only the shape is not"
    for axis in range(got.ndim):
        for how, reduced in (("summed", got.sum(axis)), ("averaged", got.mean(axis))):
            if reduced.shape == want.shape and want.size > 1 and close_enough(reduced, want).all():
                return f"{name} is right once it is {how} over axis {axis}: that step is missing"
    return None


def _ratio(name: str, got: NDArray[Any], want: NDArray[Any], sizes: Sizes) -> str | None:
    used = np.abs(want) > 0
    if want.dtype.kind == "c" or not used.any() or np.abs(got[~used]).any() or (want.size > 1 and _flat(want)):
        return None
    ratios = got[used] / want[used]
    ratio = float(np.median(ratios))
    if not np.isfinite(ratio) or ratio == 0 or np.abs(ratios - ratio).max() > 1e-6 * abs(ratio):
        return None
    if np.isclose(ratio, -1, rtol=1e-6):
        return f"{name} has the wrong sign: every entry is −1 times what it should be"
    meaning = _meaning(abs(ratio), sizes)
    if not meaning:
        return None
    return f"{name} is {meaning[0]}{' and has the wrong sign' if ratio < 0 else ''}{meaning[1]}"


def _meaning(ratio: float, sizes: Sizes) -> tuple[str, str] | None:
    known: dict[int, str] = {}
    for name, shape in sizes.items():
        known.setdefault(int(np.prod(shape)), f"{int(np.prod(shape))} is the number of entries of {name}")
    for name, shape in sizes.items():
        known.update({size: f"{size} is the size of {name}'s axis {axis}" for axis, size in enumerate(shape)})
    known[2] = ""
    for number, why in known.items():
        if number < 2:
            continue
        tail = f": {why}" if why else ""
        if np.isclose(ratio, number, rtol=1e-6):
            return f"{number} times too large", tail
        if np.isclose(ratio, 1 / number, rtol=1e-6):
            return f"{number} times too small", tail
    return None


def _offset(name: str, got: NDArray[Any], want: NDArray[Any]) -> str | None:
    if want.size < 3 or want.dtype.kind == "c" or got.dtype.kind == "b" or _flat(want):
        return None
    gap = got.astype(float) - want
    if np.ptp(gap) <= 1e-6 * max(1.0, float(np.abs(want).max())):
        return f"every entry of {name} is {abs(gap.flat[0]):.4g} too {'large' if gap.flat[0] > 0 else 'small'}"
    return None


def _one_slice(name: str, got: NDArray[Any], want: NDArray[Any]) -> str | None:
    wrong = ~close_enough(got, want)
    for axis in range(want.ndim):
        rest = tuple(i for i in range(want.ndim) if i != axis)
        touched = np.flatnonzero(wrong.any(axis=rest))
        if want.shape[axis] >= 3 and len(touched) == 1:
            word = "entry" if want.ndim == 1 else ("row", "column")[axis] if want.ndim == 2 else f"index of axis {axis}"
            return f"only {word} {touched[0]} of {name} is wrong"
    return None


def _flat(array: NDArray[Any] | None) -> bool:
    """Whether all entries are the same, so that many different errors would look alike."""
    if array is None or array.size < 2:
        return True
    sizes = np.abs(array).astype(float)  # truth values cannot be subtracted
    return bool(np.ptp(sizes) <= 1e-12 * max(1.0, float(sizes.max())))


def shapes(arguments: Iterable[tuple[str, str]]) -> Sizes:
    """The shapes among described arguments: `("X", "(5, 3)")` gives `{"X": (5, 3)}`."""
    found: dict[str, tuple[int, ...]] = {}
    for name, text in arguments:
        if text.startswith("(") and text.endswith(")"):
            parts = [part for part in text[1:-1].split(",") if part.strip()]
            if all(part.strip().isdigit() for part in parts):
                found[name] = tuple(int(part) for part in parts)
    return found
