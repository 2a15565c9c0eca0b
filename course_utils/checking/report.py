"""What a check says: verdicts, and the report in plain text. `html.py` draws the same report for the notebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from course_utils.checking.compare import Difference

MARKS = {"passed": "✓", "failed": "✗", "not attempted": "○", "could not run": "!"}
WIDTH = 52
LINES = 6  # what a student reads of one failure
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


@dataclass(frozen=True)
class Report:
    """All verdicts on one exercise. Its `repr` is the number of points: nbgrader reads it from the check cell."""

    exercise: str
    verdicts: tuple[Verdict, ...]
    kept_back: float = 0.0  # points of checks that only run when the notebook is graded
    hint: str = ""
    first: str = ""  # what to do before anything else

    @property
    def score(self) -> float:
        return round(sum(verdict.score for verdict in self.verdicts), 6)

    @property
    def max_score(self) -> float:
        return round(sum(verdict.max_score for verdict in self.verdicts), 6)

    @property
    def passed(self) -> bool:
        return all(verdict.outcome == "passed" for verdict in self.verdicts)

    def with_hint(self, hint: str) -> Report:
        """The same report with one more line at its end."""
        return replace(self, hint=hint)

    def told(self) -> Iterator[tuple[Verdict, list[str]]]:
        """Every verdict with the lines to show below it; what was said once is not said again."""
        said: set[str | None] = {None}
        for verdict in self.verdicts:
            if verdict.mistake is not None and verdict.mistake in said:
                lines = ["the same mistake"]
            elif verdict.message in said:
                lines = []
            else:
                lines = [line for line in verdict.message.split("\n") if line][:LINES]
            heard = [] if verdict.printed in said else _heard(verdict.printed)
            yield verdict, [*lines, *heard]
            said |= {verdict.mistake, verdict.message or None, verdict.printed or None}

    def text(self) -> str:
        """The report as plain text, one line per check and up to six below a failure."""
        lines = [f"{self.exercise}  {shown(self.score)}/{shown(self.max_score)}", *filter(None, [self.first])]
        for verdict, told in self.told():
            lines.append(_title_line(verdict))
            lines += [f"    {line}" for line in told]
        return "\n".join([*lines, *footnotes(self)])

    def __repr__(self) -> str:
        return str(float(self.score))

    def _repr_html_(self) -> str:
        from course_utils.checking.html import render

        return render(self)


def _heard(printed: str) -> list[str]:
    lines = [line for line in printed.splitlines() if line.strip()]
    return [f"it printed: {line[:100]}" for line in lines[:PRINTED]] + (["…"] if len(lines) > PRINTED else [])


def shown(points: float) -> str:
    """A number of points for people: at most two decimals."""
    return f"{round(points, 2):g}"


def footnotes(report: Report) -> list[str]:
    """The lines that close a report."""
    notes = [report.hint] if report.hint else []
    if report.kept_back:
        points = "1 more point is" if report.kept_back == 1 else f"{shown(report.kept_back)} more points are"
        notes.append(f"{points} given by checks that run when the notebook is graded")
    return notes


def _title_line(verdict: Verdict) -> str:
    points = f"{shown(verdict.score)}/{shown(verdict.max_score)}"
    title = f"{MARKS[verdict.outcome]} {verdict.title}"
    return f"{title}{points:>{max(len(points) + 2, WIDTH - len(title))}}"
