"""A table as a platform wrote it: every byte stays where it was, except in the cells that are filled.

Cells are found as Python's `csv` finds them. Encoding, byte order mark, separator, line ends and quotes are the file's own.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import dropwhile
from pathlib import Path

from course_utils.errors import UserError
from grader.intake import one_line

LARGEST = 16 * 2**20  # bytes: a hundred thousand students with twenty columns
SEPARATORS = ",;\t"
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NO_TABLES = (
    (b"PK\x03\x04", "is a zip or a workbook of a spreadsheet program: save the sheet as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "is a workbook of a spreadsheet program: save the sheet as CSV (UTF-8)"),
    (b"<", "is a page of the web and no table: was the download a page that asks you to log in?"),
    (b"%PDF", "is a PDF and no table: export it as CSV"),
)
_LINE_ENDS = re.compile("[\r\n]+")
_SEP_LINE = re.compile(r"sep=([,;\t])(?:\r\n|\r|\n)")  # how spreadsheet programs say it


@dataclass(frozen=True)
class Cell:
    """One cell: what it says, and where it stands in the text of the file, with its quotes."""

    text: str
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True)
class Row:
    """One row, and the line of the file at which it begins, from 1."""

    line: int
    cells: tuple[Cell, ...]

    def text(self, column: int | None) -> str:
        """What a cell says, without blanks around it; nothing where the row has no such cell."""
        return self.cells[column].text.strip() if column is not None and column < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        return not any(cell.text.strip() for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    """A table in a file. `rows` begins with the header."""

    name: str
    text: str
    mark: bytes
    encoding: str
    separator: str
    rows: tuple[Row, ...]

    @property
    def header(self) -> list[str]:
        return [cell.text.strip() for cell in self.rows[0].cells]

    @property
    def body(self) -> Sequence[Row]:
        """The rows below the header that say anything."""
        return [row for row in self.rows[1:] if not row.is_blank]

    def filled(self, values: Mapping[Cell, str]) -> bytes:
        """The file with other text in some of its cells. Raises UserError where its encoding lacks a character."""
        parts, at = [], 0
        for cell in sorted(values, key=lambda cell: cell.start):
            parts += [self.text[at : cell.start], self._written(values[cell], cell.quoted)]
            at = cell.end
        try:
            return self.mark + "".join([*parts, self.text[at:]]).encode(self.encoding)
        except UnicodeEncodeError as error:
            lacking = error.object[error.start]
            raise UserError(f"{self.name} is in {self.encoding}, which has no {lacking!r}: download it as UTF-8.") from None

    def _written(self, value: str, quoted: bool) -> str:
        needs = any(character in value for character in (self.separator, '"', "\r", "\n"))
        return '"' + value.replace('"', '""') + '"' if quoted or needs else value


def read_sheet(path: Path, fitting: Callable[[Sequence[str]], int] = len) -> Sheet:
    """The table in a file. `fitting` says how well a header fits, to tell one separator from another.

    Raises UserError for what is no table, with the line where that is known.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise UserError(f"{path} is not there: name the file that the platform gave you.") from None
    except IsADirectoryError:
        raise UserError(f"{path} is a folder: name the CSV file that the platform gave you.") from None
    if len(data) > LARGEST:
        raise UserError(f"{path} has more than {LARGEST // 2**20} MiB, which no table of students needs: is it the right file?")
    return parse_sheet(data, path.name, fitting)


def parse_sheet(data: bytes, name: str, fitting: Callable[[Sequence[str]], int] = len) -> Sheet:
    """The table in these bytes; see `read_sheet`."""
    name = one_line(name, 100)
    mark, encoding, text = _decoded(data, name)
    told = _SEP_LINE.match(text)
    start, separators = (told.end(), told[1]) if told else (0, SEPARATORS)
    headers = [(header, separator) for separator in separators if (header := _header(text, start, separator, name))]
    if not headers:
        deque(_rows(text, start, separators[0], name), maxlen=0)  # tells a quote that is never closed
        raise UserError(f"{name} is empty: download it again.")
    _, separator = max(headers, key=lambda found: (fitting(found[0]), len(found[0])))
    rows = dropwhile(lambda row: row.is_blank, _rows(text, start, separator, name))
    return Sheet(name, text, mark, encoding, separator, tuple(rows))


def _header(text: str, start: int, separator: str, name: str) -> list[str]:
    """The first row that says anything, as this separator parts it; nothing where there is none."""
    try:
        row = next((row for row in _rows(text, start, separator, name) if not row.is_blank), None)
    except UserError:  # with another separator, a quote may stand in the midst of a cell
        return []
    return [cell.text.strip() for cell in row.cells] if row else []


def _decoded(data: bytes, name: str) -> tuple[bytes, str, str]:
    """The byte order mark, the encoding and the text."""
    mark, encoding = next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), (b"", ""))
    for start, told in _NO_TABLES:
        if not encoding and data.lstrip(b" \r\n\t").startswith(start):
            raise UserError(f"{name} {told}.")
    if not encoding and b"\0" in data[:200]:
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    for tried in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            text = data[len(mark) :].decode(tried)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return mark, tried, text
    raise UserError(
        f"{name} is no text in UTF-8, UTF-16 or the encoding of Windows (cp1252): download it again, or save it as CSV (UTF-8)."
    )


@cache
def _cell(separator: str) -> re.Pattern[str]:
    """One cell, as Python's csv reads it: quotes count at its beginning only. Possessive, so that no text takes long."""
    plain = f"[^{re.escape(separator)}\r\n]*+"
    return re.compile(f'(?:"((?:[^"]++|"")*+)"({plain})|((?!"){plain}))(\r\n|\r|\n|{re.escape(separator)}|\\Z)')


def _rows(text: str, at: int, separator: str, name: str) -> Iterator[Row]:
    """All rows; a line in which nothing stands is none."""
    cells: list[Cell] = []
    cell, line, begun = _cell(separator), 1 + _lines(text, 0, at), at
    while at < len(text) or cells:
        if not cells and (ends := _LINE_ENDS.match(text, at)):
            at = ends.end()
            line, begun = line + _lines(text, begun, at), at
            continue
        found = cell.match(text, at)
        if found is None:
            place = line + _lines(text, begun, at)
            raise UserError(f"{name}, line {place}: a quote is opened and never closed. Download the file again.")
        inside, after, plain, end = found.groups()
        quoted = inside is not None
        said = inside.replace('""', '"') + after if quoted else plain
        cells.append(Cell(said, at, found.start(4), quoted))
        at = found.end()
        if end != separator:
            yield Row(line, tuple(cells))
            line, begun, cells = line + _lines(text, begun, at), at, []


def _lines(text: str, start: int, end: int) -> int:
    """How many lines end between two places, whatever ends them."""
    part = text[start:end]
    return part.count("\n") + part.count("\r") - part.count("\r\n")
