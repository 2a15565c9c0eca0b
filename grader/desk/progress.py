"""A course over its labs: how each went, how each student stands, and who falls behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from course_utils.console import typed
from course_utils.errors import UserError
from grader.batch import ClassReport, read_report
from grader.books import Course, Standing, open_course
from grader.desk.headlines import LOW, counted
from grader.desk.roll import Roll, read_roll
from grader.desk.tally import Row, tally
from grader.intake import one_line
from grader.judging import FAILED, UNGRADABLE, Result, mistakes_of

FELL = 0.25  # of the points below one's own labs before: a bad day costs less
MISSING, UNGRADED, OPEN = "nothing handed in", "not graded yet", "still open"


@dataclass(frozen=True)
class Stand:
    """One student in one lab: `share` of the points that are marked, after penalties, where there is one; a `state`; seconds late."""

    state: str
    share: float | None = None
    score: float = 0.0
    most: float = 0.0
    late: float = 0.0


@dataclass
class LabReport:
    """One lab of the course in numbers."""

    lab: str
    notebook: str  # the first one, whose feedback page is shown
    due: datetime | None
    is_open: bool
    handed_in: int
    missing: int
    shares: list[float]
    late: int
    to_mark: int
    ungradable: int
    most_common: tuple[str, str, int] | None  # exercise, mistake, students

    @property
    def middle(self) -> float | None:
        """The share that half of those who have a score reach."""
        return median(self.shares) if self.shares else None


@dataclass
class CourseReport:
    """All graded labs of a course, in the order of their names; students by id; `behind` says why somebody falls behind."""

    course: Course
    roll: Roll
    labs: list[LabReport]
    students: dict[str, dict[str, Stand]]
    behind: dict[str, list[str]] = field(default_factory=dict)
    trouble: str = ""


def read_course_report(root: Path, now: datetime | None = None) -> CourseReport:
    """What a course stands at; `now` is in UTC without a zone. Raises UserError where nothing was graded yet."""
    now = now or datetime.now(UTC).replace(tzinfo=None)
    course = open_course(root)
    reports: dict[str, ClassReport] = {}
    for path in sorted(course.notes("").glob("*/journal.jsonl")):
        try:
            reports[path.parent.name] = read_report(path.parent.name, root)
        except UserError:  # begun, and nothing graded
            continue
    if not reports:
        raise UserError(f"No lab has results in {root} yet: run `handgrad grade LAB --course {typed(root)}` first.")
    roll = read_roll(course)
    everybody = sorted({name for report in reports.values() for name in (*report.results, *report.ungraded, *report.missing)})
    students: dict[str, dict[str, Stand]] = {student: {} for student in everybody}
    for lab, report in reports.items():
        rows, is_open = {row.student: row for row in tally(report, {}).rows}, roll.is_open(lab, now)
        for student in everybody:
            students[student][lab] = _stand(rows.get(student), waits=student in report.ungraded, is_open=is_open)
    labs = [_lab(lab, report, students, roll, now) for lab, report in reports.items()]
    behind = {student: why for student, stands in students.items() if (why := falls_behind(stands))}
    order = sorted(behind, key=lambda student: (-len(behind[student]), _mean(students[student]), student))
    troubles = {report.trouble for report in reports.values() if report.trouble}
    return CourseReport(course, roll, labs, students, {student: behind[student] for student in order}, min(troubles, default=""))


def _stand(row: Row | None, *, waits: bool, is_open: bool) -> Stand:
    if row is None:
        return Stand(UNGRADED if waits else OPEN if is_open else MISSING)
    return Stand(row.status, row.share, row.score, row.most, row.late)


def _lab(lab: str, report: ClassReport, students: Mapping[str, Mapping[str, Stand]], roll: Roll, now: datetime) -> LabReport:
    stands = [stands[lab] for stands in students.values()]
    return LabReport(
        lab,
        next((notebook for result in report.results.values() for notebook in result.cells), lab),
        roll.due.get(lab),
        roll.is_open(lab, now),
        handed_in=len(report.results) + len(report.ungraded),
        missing=sum(stand.state in (MISSING, OPEN) for stand in stands),
        shares=[stand.share for stand in stands if stand.share is not None],
        late=sum(bool(stand.late) for stand in stands),
        to_mark=_to_mark(report.standings),
        ungradable=sum(stand.state == UNGRADABLE for stand in stands),
        most_common=_most_common(report.results),
    )


def _to_mark(standings: Mapping[str, Standing]) -> int:
    return sum(len(standing.to_mark) for standing in standings.values())


def _most_common(results: Mapping[str, Result]) -> tuple[str, str, int] | None:
    found = Counter(mistake for result in results.values() for mistake in mistakes_of(result))
    return next(((exercise, said, count) for (exercise, said), count in found.most_common(1)), None)


def falls_behind(stands: Mapping[str, Stand]) -> list[str]:
    """Why a student may need help, by the labs that are closed, in their order: nothing for who keeps up.

    Three reasons: nothing handed in, or nothing that could be read, in the last lab or in two; less than half of the points in the
    last two that have a score; the last score far below the ones before.
    """
    closed = [(lab, stand) for lab, stand in stands.items() if stand.state not in (OPEN, UNGRADED, FAILED)]
    found = []
    lacking = [lab for lab, stand in closed if stand.state in (MISSING, UNGRADABLE)]
    if lacking and (len(lacking) > 1 or lacking[-1] == closed[-1][0]):
        found.append(f"nothing that counts in {', '.join(lacking)}")
    scored = [(lab, stand.share) for lab, stand in closed if stand.share is not None]
    low = [lab for lab, share in scored[-2:] if share < LOW]
    if low and (len(low) == 2 or len(scored) == 1):
        found.append(f"less than half in {' and '.join(low)}")
    if len(scored) > 1:
        *before, (last, share) = scored
        usual = sum(share for _, share in before) / len(before)
        if share < usual - FELL:
            found.append(f"{100 * share:.0f} % in {last}, {100 * usual:.0f} % before")
    return found


def _mean(stands: Mapping[str, Stand]) -> float:
    """Of the labs that are closed; what is missing counts 0."""
    shares = [stand.share or 0.0 for stand in stands.values() if stand.state not in (OPEN, UNGRADED, FAILED)]
    return sum(shares) / len(shares) if shares else 0.0


def course_data(report: CourseReport) -> dict[str, Any]:
    """The same for a program to read. A `share` is a fraction of the points that are marked, after penalties."""
    labs = [
        {
            "lab": one.lab,
            "due": one.due.isoformat() if one.due else None,
            "open": one.is_open,
            "handed_in": one.handed_in,
            "missing": one.missing,
            "median_share": None if one.middle is None else round(one.middle, 4),
            "late": one.late,
            "to_mark": one.to_mark,
            "ungradable": one.ungradable,
            "most_common_mistake": None if one.most_common is None else dict(zip(_MISTAKE, one.most_common, strict=True)),
        }
        for one in report.labs
    ]
    students = [
        {
            "student": student,
            "section": report.roll.section(student),
            "labs": {lab: _stand_data(stand) for lab, stand in stands.items()},
            "behind": report.behind.get(student, []),
        }
        for student, stands in report.students.items()
    ]
    return {"labs": labs, "students": students} | ({"trouble": report.trouble} if report.trouble else {})


_MISTAKE = ("exercise", "mistake", "students")


def _stand_data(stand: Stand) -> dict[str, Any]:
    share = None if stand.share is None else round(stand.share, 4)
    return {"state": stand.state, "share": share, "score": round(stand.score, 4), "max_score": stand.most, "late_seconds": stand.late}


def print_course(report: CourseReport) -> None:
    """The course as two tables: its labs, and who falls behind."""
    from rich.text import Text

    from grader.batch import print_table

    columns = ("lab", "handed in", "missing", "half have", "late", "to mark", "not gradable", "most common mistake")
    rows = [[Text(cell) for cell in lab_cells(one)] for one in report.labs]
    print_table(columns, rows, numbers=("handed in", "missing", "half have", "late", "to mark", "not gradable"))
    for sentence in _told(report):
        print(sentence)
    if report.behind:
        print()
        people = [
            [Text(one_line(student, 40)), Text(report.roll.name(student)), Text("; ".join(why))] for student, why in report.behind.items()
        ]
        print_table(("falls behind", "name", "why"), people)


def lab_cells(one: LabReport) -> Sequence[str]:
    """One lab as texts, in the order of the table's columns."""
    middle = "" if one.middle is None else f"{100 * one.middle:.0f} %"
    common = f"{one.most_common[0]}: {one.most_common[1]} ({one.most_common[2]})" if one.most_common else ""
    numbers = [str(number or "") for number in (one.missing, one.late, one.to_mark, one.ungradable)]
    name = f"{one.lab} (open)" if one.is_open else one.lab
    return [name, str(one.handed_in), numbers[0], middle, *numbers[1:], common]


def _told(report: CourseReport) -> Iterator[str]:
    if report.trouble:
        yield f"Marks of people and penalties are not shown. {report.trouble}"
    count = len(report.behind)
    yield f"{count or 'None'} of {counted(len(report.students))} {'falls' if count == 1 else 'fall'} behind."
