"""`notebook.py` as an nbgrader source notebook: roles completed, points from the checks, ids that stay."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from course_utils.checking.declare import Check, load_checks
from course_utils.errors import UserError
from grader.build.roles import Role, complete, grade_id, role
from grader.build.rules import CHECK_SUFFIX, points_of, problems

# What every notebook says of itself: the least that Jupyter, Colab and nbgrader need, so that no machine's name or version gets in.
METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

REFLECTION_STUB = "YOUR ANSWER HERE"  # nbgrader's own words where a text is asked for


def source_notebook(folder: Path) -> NotebookNode:
    """A lab of `solutions/` as its author sees it, answers and points in place.

    Raises UserError with one sentence for each rule between cells and checks that does not hold.
    """
    return notebook_of(read(folder, "notebook.py"), load_checks(existing(folder, "checks.py")), _named(folder))


def notebook_of(text: str, checks: Sequence[Check], where: str) -> NotebookNode:
    """The notebook that a text in Jupytext's percent format makes; `where` names its folder in the errors."""
    cells = list(jupytext.reads(text, fmt="py:percent").cells)
    found = problems(cells, checks)
    if found:
        raise UserError("\n".join(f"{where}: {sentence}." for sentence in found))
    return assemble(cells, checks)


def read(folder: Path, name: str) -> str:
    """The text of one file of a lab in `solutions/`."""
    return existing(folder, name).read_text(encoding="utf-8")


def existing(folder: Path, name: str) -> Path:
    """The path of one file of a lab, which has to be there."""
    if not (folder / name).is_file():
        raise UserError(f"{_named(folder)} has no {name}: a lab is written as notebook.py, checks.py and mistakes.py.")
    return folder / name


def _named(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def assemble(cells: Sequence[NotebookNode], checks: Sequence[Check]) -> NotebookNode:
    """A notebook of the cells with whole nbgrader metadata and lasting ids."""
    points = points_of(checks)
    notebook: NotebookNode = nbformat.v4.new_notebook(metadata=nbformat.from_dict(METADATA))
    seen: Counter[str] = Counter()
    for cell in cells:
        metadata = {key: value for key, value in cell.metadata.items() if key in ("tags", "collapsed", "jupyter")}
        if role(cell) is not Role.NONE:
            worth = points.get(grade_id(cell).removesuffix(CHECK_SUFFIX)) if role(cell) is Role.CHECK else None
            metadata["nbgrader"] = complete(cell, worth)
        make = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")
        notebook.cells.append(make(cell.source, metadata=metadata, id=_lasting_id(cell, seen)))
    return notebook


def for_nbgrader(authored: NotebookNode) -> NotebookNode:
    """The same as nbgrader's source notebook.

    nbgrader refuses a text answer that nobody grades, and asks for a person to mark any other one. So a reflection reaches it as an
    ordinary cell, empty as students get it; the author's sample answer stays in `solutions/`.
    """
    notebook: NotebookNode = nbformat.from_dict(authored)
    for cell in notebook.cells:
        if role(cell) is Role.REFLECTION:
            cell.source = REFLECTION_STUB
            del cell.metadata["nbgrader"]
    return notebook


def _lasting_id(cell: NotebookNode, seen: Counter[str]) -> str:
    """The grade_id where there is one, else a hash of the content: an id moves with its cell and survives edits elsewhere."""
    name = re.sub(r"[^A-Za-z0-9_-]", "-", grade_id(cell))
    if name and len(name) <= 64:  # nbformat's limit
        return name
    content = f"{cell.cell_type}\n{cell.source}"
    seen[content] += 1
    digest = hashlib.sha256(f"{content}\n{seen[content]}".encode()).hexdigest()
    return f"cell-{digest[:12]}"


def written(notebook: NotebookNode) -> str:
    """The notebook as text, the same bytes for the same content."""
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"
