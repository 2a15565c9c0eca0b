"""What counts as data, and copies of it that share nothing with the original."""

from __future__ import annotations

import copy
import sys
from typing import Any

import numpy as np

NUMERIC = frozenset("biufc")


def is_plain(value: Any) -> bool:
    """Whether a value is data: numbers, text, numeric arrays, tensors, and containers of these."""
    if value is None or isinstance(value, bool | int | float | complex | str | np.bool_ | np.number):
        return True
    if isinstance(value, np.ndarray):
        return type(value) is np.ndarray and value.dtype.kind in NUMERIC
    if isinstance(value, tuple | list):
        return all(is_plain(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str | int) and is_plain(item) for key, item in value.items())
    return is_tensor(value)


def is_tensor(value: Any) -> bool:
    """Whether a value is a torch tensor, found out without importing torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def snapshot(value: Any) -> Any:
    """What an argument is now, to be compared with what it is after a call."""
    if isinstance(value, list | tuple):
        return [snapshot(item) for item in value] if is_plain(value) else value
    if isinstance(value, dict):
        return {key: snapshot(item) for key, item in value.items()} if is_plain(value) else value
    return copied(value)


def copied(value: Any) -> Any:
    """An array or tensor in memory of its own, and without the graph that led to it; other things are not changed in place."""
    if is_tensor(value):
        return value.detach().clone()
    return copy.deepcopy(value) if isinstance(value, np.ndarray) else value


def same(before: Any, after: Any) -> bool:
    """Whether an argument still is what it was, to the bit; objects that are not data are left out."""
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")
    if is_tensor(before):
        return bool((before == after).all())
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(same(before[key], after[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(same, before, after))
    return before is after or not is_plain(before) or bool(before == after)
