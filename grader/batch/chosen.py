"""Whose submissions are graded: whom the command line names, else whom the course's settings let through."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import UserError
from grader.books import Course
from grader.intake import find_students, fits, one_line


@dataclass
class Chosen:
    """Whose submissions are to be graded, below which folder, and whose are not."""

    submitted: Path
    students: list[str]
    unknown: list[str]  # to the gradebook, where the settings let nobody be entered
    passed_over: list[str]  # by the settings

    def notes(self) -> list[str]:
        """What the instructor should know about those who are not graded."""
        told = []
        if self.passed_over:
            names, count = _named(self.passed_over), len(self.passed_over)
            were = f"{count} submission{'s were' if count > 1 else ' was'} left out"
            told = [f"{were}, as CourseDirectory.student_id and student_id_exclude ask: {names}."]
        if self.unknown:
            why = "Autograde.create_student is False, and the gradebook does not have them"
            told.append(f"Not graded: {_named(self.unknown)}. {why}: enter them with `nbgrader db student add`, and grade again.")
        return told


def choose(course: Course, lab: str, asked: tuple[str, ...]) -> Chosen:
    """Whom to grade. Raises UserError when the command line names students and means nobody."""
    submitted, below = course.layout.split("submitted", lab)
    there = find_students(submitted, lab, below)
    wanted = course.settings.wanted(there, asked)
    if asked and not wanted:
        named = ", ".join(asked)
        if excluded := [name for name in there if fits(name, asked)]:
            told = "CourseDirectory.student_id_exclude in nbgrader_config.py leaves out"
            raise UserError(f"{told} {_named(excluded)}. Take the name out there, or name somebody else.")
        raise UserError(f"{submitted} has no submission of {lab} by {named}: is the student's id right? {len(there)} handed it in.")
    passed_over = [] if asked else sorted(set(there) - set(wanted))
    known = set(wanted) if course.settings.create_students else course.database.students()
    return Chosen(submitted, [name for name in wanted if name in known], [name for name in wanted if name not in known], passed_over)


def _named(students: list[str]) -> str:
    return ", ".join(one_line(name, 40) for name in students[:5]) + (", …" if len(students) > 5 else "")
