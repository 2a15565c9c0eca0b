"""Compare what a subject gave with what the reference gives: one observation at a time, one sentence per difference.

The order is fixed, and the first difference is the one that is told: kind, shape, dtype, finite, values. Tolerances
have a reason: two float64 programs that compute the same thing in another order agree far better than 1e-6, float32
ones than 1e-3; the absolute part is scaled by the largest wanted entry, so that a tiny wrong entry beside large ones
is judged by what it contributes. The precision that is asked for is the reference's, which follows the inputs: an
answer in a smaller type passes where it is as exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checking.describe import describe, kind_of, number, short, two_numbers
from course_utils.checking.plain import NUMERIC, is_tensor
from course_utils.checking.values import Bound, Follows, Opaque

RTOL_DOUBLE = 1e-6
RTOL_SINGLE = 1e-3
FLOOR_DOUBLE, FLOOR_SINGLE = 1e-100, 1e-30  # sizes below which two right formulas may underflow differently
_SEQUENCES, _NO_NUMBERS = (list, tuple), (str, dict, Opaque, Bound, Follows)
STAGES = ("kind", "shape", "dtype", "finite", "values")


@dataclass(frozen=True)
class Difference:
    """How an observation differs: the stage where it shows, one sentence, and the two arrays where there are two."""

    stage: str
    sentence: str
    got: NDArray[Any] | None = None
    want: NDArray[Any] | None = None


def compare(name: str, got: Any, want: Any) -> Difference | None:
    """The first difference between an observation and the wanted one, or None."""
    if isinstance(want, Follows):
        return compare(name, got.value if isinstance(got, Follows) else got, want.value)
    if isinstance(want, Bound):
        return _compare_bound(name, got, want)
    if isinstance(want, dict):
        return _compare_dict(name, got, want)
    if isinstance(want, Opaque):
        return None if isinstance(got, Opaque) and got == want else _kind(name, got, f"an object of type {want.type}")
    if want is None or isinstance(want, str):
        return _compare_plain(name, got, want)
    if isinstance(want, _SEQUENCES) and as_numbers(want) is None:
        return _compare_sequence(name, got, want)
    return _compare_numbers(name, got, want)


_PLAIN = (float, int, np.float64)  # numbers that are themselves as an array


def equal(got: Any, want: Any) -> bool:
    """Whether two observations agree within the tolerances."""
    if type(got) in _PLAIN and type(want) in _PLAIN:
        got, want = np.asarray(got), np.asarray(want)
    if isinstance(got, np.ndarray) and isinstance(want, np.ndarray):  # the usual case, without a sentence on the way
        numeric = got.dtype.kind in NUMERIC and want.dtype.kind in NUMERIC
        return got.shape == want.shape and numeric and bool(close_enough(got, want).all())
    return compare("", got, want) is None


def as_numbers(value: Any) -> NDArray[Any] | None:
    """A number, an array, a tensor or nested lists of numbers as an array; None for anything else."""
    if is_tensor(value):
        value = value.detach().cpu().numpy()
    if value is None or isinstance(value, _NO_NUMBERS):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError, RuntimeError):  # a ragged list; a list of tensors that carry a graph
        return None
    return array if array.dtype.kind in NUMERIC else None


def close_enough(got: NDArray[Any], want: NDArray[Any]) -> NDArray[np.bool_]:
    """Entry by entry, whether two arrays of one shape agree within the tolerances of the wanted one's dtype."""
    alike = np.asarray(got == want)
    if alike.all():  # nearly always: the rest costs more
        return alike
    single = want.dtype.kind in "fc" and want.dtype.itemsize <= 4 * (1 + (want.dtype.kind == "c"))
    rtol, floor = (RTOL_SINGLE, FLOOR_SINGLE) if single else (RTOL_DOUBLE, FLOOR_DOUBLE)
    got, want = _wide(got), _wide(want)
    sizes = np.abs(want)
    largest = float(sizes.max(initial=0.0, where=np.isfinite(sizes)))
    # zeros all through leave nothing to scale by: rounding of order-one numbers is then allowed
    atol = max(rtol * largest, floor) if largest else rtol * 1e-3
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(got - want) <= atol
    same = (got == want) | (np.isnan(got) & np.isnan(want))
    return np.asarray(same | (near & np.isfinite(got) & np.isfinite(want)))


def _wide(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _compare_bound(name: str, got: Any, want: Bound) -> Difference | None:
    value = as_numbers(got.value if isinstance(got, Bound) else got)
    if value is None or value.size != 1:
        return _kind(name, got.value if isinstance(got, Bound) else got, "a number")
    given = float(np.real(value).reshape(()))
    if want.kind == "close":
        wanted = float(np.real(np.asarray(want.value)).reshape(()))
        good, rule = abs(given - wanted) <= want.bound * abs(wanted), f"within {want.bound:.0%} of {wanted:.4g}"
    elif want.kind == ">=":
        good, rule = given >= want.bound, f"at least {want.bound:.4g}"
    else:
        good, rule = given <= want.bound, f"at most {want.bound:.4g}"
    return None if good else Difference("values", f"{name} is {given:.4g}; it has to be {rule}")


def _compare_dict(name: str, got: Any, want: dict[Any, Any]) -> Difference | None:
    if not isinstance(got, dict):
        return _kind(name, got, describe(want))
    missing = [short(key) for key in want if key not in got]
    if missing:
        return Difference("kind", f"{name} lacks the key {', '.join(missing)}")
    extra = [short(key) for key in got if key not in want]
    if extra:
        return Difference("kind", f"{name} has a key that nobody asked for: {', '.join(extra[:5])}"[:160])
    parts = (compare(f"{name}[{key!r}]", got[key], want[key]) for key in want)
    return next((part for part in parts if part), None)


def _compare_plain(name: str, got: Any, want: Any) -> Difference | None:
    if type(got) is type(want):
        return None if got == want else Difference("values", f"{name}: got {_quoted(got)}, expected {_quoted(want)}")
    return _kind(name, got, _quoted(want))


def _compare_sequence(name: str, got: Any, want: list[Any] | tuple[Any, ...]) -> Difference | None:
    if not isinstance(got, list | tuple):
        return _kind(name, got, f"{len(want)} results")
    if len(got) != len(want):
        return Difference("kind", f"{name} has {_parts(len(got))}, expected {len(want)}")
    parts = (compare(f"{name}[{i}]", g, w) for i, (g, w) in enumerate(zip(got, want, strict=True)))
    return next((part for part in parts if part), None)


def _compare_numbers(name: str, got: Any, want: Any) -> Difference | None:
    wanted = as_numbers(want)
    if wanted is None:
        return _kind(name, got, type(want).__name__)
    array = as_numbers(got)
    if array is None or (is_tensor(want) and not is_tensor(got)):
        return _kind(name, got, _noun(want))
    if array.shape != wanted.shape:
        return Difference("shape", _shape_sentence(name, array, wanted), array, wanted)
    good = close_enough(array, wanted)
    if good.all():
        return None
    return _numeric_difference(name, array, wanted, good)


def _numeric_difference(name: str, got: NDArray[Any], want: NDArray[Any], good: NDArray[np.bool_]) -> Difference:
    if got.dtype.kind in "biu" and want.dtype.kind == "f" and close_enough(got, np.trunc(want)).all():
        sentence = f"{kind_of(got, name)} ({got.dtype}), expected {want.dtype}: fractions were cut off"
        return Difference("dtype", sentence, got, want)
    strange = ~np.isfinite(_wide(got)) & np.isfinite(_wide(want)) & ~good
    if strange.any():
        first = int(np.argmax(strange))
        count = f" in {int(strange.sum())} of {got.size} entries" if got.size > 1 else ""
        value, wanted = got.reshape(-1)[first], number(want.reshape(-1)[first])
        sentence = f"{name} is not finite{count}: got {value}{_place(first, got.shape)}, expected {wanted}"
        return Difference("finite", sentence, got, want)
    return Difference("values", _values_sentence(name, got, want, good), got, want)


def _shape_sentence(name: str, got: NDArray[Any], want: NDArray[Any]) -> str:
    if got.ndim and want.ndim:
        empty = ": it is empty, as a slice p:-p is for p = 0" if want.size and not got.size else ""
        return f"{name} has shape {got.shape}, expected {want.shape}{empty}"
    shapes = ["a number" if array.ndim == 0 else f"an array of shape {array.shape}" for array in (got, want)]
    return f"{name} is {shapes[0]}, expected {shapes[1]}"


def _parts(count: int) -> str:
    return "1 part" if count == 1 else f"{count} parts"


def _values_sentence(name: str, got: NDArray[Any], want: NDArray[Any], good: NDArray[np.bool_]) -> str:
    if got.size == 1:
        return f"{name}: {_got_expected(got, want, 0)}"
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.where(good, -1.0, np.nan_to_num(np.abs(_wide(got) - _wide(want)), nan=np.inf))
    worst, truths = int(np.argmax(gap)), want.dtype.kind == "b"
    return (
        f"{name} differs in {int((~good).sum())} of {got.size} entries; {'first' if truths else 'largest'}{_place(worst, got.shape)}: "
        f"{_got_expected(got, want, worst)}"
    )


def _got_expected(got: NDArray[Any], want: NDArray[Any], index: int) -> str:
    mine, wanted = two_numbers(got.reshape(-1)[index], want.reshape(-1)[index])
    return f"got {mine}, expected {wanted}"


def _place(flat: Any, shape: tuple[int, ...]) -> str:
    index = [int(i) for i in np.unravel_index(int(flat), shape)] if shape else []
    return f" at {index}" if index else ""


def _kind(name: str, got: Any, want: str) -> Difference:
    if got is None:
        return Difference("kind", f"{name} is None, expected {want}: does the function end with return?")
    if _noun(got) == want:  # two lists of one length, say
        return Difference("kind", f"{name} is {short(got)}, expected {want} of other shapes")
    return Difference("kind", f"{name} is {_noun(got)}, expected {want}")


def _noun(value: Any) -> str:
    if isinstance(value, Opaque):
        return f"an object of type {value.type}"
    if is_tensor(value):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | float | complex | np.number):
        return f"the number {number(value)}"
    return describe(value)


def _quoted(value: Any) -> str:
    return repr(value)[:60] if isinstance(value, str) else short(value)
