"""The author's view of a lab in JupyterLab: `notebook.ipynb`, which Jupytext keeps in step with `notebook.py`.

Whoever saves the one there saves the other. The notebook is git-ignored; the text is the source.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import jupytext
import nbformat
from jupytext.combine import combine_inputs_with_outputs
from nbformat import NotebookNode

from course_utils.errors import UserError
from grader.build.roles import Role, complete, role
from grader.build.source import written
from grader.build.stated import FORMATS

NOTEBOOK = "notebook.ipynb"


def keep_in_step(folder: Path, text: str, authored: NotebookNode) -> tuple[str, ...]:
    """Write `notebook.py` as `text` and bring `notebook.ipynb`, whose outputs stay, up to the text.

    Returns sentences to tell the author, mostly none. Raises UserError when the notebook holds work that `notebook.py` lacks.
    """
    notebook, script = folder / NOTEBOOK, folder / "notebook.py"
    wanted = nbformat.from_dict(authored)
    wanted.metadata["jupytext"] = _header(text)
    told: tuple[str, ...] = ()
    if notebook.exists():
        where = f"{folder.parent.name}/{folder.name}/{NOTEBOOK}"
        stored = _read(notebook, where)
        if _digest(stored) not in (_digest(wanted), stored.metadata.get("handgrad", {}).get("built")):
            told = (_set_aside(notebook, where, script),)
        wanted = combine_inputs_with_outputs(wanted, stored, "py:percent")
        for cell, made in zip(wanted.cells, authored.cells, strict=True):
            cell.id = made.id  # Jupytext gives a new cell the id of the old one that it resembles
    wanted.metadata["handgrad"] = {"built": _digest(wanted)}  # by this, the next build knows whether somebody edited it
    _write_if_other(script, text)
    _write_if_other(notebook, written(wanted))
    # Of one age: Jupytext refuses to open a notebook that is newer than its text, as likely saved without it. So do we, above.
    age = script.stat().st_mtime_ns
    os.utime(notebook, ns=(age, age))
    return told


def _header(text: str) -> dict[str, object]:
    """What `notebook.py` says to Jupytext, and the pairing, which it may leave out."""
    stated = dict(jupytext.reads(text, fmt="py:percent").metadata.get("jupytext", {}))
    stated.pop("text_representation", None)
    return {**stated, "formats": FORMATS}


def _write_if_other(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _read(path: Path, where: str) -> NotebookNode:
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError) as error:
        raise UserError(f"{where} is no notebook: delete it, the build makes it again from notebook.py.") from error
    return notebook


def _set_aside(path: Path, where: str, text: Path) -> str:
    """Keep a copy of a notebook that somebody edited and that is about to be replaced, unless it is the newer of the two."""
    if path.stat().st_mtime_ns > text.stat().st_mtime_ns:
        raise UserError(
            f"{where} was saved after notebook.py and says something else, likely by an editor without Jupytext: "
            f'take it over with "jupytext --to py:percent {where}", or delete it.'
        )
    copy = path.parent / ".ipynb_checkpoints" / "notebook-before-build.ipynb"
    copy.parent.mkdir(exist_ok=True)
    shutil.copy2(path, copy)
    return f"{where} was older than notebook.py and now says the same; the old one is kept as {copy.parent.name}/{copy.name}."


def _digest(notebook: NotebookNode) -> str:
    """Of what an author can lose: the cells' texts, roles and tags; not outputs, ids or points that the checks decide."""
    cells: list[object] = []
    for cell in notebook.cells:
        metadata = complete(cell) if role(cell) is not Role.NONE else {}
        if role(cell) is Role.CHECK:
            metadata.pop("points", None)
        cells.append((cell.cell_type, cell.source.strip(), metadata, sorted(cell.metadata.get("tags", ()))))
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:16]
