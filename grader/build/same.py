"""Whether two files of recorded cases say the same.

By value and not by byte: another machine's linear algebra adds in another order, so its last digits differ.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.checking.cases import Cases, load
from course_utils.checking.compare import compare
from course_utils.checking.declare import load_checks
from course_utils.checking.naming import Wrong, sentence_of
from course_utils.checking.observe import Call
from course_utils.checking.values import Bound

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_MISSING = object()


def same_cases(checks: Path, stored: Path, fresh: Cases) -> bool:
    """Whether the stored `cases.npz` holds, for the public checks of `checks.py`, what was recorded afresh."""
    if not zipfile.is_zipfile(stored):  # cut off, say: numpy would leave the file open
        return False
    try:
        old = load(stored)
        if old.about != fresh.about:
            return False
        return all(
            same_value(tuple(old.wanted(check, seed)), tuple(fresh.wanted(check, seed)))
            and same_value(dict(old.mistakes(check, seed)), dict(fresh.mistakes(check, seed)))
            and _same_slips(old.slips(check, seed), fresh.slips(check, seed))
            and old.trivial(check, seed) == fresh.trivial(check, seed)
            for check in load_checks(checks)
            for seed in check.asked_with(fresh.seeds)
        )
    except (KeyError, ValueError, zipfile.BadZipFile):  # not a file of cases, or one of other checks
        return False


def _same_slips(old: Mapping[str, Wrong], fresh: Mapping[str, Wrong]) -> bool:
    """Which of two slips that differ in rounding only is kept depends on the machine; their sentences do not."""
    both = [name for name in old if name in fresh]
    return set(map(sentence_of, old)) == set(map(sentence_of, fresh)) and all(same_value(old[name], fresh[name]) for name in both)


def same_value(a: Any, b: Any) -> bool:
    """Equal up to what rounding can change: 1e-6 relative for float64, 1e-3 for smaller floats; numbers in text likewise."""
    if type(a) is not type(b):
        return False
    if hasattr(a, "detach"):
        a, b = a.detach().cpu().numpy(), b.detach().cpu().numpy()
    if isinstance(a, np.ndarray | np.generic | float):
        return _same_array(np.asarray(a), np.asarray(b))
    if isinstance(a, str):
        return _same_text(a, b)
    if isinstance(a, Bound):
        return a[::2] == b[::2] and _same_side(a, b)
    if isinstance(a, Call):  # what it returned only serves messages, and a duration, say, is another one each time
        return same_value(a[:-1], b[:-1]) and _NUMBER.split(a.result) == _NUMBER.split(b.result)
    if is_dataclass(a):
        return all(same_value(getattr(a, field.name), getattr(b, field.name)) for field in fields(a))
    if isinstance(a, Mapping):
        return list(a) == list(b) and all(same_value(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return all(same_value(x, y) for x, y in zip_longest(a, b, fillvalue=_MISSING))
    return bool(a == b)


def _same_side(a: Bound, b: Bound) -> bool:
    """Whether two statistics are close to each other, or on the same side of their bound."""
    if a.kind == "close":
        return compare("", a, b) is None
    return (compare("", a, b) is None) == (compare("", b, a) is None)


def _same_array(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> bool:
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.dtype.kind not in "fc":
        return bool(np.array_equal(a, b))
    rtol = 1e-6 if a.dtype.itemsize >= 8 else 1e-3
    finite = np.abs(a[np.isfinite(a)])
    scale = float(finite.max()) if finite.size else 0.0
    return bool(np.allclose(a, b, rtol=rtol, atol=rtol * 1e-3 * scale + 1e-12, equal_nan=True))


def _same_text(a: str, b: str) -> bool:
    if a == b:
        return True
    if _NUMBER.split(a) != _NUMBER.split(b):
        return False
    pairs = zip(_NUMBER.findall(a), _NUMBER.findall(b), strict=True)
    return all(math.isclose(float(x), float(y), rel_tol=2e-3, abs_tol=1e-9) for x, y in pairs)
