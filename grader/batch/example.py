"""One student's answer to an exercise as an example for others to see: no comments, no docstring, and not the student's name.

This is read and parsed in a worker, as all that a student wrote.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from grader.intake import one_line
from grader.judging import common_words

LINES, WIDTH = 60, 160  # that are shown of one answer
_BYTES = 20_000
_COMMENT = re.compile(r"(?m)^\s*#.*$|\s#.*$")


def example_in(notebook: Mapping[str, Any], exercise: str, names: Iterable[str]) -> str | None:
    """The code of the cell that answers an exercise in an autograded notebook; None when it has no such cell, or an empty one."""
    for cell in notebook.get("cells", ()):
        role = (cell.get("metadata") or {}).get("nbgrader") or {}
        if role.get("grade_id") == exercise and role.get("solution") and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            return nameless("".join(source) if isinstance(source, list) else str(source), names) or None
    return None


def nameless(source: str, names: Iterable[str]) -> str:
    """Code without comments and docstrings, in lines that a terminal can show; each of `names` is "student" in it.

    A name that Python or NumPy has as well, such as Max, stays: it tells nothing.
    """
    if len(source) > _BYTES:
        return ""
    try:
        tree = _parsed(source)
        _without_docstrings(tree)
        text = ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # as it stands, then, but for what looks like a comment
        text = _COMMENT.sub("", source)
    told = {name.strip() for name in names if len(name.strip()) > 1 and name.strip().lower() not in common_words()}
    for name in sorted(told, key=len, reverse=True):
        text = re.sub(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", "student", text, flags=re.IGNORECASE)
    return "\n".join(_shown(text.split("\n")))


def defines(code: str, exercise: str) -> bool:
    """Whether code is Python that defines a function or class of this name."""
    try:
        body = _parsed(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == exercise for node in body)


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd escapes and comparisons: the student saw them
        return ast.parse(source)


def _without_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            body = [line for line in node.body if not _is_text(line)]
            node.body = body or ([] if isinstance(node, ast.Module) else [ast.Pass()])


def _is_text(line: ast.stmt) -> bool:
    """Whether a statement is a text alone, which does nothing."""
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)


def _shown(lines: list[str]) -> Iterator[str]:
    filled = [line for line in lines if line.strip()]
    for line in filled[:LINES]:
        margin = line[: len(line) - len(line.lstrip())].replace("\t", "    ")[:WIDTH]
        yield margin + one_line(line, WIDTH)
    if len(filled) > LINES:
        yield "…"
