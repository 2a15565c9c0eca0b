"""Say why a value is wrong, when the values themselves show it.

A sentence is only returned when it follows from the numbers: a constant ratio, a transpose, swapped results, an argument
that is missing as a factor or a term, entries that are wrong just where an argument is negative. Otherwise nothing is said,
and where two explanations fit, neither is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from course_utils.checking.compare import as_numbers, close_enough, equal
from course_utils.checking.naming import bare
from course_utils.checking.observe import directions
from course_utils.checking.values import Bound, Follows

Sizes = Mapping[str, tuple[int, ...]]
Array = NDArray[Any]
OWN_RTOL = 1e-4  # central differences with h = 1e-5 are good to about 1e-9 of the largest entry; curvature may cost more


class Facts(NamedTuple):
    """What is known where an observation is wrong.

    `got` and `want` hold all observations of the probe, `sizes` the shapes of the arguments by name: they give a ratio such
    as 5 its meaning. `inputs` holds the numeric arguments themselves, where they were kept.
    """

    got: Mapping[str, Any]
    want: Mapping[str, Any]
    sizes: Sizes = MappingProxyType({})
    inputs: Mapping[str, Any] = MappingProxyType({})


def right_for_own_forward(value: Any) -> bool:
    """Whether a gradient is what numerical differentiation makes of the student's own forward function."""
    if not isinstance(value, Follows):
        return False
    mine, own = as_numbers(value.value), as_numbers(value.own)
    if mine is None or own is None or mine.shape != value.shape or not np.isfinite(mine).all():
        return False
    along = directions(mine.shape).reshape(len(own), -1) @ mine.ravel()
    return bool(np.allclose(along, own, rtol=0, atol=OWN_RTOL * float(np.abs(own).max(initial=0.0))))


def plainly(name: str, facts: Facts) -> str | None:
    """What the numbers of one wrong observation show beyond doubt: a transpose, two results swapped, a sign."""
    mine, wanted = _numbers(name, facts)
    if mine is None or wanted is None or not np.isfinite(mine).all() or not np.isfinite(wanted).all():
        return None
    sentence = _transposed(name, mine, wanted) or _swapped(name, mine, facts.got, facts.want)
    if sentence or mine.shape != wanted.shape:
        return sentence or _missing_sum(name, mine, wanted)
    return _sign(name, mine, wanted)


def _numbers(name: str, facts: Facts) -> tuple[Array | None, Array | None]:
    if isinstance(facts.want[name], Bound):  # a statistic: the reference's own value is one of many
        return None, None
    mine, wanted = as_numbers(bare(facts.got.get(name))), as_numbers(bare(facts.want[name]))
    if mine is None or wanted is None or not mine.size or "c" in (mine.dtype.kind, wanted.dtype.kind) or mine.dtype.kind == "b":
        return None, None
    return mine, wanted


def from_values(name: str, facts: Facts) -> str | None:
    """What the numbers of one wrong observation show."""
    mine, wanted = _numbers(name, facts)
    if mine is None or wanted is None:
        return None
    if not np.isfinite(mine).all():
        return _where(name, np.isfinite(mine), facts, "finite") if mine.shape == wanted.shape else None
    if mine.shape != wanted.shape or not np.isfinite(wanted).all():
        return None
    with np.errstate(all="ignore"):
        found = (how(name, mine.astype(float), wanted.astype(float), facts) for how in _EXPLANATIONS)
        return next((sentence for sentence in found if sentence), None)


def _transposed(name: str, got: Array, want: Array) -> str | None:
    if want.ndim == 2 and got.ndim == 2 and got.shape == want.shape[::-1]:
        if close_enough(got.T, want).all() and not _flat(want):
            return f"{name} is the transpose of what it should be"
        return f"{name} has the shape of its transpose" if got.shape != want.shape else None
    return None


def _swapped(name: str, got: Array, mine: Mapping[str, Any], want: Mapping[str, Any]) -> str | None:
    for other, value in want.items():
        wanted = as_numbers(bare(value))
        if other == name or wanted is None or wanted.shape != got.shape:
            continue
        if _flat(wanted) or _flat(as_numbers(bare(want[name]))):
            continue
        if equal(got, wanted) and not equal(bare(mine.get(other)), wanted):
            return f"this is the value that belongs to {other}: are the two swapped?"
    return None


def _missing_sum(name: str, got: Array, want: Array) -> str | None:
    if got.size == want.size and got.size > 1 and close_enough(got.reshape(want.shape), want).all():
        return f"the numbers of {name} are right, only the shape is not"
    for axis in range(got.ndim):
        for how, reduced in (("summed", got.sum(axis)), ("averaged", got.mean(axis))):
            if reduced.shape == want.shape and want.size > 1 and close_enough(reduced, want).all():
                return f"{name} is right once it is {how} over axis {axis}: that step is missing"
    return None


def _sign(name: str, got: Array, want: Array) -> str | None:
    if not np.abs(want).any() or (want.size > 1 and _flat(want)) or not close_enough(-got.astype(float), want).all():
        return None
    return f"{name} has the wrong sign: every entry is −1 times what it should be"


def _ratio(name: str, got: Array, want: Array, facts: Facts) -> str | None:
    used = np.abs(want) > 0
    if not used.any() or np.abs(got[~used]).any() or (want.size > 1 and _flat(want)):
        return None
    ratio = _constant(got[used] / want[used])
    if ratio is None:
        return None
    meaning = _meaning(abs(ratio), facts.sizes)
    if meaning is None or (not meaning[1] and round(max(abs(ratio), 1 / abs(ratio))) > 2 and _by_chance(got, want)):
        return None
    return f"{name} is {meaning[0]}{' and has the wrong sign' if ratio < 0 else ''}{meaning[1]}"


def _by_chance(got: Array, want: Array) -> bool:
    """Whether two numbers alone, and both of them short, are compared: 0.4 is 1 minus 0.6, and 103 is 515 times 0.2, for no reason."""
    return want.size == 1 and all(np.isclose(number, np.round(number, 3), rtol=1e-12, atol=0).all() for number in (got, want))


def _constant(ratios: Array) -> float | None:
    ratio = float(np.median(ratios))
    if not np.isfinite(ratio) or abs(ratio) < np.finfo(float).tiny or np.abs(ratios - ratio).max() > 1e-6 * abs(ratio):
        return None
    return ratio


def _meaning(ratio: float, sizes: Sizes) -> tuple[str, str] | None:
    """A ratio in words, and the one fact about sizes that explains it, if there is just one."""
    number, how = (ratio, "large") if ratio > 1 else (1 / ratio, "small")
    whole = round(number)
    if whole < 2 or not np.isclose(number, whole, rtol=1e-6):
        return None
    facts = [f"the size of {name}'s axis {axis}" for name, shape in sizes.items() for axis, size in enumerate(shape) if size == whole]
    facts += [f"the number of entries of {name}" for name, shape in sizes.items() if len(shape) > 1 and int(np.prod(shape)) == whole]
    if whole == 2 or not _one_meaning(sizes, whole):
        facts = []
    if not facts and whole != 2:
        return (f"{whole} times too {how}", "") if sizes else None
    return f"{whole} times too {how}", f": {whole} is {facts[0]}" if facts else ""


def _one_meaning(sizes: Sizes, number: int) -> bool:
    """Whether a size means one thing: rows of X and rows of dY are the same examples, a square has two axes of one size."""
    axes = {axis for shape in sizes.values() for axis, size in enumerate(shape) if size == number}
    return len(axes) <= 1


def _is_input(name: str, got: Array, want: Array, facts: Facts) -> str | None:
    found = [arg for arg, value in _arrays(facts) if value.shape == got.shape and close_enough(got, value).all() and not _flat(value)]
    return f"{name} is {found[0]} itself, unchanged" if len(found) == 1 else None


def _missing_factor(name: str, got: Array, want: Array, facts: Facts) -> str | None:
    return _only(_factors(name, got, want, facts))


def _factors(name: str, got: Array, want: Array, facts: Facts) -> Iterator[str]:
    if _flat(want) or _flat(got):
        return
    for arg, value in _arrays(facts):
        spread = _broadcast(value, want.shape)
        if spread is None or _flat(spread):
            continue
        if close_enough(got * spread, want).all():
            yield f"{arg} is missing as a factor of {name}"
        elif close_enough(got, want * spread).all():
            yield f"{name} is multiplied by {arg} once too often"


def _missing_term(name: str, got: Array, want: Array, facts: Facts) -> str | None:
    return _only(_terms(name, got, want, facts))


def _terms(name: str, got: Array, want: Array, facts: Facts) -> Iterator[str]:
    if want.size < 2:
        return
    gap = want - got
    for arg, value in _arrays(facts):
        spread = _broadcast(value, want.shape)
        if spread is None or (_flat(spread) and spread.size > 1) or not np.abs(spread).any():
            continue
        times = _constant((gap / spread)[np.abs(spread) > 0]) if not np.abs(gap[np.abs(spread) == 0]).any() else None
        if times is not None and np.isclose(times, 1, rtol=1e-6):
            yield f"{arg} is not added to {name}"
        elif times is not None and np.isclose(times, -1, rtol=1e-6):
            yield f"{arg} is added to {name} once too often"
        elif times is not None and np.isclose(times, 2, rtol=1e-6):
            yield f"{arg} is subtracted in {name}, and should be added"
        elif times is not None and np.isclose(times, -2, rtol=1e-6):
            yield f"{arg} is added in {name}, and should be subtracted"


def _offset(name: str, got: Array, want: Array, facts: Facts) -> str | None:
    if want.size < 3 or _flat(want):
        return None
    gap = got - want
    if np.ptp(gap) <= 1e-6 * max(1.0, float(np.abs(want).max())):
        return f"every entry of {name} is {abs(gap.flat[0]):.4g} too {'large' if gap.flat[0] > 0 else 'small'}"
    return None


def _cut_off(name: str, got: Array, want: Array, facts: Facts) -> str | None:
    if (want == np.round(want)).all():  # a count, or a mark such as −1
        return None
    for side, cut, other in (("negative", np.maximum(want, 0), want < 0), ("positive", np.minimum(want, 0), want > 0)):
        if other.sum() > 1 and np.count_nonzero(cut) > 1 and close_enough(got, cut).all():
            return f"{name} is cut off at 0: what should be {side} became 0"
    return None


def _function_of_it(name: str, got: Array, want: Array, facts: Facts) -> str | None:
    if (_flat(want) and want.size > 1) or (want == np.round(want)).all() or _by_chance(got, want):
        return None
    found = [words for words, function in _FUNCTIONS.items() if _fits(got, function(want))]
    return f"{name} is {found[0]} of what it should be" if len(found) == 1 else None


_FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "the square": np.square,
    "the square root": np.sqrt,
    "the absolute value": np.abs,
    "the exponential": np.exp,
    "the logarithm": np.log,
    "the inverse (1 over it)": lambda want: 1 / want,
    "1 minus the value": lambda want: 1 - want,
}


def _fits(got: Array, other: Array) -> bool:
    return bool(np.isfinite(other).all() and not close_enough(other, np.zeros_like(other)).all() and close_enough(got, other).all())


def _rearranged(name: str, got: Array, want: Array, facts: Facts) -> str | None:
    if want.size < 3 or len(np.unique(want)) < 3:
        return None
    for axis in range(want.ndim):
        if want.shape[axis] > 2:
            for step, where in ((1, "later"), (-1, "earlier")):
                if close_enough(got, np.roll(want, step, axis)).all():
                    return f"the entries of {name} stand one place {where} than they should along axis {axis}: an index is off by one"
        if want.shape[axis] > 1 and close_enough(got, np.flip(want, axis)).all():
            return f"{name} is in the reverse order along axis {axis}"
    if close_enough(np.sort(got, axis=None), np.sort(want, axis=None)).all():
        return f"{name} has the right numbers in another order"
    return None


def _scaled_slices(name: str, got: Array, want: Array, facts: Facts) -> str | None:
    if want.ndim != 2 or min(want.shape) < 2 or (np.abs(want) == 0).any():
        return None
    ratios = got / want
    for axis, word in ((1, "row"), (0, "column")):
        across = np.take(ratios, [0], axis)
        if np.abs(across).all() and np.allclose(ratios, across, rtol=1e-6, atol=0) and _all_wrong(across):
            return f"every {word} of {name} is multiplied by a number of its own"
    return None


def _one_slice(name: str, got: Array, want: Array, facts: Facts) -> str | None:
    wrong = ~close_enough(got, want)
    for axis in range(want.ndim):
        rest = tuple(i for i in range(want.ndim) if i != axis)
        touched = np.flatnonzero(wrong.any(axis=rest))
        if want.shape[axis] >= 3 and len(touched) == 1:
            word = "entry" if want.ndim == 1 else ("row", "column")[axis] if want.ndim == 2 else f"index of axis {axis}"
            return f"only {word} {touched[0]} of {name} is wrong"
    return None


def _all_wrong(ratios: Array) -> bool:
    """Whether no part is right, and not all are wrong by one factor."""
    return bool((np.abs(ratios - 1) > 1e-6).all() and np.ptp(ratios) > 1e-6)


def _sign_of_input(name: str, got: Array, want: Array, facts: Facts) -> str | None:
    return _where(name, close_enough(got, want), facts, "right")


def _where(name: str, good: Array, facts: Facts, word: str) -> str | None:
    """Entries that are wrong just where one argument is on one side of 0."""
    if min(np.count_nonzero(good), np.count_nonzero(~good)) < 2:  # one entry may be right, or wrong, for many reasons
        return None
    return _only(
        f"{name} is {word} where {arg} is {right}, and not where it is {bad}"
        for arg, value in _arrays(facts)
        if value.shape == good.shape and len(np.unique(np.sign(value))) > 1
        for right, bad, side in _SIDES
        if np.array_equal(good, side(value))
    )


_SIDES: tuple[tuple[str, str, Callable[[Array], Array]], ...] = (
    ("positive", "0 or negative", lambda x: x > 0),
    ("0 or positive", "negative", lambda x: x >= 0),
    ("negative", "0 or positive", lambda x: x < 0),
    ("0 or negative", "positive", lambda x: x <= 0),
    ("not 0", "0", lambda x: x != 0),
)
_EXPLANATIONS = (
    _ratio,
    _is_input,
    _missing_factor,
    _missing_term,
    _offset,
    _cut_off,
    _function_of_it,
    _rearranged,
    _sign_of_input,
    _scaled_slices,
    _one_slice,
)


def _arrays(facts: Facts) -> Iterator[tuple[str, Array]]:
    for name, value in facts.inputs.items():
        array = as_numbers(value)
        if array is not None and array.size and array.dtype.kind in "fiu" and np.isfinite(array).all():
            yield name, array.astype(float)


def _broadcast(array: Array, shape: tuple[int, ...]) -> Array | None:
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        return None


def _only(sentences: Iterable[str]) -> str | None:
    found = set(sentences)
    return found.pop() if len(found) == 1 else None


def _flat(array: Array | None) -> bool:
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
