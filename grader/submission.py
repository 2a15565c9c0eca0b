"""Read what a student handed in: files from a stranger, so every one is opened without following links and with a limit."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NOTEBOOK_BYTES = 64 * 2**20  # pictures in outputs make honest notebooks large
SOURCE_CHARACTERS = 2**20  # of one cell
CELLS = 2000
FILE_BYTES = 16 * 2**20
FILES = 200
TIMESTAMP = "timestamp.txt"
_IGNORED_FOLDERS = {".ipynb_checkpoints", "__pycache__", ".git", "feedback"}
# An id ends up in paths, terminals, pages and spreadsheets: nothing that any of them takes for a command.
_STUDENT = re.compile(r"(?![=+\-@.])[^\x00-\x1f\x7f-\x9f/\\<>&\"'`|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]{1,128}(?<!\s)")


class Unreadable(Exception):
    """Why a submission cannot be graded, as one sentence for its author and the instructor."""


@dataclass(frozen=True)
class StudentCell:
    """One cell as handed in; everything else that a notebook file holds is dropped."""

    kind: str  # "code", "markdown" or "raw"
    source: str
    grade_id: str = ""
    id: str = ""
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """All that one student handed in for one lab."""

    student: str
    notebooks: Mapping[str, bytes | Unreadable]
    files: Mapping[str, bytes]
    left_out: tuple[str, ...]
    timestamp: datetime | None  # UTC, without a zone, as nbgrader keeps it
    digest: str


def find_students(submitted: Path, lab: str) -> list[str]:
    """The folders of `submitted/` that hold this lab, in a stable order."""
    with contextlib.suppress(FileNotFoundError):
        return sorted(entry.name for entry in os.scandir(submitted) if (submitted / entry.name / lab).is_dir())
    return []


def read_submission(submitted: Path, student: str, lab: str, names: tuple[str, ...], now: datetime) -> Submission:
    """Read everything once. `names` are the lab's notebooks; `now` bounds the time of submission (UTC, no zone)."""
    notebooks: dict[str, bytes | Unreadable] = {}
    for name in names:
        try:
            _refuse_odd(student)
            notebooks[name] = read_regular(submitted, f"{student}/{lab}/{name}.ipynb", NOTEBOOK_BYTES)
        except Unreadable as reason:
            notebooks[name] = reason
    files, left_out = _other_files(submitted / student / lab)
    timestamp = _timestamp(submitted, f"{student}/{lab}", files.pop(TIMESTAMP, None), now)
    return Submission(student, notebooks, files, left_out, timestamp, _digest(notebooks, files, timestamp))


def is_student(name: str) -> bool:
    """Whether a folder's name can be an id in the gradebook."""
    return _STUDENT.fullmatch(name) is not None


def _refuse_odd(student: str) -> None:
    if not is_student(student):
        raise Unreadable(f"The folder name {student[:60]!r} cannot be a student's id: rename it in submitted/.")


def read_regular(root: Path, relative: str, limit: int) -> bytes:
    """The bytes of a regular file below `root`, following no link on the way.

    Raises Unreadable when it is missing, a link, a device, or larger than `limit` bytes.
    """
    name = relative.rpartition("/")[2]
    with contextlib.ExitStack() as stack:
        try:
            descriptor = _open_beneath(stack, root, relative)
        except FileNotFoundError:
            raise Unreadable(f"{name} was not handed in.") from None
        except OSError as error:
            linked = error.errno in (errno.ELOOP, errno.ENOTDIR)
            raise Unreadable(f"{name} is a link, not a file." if linked else f"{name} cannot be opened: {error.strerror}.") from None
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{name} is not a regular file.")
        if status.st_size > limit:
            raise Unreadable(f"{name} has {status.st_size / 2**20:.0f} MiB, more than the limit of {limit / 2**20:.0f} MiB.")
        with os.fdopen(os.dup(descriptor), "rb") as stream:
            return stream.read(limit)


def _open_beneath(stack: contextlib.ExitStack, root: Path, relative: str) -> int:
    folders, name = relative.split("/")[:-1], relative.split("/")[-1]
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    stack.callback(os.close, descriptor)
    for part in folders:
        descriptor = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
        stack.callback(os.close, descriptor)
    # a FIFO would block the open for ever
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
    stack.callback(os.close, descriptor)
    return descriptor


def parse_notebook(data: bytes, name: str = "the notebook") -> tuple[StudentCell, ...]:
    """The cells of a notebook file of any format version. Raises Unreadable with the reason."""
    if not data.strip():
        raise Unreadable(f"{name} is empty.")
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
    return tuple(_cell(cell, f"cell {number} of {name}") for number, cell in enumerate(cells, 1))


def _cells_of(tree: Any, name: str) -> list[Any]:
    if not isinstance(tree, dict):
        raise Unreadable(f"{name} is JSON, but not a notebook.")
    version, cells = tree.get("nbformat", 4), tree.get("cells")
    if cells is None and isinstance(tree.get("worksheets"), list):  # formats 2 and 3
        sheets = [sheet for sheet in tree["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet.get("cells"), list) for cell in sheet["cells"]]
    if not isinstance(version, int) or not 1 <= version <= 4:
        raise Unreadable(f"{name} has notebook format {str(version)[:20]}; formats up to 4 can be read.")
    if not isinstance(cells, list):
        raise Unreadable(f"{name} is JSON, but has no cells.")
    return cells


def _cell(cell: Any, where: str) -> StudentCell:
    cell = cell if isinstance(cell, dict) else {}
    kind = cell.get("cell_type")
    source = _text(cell.get("source", cell.get("input")))
    if len(source) > SOURCE_CHARACTERS:
        raise Unreadable(f"{where.capitalize()} has {len(source)} characters, more than the limit of {SOURCE_CHARACTERS}.")
    if kind == "heading":
        level = cell.get("level") if cell.get("level") in (1, 2, 3, 4, 5, 6) else 1
        kind, source = "markdown", f"{'#' * int(level or 1)} {source}"
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return StudentCell(
        kind if kind in ("code", "raw") else "markdown",
        source,
        grade_id if isinstance(grade_id, str) else "",
        cell["id"] if isinstance(cell.get("id"), str) else "",
        _pictures(cell.get("attachments")),
    )


def _text(source: Any) -> str:
    """A cell's source; lone surrogates, which no UTF-8 file can hold, become question marks."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Pasted PNG and JPEG pictures; anything else that is attached could be active content."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for kind in ("image/png", "image/jpeg"):
            data = bundle.get(kind) if isinstance(bundle, dict) else None
            if isinstance(data, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data):
                kept[str(name)] = {kind: "".join(data.split())}
    return kept


def _other_files(folder: Path) -> tuple[dict[str, bytes], tuple[str, ...]]:
    files: dict[str, bytes] = {}
    left_out = []
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        try:
            if len(files) >= FILES:
                raise Unreadable(f"{name} was left out: more than {FILES} files were handed in.")
            files[name] = read_regular(folder, name, FILE_BYTES)
            name.encode()  # a name that is not UTF-8 fits nowhere that we write it
        except (Unreadable, UnicodeEncodeError) as reason:
            files.pop(name, None)
            left_out.append(str(reason).encode("utf-8", "replace").decode())
    return files, tuple(left_out[:20])


def _walk(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _IGNORED_FOLDERS)
        for name in sorted(names):
            if not name.endswith((".ipynb", ".pyc")):
                yield Path(where, name)


def _timestamp(submitted: Path, folder: str, text: bytes | None, now: datetime) -> datetime | None:
    """nbgrader's `timestamp.txt`; when that is damaged or lies in the future, the time of the file itself counts."""
    from nbgrader.utils import parse_utc

    if text is None:
        return None
    with contextlib.suppress(ValueError, OverflowError, UnicodeDecodeError, AttributeError):
        parsed = parse_utc(text[:200].decode().strip())
        if isinstance(parsed, datetime) and datetime(1990, 1, 1) < parsed <= now:
            return parsed
    changed = os.lstat(submitted / folder / TIMESTAMP).st_mtime
    return min(now, datetime.fromtimestamp(changed, UTC).replace(tzinfo=None, microsecond=0))


def _digest(notebooks: Mapping[str, bytes | Unreadable], files: Mapping[str, bytes], timestamp: datetime | None) -> str:
    """Names one state of a submission: any change of a byte or of the time of submission makes it a newer one."""
    digest = hashlib.sha256(str(timestamp).encode())
    for name, content in [*sorted(notebooks.items()), *sorted(files.items())]:
        data = str(content).encode("utf-8", "replace") if isinstance(content, Unreadable) else content
        digest.update(f"\0{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()[:32]
