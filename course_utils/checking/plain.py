"""What counts as data, and copies of it that share nothing with the original."""

from __future__ import annotations

import sys
from types import EllipsisType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

NUMERIC = frozenset("biufc")
_BITS = 14_000  # a whole number with more is an object: no lab needs it, and Python writes no more digits
_TEXTS = (float, complex, str, bytes, EllipsisType)  # a union would be made anew at each question, and there are many
_SCALARS = (bool, np.bool_, np.number)
_KEYS = (str, int, np.integer)  # `dict(zip(np.arange(3), …))` has NumPy's whole numbers as keys
_SIMPLE = frozenset({type(None), bool, float, complex, str, bytes, EllipsisType})  # data whatever their value, and never changed in place
_ROUNDING = 64  # units in the last place: `x[i] += h; …; x[i] -= h` does not come back to the bit


def is_plain(value: Any) -> bool:
    """Whether a value is data: numbers, text, numeric arrays, tensors, and containers of these."""
    if type(value) in _SIMPLE:  # nearly always: the rest costs more
        return True
    if _is(value, int):
        return bool(value.bit_length() <= _BITS)
    if value is None or _is(value, _TEXTS):
        return True
    if _is(value, np.generic):
        return bool(value.dtype.kind in NUMERIC)
    if _is(value, slice):
        return is_plain((value.start, value.stop, value.step))
    if _is(value, np.ndarray):
        return bool(value.dtype.kind in NUMERIC)
    if _is(value, (tuple, list)):
        return all(is_plain(item) for item in value)
    if _is(value, dict):
        return all(_is(key, _KEYS) and is_plain(item) for key, item in value.items())
    return is_tensor(value)


def _is(value: Any, kinds: Any) -> bool:
    """`isinstance`, but for objects that lie about their class."""
    return issubclass(type(value), kinds)


def is_tensor(value: Any) -> bool:
    """Whether a value is a torch tensor, found out without importing torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


# what an instance of a subclass holds, whatever it says of itself
_HELD: dict[type, Any] = {int: int.__int__, float: float.__float__, complex: complex.__pos__, bytes: lambda value: bytes.join(b"", [value])}


def plain_base(value: Any) -> Any:
    """Plain data as the plain type itself: a named tuple as a tuple, an IntEnum as an int, a text as UTF-8 can hold it."""
    if type(value) is np.ndarray:
        return value
    if _is(value, np.ndarray):  # np.matrix multiplies otherwise, so it stays what it is
        return value if _is(value, np.matrix) else value.view(np.ndarray)
    if value is None or _is(value, _SCALARS) or is_tensor(value):
        return value
    if _is(value, str):
        return str.encode(value, "utf-8", "replace").decode()
    for kind, held in _HELD.items():
        if _is(value, kind):
            return held(value)
    if _is(value, dict):
        return {_plain_key(key): plain_base(item) for key, item in value.items()}
    if _is(value, (list, tuple)):
        return (list if _is(value, list) else tuple)(map(plain_base, value))
    return value


def _plain_key(key: Any) -> Any:
    """A key of a dict; NumPy's whole number as the int that finds the same entry."""
    return int(key) if _is(key, np.integer) else plain_base(key)


class Layout(NamedTuple):
    """How an array lies in memory: its axes from the slowest to the fastest, those that run backwards, gaps, and the lock."""

    order: tuple[int, ...]
    backwards: tuple[int, ...] = ()
    gaps: bool = False
    writable: bool = True


def layout_of(array: NDArray[Any]) -> Layout:
    """How an array lies in memory."""
    if array.flags.c_contiguous:
        return Layout(tuple(range(array.ndim)), writable=array.flags.writeable)
    sizes = [abs(stride) if length > 1 else 0 for stride, length in zip(array.strides, array.shape, strict=True)]
    order = tuple(sorted(range(array.ndim), key=lambda axis: (-sizes[axis], axis)))
    backwards = tuple(axis for axis in range(array.ndim) if array.strides[axis] < 0 and array.shape[axis] > 1)
    dense = array.itemsize
    for axis in reversed(order):
        if array.shape[axis] > 1 and sizes[axis] != dense:
            return Layout(order, backwards, gaps=True, writable=array.flags.writeable)
        dense *= max(array.shape[axis], 1)
    return Layout(order, backwards, gaps=False, writable=array.flags.writeable)


def laid_out(array: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """A copy of an array that lies in memory as `layout` says; ValueError when that is no layout for it."""
    if sorted(layout.order) != list(range(array.ndim)) or not set(layout.backwards) <= set(layout.order):
        raise ValueError("no such layout")
    shape = [array.shape[axis] for axis in layout.order]
    if layout.gaps and shape:
        block = np.zeros([*shape[:-1], 2 * shape[-1]], array.dtype)[..., ::2]
    else:
        block = np.empty(shape, array.dtype)
    copy = block.transpose([layout.order.index(axis) for axis in range(array.ndim)])
    if layout.backwards:
        copy = np.flip(copy, layout.backwards)
    copy[...] = array
    copy.flags.writeable = layout.writable
    return copy


def like(array: NDArray[Any]) -> NDArray[Any]:
    """A copy with the same dtype and byte order that lies in memory the same way: view, Fortran order and lock included."""
    if type(array) is np.ndarray and array.flags.c_contiguous:  # nearly always: the rest costs more
        simple = array.copy()
        simple.flags.writeable = array.flags.writeable
        return simple
    copy = laid_out(array.view(np.ndarray), layout_of(array))
    return copy.view(np.matrix) if isinstance(array, np.matrix) else copy


def snapshot(value: Any) -> Any:
    """What an argument is now, to be compared with what it is after a call."""
    if isinstance(value, (list, tuple)):
        return [snapshot(item) for item in value] if is_plain(value) else value
    if isinstance(value, dict):
        return {key: snapshot(item) for key, item in value.items()} if is_plain(value) else value
    return copied(value)


def copied(value: Any) -> Any:
    """An array or tensor in memory of its own, and without the graph that led to it; other things are not changed in place."""
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, np.ndarray):
        return like(value) if value.dtype.kind in NUMERIC else value
    return value.detach().clone() if is_tensor(value) else value


def same(before: Any, after: Any) -> bool:
    """Whether an argument still is what it was, but for rounding; objects that are not data are left out."""
    if isinstance(before, np.ndarray):
        return _same_numbers(before, np.asarray(after))
    if is_tensor(before):
        return bool((before == after).all())
    if isinstance(before, dict):
        return isinstance(after, dict) and before.keys() == after.keys() and all(same(before[key], after[key]) for key in before)
    if isinstance(before, (list, tuple)):
        return isinstance(after, list | tuple) and len(before) == len(after) and all(map(same, before, after))
    return before is after or not is_plain(before) or (not isinstance(after, np.ndarray) and bool(before == after))


def _same_numbers(before: NDArray[Any], after: NDArray[Any]) -> bool:
    if before.dtype.kind in NUMERIC and after.dtype.kind not in NUMERIC:  # objects of the student's, which answer comparisons as they like
        return False
    if before.shape != after.shape or before.dtype.kind not in "fc":
        return np.array_equal(before, after)
    if bool((before == after).all()):  # nearly always: the rest costs more
        return True
    largest = float(np.abs(before[np.isfinite(before)]).max(initial=0.0))
    # an entry may have been moved by a step of about one
    slack = _ROUNDING * float(np.finfo(before.dtype).eps) * max(largest, 1e-5)
    return bool(np.allclose(before, after, rtol=0.0, atol=slack, equal_nan=True))
