"""Which student of the course a row of a sheet is about. What is not certain is refused: a grade must never reach somebody else."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from course_utils.errors import UserError
from grader.intake import one_line
from grader.platforms.columns import IDS, plain
from grader.platforms.entries import Entries, Entry
from grader.platforms.people import Person

_NUMBERS = ("sis", "id", "canvas", "integration")  # the same number may be another person's on another platform
MAILBOX = "mailbox"  # what stands before the @ of an address
_AS_ID = ("login", "github", MAILBOX, "email", "sis", "id", "canvas", "integration")  # what nbgrader's ids may be, the likeliest first
_TOLD = {
    "login": "user name", MAILBOX: "e-mail address up to the @", "email": "e-mail address", "sis": "institution's number",
    "github": "name at GitHub", "canvas": "Canvas ID", "integration": "integration id", "moodle": "Moodle's number",
    "id": "column ID", "collected": "collected file",
}  # fmt: skip


@dataclass(frozen=True)
class Matched:
    """Whom each row is about, in the order of the rows: a student of the course, or None.

    `by` is the kind of column that nbgrader's ids were found in, `explained` says so in a sentence, `ids` has what it says in each row.
    """

    students: list[str | None]
    by: str | None
    explained: str
    ids: list[str]


def match(
    entries: Entries, people: Mapping[str, Person], column: str | None = None, seen: Mapping[tuple[str, str], str] | None = None
) -> Matched:
    """Find the student of each row among these people, by what is known of them, and by the column that has nbgrader's ids.

    `column` names that column, else the ids that the course has decide. `seen` has students by the kind and the
    number that a platform gave them in one lab. Raises UserError where a row is about two students, and where two rows are about one.
    """
    rows = entries.of_students
    by, ids, explained = _named(entries, column, people) if column is not None else _decided(rows, people)
    known, folded = _index(people.values()), _folded(people)
    seen = {key: student for key, student in (seen or {}).items() if student in people}
    found: list[str | None] = []
    for entry, value in zip(rows, ids, strict=True):
        certain = _certain(entry, known, seen)
        by_id = value if value in people else folded.get(value.casefold()) if value else None
        _refuse_two(entry, certain, by_id)
        student = next(iter(certain.values()), by_id)
        if student is not None and not certain and column is None:
            _refuse_stranger(entry, people[student], by or "")
        found.append(student)
    _refuse_twice(rows, found)
    return Matched(found, by, explained, ids)


def _value(entry: Entry, kind: str) -> str:
    return entry.ids.get("email", "").partition("@")[0] if kind == MAILBOX else entry.ids.get(kind, "")


def _decided(rows: Sequence[Entry], people: Mapping[str, Person]) -> tuple[str | None, list[str], str]:
    """The kind of column in which most of the course's students are found, what it says in each row, and why it is this one."""
    folded = _folded(people)
    counts = {}
    for kind in _AS_ID:
        values = [_value(entry, kind) for entry in rows]
        counts[kind] = sum(value in people or value.casefold() in folded for value in values if value)
    kinds = {kind for person in people.values() for kind, value in person.ids.items() if value == person.student}
    possible = [kind for kind in _AS_ID if not kinds or kind in kinds or kind not in _NUMBERS]
    best = max(possible, key=counts.__getitem__)
    if 2 * counts[best] < min(len(rows), len(people)) or not counts[best]:
        return None, [""] * len(rows), ""
    told = f"nbgrader's id is the {_TOLD[best]}: {_people(counts[best])} of the course found by it."
    return best, [_value(entry, best) for entry in rows], told


def first_ids(rows: Sequence[Entry]) -> tuple[str | None, list[str], str]:
    """What becomes nbgrader's id in a course without students: the likeliest kind that every row has, and no two share."""
    for kind in _AS_ID:
        values = [_value(entry, kind) for entry in rows]
        if all(values) and len({value.casefold() for value in values}) == len(values):
            return kind, values, f"The course has no students yet: nbgrader's id will be the {_TOLD[kind]}. --id names another column."
    return None, [""] * len(rows), ""


def _named(entries: Entries, column: str, people: Collection[str]) -> tuple[str, list[str], str]:
    """The column that somebody named: as it stands, or up to the @ where the course's ids are that. Raises UserError for another one."""
    header = [plain(name) for name in entries.sheet.header]
    if plain(column) not in header:
        there = ", ".join(one_line(name, 60) for name in entries.sheet.header)
        raise UserError(f"{entries.sheet.name} has no column {one_line(column, 60)!r} for --id; it has {there}.")
    at = header.index(plain(column))
    whole = [one_line(entry.row.text(at), 200) for entry in entries.of_students]
    boxes = [value.partition("@")[0] for value in whole]
    up_to_at = sum(value in people for value in boxes) > sum(value in people for value in whole)
    told = f"nbgrader's id is the column {one_line(column, 60)}{', up to the @' if up_to_at else ''}, as --id says."
    return column, boxes if up_to_at else whole, told


def _index(people: Iterable[Person]) -> dict[tuple[str, str], str | None]:
    """Students by what is known of them; None where it is known of two."""
    found: dict[tuple[str, str], str | None] = {}
    for person in people:
        for kind, value in _known_of(person):
            key = kind, value.casefold()
            found[key] = person.student if found.get(key, person.student) == person.student else None
    return found


def _known_of(person: Person) -> Iterator[tuple[str, str]]:
    for kind in IDS:  # `id` is not kept: it may be the number of a line
        yield from ((kind, number) for number in person.numbers(kind))
    if person.email:
        yield "email", person.email


def _certain(entry: Entry, known: Mapping[tuple[str, str], str | None], seen: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Whom the row is about by what was known before, by kind of column."""
    found = {kind: student for kind, value in entry.ids.items() if (student := known.get((kind, value.casefold())))}
    collected = [seen[number] for number in entry.ids.items() if number in seen]
    return found | ({"collected": collected[0]} if collected else {})


def _folded(people: Iterable[str]) -> dict[str, str]:
    """Students by their id without case, where that is one student's only."""
    found = defaultdict(list)
    for student in people:
        found[student.casefold()].append(student)
    return {name: students[0] for name, students in found.items() if len(students) == 1}


def _refuse_two(entry: Entry, certain: Mapping[str, str], by_id: str | None) -> None:
    told = {**certain, **({"nbgrader's id": by_id} if by_id is not None else {})}
    if len(set(told.values())) > 1:
        says = ", ".join(f"{_TOLD.get(kind, kind)} says {one_line(student, 40)}" for kind, student in told.items())
        raise UserError(
            f"Line {entry.row.line} ({one_line(entry.name, 60)}) is about two students: {says}. Nothing was done. Mend the sheet, or name "
            "the column that has nbgrader's ids with --id."
        )


def _refuse_stranger(entry: Entry, person: Person, by: str) -> None:
    """Two persons may have one mailbox at different addresses; where first or last names have no word in common, it is not certain."""
    theirs = _words(entry.name)
    if theirs and any((ours := _words(name)) and not _meet(ours, theirs) for name in (person.first_name, person.last_name)):
        name = one_line(f"{person.first_name} {person.last_name}", 80)
        raise UserError(
            f"Line {entry.row.line} is {one_line(entry.name, 60)}, but by the {_TOLD.get(by, by)} it is {person.student}, who is {name} in "
            "the gradebook. Nothing was done. Is it one person? Then name the column that has nbgrader's ids with --id."
        )


def _words(name: str) -> set[str]:
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))
    return set("".join(letter if letter.isalnum() else " " for letter in bare).split())


def _meet(ours: set[str], theirs: set[str]) -> bool:
    """Whether two names have a word in common, or one has the initial of the other."""
    initials = {word[0] for word in ours if len(word) > 1} & theirs | {word[0] for word in theirs if len(word) > 1} & ours
    return bool(ours & theirs or initials)


def _refuse_twice(rows: Sequence[Entry], students: Sequence[str | None]) -> None:
    lines: dict[str, int] = {}
    for entry, student in zip(rows, students, strict=True):
        if student is not None and student in lines:
            raise twice(lines[student], entry.row.line, student)
        if student is not None:
            lines[student] = entry.row.line


def twice(one: int, other: int, student: str) -> UserError:
    """The sentence for two rows with one id."""
    return UserError(
        f"Lines {one} and {other} are both {one_line(student, 60)}. Nothing was done. Delete one of them, or name "
        "a column with --id in which they differ."
    )


def _people(count: int) -> str:
    return "1 student" if count == 1 else f"{count} students"
