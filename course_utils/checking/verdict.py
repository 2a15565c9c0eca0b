"""What the engine says of one check, and the lines that a student reads of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from course_utils.checking.compare import Difference

MARKS = {"passed": "✓", "failed": "✗", "not attempted": "○", "could not run": "!"}
UNWRITTEN = "not written yet"
LINES = 6  # what a student reads of one failure
LISTED = 4  # names of observations in one line
PRINTED = 2  # lines that the student's own function wrote


@dataclass(frozen=True)
class Verdict:
    """What the engine says of one check.

    `outcome` is "passed", "failed", "not attempted" or "could not run"; `message` holds the lines below the title.
    `mistake` is the sentence of a known mistake, `diagnosis` the lines that say why, `printed` what the student's function wrote.
    """

    title: str
    outcome: str
    score: float
    max_score: float
    message: str = ""
    mistake: str | None = None
    difference: Difference | None = None
    diagnosis: str = ""
    printed: str = ""

    def without_points(self, reason: str) -> Verdict:
        """The same verdict, for nothing."""
        return replace(self, score=0.0, message="\n".join(filter(None, (self.message, reason))))

    def spoilt(self, lost: float, message: str, mistake: str | None, diagnosis: str) -> Verdict:
        """A pass that costs a little."""
        return replace(self, outcome="failed", score=self.score - lost, message=message, mistake=mistake, diagnosis=diagnosis)


def told(verdicts: Iterable[Verdict]) -> Iterator[tuple[Verdict, list[str]]]:
    """Every verdict with the lines to show below it; what was said once is not said again."""
    said: set[str | None] = {None}
    for verdict in verdicts:
        if verdict.mistake is not None and verdict.mistake in said:
            lines = ["the same mistake"]
        elif verdict.message in said:
            lines = ["the same as above"] if verdict.outcome == "failed" and verdict.message else []
        else:
            lines = [line for line in verdict.message.split("\n") if line][:LINES]
        heard = [] if verdict.printed in said else _heard(verdict.printed)
        yield verdict, [*lines, *heard]
        said |= {verdict.mistake, verdict.message or None, verdict.printed or None}


def _heard(printed: str) -> list[str]:
    lines = [line for line in printed.splitlines() if line.strip()]
    return [f"it printed: {line[:100]}" for line in lines[:PRINTED]] + (["…"] if len(lines) > PRINTED else [])


def listed(names: Sequence[str]) -> str:
    """The names of observations, of many only the first ones. A name may have commas of its own."""
    some = names if len(names) <= LISTED else [*names[: LISTED - 1], f"{len(names) - LISTED + 1} more"]
    return ("; " if any(", " in name for name in some) else ", ").join(some)


def shown(points: float) -> str:
    """A number of points for people: at most two decimals."""
    return f"{round(points, 2):g}"
