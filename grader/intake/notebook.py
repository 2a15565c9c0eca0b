"""The cells of a notebook file as they were handed in, of any format version, at a cost in keeping with the file. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from course_utils.pages.markdown import weight
from grader.intake.untrusted import Unreadable, shown

SOURCE_CHARACTERS = 2**20  # of one cell, pictures in its text left out
SOURCES_CHARACTERS = 4 * 2**20  # of all cells
CELLS = 2000
OUTPUT_CHARACTERS = 16 * 2**20  # of what a notebook shows when it is handed in: what comes after them is not kept
# What a file of JSON takes in memory: up to 100 bytes for each value, and four for each character of a text that has one emoji in it.
# With these limits reading takes less than 400 MiB, whatever the file holds.
VALUES = 2_000_000
_BYTES_WITH_EMOJI = 40 * 2**20
_EMOJI = tuple(bytes([lead]) for lead in range(0xF0, 0xF5))  # how characters beyond U+FFFF begin in UTF-8


@dataclass(frozen=True)
class StudentCell:
    """One cell as handed in; everything else that a notebook file holds is dropped."""

    kind: str  # "code", "markdown" or "raw"
    source: str
    grade_id: str = ""
    id: str = ""
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    outputs: Sequence[Mapping[str, Any]] = ()  # of a code cell, as they stand in the file but for what is never shown
    count: int | None = None  # the number beside it
    checksum: str = ""  # nbgrader's, of the cell as it was when it was released; a student can write what they like


def parse_notebook(data: bytes, name: str = "the notebook") -> tuple[StudentCell, ...]:
    """The cells of a notebook file of any format version. Raises Unreadable with the reason."""
    if not data.strip():
        raise Unreadable(f"{name} is empty.")
    _refuse_bombs(data, name)
    try:
        tree = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is not text in UTF-8.") from None
    except RecursionError:
        raise Unreadable(f"{name} is nested too deeply.") from None
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"{name} is not a complete notebook: its JSON breaks off or is damaged{where}.") from None
    cells = _cells_of(tree, name)
    if len(cells) > CELLS:
        raise Unreadable(f"{name} has {len(cells)} cells, more than the limit of {CELLS}.")
    read, room = [], OUTPUT_CHARACTERS
    for number, cell in enumerate(cells, 1):
        outputs, size = _outputs(cell, room)
        room -= size
        read.append(_cell(cell, f"cell {number} of {name}", outputs))
    length = sum(map(_length, read))
    if length > SOURCES_CHARACTERS:
        raise Unreadable(f"The cells of {name} have {length} characters, more than the limit of {SOURCES_CHARACTERS}.")
    return tuple(read)


def _refuse_bombs(data: bytes, name: str) -> None:
    """Refuse what would take much more memory as objects than as a file. Marks inside texts count as well: they are counted in bulk."""
    values = sum(data.count(mark) for mark in b"[{,:") if len(data) > VALUES else 0
    if values > VALUES:
        raise Unreadable(f"{name} holds {values} values, more than the limit of {VALUES}.")
    if len(data) > _BYTES_WITH_EMOJI and any(lead in data for lead in _EMOJI):
        limit, size = _BYTES_WITH_EMOJI // 2**20, len(data) // 2**20
        raise Unreadable(f"{name} has {size} MiB, more than the limit of {limit} MiB for a notebook with emoji in it.")


def _cells_of(tree: Any, name: str) -> list[Any]:
    if not isinstance(tree, dict):
        raise Unreadable(f"{name} is JSON, but not a notebook.")
    version, cells = tree.get("nbformat", 4), tree.get("cells")
    if cells is None and isinstance(tree.get("worksheets"), list):  # formats 2 and 3
        sheets = [sheet for sheet in tree["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet.get("cells"), list) for cell in sheet["cells"]]
    if not isinstance(version, int) or not 1 <= version <= 4:
        said = shown(str(version)[:20]) if isinstance(version, str | int | float) else "?"  # to show all of a tree has no end
        raise Unreadable(f"{name} has notebook format {said}; formats up to 4 can be read.")
    if not isinstance(cells, list):
        raise Unreadable(f"{name} is JSON, but has no cells.")
    return cells


def _cell(cell: Any, where: str, outputs: Sequence[Mapping[str, Any]]) -> StudentCell:
    cell = cell if isinstance(cell, dict) else {}
    kind = cell.get("cell_type")
    source = _text(cell.get("source", cell.get("input")))
    if kind == "heading":
        level = cell.get("level") if cell.get("level") in (1, 2, 3, 4, 5, 6) else 1
        kind, source = "markdown", f"{'#' * int(level or 1)} {source}"
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = _of(nbgrader, "grade_id")
    count = cell.get("execution_count", cell.get("prompt_number"))
    made = StudentCell(
        kind if kind in ("code", "raw") else "markdown",
        source,
        grade_id if isinstance(grade_id, str) else "",
        cell["id"] if isinstance(cell.get("id"), str) else "",
        _pictures(cell.get("attachments")),
        outputs if kind == "code" else (),
        count if kind == "code" and type(count) is int and 0 < count < 10**6 else None,
        checksum if isinstance(checksum := _of(nbgrader, "checksum"), str) else "",
    )
    if _length(made) > SOURCE_CHARACTERS:
        raise Unreadable(f"{where.capitalize()} has {_length(made)} characters, more than the limit of {SOURCE_CHARACTERS}.")
    return made


def _of(nbgrader: Any, key: str) -> Any:
    return nbgrader.get(key) if isinstance(nbgrader, dict) else None


def _length(cell: StudentCell) -> int:
    """Characters, but for the pictures that some editors put into the text of a Markdown cell."""
    return weight(cell.source) if cell.kind == "markdown" else len(cell.source)


_SHOWN = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", "image/svg+xml")


def _outputs(cell: Any, room: int) -> tuple[list[dict[str, Any]], int]:
    """What a cell showed when it was handed in, as far as there is room for it, and its characters."""
    outputs = cell.get("outputs") if isinstance(cell, dict) else None
    kept, used = [], 0
    for output in outputs if isinstance(outputs, list) else ():
        small, size = _output(output)
        used += size
        if used <= room:
            kept.append(small)
    return kept, used


def _output(output: Any) -> tuple[dict[str, Any], int]:
    """What of an output can be shown at all, and its characters."""
    output = output if isinstance(output, dict) else {}
    data = output.get("data")
    bundle = {kind: data[kind] for kind in _SHOWN if kind in data} if isinstance(data, dict) else {}
    about = output.get("metadata")
    sizes = {kind: about[kind] for kind in _SHOWN if kind in about} if isinstance(about, dict) and bundle else {}
    texts = {name: output[name] for name in ("output_type", "name", "text", "ename", "evalue", "traceback") if name in output}
    return {**texts, "data": bundle, "metadata": sizes}, 100 + sum(map(_characters, (*texts.values(), *bundle.values())))


def _characters(text: Any) -> int:
    """Of a text, or of a list of lines; anything else is not shown."""
    if isinstance(text, list):
        return sum(1 + (len(line) if isinstance(line, str) else OUTPUT_CHARACTERS) for line in text)
    return len(text) if isinstance(text, str) else OUTPUT_CHARACTERS


def _text(source: Any) -> str:
    """A cell's source; lone surrogates, which no UTF-8 file can hold, become question marks."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return ""
    return source if source.isascii() else source.encode("utf-8", "replace").decode()


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Pasted PNG and JPEG pictures; anything else that is attached could be active content."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for kind in ("image/png", "image/jpeg"):
            data = bundle.get(kind) if isinstance(bundle, dict) else None
            if isinstance(data, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data):
                kept[str(name)] = {kind: "".join(data.split())}
    return kept
