"""The autograded folder in nbgrader's own layout, so that formgrader, feedback and exporters find what they expect."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

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
) -> None:
    """Replace one student's autograded folder by what was just graded; the notebooks come last.

    formgrader serves these folders to an instructor's browser: of the `files` go along what `is_copied` allows and what was `released`.
    """
    if folder.is_symlink():
        folder.unlink()
    kept = {name: data for name, data in files.items() if name in released or is_copied(name)}
    if timestamp:
        kept[TIMESTAMP] = f"{timestamp} UTC\n".encode()
    _remove_others(folder, {*kept, *(f"{name}.ipynb" for name in notebooks)})
    for name, data in kept.items():
        write_atomically(folder / name, data, _READ_ONLY)
    for name, notebook in notebooks.items():
        write_atomically(folder / f"{name}.ipynb", to_bytes(notebook), _READ_ONLY)


def to_bytes(notebook: NotebookNode) -> bytes:
    """A notebook file byte for byte as nbformat writes it, in half of its time: json is slow where it has to indent."""
    plain = {**notebook, "cells": [_split(cell) for cell in notebook.cells]}
    return (_json(plain, "\n") + "\n").encode("utf-8", "replace")


def _split(cell: NotebookNode) -> dict[str, Any]:
    """A cell with its texts in lines."""
    made = {**cell, "source": cell.source.splitlines(keepends=True)}
    if "attachments" in cell:
        made["attachments"] = {name: _split_bundle(bundle) for name, bundle in cell.attachments.items()}
    if "outputs" in cell:
        made["outputs"] = [_split_output(output) for output in cell.outputs]
    return made


def _split_output(output: NotebookNode) -> dict[str, Any]:
    if "data" in output:
        return {**output, "data": _split_bundle(output.data)}
    return {**output, "text": output.text.splitlines(keepends=True)} if "text" in output else output


def _split_bundle(bundle: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: data.splitlines(keepends=True) if kind.startswith("text/") else data for kind, data in bundle.items()}


def _json(value: Any, line: str) -> str:
    """JSON as `json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)` has it; `line` begins a line at this depth."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    inner = line + " "
    if kind in (dict, NotebookNode):
        if value:
            return (
                f"{{{inner}{f',{inner}'.join([f'{encode_basestring(key)}: {_json(value[key], inner)}' for key in sorted(value)])}{line}}}"
            )
    elif kind is list and value:
        return f"[{inner}{f',{inner}'.join([_json(item, inner) for item in value])}{line}]"
    elif value is None:
        return "null"
    elif kind is bool:
        return "true" if value else "false"
    return _EMPTY.get(kind) or json.dumps(value)


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
