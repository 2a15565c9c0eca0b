"""Grades go into the sheet that a platform exported: one column changes, and every other byte stays as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.console import typed
from course_utils.errors import UserError
from grader.batch import lateness, some
from grader.books import Course
from grader.intake import one_line
from grader.platforms.columns import MOODLE, fitting
from grader.platforms.entries import Entries, Entry, read_entries
from grader.platforms.grades import BROKEN, TO_MARK, UNGRADED, Grades
from grader.platforms.matching import match
from grader.platforms.noted import collected_of, seen_in
from grader.platforms.roster import held_by, known_people
from grader.platforms.sheets import Cell, read_sheet
from grader.platforms.targets import Target, find_target, locked_words, number

_EXCUSED = ("ex", "excused")
_NAMED = 20  # students in one sentence
_NEXT = {
    TO_MARK: "mark them in formgrader, or say --unmarked to export the points that they have",
    UNGRADED: "run `handgrad grade {lab}` first",
    BROKEN: "run `handgrad grade {lab}` again",
}
_WORKSHEET = (
    "Moodle leaves a row alone where it has a grade that was changed more than 60 s after this worksheet was downloaded. Upload it soon, "
    "or tick that records may be overwritten which were modified more recently than the worksheet."
)


@dataclass(frozen=True)
class Fill:
    """One cell that gets another text."""

    student: str
    name: str
    old: str
    new: str
    late: str = ""  # by how much, and what that took away


@dataclass
class Filling:
    """What a sheet becomes: the cells that change, how many stay, what else to know, and the bytes.

    `final` are the students whose grade is in the sheet then, with the line of each.
    """

    title: str
    data: bytes = b""
    fills: list[Fill] = field(default_factory=list)
    stays: int = 0
    told: list[str] = field(default_factory=list)
    final: dict[str, Entry] = field(default_factory=dict)


def fill_sheet(
    course: Course,
    lab: str,
    wanted: str,
    path: Path,
    grades: Grades,
    *,
    column: str | None = None,
    zeros: bool = False,
    ids: str | None = None,
) -> Filling:
    """Put the grades of a lab into a platform's sheet; nothing is written to the disk.

    `wanted` is the platform, `column` the header of the column to fill, `zeros` gives 0 to those who handed in nothing, `ids` names the
    column that has nbgrader's ids. Raises UserError where it is not certain which column or which student is meant.
    """
    entries = read_entries(read_sheet(path, fitting))
    target = find_target(entries.sheet, entries.columns, wanted, lab, column)
    people = known_people(course, held_by(course))
    matched = match(entries, people, ids, seen_in(course))
    if not any(student is not None for student in matched.students):
        raise UserError(
            f"No row of {entries.sheet.name} is about a student of the course ({some(sorted(people), 3) or 'which has none'}): bring them "
            f"in with `handgrad roster {typed(path)}`, or name the column that has nbgrader's ids with --id."
        )
    filling = fill_rows(entries, target, grades, matched.students, lab, zeros=zeros)
    filling.told[:0] = [told for told in (matched.explained, _other_assignment(course, lab, entries)) if told]
    return filling


def _other_assignment(course: Course, lab: str, entries: Entries) -> str:
    """A caution where nobody in Moodle's worksheet has the number that was collected: a person has another one in each assignment."""
    ids = [entry.get("ids") for entry in collected_of(course, lab).values() if entry.get("platform") == "moodle"]
    collected = {str(of["moodle"]) for of in ids if isinstance(of, dict) and "moodle" in of}
    sheet = {entry.ids["moodle"] for entry in entries.of_students if "moodle" in entry.ids}
    if not sheet or sheet & collected or 2 * len(collected) < len(ids) or not ids:  # a team has a number of its own
        return ""
    return (
        f"CAREFUL: no participant's number in {entries.sheet.name} is one that {lab} was collected with. Each assignment has its own: is "
        "this the worksheet of another one?"
    )


def fill_rows(
    entries: Entries, target: Target, grades: Grades, students: Sequence[str | None], lab: str, *, zeros: bool = False
) -> Filling:
    """Put grades into the rows of a sheet, each of which is about the student at its place, or about nobody of the course."""
    pen = _Pen(entries, target, grades, zeros)
    for entry, student in zip(entries.of_students, students, strict=True):
        pen.fill_row(entry, student)
    return pen.done({student for student in students if student is not None}, lab)


class _Pen:
    """Fills one sheet, row by row, and keeps what is to be told."""

    def __init__(self, entries: Entries, target: Target, grades: Grades, zeros: bool) -> None:
        self._sheet, self._columns, self._target = entries.sheet, entries.columns, target
        self._grades, self._zeros = grades, zeros
        self._values: dict[Cell, str] = {}
        self._aside: dict[str, list[str]] = {}  # students whose cell was left alone, by the reason
        self._scaled: Counter[tuple[float, float]] = Counter()
        self._locked = locked_words(entries.sheet, entries.columns.at.get("open")) if entries.columns.platform == MOODLE else set()
        self._filling = Filling(target.title)

    def done(self, present: set[str], lab: str) -> Filling:
        """What the sheet becomes."""
        self._filling.data = self._sheet.filled(self._values)
        self._filling.told = list(self._sentences(present, lab))
        return self._filling

    def fill_row(self, entry: Entry, student: str | None) -> None:
        """Decide about one row's cell."""
        if student is None:
            self._leave("not in the course", _called(entry))
            return
        old = entry.row.text(self._target.at)
        if old.casefold() in _EXCUSED:
            self._leave("excused", student)
            return
        points = self._points(entry, student)
        if points is None:
            return
        if self._columns.text(entry.row, "open") in self._locked:
            self._leave("locked", student)
        elif self._target.at >= len(entry.row.cells):
            raise UserError(
                f"{self._sheet.name}, line {entry.row.line}: the row ends before the column {self._target.title!r}. Download again."
            )
        else:
            self._write(entry, student, old, self._scale(entry, points))

    def _points(self, entry: Entry, student: str) -> float | None:
        """What the student has; None where the cell is not to be filled."""
        if student in self._grades.points:
            return self._grades.points[student]
        if student in self._grades.waiting:
            return None
        old = entry.row.text(self._target.at)
        if self._zeros and old in ("", "-"):
            return 0.0
        self._leave("nothing handed in, and a grade is there" if old not in ("", "-") else "nothing handed in", student)
        return None

    def _scale(self, entry: Entry, points: float) -> float:
        """Points out of the sheet's maximum."""
        most, ours = self._target.maximum(entry.row), self._grades.maximum
        if most is None or not most or not ours or abs(most - ours) < 0.005:
            return points
        self._scaled[ours, most] += 1
        return points * most / ours

    def _write(self, entry: Entry, student: str, old: str, points: float) -> None:
        most = self._target.maximum(entry.row)
        if self._columns.platform == MOODLE and most is not None and points > most:
            self._leave(f"cut to Moodle's maximum of {most:g}, above which it takes no grade", student)
            points = most
        self._filling.final[student] = entry
        before, new = number(old), self._target.written(points)
        if before is not None and abs(before - (number(new) or 0.0)) < 0.005:
            self._filling.stays += 1
            return
        self._values[entry.row.cells[self._target.at]] = new
        self._filling.fills.append(Fill(student, entry.name, old, new, self._late(student)))

    def _late(self, student: str) -> str:
        held = self._grades.standings.get(student)
        if held is None or not (held.late or held.penalty):
            return ""
        return f"{lateness(held.late)}{f', -{held.penalty:.4g}' if held.penalty else ''}"

    def _leave(self, why: str, student: str) -> None:
        self._aside.setdefault(why, []).append(student)

    def _sentences(self, present: set[str], lab: str) -> Iterator[str]:
        """What the table does not show, what may go wrong first."""
        grades = self._grades
        if self._target.caution:
            yield self._target.caution
        for (ours, most), count in self._scaled.items():
            yield f"{lab} has {ours:g} points and the sheet {most:g}: {_grades(count)} multiplied by {most / ours:.6g}."
        for why, then in _NEXT.items():
            if held := sorted(student for student, reason in grades.waiting.items() if reason == why):
                yield f"Held back, {why}: {some(held, _NAMED)}. {then.format(lab=lab)[:1].upper()}{then.format(lab=lab)[1:]}."
        if absent := sorted(grades.points.keys() - present):
            yield f"Graded, but not in the sheet, so their grades are not exported: {some(absent, _NAMED)}."
        if zero := sorted(student for student in grades.ungradable if student in self._filling.final):
            yield f"With 0 points, because what was handed in could not be graded: {some(zero, _NAMED)} (`handgrad report {lab}` says why)."
        for why, names in self._aside.items():
            yield f"{'As told' if why.startswith('cut') else 'Left alone'}, {why}: {some(names, _NAMED)}."
        if self._columns.platform == MOODLE:
            yield _WORKSHEET


def _called(entry: Entry) -> str:
    return one_line(entry.name or next(iter(entry.ids.values()), f"line {entry.row.line}"), 60)


def _grades(count: int) -> str:
    return "1 grade is" if count == 1 else f"{count} grades are"
