"""When a wrong answer may be given a name: a known mistake, or a slip in one operation, that gave the same.

A name is only given when it is true. So a candidate must be wrong nowhere where the answer is right, over all checks and
seeds of the exercise, and both must give the same telling values where both are wrong. Two NaN, two equal words or two
errors are no agreement by themselves. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from course_utils.checking.compare import as_numbers, equal
from course_utils.checking.observe import Trace
from course_utils.checking.session import Raised
from course_utils.checking.values import Bound, Follows

Key = tuple[str, int]  # check id, seed
Place = tuple[Key, str]  # where something was observed: the check with its seed, and the observation's name
_JUDGED = (Bound, Follows)
INPUTS = "the inputs, afterwards"  # stands beside the observations for arguments that were changed in place


class Wrong(NamedTuple):
    """What is wrong in one trace: by observation what was given there, or the error because of which nothing was given."""

    values: Mapping[str, Any]
    raised: Raised | None = None


def wrong_in(trace: Trace, wanted: Trace) -> Wrong:
    """What is wrong in a trace."""
    if trace.raised:
        return Wrong(dict.fromkeys(wanted.observations), trace.raised)
    given = {name: trace.observations.get(name) for name in wanted.observations}
    values = {name: bare(got) for name, got in given.items() if not equal(got, wanted.observations[name])}
    return Wrong({**values, INPUTS: trace.changed} if trace.changed else values)


Wrongs = Mapping[Key, Wrong]


class Lazily(Mapping[str, Wrong]):
    """What is wrong in each candidate, worked out when it is asked for: the first check rules nearly all of them out."""

    def __init__(self, names: Iterable[str], answer: Callable[[str], Wrong]) -> None:
        self._found: dict[str, Wrong | None] = dict.fromkeys(names)
        self._answer = answer

    def __getitem__(self, name: str) -> Wrong:
        found = self._found[name]
        if found is None:
            found = self._found[name] = self._answer(name)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


class Names:
    """The candidates that may be named for one answer: by check and seed, what is wrong in it and in each of them.

    `whole` is how many different whole numbers in one observation are a sign of agreement, where no fraction is: candidates
    that were not written by a person are many, and would give the same by chance. With `throughout`, only candidates are kept
    that explain all that is wrong.
    """

    def __init__(self, mine: Wrongs, candidates: Mapping[Key, Mapping[str, Wrong]], *, whole: float = 2, throughout: bool = False) -> None:
        self._mine, self._whole = mine, whole
        self._places = frozenset((key, name) for key, found in mine.items() for name in found.values)
        self._agreed: dict[str, frozenset[Place]] = {}
        for candidate in set.intersection(*(set(candidates[key]) for key in mine)) if mine else ():
            fits = _explains if throughout else _wrong_at_most
            if all(fits(mine[key], candidates[key][candidate]) for key in mine):  # the first that does not fit ends it
                self._add(candidate, {key: candidates[key][candidate] for key in mine})

    def _add(self, candidate: str, theirs: Wrongs) -> None:
        agreed = {(key, name) for key, found in theirs.items() for name in found.values if _agree(name, self._mine[key], found)}
        if any(self._tells(place, self._whole) for place in agreed):
            self._agreed[candidate] = frozenset(agreed)

    def _tells(self, place: Place, whole: float) -> bool:
        """Whether agreeing here can hardly be an accident. An input that was changed is seen, and needs no guess."""
        return place[1] == INPUTS or telling(self._mine[place[0]].values[place[1]], whole)

    def of_all(self, last: Container[str] = ()) -> str | None:
        """The one sentence that explains all that is wrong, if there is one; those in `last` count where no other fits."""
        return _only((candidate for candidate, agreed in self._agreed.items() if agreed == self._places), last)

    def of_observation(self, check: str, name: str, last: Container[str] = ()) -> str | None:
        """The one sentence that explains one wrong observation with every seed: two whole numbers are too little to go by."""
        here = {place for place in self._places if place[0][0] == check and place[1] == name}
        if not any(self._tells(place, self._whole + 1) for place in here):
            return None
        # where the two disagree in another observation of this name, it was another slip that agreed by chance
        alike = {place for place in self._places if place[1] == name}
        return _only((candidate for candidate, agreed in self._agreed.items() if here <= agreed and alike <= agreed), last)


def sentence_of(candidate: str) -> str:
    """Several candidates may share a sentence: what follows a tab tells them apart."""
    return candidate.partition("\t")[0]


def _only(candidates: Iterable[str], last: Container[str]) -> str | None:
    sentences = {sentence_of(candidate) for candidate in candidates}
    sentences = {sentence for sentence in sentences if sentence not in last} or sentences
    return sentences.pop() if len(sentences) == 1 else None


def _wrong_at_most(mine: Wrong, theirs: Wrong) -> bool:
    """Whether a candidate is wrong nowhere where the answer is right."""
    return theirs.values.keys() <= mine.values.keys()


def _explains(mine: Wrong, theirs: Wrong) -> bool:
    return theirs.values.keys() == mine.values.keys() and all(_agree(name, mine, theirs) for name in mine.values)


def _agree(name: str, mine: Wrong, theirs: Wrong) -> bool:
    if mine.raised or theirs.raised:
        both = mine.raised is not None and theirs.raised is not None and mine.raised.kind != "probe"
        return both and tuple(mine.raised or ())[:3] == tuple(theirs.raised or ())[:3]
    if name == INPUTS:
        return bool(mine.values[name] == theirs.values[name])
    return same_value(mine.values[name], theirs.values[name])


def telling(value: Any, whole: float = 2) -> bool:
    """Whether two answers that both give this value hardly do so by accident: fractions, or whole numbers, that differ."""
    array = as_numbers(value)
    if array is None or not array.size or array.dtype.kind == "c" or not np.isfinite(array).all():
        return False
    different = len(np.unique(array))
    if array.dtype.kind != "b" and (array != np.round(array)).any():
        return different >= 2 or array.size == 1
    return array.size >= 3 and different >= whole


def same_value(got: Any, other: Any) -> bool:
    """Equality between two answers; a statistic is compared as the number it is."""
    return equal(bare(got), bare(other))


def bare(value: Any) -> Any:
    """An observation without what says how it is judged."""
    return value.value if isinstance(value, _JUDGED) else value
