"""Values in the words of a report."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.checking.plain import is_tensor
from course_utils.checking.session import Ref


def describe(value: Any) -> str:
    """A value in the words of a report: `(5, 3)` for an array, `0.5` for a number, "3 results" for a tuple."""
    if isinstance(value, Ref):
        return f"an object of type {value.type}"
    if isinstance(value, np.ndarray) or is_tensor(value):
        shown = value.ndim == 1 and len(value) <= 4
        return _numbers(value.tolist()) if shown else str(tuple(value.shape))
    if isinstance(value, tuple):
        return f"{len(value)} results"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return "a dict with " + ", ".join(map(str, list(value)[:6]))
    if callable(value):
        return "a function"
    return _number(value) if isinstance(value, float | np.floating) else str(value)[:40]


def _number(value: Any) -> str:
    return f"{float(value):.4g}"


def _numbers(values: list[Any]) -> str:
    return "[" + ", ".join(_number(v) if isinstance(v, float) else str(v) for v in values) + "]"
