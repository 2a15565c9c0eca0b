"""What a check says: verdicts, and the report in plain text. `html.py` draws the same report for the notebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from course_utils.checking.compare import Difference

MARKS = {"passed": "✓", "failed": "✗", "not attempted": "○", "could not run": "!"}
WIDTH = 52
LINES = 6  # what a student reads of one failure


@dataclass(frozen=True)
class Verdict:
    """What the engine says of one check.

    `outcome` is "passed", "failed", "not attempted" or "could not run"; `message` holds the lines below the title.
    """

    title: str
    outcome: str
    score: float
    max_score: float
    message: str = ""
    mistake: str | None = None
    difference: Difference | None = None


@dataclass(frozen=True)
class Report:
    """All verdicts on one exercise. Its `repr` is the number of points: nbgrader reads it from the check cell."""

    exercise: str
    verdicts: tuple[Verdict, ...]
    kept_back: float = 0.0  # points of checks that only run when the notebook is graded
    hint: str = ""

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
                yield verdict, ["the same mistake"]
            elif verdict.message in said:
                yield verdict, []
            else:
                yield verdict, [line for line in verdict.message.split("\n") if line][:LINES]
            said |= {verdict.mistake, verdict.message}

    def text(self) -> str:
        """The report as plain text, one line per check and up to six below a failure."""
        lines = [f"{self.exercise}  {shown(self.score)}/{shown(self.max_score)}"]
        for verdict, told in self.told():
            lines.append(_title_line(verdict))
            lines += [f"    {line}" for line in told]
        return "\n".join([*lines, *footnotes(self)])

    def __repr__(self) -> str:
        return str(float(self.score))

    def _repr_html_(self) -> str:
        from course_utils.checking.html import render

        return render(self)


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
