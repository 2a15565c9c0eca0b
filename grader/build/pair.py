"""The author's view of a lab in JupyterLab: `notebook.ipynb`, which Jupytext keeps in step with `notebook.py`.

Whoever saves the one there saves the other. The notebook is git-ignored; the text is the source.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from jupytext.combine import combine_inputs_with_outputs
from nbformat import NotebookNode

from course_utils.errors import UserError
from grader.build.roles import Role, complete, role
from grader.build.source import written

NOTEBOOK = "notebook.ipynb"
FORMATS = "ipynb,py:percent"


def pair(folder: Path, source: NotebookNode) -> str:
    """Bring `notebook.ipynb` up to the source notebook; its outputs stay. Returns a sentence to tell the author, mostly "".

    Raises UserError when the notebook holds work that `notebook.py` lacks.
    """
    path = folder / NOTEBOOK
    where = f"{folder.parent.name}/{folder.name}/{NOTEBOOK}"
    wanted = nbformat.from_dict(source)
    wanted.metadata["jupytext"] = {"formats": FORMATS}
    if not path.exists():
        path.write_text(written(wanted), encoding="utf-8")
        return ""
    stored = _read(path, where)
    told = ""
    if _content(stored) != _content(wanted):
        told = _set_aside(path, where, folder / "notebook.py")
    text = written(combine_inputs_with_outputs(wanted, stored, "py:percent"))
    if text != path.read_text(encoding="utf-8"):
        path.write_text(text, encoding="utf-8")
    return told


def _read(path: Path, where: str) -> NotebookNode:
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError) as error:
        raise UserError(f"{where} is no notebook: delete it, the build makes it again from notebook.py.") from error
    return notebook


def _set_aside(path: Path, where: str, text: Path) -> str:
    """Keep a copy of a notebook that is about to be replaced, unless it is the newer of the two."""
    if path.stat().st_mtime_ns > text.stat().st_mtime_ns:
        raise UserError(
            f"{where} was saved after notebook.py and says something else, likely by an editor without Jupytext: "
            f'take it over with "jupytext --to py:percent {where}", or delete it.'
        )
    copy = path.parent / ".ipynb_checkpoints" / "notebook-before-build.ipynb"
    copy.parent.mkdir(exist_ok=True)
    shutil.copy2(path, copy)
    return f"{where} follows the newer notebook.py; as it was, it lies in {copy.parent.name}/{copy.name}."


def _content(notebook: NotebookNode) -> list[tuple[str, str, object, object]]:
    """What an author can lose: the cells' texts, roles and tags; not outputs, ids or points that the checks decide."""
    cells = []
    for cell in notebook.cells:
        metadata = complete(cell) if role(cell) is not Role.NONE else {}
        if role(cell) is Role.CHECK:
            metadata.pop("points", None)
        cells.append((cell.cell_type, cell.source.strip(), metadata, sorted(cell.metadata.get("tags", ()))))
    return cells
