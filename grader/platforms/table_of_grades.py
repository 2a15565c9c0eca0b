"""The grades of one lab as a table for a spreadsheet program: nbgrader's columns, well quoted, with nothing that such a program runs."""

from __future__ import annotations

import csv
import io

from grader.books import Course
from grader.platforms.grades import Grades

HEADER = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score", "late_submission_penalty", "score",
    "max_score",
)  # fmt: skip
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # how a cell begins that is taken for a formula


def table_of_grades(course: Course, lab: str, grades: Grades, *, zeros: bool = False) -> bytes:
    """Everybody in the gradebook with what nbgrader exports of them, as CSV in UTF-8.

    The scores of those who handed in nothing are empty, or 0 with `zeros`; those of students who wait for a person or for the grader are
    empty. Raises UserError for a gradebook that cannot be read.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    with course.database.open() as gradebook, course.database.plainly():
        assignment = gradebook.find_assignment(lab)
        handed_in = {submission.student_id: submission.timestamp for submission in assignment.submissions}
        for student in gradebook.students:
            when = handed_in.get(student.id) if student.id in grades.points else None
            texts = [student.last_name, student.first_name, student.email]
            row = [defused(lab), assignment.duedate, when, student.id, *(defused(text or "") for text in texts)]
            writer.writerow([_said(cell) for cell in [*row, *_scores(grades, student.id, zeros), assignment.max_score]])
    return stream.getvalue().encode()


def _scores(grades: Grades, student: str, zeros: bool) -> list[float | None]:
    """Points before the penalty, the penalty, and points after it."""
    if student not in grades.points:
        return [0.0] * 3 if zeros and student not in grades.waiting else [None] * 3
    held = grades.standings[student]
    return [held.score, held.penalty, held.total]


def defused(text: str) -> str:
    """A text that a spreadsheet program shows and does not run."""
    return f"'{text}" if text.lstrip(" \n").startswith(_ACTIVE) else text


def _said(value: object) -> str:
    return "" if value is None else str(value)
