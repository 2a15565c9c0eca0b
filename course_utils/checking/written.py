"""Run what an author wrote. What is wrong with it is one sentence with file and line, never a traceback."""

from __future__ import annotations

import traceback
from pathlib import Path
from types import CodeType
from typing import Any

from course_utils.errors import UserError
from course_utils.extras import in_file


def named(path: Path) -> str:
    """A file of a lab as its author calls it: `solutions/lab04_backprop/checks.py`."""
    return "/".join(path.parts[-3:])


def compiled(text: str, path: Path, label: str = "") -> CodeType:
    """The text of a file, or of the part of it that `label` names, ready to run. Raises UserError where it is not Python."""
    try:
        return compile(text, _filename(path, label), "exec", dont_inherit=True)
    except SyntaxError as error:
        raise UserError(f"{_place(path, label, error.lineno)} is not Python: {_clause(error.msg)}.") from error


def run(code: CodeType, namespace: dict[str, Any], path: Path, label: str = "") -> None:
    """Run a compiled text in a namespace. Raises UserError where it stops with an error of its own."""
    try:
        exec(code, namespace)
    except UserError:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        line = next((frame.lineno for frame in reversed(frames) if frame.filename == _filename(path, label)), None)
        place = _place(path, label, line)
        lacks = in_file(error, place) if isinstance(error, ModuleNotFoundError) else ""
        raise UserError(lacks or f"{place}: {type(error).__name__}: {_clause(str(error))}.") from error


def _filename(path: Path, label: str) -> str:
    return f"{path}: {label}" if label else str(path)


def _place(path: Path, label: str, line: int | None) -> str:
    return ", ".join(filter(None, [named(path), f"cell {label.removeprefix('cell ')}" if label else "", f"line {line}" if line else ""]))


def _clause(message: str) -> str:
    return " ".join(message.split())[:200].rstrip(".")
