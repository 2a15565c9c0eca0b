"""The table "file → student" as a file: written, changed by a person in any program for tables, and given back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course_utils.errors import UserError
from grader.files import write_atomically
from grader.intake import is_student, one_line
from grader.platforms.extensions import parse_time
from grader.platforms.sheets import Row as Line
from grader.platforms.sheets import read_sheet

COLUMNS = ("file", "student", "submitted", "notebook", "recognised by", "late", "what happens", "remarks")
BETWEEN = " & "  # several students, or several notebooks, in one cell
# What a program for tables may take for a formula; an apostrophe before it says that it is text
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True)
class Said:
    """What a person says of one submission: whose it is (nobody's: it stays out), when it came, which files are the notebooks."""

    students: tuple[str, ...]
    when: datetime | None
    notebooks: tuple[str, ...]


def write_table(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write the table. Raises UserError where there is a file already, which may be what somebody changed."""
    if path.exists():
        raise UserError(f"{path} is there already, and may hold what you changed: delete it, or name another file with --table.")
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for row in rows:
        table.writerow([_defused(row.get(column, "")) for column in COLUMNS])
    try:
        write_atomically(path, text.getvalue().encode("utf-8-sig", "replace"), 0o600)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from None


def read_table(path: Path) -> dict[str, Said]:
    """What a changed table says, by file. Raises UserError for a line that cannot be followed."""
    sheet = read_sheet(path)
    header = [name.lower() for name in sheet.header]
    lacking = [name for name in ("file", "student") if name not in header]
    if lacking:
        raise UserError(f"{path} has no column {lacking[0]!r}: write it with --table, and change the cells of `student`, not the header.")
    at = {name: header.index(name) for name in COLUMNS if name in header}
    found: dict[str, Said] = {}
    for row in sheet.body:
        file = _text(row, at["file"])
        if file in found:
            raise UserError(f"{path}, line {row.line}: {one_line(file, 80)} is there twice; delete one of the lines.")
        found[file] = _said(row, at, path)
    return found


def _said(row: Line, at: Mapping[str, int], path: Path) -> Said:
    students = tuple(name for part in _text(row, at["student"]).split("&") if (name := part.strip()))
    odd = next((name for name in students if not is_student(name)), None)
    if odd is not None:
        raise UserError(f"{path}, line {row.line}: {one_line(odd, 60)!r} cannot be a student's id.")
    time = _text(row, at.get("submitted"))
    notebooks = tuple(part for part in _text(row, at.get("notebook")).split(BETWEEN) if part)
    try:
        return Said(students, parse_time(time) if time else None, notebooks)
    except UserError as error:
        raise UserError(f"{path}, line {row.line}: {error}") from None


def _text(row: Line, column: int | None) -> str:
    text = row.text(column)
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _defused(text: str) -> str:
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return f"'{text}" if text.startswith(_FORMULA) else text
