"""What a class stands at: results of the grader, and what the gradebook holds beside them. Nothing is written."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_utils.errors import UserError
from grader.batch.journal import read_results
from grader.batch.watch import lateness, some
from grader.books import Course, Scores, Standing, open_course
from grader.intake import find_students, is_student, one_line, student_in
from grader.judging import Result

_NAMED = 20  # students in one sentence
_SENTENCES = 12  # of what was done to submissions


@dataclass
class ClassReport:
    """The last results by student, what the gradebook holds, who handed in nothing, and whose submission waits for the grader.

    `trouble` says why the gradebook could not be read; then only what the grader gave is known.
    """

    results: Mapping[str, Result]
    standings: Mapping[str, Standing]
    missing: list[str] = field(default_factory=list)
    ungraded: list[str] = field(default_factory=list)
    trouble: str = ""


def read_report(lab: str, root: Path) -> ClassReport:
    """What a class stands at. Raises UserError when the lab was not graded."""
    course = open_course(root)
    results = read_results(course.notes(lab))
    if not results:
        graded = sorted(path.parent.name for path in course.notes("").glob("*/journal.jsonl") if read_results(path.parent))
        there = f" Graded are {', '.join(graded)}." if graded else ""
        raise UserError(f"{lab} has no results in {root} yet: run `handgrad grade {lab} --course {root}`.{there}")
    submitted, below = course.layout.split("submitted", lab)
    handed_in = find_students(submitted, lab, below)
    known, standings, trouble = _gradebook(course, lab)
    everybody = {*known, *_folders(submitted, below[0], lab), *results, *handed_in}
    missing = sorted(everybody - set(handed_in) - set(results))
    return ClassReport(dict(sorted(results.items())), standings, missing, sorted(set(handed_in) - set(results)), trouble)


def _gradebook(course: Course, lab: str) -> tuple[Collection[str], dict[str, Standing], str]:
    """Whom the gradebook knows, what it holds of each submission, and why it cannot be read, if it cannot."""
    try:
        with Scores(course, lab, to_write=False) as scores:
            return scores.students(), scores.read(), ""
    except UserError as reason:
        return (), {}, str(reason)


def _folders(submitted: Path, pattern: str, lab: str) -> Iterator[str]:
    """The students who have handed in anything of the course, as far as the names of the folders say so."""
    if submitted.is_dir():
        with os.scandir(submitted) as entries:
            names = [student_in(entry.name, pattern, lab) for entry in entries if entry.is_dir(follow_symlinks=False)]
        yield from (name for name in names if name is not None and is_student(name))


def as_data(report: ClassReport) -> dict[str, Any]:
    """The same for a program to read; a result's `score` is what the grader gave, its `gradebook` what counts."""
    standings = {student: of_gradebook(standing) for student, standing in report.standings.items()}
    results = [result.public() | {"gradebook": standings.get(student)} for student, result in report.results.items()]
    found: dict[str, Any] = {"results": results, "missing": report.missing, "not_graded_yet": report.ungraded}
    return found | ({"trouble": report.trouble} if report.trouble else {})


def of_gradebook(standing: Standing) -> dict[str, Any]:
    """What the gradebook holds of one submission: points, seconds late, and the cells that wait for a person."""
    points = {name: round(getattr(standing, name), 4) for name in ("score", "penalty", "total", "max_score")}
    return points | {"late_seconds": standing.late, "to_mark": standing.to_mark, "marked_before": standing.again}


def sentences(report: ClassReport) -> Iterator[str]:
    """What the table of a class does not show."""
    if report.trouble:
        yield f"Marks of people and penalties are not shown. {report.trouble}"
    if report.ungraded:
        yield f"Handed in and not graded yet: {some(report.ungraded, _NAMED)}."
    if report.missing:
        yield f"Nothing was handed in by {_people(len(report.missing))}: {some(report.missing, _NAMED)}."
    yield from late_ones(report.standings.values())
    yield from _to_mark(report.standings.values())
    yield from told_of(report.results.values())


def late_ones(standings: Iterable[Standing]) -> Iterator[str]:
    """How many came late, and what that cost them."""
    late = [standing for standing in standings if standing.late]
    if late:
        fined = [standing for standing in late if standing.penalty]
        taken = f"{sum(standing.penalty for standing in fined):.4g} points" if fined else "nothing"
        longest = max(late, key=lambda standing: standing.late)
        yield f"{_people(len(late)).capitalize()} handed in late, at most by {lateness(longest.late)}; it cost {taken} in all."


def told_of(results: Iterable[Result]) -> Iterator[str]:
    """What was done to submissions so that they could be graded, or left out; what concerns most students first."""
    students: dict[str, list[str]] = {}
    for result in results:
        for sentence in dict.fromkeys(map(one_line, result.repairs)):
            students.setdefault(sentence, []).append(result.student)
    told = sorted(students.items(), key=lambda item: -len(item[1]))
    for sentence, names in told[:_SENTENCES]:
        yield f"{some(names)}: {sentence}"
    if len(told) > _SENTENCES:
        yield f"And {len(told) - _SENTENCES} more of this kind: --json has them all, as `repairs`."


def _to_mark(standings: Iterable[Standing]) -> Iterator[str]:
    """What waits for a person, and which of it was marked before."""
    waiting = [standing for standing in standings if standing.to_mark]
    if not waiting:
        return
    cells = Counter(cell for standing in waiting for cell in standing.to_mark)
    told = ", ".join(f"{one_line(cell)} of {_people(count)}" for cell, count in cells.most_common(_NAMED))
    yield f"Needs marking in formgrader: {told}."
    again = [f"{one_line(one.student, 40)} {one_line(cell)} ({points:g})" for one in waiting for cell, points in one.again.items()]
    if again:
        why = "because its answer or its automatic score may be another one now; the marks count until then"
        yield f"Marked before, and to be looked at again, {why}: {some(again, _NAMED)}."


def _people(count: int) -> str:
    return "1 student" if count == 1 else f"{count} students"
