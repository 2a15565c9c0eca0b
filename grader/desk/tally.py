"""What a class made of a lab, counted: each student's exercises by their outcome, the slips, and the points that each slip cost. Pure."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.batch import ClassReport
from grader.books import Standing
from grader.intake import one_line
from grader.judging import FAILED, UNGRADABLE, Result, failures

RIGHT, PARTLY, WRONG, BROKEN, UNWRITTEN, WAITS, NOTHING = "right", "partly right", "wrong", "did not run", "not written", "to mark", "none"
OUTCOMES = (RIGHT, PARTLY, WRONG, BROKEN, UNWRITTEN, WAITS)
NAMED, FOLLOWS, ERROR, UNNAMED = "mistake", "follows", "error", "unnamed"  # kinds of slips, beside BROKEN and UNWRITTEN
_CHECK = "_check"  # how the name of an exercise's check cell ends
_RAISED = re.compile(r"(\w{1,60}): ")
_ERRORS = frozenset(name for name in dir(builtins) if name.endswith("Error"))
_ROUNDING = 1e-6  # of points, which are sums of quarters and thirds


@dataclass(frozen=True)
class Part:
    """A graded cell of a lab: `name` is the exercise, or what the cell is called; `place` is (notebook, grade_id)."""

    name: str
    most: float
    place: tuple[str, str]


@dataclass(frozen=True)
class Mark:
    """What one student has for one part."""

    outcome: str
    score: float = 0.0
    most: float = 0.0


@dataclass
class Slip:
    """A way to lose points: a known mistake with its sentence, or what else became of a check. `points` are of all students."""

    exercise: str
    sentence: str
    kind: str
    students: list[str] = field(default_factory=list)
    points: float = 0.0

    @property
    def is_mistake(self) -> bool:
        return self.kind == NAMED


@dataclass
class Row:
    """One student: `score` and `most` after marks and penalties, `slips` are the places of its known mistakes in the class's list."""

    student: str
    status: str
    reason: str = ""
    score: float = 0.0
    most: float = 0.0
    marks: list[Mark] = field(default_factory=list)
    slips: list[int] = field(default_factory=list)
    late: float = 0.0
    penalty: float = 0.0
    to_mark: int = 0
    attempts: int = 0
    clock: float = 0.0
    processor: float = 0.0

    @property
    def share(self) -> float | None:
        """The score as a fraction of what has been marked; None where nothing was."""
        marked = self.most - sum(mark.most for mark in self.marks if mark.outcome == WAITS)
        return self.score / marked if marked > _ROUNDING and self.status not in (UNGRADABLE, FAILED) else None


@dataclass
class Tally:
    """A class: the lab's parts in their order, a row for each student with a result, and the slips, the most common first."""

    parts: list[Part]
    rows: list[Row]
    slips: list[Slip]

    @property
    def mistakes(self) -> list[Slip]:
        """The known ones."""
        return [slip for slip in self.slips if slip.is_mistake]

    def counts(self, part: int) -> dict[str, int]:
        """How many students have each outcome in a part."""
        found = dict.fromkeys(OUTCOMES, 0)
        for row in self.rows:
            if row.marks[part].outcome in found:
                found[row.marks[part].outcome] += 1
        return found

    def lost(self, part: int) -> float:
        """The points that the class lost in a part, of what was graded."""
        return sum(mark.most - mark.score for mark in (row.marks[part] for row in self.rows) if mark.outcome not in (NOTHING, WAITS))


def tally(report: ClassReport, attempts: Mapping[str, int]) -> Tally:
    """Count a class."""
    parts = _parts(report.results.values())
    slips = _slips(report.results.values())
    by_student: dict[str, list[int]] = {}
    for number, slip in enumerate(slips):
        for student in slip.students if slip.is_mistake else ():
            by_student.setdefault(student, []).append(number)
    rows = []
    for student, result in report.results.items():
        row = _row(result, report.standings.get(student), parts)
        row.slips, row.attempts = by_student.get(student, []), attempts.get(student, 1)
        rows.append(row)
    return Tally(parts, rows, slips)


def _parts(results: Iterable[Result]) -> list[Part]:
    """The graded cells that are worth something, in the order of the submission that has most of them."""
    results = list(results)
    longest = max(results, key=lambda result: sum(map(len, result.cells.values())), default=None)
    if longest is None:
        return []
    exercises = {name for result in results for name in result.exercises}
    several = len(longest.cells) > 1
    found = []
    for notebook, cells in longest.cells.items():
        for grade_id, cell in cells.items():
            exercise = grade_id.removesuffix(_CHECK)
            name = exercise if exercise in exercises else f"{notebook}: {grade_id}" if several else grade_id
            if cell.max > 0:
                found.append(Part(one_line(name, 60), cell.max, (notebook, grade_id)))
    return found


def _row(result: Result, held: Standing | None, parts: Sequence[Part]) -> Row:
    row = Row(result.student, result.status, one_line(result.reason), result.score, result.max_score)
    row.clock, row.processor = result.seconds, result.processor_seconds
    if held is not None:
        row.late, row.penalty, row.to_mark = held.late, held.penalty, len(held.to_mark)
        if result.status != FAILED:
            row.score, row.most = held.total, held.max_score
    nothing = result.status in (UNGRADABLE, FAILED)
    row.marks = [Mark(NOTHING) if nothing else _mark(part, result, held) for part in parts]
    return row


def _mark(part: Part, result: Result, held: Standing | None) -> Mark:
    """One student's part, by the gradebook where that is known."""
    notebook, grade_id = part.place
    cell = result.cells.get(notebook, {}).get(grade_id)
    marks = held.marks.get(notebook) if held else None
    score, most, waits = (cell.auto or 0.0, cell.max, cell.auto is None) if cell else (0.0, part.most, False)
    if marks and grade_id in marks.scores:
        (score, most), waits = marks.scores[grade_id], grade_id in marks.waiting
    if waits:
        return Mark(WAITS, score, most)
    untouched = grade_id in result.no_response.get(notebook, ())
    return Mark(_outcome(result.exercises.get(grade_id.removesuffix(_CHECK)), score, most, untouched=untouched), score, most)


def _outcome(entry: Mapping[str, Any] | None, score: float, most: float, *, untouched: bool) -> str:
    if score >= most - _ROUNDING:
        return RIGHT
    if score > _ROUNDING:
        return PARTLY
    if entry is None:
        return UNWRITTEN if untouched else WRONG
    failed = failures(entry)
    if not failed:
        return UNWRITTEN
    return WRONG if any(check["outcome"] == "failed" for check in failed) else BROKEN


def _slips(results: Iterable[Result]) -> list[Slip]:
    """Every way in which points were lost in exercises; known mistakes first, then by how many students and points they cost."""
    found: dict[tuple[str, str], Slip] = {}
    order: dict[str, int] = {}
    for result in results:
        for exercise, entry in result.exercises.items():
            order.setdefault(exercise, len(order))
            for check in entry["checks"]:
                lost = check["max_score"] - check["score"]
                if lost <= _ROUNDING and not check.get("mistake"):
                    continue
                kind, sentence = _kind(check, entry)
                slip = found.setdefault((exercise, sentence), Slip(exercise, sentence, kind))
                slip.points += max(lost, 0.0)
                if result.student not in slip.students:
                    slip.students.append(result.student)
    return sorted(found.values(), key=lambda slip: (not slip.is_mistake, -len(slip.students), -slip.points, order[slip.exercise]))


def _kind(check: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[str, str]:
    """What kind of slip a check was lost to, and how that is said."""
    if check.get("mistake"):
        return NAMED, str(check["mistake"])
    if entry.get("first"):
        return FOLLOWS, "follows from another exercise that is wrong"
    if not failures({"checks": [check]}):
        return UNWRITTEN, "not written"
    if check["outcome"] != "failed":
        return BROKEN, "its cell, or what it calls, did not run"
    for line in check["message"].split("\n"):
        found = _RAISED.match(line)
        if found and found[1] in _ERRORS:  # of Python's own: a student's own class may be called anything
            return ERROR, f"stops with {found[1]}"
    return UNNAMED, "wrong, by no mistake that has a name"
