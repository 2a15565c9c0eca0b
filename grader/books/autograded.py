"""The autograded folder in nbgrader's own layout, so that formgrader, feedback and exporters find what they expect."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4.rwbase import rejoin_lines

from grader.files import write_atomically
from grader.intake import TIMESTAMP, is_copied

_EMPTY: dict[type, str] = {dict: "{}", NotebookNode: "{}", list: "[]"}
_READ_ONLY = 0o444  # nbgrader's default for this step


def write_autograded(
    folder: Path,
    notebooks: Mapping[str, NotebookNode],
    files: Mapping[str, bytes],
    timestamp: str | None,
    released: Collection[str] = (),
    mode: int = _READ_ONLY,
) -> None:
    """Replace one student's autograded folder by what was just graded; the notebooks come last. `mode` is that of the files.

    formgrader serves these folders to an instructor's browser: of the `files` go along what `is_copied` allows and what was `released`.
    """
    if folder.is_symlink():
        folder.unlink()
    kept = {name: data for name, data in files.items() if name in released or is_copied(name)}
    if timestamp:
        kept[TIMESTAMP] = f"{timestamp} UTC\n".encode()
    _remove_others(folder, {*kept, *(f"{name}.ipynb" for name in notebooks)})
    for name, data in kept.items():
        write_atomically(folder / name, data, mode)
    for name, notebook in notebooks.items():
        write_atomically(folder / f"{name}.ipynb", to_bytes(notebook), mode)


def to_bytes(notebook: NotebookNode) -> bytes:
    """A notebook file of format 4 with a line for each cell: to indent it as nbformat does takes five times as long."""
    write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
    cells = ",\n".join(map(write, notebook.cells))
    others = write({name: value for name, value in notebook.items() if name != "cells"})
    return f'{{"cells":[\n{cells}\n],\n{others[1:]}\n'.encode("utf-8", "replace")


def read_autograded(path: Path) -> NotebookNode:
    """A notebook that `write_autograded` wrote."""
    notebook: NotebookNode = json.loads(path.read_text(encoding="utf-8"), object_hook=NotebookNode)
    rejoined: NotebookNode = rejoin_lines(notebook)
    return rejoined


def remove(folder: Path) -> None:
    """Take away what an earlier submission left."""
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)


def _remove_others(folder: Path, wanted: set[str]) -> None:
    for path in sorted(folder.rglob("*"), reverse=True) if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in wanted:
            path.unlink()
