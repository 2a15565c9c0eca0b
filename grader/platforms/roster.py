"""A platform's list of students comes into the course: names and addresses into nbgrader's gradebook, the rest into people.py's file.

Nobody is removed, and an empty cell empties nothing. What is brought in twice changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from course_utils.console import typed
from course_utils.errors import UserError
from grader.batch import some
from grader.books import Course
from grader.intake import is_student, one_line, student_in
from grader.platforms.columns import IDS, MOODLE, fitting
from grader.platforms.entries import Entries, Entry, read_entries, split_name
from grader.platforms.matching import Matched, first_ids, match, twice
from grader.platforms.noted import seen_in
from grader.platforms.people import Person, groups_in, read_people, write_people
from grader.platforms.sheets import read_sheet

_SHOWN = ("first_name", "last_name", "email", "section")


@dataclass(frozen=True)
class Held:
    """What nbgrader's gradebook has of one student."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


@dataclass(frozen=True)
class Step:
    """What becomes of one student: `before` is None for a new one."""

    before: Person | None
    after: Person
    lms: tuple[str, str] = ("", "")  # nbgrader's lms_user_id before and after

    @property
    def changes(self) -> list[str]:
        """What is another than before, in words."""
        if self.before is None:
            return []
        told = [(name.replace("_", " "), getattr(self.before, name), getattr(self.after, name)) for name in _SHOWN]
        kinds = sorted({*self.before.ids, *self.after.ids})
        told += [(kind, self.before.ids.get(kind, ""), self.after.ids.get(kind, "")) for kind in kinds]
        told += [("lms_user_id", *self.lms)]
        moved = [(what, f"{one_line(old, 40)} → " if old else "", one_line(new, 40)) for what, old, new in told if old != new]
        return [f"{what} {before}{after}" for what, before, after in moved]


@dataclass(frozen=True)
class Plan:
    """What a roster would do to a course. `absent` are students of the course who are not in the file."""

    platform: str
    explained: str
    added: list[Step]
    changed: list[Step]
    kept: int
    absent: list[str]
    left_out: list[str] = field(default_factory=list)


def plan_roster(course: Course, path: Path, column: str | None = None) -> Plan:
    """What a platform's list would do to a course; nothing is written.

    `column` is the header of the column with nbgrader's ids, else the students of the course decide. Raises UserError for a file that is
    no list of students, for rows about one student or about two, and for a gradebook that cannot be read.
    """
    held = held_by(course)
    entries = read_entries(read_sheet(path, fitting))
    people = known_people(course, held)
    _refuse_no_list(entries)
    matched = _matched(entries, people, column, seen_in(course))
    left_out = list(entries.left_out)
    added, changed, kept = [], [], 0
    lines: dict[str, int] = {}
    told_here = {group for entry in entries.of_students for group in groups_in(entry.section)}
    for entry, student, value in zip(entries.of_students, matched.students, matched.ids, strict=True):
        name = student if student is not None else value
        if student is None and not is_student(name):
            what = "has no id" if not name else f"has the id {one_line(name, 60)!r}, which nbgrader cannot keep"
            left_out.append(f"Line {entry.row.line} ({one_line(entry.name, 60) or 'without a name'}) {what}: left out.")
            continue
        if name.casefold() in lines:
            raise twice(lines[name.casefold()], entry.row.line, name)
        lines[name.casefold()] = entry.row.line
        step = _step(entry, name, people.get(name), held.get(name), told_here)
        if step.before is None or name not in held:
            added.append(step)
        elif step.changes:
            changed.append(step)
        else:
            kept += 1
    present = {student for student in matched.students if student is not None}
    return Plan(entries.columns.platform, matched.explained, added, changed, kept, sorted(people.keys() - present), left_out)


def carry_out(course: Course, plan: Plan) -> None:
    """Do what was planned: the gradebook in one transaction, then the file of people. Raises UserError for a gradebook that is held."""
    from nbgrader.api import Student

    steps = [*plan.added, *plan.changed]
    if not steps:
        return
    with course.database.open() as gradebook, course.database.plainly():
        known = {student.id: student for student in gradebook.students}
        for step in steps:
            person = step.after
            student = known.get(person.student)
            if student is None:
                gradebook.db.add(student := Student(id=person.student))
            wanted = {"first_name": person.first_name, "last_name": person.last_name, "email": person.email, "lms_user_id": step.lms[1]}
            for name, value in wanted.items():
                if value and getattr(student, name) != value:
                    setattr(student, name, value)
        gradebook.db.commit()
    write_people(course, (read_people(course) | {step.after.student: step.after for step in steps}).values())


def held_by(course: Course) -> dict[str, Held]:
    """What the gradebook has of its students. Raises UserError where there is no gradebook that can be read."""
    if course.database.missing:
        raise UserError(
            f"{course.database.file} is not there yet: make the gradebook with `handgrad build --course {typed(course.root)}`, or with "
            "`nbgrader generate_assignment` in the course. If there was one, put it back."
        )
    with course.database.open() as gradebook, course.database.plainly():
        fields = ("first_name", "last_name", "email", "lms_user_id")
        return {student.id: Held(*(getattr(student, name) or "" for name in fields)) for student in gradebook.students}


def known_people(course: Course, held: Mapping[str, Held]) -> dict[str, Person]:
    """Everybody whom the course knows: by the gradebook, by the last roster, and by the folders of what was handed in.

    The gradebook's names count, because formgrader shows and changes them.
    """
    people = {student: Person(student) for student in [*_handed_in(course), *held]} | read_people(course)
    for student, kept in held.items():
        people[student] = replace(people[student], first_name=kept.first_name, last_name=kept.last_name, email=kept.email)
    return people


def _handed_in(course: Course) -> set[str]:
    """The students whose folders are in submitted/, of all assignments, as far as the names of the folders say so."""
    found: set[str] = set()
    for lab in course.layout.assignments():
        folder, below = course.layout.split("submitted", lab)
        if folder.is_dir():
            with os.scandir(folder) as there:
                names = [student_in(entry.name, below[0], lab) for entry in there if entry.is_dir(follow_symlinks=False)]
            found |= {name for name in names if name is not None and is_student(name)}
    return found


def _refuse_no_list(entries: Entries) -> None:
    """Refuse a table without students, and one that says of nobody who it is."""
    header = ", ".join(one_line(name, 40) for name in entries.sheet.header[:12])
    if not any(kind in entries.columns.at for kind in IDS):
        raise UserError(
            f"{entries.sheet.name} has no column that says who a row is about (an id, a user name or an e-mail address); its first row is "
            f"{header}. The first row has to be the header, as the platform wrote it."
        )
    if not entries.of_students:
        raise UserError(f"{entries.sheet.name} has no students in it: there is a header ({header}), and nobody below it.")


def _matched(entries: Entries, people: Mapping[str, Person], column: str | None, seen: Mapping[tuple[str, str], str]) -> Matched:
    """Whom each row is about, and the ids of new students. Raises UserError where nothing says what these are."""
    rows = entries.of_students
    matched = match(entries, people, column, seen)
    if matched.by is not None or None not in matched.students:
        return matched
    if all("moodle" in entry.ids and entry.ids.keys() <= {"moodle", "id"} and not entry.name for entry in rows):
        raise UserError(
            f"{entries.sheet.name} has participants' numbers and nobody's name: it is the worksheet of an assignment that is graded "
            "blindly. Download it again after Moodle shows the names ('Reveal student identities', in the assignment's menu)."
        )
    if people:
        count = matched.students.count(None)
        raise UserError(
            f"{'1 row' if count == 1 else f'{count} rows'} of {entries.sheet.name} cannot be matched with the students of the "
            f"course ({some(sorted(people), 3)}): no column has their ids. Say with --id COLUMN which one is nbgrader's id; there are "
            f"{', '.join(one_line(name, 40) for name in entries.sheet.header)}."
        )
    by, ids, explained = first_ids(rows)
    if by is None or (by == "id" and entries.columns.platform == MOODLE):  # a participant's number is of one assignment only
        raise UserError(
            f"{entries.sheet.name} has no column that is filled in every row and differs in all of them: say with --id COLUMN which one is "
            "to be nbgrader's id. A row without it is left out then."
        )
    return replace(matched, by=by, ids=ids, explained=explained)


def _step(entry: Entry, student: str, before: Person | None, held: Held | None, told_here: set[str]) -> Step:
    """What a row makes of a student. `told_here` are all groups that the file names."""
    old = before or Person(student)
    first, last = entry.first, entry.last
    if entry.full and " ".join(f"{old.first_name} {old.last_name}".split()).casefold() != entry.full.casefold():
        first, last = split_name(entry.full)
    ids = dict(old.ids) | {kind: value for kind, value in entry.ids.items() if kind not in ("email", "id")}  # an `id` may be anything
    if "moodle" in entry.ids:
        ids["moodle"] = " ".join(dict.fromkeys([*old.numbers("moodle"), entry.ids["moodle"]]))
    section = entry.section or old.section
    if entry.section and "moodle" in entry.ids:  # a worksheet knows the teams of one assignment, and not the sections beside them
        others = [group for group in old.groups if group not in told_here]
        section = ", ".join([*others, *groups_in(entry.section)])
    after = Person(student, first or old.first_name, last or old.last_name, entry.ids.get("email") or old.email, section, ids)
    lms = held.lms_user_id if held else ""
    return Step(before, after, (lms, entry.ids.get("canvas") or lms or ids.get("sis", "")))
