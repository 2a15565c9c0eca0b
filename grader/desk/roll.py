"""Who is in a course, and when its labs are due: the roster that was brought in, and what nbgrader's gradebook knows beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from course_utils.errors import UserError
from grader.books import Course
from grader.intake import one_line
from grader.platforms import Person, read_people

_LONGEST = 60  # letters of a name that are shown


@dataclass(frozen=True)
class Roll:
    """The people of a course by nbgrader's id, and the due dates (UTC, without a zone, as nbgrader keeps them) by lab."""

    people: Mapping[str, Person] = field(default_factory=dict)
    due: Mapping[str, datetime] = field(default_factory=dict)

    def name(self, student: str) -> str:
        """What a person is called; the id, where nobody said."""
        person = self.people.get(student)
        whole = f"{person.first_name} {person.last_name}".strip() if person else ""
        return one_line(whole, _LONGEST) if whole else self.id(student)

    def id(self, student: str) -> str:
        """nbgrader's id, as it may be shown."""
        return one_line(student, _LONGEST)

    def sort_name(self, student: str) -> str:
        """The same with the last name first."""
        person = self.people.get(student)
        whole = f"{person.last_name} {person.first_name}".strip() if person else ""
        return one_line(whole or student, _LONGEST).casefold()

    def section(self, student: str) -> str:
        """The section of a person; empty without one."""
        person = self.people.get(student)
        return one_line(person.section, _LONGEST) if person else ""

    def email(self, student: str) -> str:
        """The address of a person; empty without one, or when it could be none."""
        person = self.people.get(student)
        address = one_line(person.email, 200) if person else ""
        return address if address.isascii() and address.count("@") == 1 and not set(address) & set(" ,;:<>\"'()&?%\\") else ""

    def is_open(self, lab: str, now: datetime) -> bool:
        """Whether a lab may still be handed in; `now` is in UTC without a zone. Without a due date it may not: it was graded."""
        due = self.due.get(lab)
        return due is not None and now < due


def read_roll(course: Course) -> Roll:
    """The roll of a course. The roster's names come before the gradebook's. A gradebook that cannot be read adds nothing."""
    people = dict(read_people(course))
    due: dict[str, datetime] = {}
    try:
        if course.database.missing:
            return Roll(people)
        with course.database.open() as gradebook, course.database.plainly():
            for row in gradebook.students:
                known = people.get(row.id, Person(row.id))
                people[row.id] = replace(
                    known,
                    first_name=known.first_name or row.first_name or "",
                    last_name=known.last_name or row.last_name or "",
                    email=known.email or row.email or "",
                )
            due = {row.name: row.duedate for row in gradebook.assignments if row.duedate is not None}
    except UserError:  # the report of the class says what is wrong with it
        return Roll(people)
    return Roll(people, due)
