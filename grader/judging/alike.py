"""Which wrong answers gave the same, so that one sentence may be said to all of them at once. Pure.

An answer's *print* tells what it gave with seeds that all courses and years share. It has two parts. What is exact (which observations
are wrong, their kinds and shapes, errors) is a digest. Of numbers there are two sums with fixed weights for each array, and how far apart
two such sums may lie. So two prints are compared, never rounded: no number can lie on the border between two roundings. Names, code and
texts of a student are not in it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checking.cases import PUBLIC_SEEDS
from course_utils.checking.compare import RTOL_DOUBLE, RTOL_SINGLE, as_numbers, close_enough, equal
from course_utils.checking.judge import Traces
from course_utils.checking.naming import INPUTS, bare, wrong_in
from course_utils.checking.plain import is_tensor
from course_utils.checking.session import Raised
from course_utils.checking.values import Opaque
from grader.judging.messages import error_type, told, without_addresses

SHARING = PUBLIC_SEEDS  # those of the notebook: what an instructor reads of a group, the students have seen as well
_FORMAT = "1"
_ARRAYS = 24  # of one answer that are told apart; more are added to these
_PARTS, _ENTRIES = 2000, 2**19  # of one answer, and of one array, that are looked at
# How far two answers with the same fault may lie apart, relative to the largest number; the engine's own tolerance is the most that is
# allowed. Where the fault itself is small, it is this part of the fault, but never less than what rounding may do.
_OF_FAULT = 1e-3
_ROUNDING_DOUBLE, _ROUNDING_SINGLE = 1e-9, 1e-5
_HUGE = 1e300
_FORM = re.compile(r"1-[0-9a-f]{16}-(?:[-+.0-9einfa,]+(?:;[-+.0-9einfa,]+)*)?")
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 6

Sums = tuple[float, float, float]  # with two kinds of weights, and how far apart they may lie


@dataclass(frozen=True)
class Print:
    """What an answer gave: a digest of all that is exact, and for each wrong array two sums with their tolerance."""

    exact: str
    sums: tuple[Sums, ...] = ()

    def __str__(self) -> str:
        return f"{_FORMAT}-{self.exact}-" + ";".join(",".join(f"{number:.12g}" for number in sums) for sums in self.sums)

    @staticmethod
    def parse(text: str) -> Print:
        """The print that a text tells. ValueError when it is none."""
        if len(text) > 200 * _ARRAYS or not _FORM.fullmatch(text):
            raise ValueError(f"{text[:60]!r} is no fingerprint of an answer")
        _, exact, numbers = text.split("-", 2)
        sums = [tuple(map(float, part.split(","))) for part in numbers.split(";") if part]
        if not all(len(three) == 3 and all(map(math.isfinite, three)) for three in sums):
            raise ValueError(f"{text[:60]!r} is no fingerprint of an answer")
        return Print(exact, tuple((one, two, slack) for one, two, slack in sums))

    def alike(self, other: Print) -> bool:
        """Whether two answers gave the same."""
        if self.exact != other.exact or len(self.sums) != len(other.sums):
            return False
        pairs = zip(self.sums, other.sums, strict=True)
        # the stricter tolerance of the two: whoever makes an answer with a huge one, whose sums cancel, is alike to nobody
        return all(max(abs(mine[0] - theirs[0]), abs(mine[1] - theirs[1])) <= min(mine[2], theirs[2]) for mine, theirs in pairs)

    @property
    def name(self) -> str:
        """Six letters and digits by which people call it. Of two prints that are alike, the names may differ."""
        rounded = [(round(one / slack / 1e3) if slack else 0, round(two / slack / 1e3) if slack else 0) for one, two, slack in self.sums]
        number = int.from_bytes(hashlib.sha256(f"{self.exact}{rounded}".encode()).digest()[:8], "big")
        return "".join(_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(_LENGTH))


def print_of(traces: Traces, wanted: Traces, words: frozenset[str]) -> Print | None:
    """The print of what was asked with seeds that all share; None when nothing of it is wrong. `words` are those of `vocabulary`."""
    sketch = _Sketch(words)
    for key, trace in traces.items():
        wrong = wrong_in(trace, wanted[key])
        if not (wrong.values or wrong.raised):
            continue
        sketch.say(*key)
        if wrong.raised:
            sketch.say(*_error(wrong.raised, words))
            continue
        for name, got in wrong.values.items():
            sketch.say(name)
            if name == INPUTS:
                sketch.say(sorted(set(map(tuple, got))))
            else:
                sketch.add(got, bare(wanted[key].observations[name]))
    return sketch.made() if sketch.said else None


def rough_print(traces: Traces, wanted: Traces, words: frozenset[str]) -> Print:
    """A print without numbers, which no seeds are in: where an answer is wrong, and with which errors."""
    found: set[tuple[str, ...]] = set()
    for key, trace in traces.items():
        wrong = wrong_in(trace, wanted[key])
        if wrong.raised:
            found.add((key[0], *_error(wrong.raised, words, numbers=False)))
        else:
            found |= {(key[0], name) for name in wrong.values}
    return exact_print("rough", *sorted(found))


def exact_print(*facts: Any) -> Print:
    """A print of facts alone."""
    return Print(hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16])


def _error(raised: Raised, words: frozenset[str], *, numbers: bool = True) -> tuple[str, ...]:
    if raised.kind in ("timeout", "died"):
        return (raised.kind,)
    return raised.kind, error_type(raised.type, words), told(raised.message, words, numbers=numbers)


class _Sketch:
    """Collects what is exact, in order, and the sums of arrays."""

    def __init__(self, words: frozenset[str]) -> None:
        self.said: list[Any] = []
        self._words = words
        self._sums: list[Sums] = []
        self._arrays = 0

    def say(self, *facts: Any) -> None:
        if len(self.said) < _PARTS:
            self.said.append(facts)

    def made(self) -> Print:
        return Print(exact_print(_FORMAT, *self.said).exact, tuple(self._sums))

    def add(self, got: Any, want: Any) -> None:
        """One wrong value beside the wanted one, part by part; what is right in it counts as right, whatever its digits."""
        if len(self.said) >= _PARTS:
            return
        got, numbers = bare(got), as_numbers(got)
        if numbers is not None:
            self._add_numbers(numbers, as_numbers(want), is_tensor(got) != is_tensor(want))
        elif isinstance(got, Opaque):
            self.say("object", got.type if got.type in self._words else "")
        elif isinstance(got, dict):
            self.say("dict", _digest(sorted(map(repr, got))))
            for key, part in sorted(got.items(), key=lambda item: repr(item[0])):
                if not self._add_part(repr(key), part, want.get(key) if isinstance(want, dict) else None):
                    return
        elif isinstance(got, list | tuple):
            known = want if isinstance(want, list | tuple) and len(want) == len(got) else [None] * len(got)
            self.say("list", len(got))
            for number, (part, wanted) in enumerate(zip(got, known, strict=True)):
                if not self._add_part(number, part, wanted):
                    return
        else:
            self.say(type(got).__name__, _digest(got))

    def _add_part(self, name: Any, got: Any, want: Any) -> bool:
        """Add what is wrong in one part. False when no more parts are looked at: a list may have millions."""
        if want is None or not equal(got, want):
            self.say(_digest(name))
            self.add(got, want)
        return len(self.said) < _PARTS

    def _add_numbers(self, got: NDArray[Any], want: NDArray[Any] | None, other_kind: bool) -> None:
        same = want is not None and want.shape == got.shape
        single = want is not None and want.dtype.kind in "fc" and want.dtype.itemsize <= 4 * (1 + (want.dtype.kind == "c"))
        mine = _flat(got)
        theirs = _flat(want) if same and want is not None else np.zeros_like(mine)
        good = close_enough(got, want).reshape(-1)[: len(mine)] if same and want is not None else np.zeros(len(mine), bool)
        odd = ~np.isfinite(mine)
        self.say("numbers", got.shape, other_kind, _digest(_oddities(mine, odd)) if odd.any() else "")
        with np.errstate(invalid="ignore", over="ignore"):
            fault = np.where(good | odd | ~np.isfinite(theirs), 0.0, mine - theirs)
        largest = max(_largest(mine), _largest(want.reshape(-1)[:_ENTRIES]) if want is not None else 0.0)
        rounding, most = (_ROUNDING_SINGLE, RTOL_SINGLE) if single else (_ROUNDING_DOUBLE, RTOL_DOUBLE)
        size = _largest(fault)
        scaled = fault / size if size else fault
        root = math.sqrt(max(len(fault), 1))
        slack = min(most * largest, max(_OF_FAULT * size * float(np.linalg.norm(scaled)) / root, rounding * largest))
        one, two = (_bounded(size * float(weights @ scaled) / root) for weights in _weights(len(fault)))
        self._put(one, two, _bounded(slack))

    def _put(self, one: float, two: float, slack: float) -> None:
        place, times = self._arrays % _ARRAYS, 1 + 0.37 * (self._arrays // _ARRAYS)
        if self._arrays < _ARRAYS:
            self._sums.append((one, two, slack))
        else:
            before = self._sums[place]
            self._sums[place] = (
                _bounded(before[0] + times * one),
                _bounded(before[1] + times * two),
                _bounded(before[2] + times * slack),
            )
        self._arrays += 1


def _flat(array: NDArray[Any]) -> NDArray[np.float64]:
    """The entries in a row, as float64; of complex ones the two parts added with unequal weights."""
    flat = array.reshape(-1)[:_ENTRIES]
    if flat.dtype.kind == "c":
        flat = flat.real + math.sqrt(2) * flat.imag
    return np.asarray(flat, dtype=np.float64)


def _oddities(flat: NDArray[np.float64], odd: NDArray[np.bool_]) -> list[tuple[int, str]]:
    """Where entries are not finite, and which way; a NaN has no sign."""
    return [(int(place), "nan" if math.isnan(flat[place]) else str(flat[place])) for place in np.flatnonzero(odd)]


def _largest(flat: NDArray[Any]) -> float:
    sizes = np.abs(_flat(flat))
    return float(sizes.max(initial=0.0, where=np.isfinite(sizes)))


def _bounded(number: float) -> float:
    return float(min(max(number, -_HUGE), _HUGE)) if math.isfinite(number) else math.copysign(_HUGE, number)


@lru_cache(maxsize=64)
def _weights(count: int) -> NDArray[np.float64]:
    """Two rows of weights in (-1, 1), the same on every machine and in every year: splitmix64 of the entry's number."""
    with np.errstate(over="ignore"):
        state = (np.arange(1, 2 * count + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    return ((state >> np.uint64(11)).astype(np.float64) / 2.0**52 - 1.0).reshape(2, count)


def _digest(value: Any) -> str:
    return hashlib.sha256(without_addresses(repr(value)).encode("utf-8", "replace")).hexdigest()[:16]


def cluster(prints: Sequence[Print]) -> list[int]:
    """For each print the number of its group, from 0 on in the order in which groups first appear.

    Whoever is alike to any member belongs to the group, so that the order of the prints makes no difference.
    """
    groups = list(range(len(prints)))
    seen: dict[str, list[int]] = {}
    for number, one in enumerate(prints):
        kin = seen.setdefault(one.exact, [])
        joined = {groups[other] for other in kin if prints[other].alike(one)}
        if joined:
            first = min(joined)
            groups[number] = first
            for other in kin:
                groups[other] = first if groups[other] in joined else groups[other]
        kin.append(number)
    numbers = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    return [numbers[group] for group in groups]
