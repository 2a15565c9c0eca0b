"""Count what became of a lab's answers: values to values."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .corpus import Stranger
from .doors import Told
from .forked import BROKE
from .record import Record


class Tried(NamedTuple):
    """One answer and what it was told: by the public checks, by all of them, and why the grader's door disagrees."""

    stranger: Stranger
    right: bool
    public: Told
    whole: Told
    disagreement: str = ""

    @property
    def sentences(self) -> list[str]:
        """What a student reads in the notebook, then what is new when it is graded."""
        return list(dict.fromkeys([*self.public.sentences, *self.whole.sentences]))

    @property
    def broke(self) -> bool:
        """Whether an error of the engine's own stands where a report should."""
        return any(told.ended.startswith(BROKE) for told in (self.public, self.whole))

    @property
    def fate(self) -> str:
        """What a wrong answer ends in."""
        if self.whole.full:
            return "keep all points"
        if self.sentences:
            return "diagnosed"
        if any(said.compared for said in [*self.public.verdicts, *self.whole.verdicts]):
            return "numbers only"
        return "an error only"


ROWS = (
    "right answers",
    "right, but rejected",
    "wrong answers",
    "keep all points",
    "named by a known mistake",
    "diagnosed",
    "numbers only",
    "an error only",
    "doors disagree",
    "the engine broke",
    "sentences given",
    "untrue",
    "half true",
    "not yet judged",
    "ms a wrong answer, median",
    "ms a wrong answer, longest",
)
OF_WRONG = ROWS[3:8]


def tally(tried: Sequence[Tried], record: Record) -> dict[str, float]:
    """The figures of one lab, by row."""
    wrong = [each for each in tried if not each.right]
    fates = Counter(each.fate for each in wrong)
    words = Counter(judgements(tried, record))
    times = [each.public.milliseconds for each in wrong if not each.public.ended] or [0.0]
    named = sum(any(said.mistake for said in [*each.public.verdicts, *each.whole.verdicts]) for each in wrong)
    return {
        "right answers": len(tried) - len(wrong),
        "right, but rejected": sum(each.right and not each.whole.full for each in tried),
        "wrong answers": len(wrong),
        "named by a known mistake": named,
        **{fate: fates[fate] for fate in ("keep all points", "diagnosed", "numbers only", "an error only")},
        "doors disagree": sum(bool(each.disagreement) for each in tried),
        "the engine broke": sum(each.broke for each in tried),
        "sentences given": words.total(),
        "untrue": words["untrue"],
        "half true": words["half"],
        "not yet judged": words[None],
        "ms a wrong answer, median": statistics.median(times),
        "ms a wrong answer, longest": max(times),
    }


def judgements(tried: Iterable[Tried], record: Record) -> list[str | None]:
    """What people say of every sentence that was given."""
    return [record.judgement(each.stranger, sentence) for each in tried for sentence in each.sentences]


def total(columns: Sequence[dict[str, float]], times: Sequence[float]) -> dict[str, float]:
    """The figures of all labs."""
    added = {row: sum(column[row] for column in columns) for row in ROWS[:-2]}
    return {**added, ROWS[-2]: statistics.median(times or [0.0]), ROWS[-1]: max(times, default=0.0)}
