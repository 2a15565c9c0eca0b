"""Names of what a student wrote, by which a person's marks are known to belong to it still. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from nbformat import NotebookNode

from course_utils.pages.figures import pictures_in
from grader.intake import Repaired, TemplateCell
from grader.judging.result import ABOVE


def digests_of_answers(repaired: Repaired, files: Mapping[str, bytes]) -> list[str]:
    """For each cell a name of what the student wrote there, by which a mark is known to belong to it still.

    Of a cell that is not the student's: of all code above it; and of a task, which may be answered anywhere, of the whole submission.
    Locked cells say nothing of the student: a hidden test may be mended without another answer.
    """
    written = [_written(cell, role, files) for cell, role in zip(repaired.notebook.cells, repaired.roles, strict=True)]
    whole = ABOVE + _digest("\0".join([*written, *_named(files)])) if any(map(is_task, repaired.notebook.cells)) else ""
    above, found = hashlib.sha256(), []
    for cell, role, own in zip(repaired.notebook.cells, repaired.roles, written, strict=True):
        if cell.cell_type == "code" and not (role is not None and role.locked):
            above.update(own.encode("utf-8", "replace") + b"\0")
        if role is not None and not role.locked:
            found.append(_digest(own))
        else:
            found.append(whole if is_task(cell) else ABOVE + above.hexdigest()[:16])
    return found


def _written(cell: NotebookNode, role: TemplateCell | None, files: Mapping[str, bytes]) -> str:
    """What of a cell is the student's, with the pictures in it, and the names of what is in those that a text shows from a file."""
    if role is not None and role.locked:
        return ""
    held = json.dumps(cell["attachments"], sort_keys=True) if cell.get("attachments") else ""
    shown = _named(pictures_in(cell.source, files)) if cell.cell_type == "markdown" else ()
    return "\0".join([f"{cell.source}{held}", *shown])


def is_task(cell: NotebookNode) -> bool:
    """Whether a person marks the whole submission at this cell."""
    return bool(cell.metadata.get("nbgrader", {}).get("task"))


def _named(files: Mapping[str, bytes]) -> Iterator[str]:
    return (f"{name} {hashlib.sha256(data).hexdigest()}" for name, data in sorted(files.items()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
