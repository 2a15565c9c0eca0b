"""More time for one student: nbgrader keeps it with the submission, and its own rule for lateness counts it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from course_utils.errors import UserError
from grader.books import Course
from grader.intake import one_line
from grader.platforms.roster import held_by

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


def extend(course: Course, student: str, lab: str, until: str, *, dry_run: bool = False) -> str:
    """Let a student hand in a lab until a date, or ("none") no longer than everybody; gives what was done, as a sentence.

    nbgrader keeps an extension with a submission, so that one is made, still empty, for a student who has handed in nothing. Raises
    UserError for a student, lab or date that is none, and for a lab without a due date.
    """
    known = held_by(course)
    if student not in known:
        raise UserError(f"{one_line(student, 60)!r} is no student in the gradebook: bring in the roster first (`handgrad roster FILE`).")
    with course.database.open() as gradebook, course.database.plainly():
        due = _due(gradebook, lab)
        wanted = None if until.strip().lower() == "none" else parse_time(until) - due
        if wanted is not None and wanted <= timedelta():
            raise UserError(f"{until} is not after {_told(due)}, when {lab} is due for everybody: nothing was done.")
        before = _submission(gradebook, lab, student)
        if (before.extension if before else None) == wanted:
            return f"{student} had {_span(due, wanted)} for {lab} already."
        if not dry_run:
            if before is None:
                _make_empty(gradebook, lab, student)
            minutes = wanted.total_seconds() / 60 if wanted is not None else 0
            gradebook.grant_extension(lab, student, minutes=minutes)
    would = "would have" if dry_run else "has"
    renew = "" if dry_run else f" If it was graded already: `handgrad feedback {lab}` brings penalty and page up to date."
    return f"{student} {would} {_span(due, wanted)} for {lab}; everybody has time until {_told(due)}.{renew}"


def extensions_of(course: Course) -> dict[str, list[str]]:
    """Who has more time than the others, by student: the labs, and until when. Raises UserError for a gradebook that cannot be read."""
    from nbgrader.api import SubmittedAssignment

    found: dict[str, list[str]] = {}
    with course.database.open() as gradebook, course.database.plainly():
        asked = gradebook.db.query(SubmittedAssignment).filter(SubmittedAssignment.extension.is_not(None))
        for submission in asked:
            if submission.duedate is not None:
                found.setdefault(submission.student_id, []).append(f"{submission.name} until {_told(submission.duedate)}")
    return {student: sorted(told) for student, told in found.items()}


def _due(gradebook: Gradebook, lab: str) -> datetime:
    from nbgrader.api import MissingEntry

    try:
        due = gradebook.find_assignment(lab).duedate
    except MissingEntry:
        there = ", ".join(sorted(assignment.name for assignment in gradebook.assignments)) or "no lab yet"
        raise UserError(f"The gradebook does not have {one_line(lab, 60)!r}; it has {there}.") from None
    if due is None:
        raise UserError(
            f"{lab} has no due date, so nobody is late: set it in formgrader (Manage Assignments, the pencil), or with "
            f"`nbgrader db assignment add {lab} --duedate='2026-10-02 12:00:00 UTC'` in the course."
        )
    return datetime.combine(due.date(), due.time())


def _submission(gradebook: Gradebook, lab: str, student: str) -> Any:
    from nbgrader.api import MissingEntry

    try:
        return gradebook.find_submission(lab, student)
    except MissingEntry:
        return None


def _make_empty(gradebook: Gradebook, lab: str, student: str) -> None:
    """A submission in which nothing is to be marked, because nothing was handed in."""
    with gradebook.db.no_autoflush:  # nbgrader builds it piece by piece, and SQLAlchemy warns when it looks at half of it
        submission = gradebook.add_submission(lab, student)
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            grade.needs_manual_grade = False
    gradebook.db.commit()


def parse_time(text: str) -> datetime:
    """A time as nbgrader keeps it, in UTC: one without a zone is in UTC, and a day lasts until its end."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UserError(
            f"{one_line(text, 60)!r} is no date: write it as 2026-10-09, or as '2026-10-09 18:00+02:00' with the zone."
        ) from None
    if len(text.strip()) <= len("2026-10-09"):
        found = datetime.combine(found.date(), time(23, 59, 59))
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def _span(due: datetime, wanted: timedelta | None) -> str:
    return f"time until {_told(due + wanted)}" if wanted is not None else "no extension"


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
