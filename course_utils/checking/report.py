"""All that is said of one exercise, in plain text; `html.py` draws the same for the notebook."""

from __future__ import annotations

from dataclasses import dataclass, replace

from course_utils.checking.verdict import MARKS, UNWRITTEN, Verdict, shown, told

WIDTH = 52


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

    @property
    def begun(self) -> bool:
        """Whether there is anything to say but that it is not written yet."""
        return any(verdict.message != UNWRITTEN for verdict in self.verdicts)

    def with_hint(self, hint: str) -> Report:
        """The same report with one more line at its end."""
        return replace(self, hint=hint)

    def text(self) -> str:
        """The report as plain text, one line per check and up to six below a failure."""
        lines = [f"{self.exercise}  {shown(self.score)}/{shown(self.max_score)}", *filter(None, [self.first])]
        for verdict, below in told(self.verdicts):
            lines.append(_title_line(verdict))
            lines += [f"    {line}" for line in below]
        return "\n".join([*lines, *self.footnotes()])

    def footnotes(self) -> list[str]:
        """The lines that close it."""
        notes = []
        if self.kept_back:
            points = "1 more point is" if self.kept_back == 1 else f"{shown(self.kept_back)} more points are"
            notes.append(f"{points} given by checks that run when the notebook is graded")
        return [*notes, self.hint] if self.hint else notes

    def __repr__(self) -> str:
        return str(float(self.score))

    def _repr_html_(self) -> str:
        from course_utils.checking.html import render  # a grader's reports are never drawn

        return render(self.exercise, f"{shown(self.score)} of {shown(self.max_score)} points", self.verdicts, self.first, self.footnotes())


def _title_line(verdict: Verdict) -> str:
    points = f"{shown(verdict.score)}/{shown(verdict.max_score)}"
    title = f"{MARKS[verdict.outcome]} {verdict.title}"
    return f"{title}{points:>{max(len(points) + 2, WIDTH - len(title))}}"
