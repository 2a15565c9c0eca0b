"""The rows of a platform's sheet that are about students: what each says of its student, and what is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.intake import one_line
from grader.platforms.columns import CANVAS, GRADESCOPE, IDS, STAFF, Columns, columns_of, participant
from grader.platforms.sheets import Row, Sheet

_LENGTH = 128  # of a name in nbgrader's tables
_SERVICE = {"manual posting", "muted"}  # what Canvas writes below the header, of no student


@dataclass(frozen=True)
class Entry:
    """One student's row. `ids` has what the sheet calls the student, by kind of column; `full` is a name that nobody split."""

    row: Row
    ids: Mapping[str, str]
    first: str = ""
    last: str = ""
    full: str = ""
    section: str = ""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip() or self.full


@dataclass(frozen=True)
class Entries:
    """What a sheet says of students, and a sentence for each kind of row that is none."""

    sheet: Sheet
    columns: Columns
    of_students: list[Entry]
    left_out: list[str] = field(default_factory=list)


def read_entries(sheet: Sheet) -> Entries:
    """The students of a sheet, in its order."""
    columns = columns_of(sheet)
    found, staff, test = [], [], 0
    for row in sheet.body:
        if columns.platform == CANVAS and _is_service(row):
            continue
        entry = _entry(row, columns)
        if columns.platform == CANVAS and entry.name == "Test Student":
            test += 1
        elif (role := columns.text(row, "role")) and STAFF.search(role) and "student" not in role.lower():
            staff.append(f"{entry.name or entry.ids.get('email', '')} ({one_line(role, 40)})")
        else:
            found.append(entry)
    told = ["Canvas's test student is left out."] if test else []
    told += [f"Left out, as no students: {', '.join(staff)}."] if staff else []
    return Entries(sheet, columns, found, told)


def _is_service(row: Row) -> bool:
    """Whether Canvas wrote the row for itself: points, what is muted, nothing."""
    said = {cell.text.strip().lower() for cell in row.cells} - {""}
    return "points possible" in row.text(0).lower() or said <= _SERVICE


def _entry(row: Row, columns: Columns) -> Entry:
    ids = {kind: one_line(columns.text(row, kind), _LENGTH) for kind in IDS}
    ids["moodle"] = participant(ids["moodle"])
    if not ids["email"] and "@" in ids["login"]:
        ids["email"] = ids["login"]
    first, last, full = (_clean(columns.text(row, kind)) for kind in ("first", "last", "name"))
    if "," in full and not (first or last):  # Canvas's "Lovelace, Ada"
        last, first = (part.strip() for part in full.split(",", 1))
    elif first and not last and "last" not in columns.at:  # a list whose only name column is called so in its language
        first, full = "", first
    elif last and not first and "first" not in columns.at:
        last, full = "", last
    full = "" if first or last else full
    section = _clean(columns.text(row, "section")) if columns.platform != GRADESCOPE else _clean(columns.text(row, "section")).strip(", ")
    return Entry(row, {kind: value for kind, value in ids.items() if value}, first, last, full, section)


def _clean(text: str) -> str:
    """A name in one line, without what could act in a terminal or a page, as long as the gradebook takes it."""
    return one_line(re.sub(r"[\u200b-\u200f\u2028-\u202e\u2066-\u2069]", "", text), 10_000)[:_LENGTH].strip()


def split_name(full: str) -> tuple[str, str]:
    """First and last name of a whole one: the last word, with the small words before it, is the family's."""
    words = full.split()
    if len(words) < 2:
        return "", full
    at = len(words) - 1
    while at > 1 and words[at - 1].islower():  # van den Berg, de la Cruz
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:])
