"""One student's answer to an exercise as an example for others to see: no comments, no docstring, and not the student's name.

This is read and parsed in a worker, as all that a student wrote.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from grader.batch import run_errands
from grader.intake import one_line
from grader.judging import common_words

LINES, WIDTH = 60, 160  # that are shown of one answer
_BYTES = 20_000
_COMMENT = re.compile(r"(?m)^\s*#.*$|\s#.*$")


class Wanted(NamedTuple):
    """An example that is asked for: an exercise in one of these graded notebooks, whose author these names name."""

    paths: tuple[str, ...]
    exercise: str
    names: tuple[str, ...]


class Example(NamedTuple):
    """Code without names, "" where there is none or where it could not be read; `whole`: it is Python that defines the exercise."""

    code: str = ""
    whole: bool = False


def read_examples(wanted: Sequence[Wanted]) -> list[Example]:
    """An example of each, read in a worker."""
    told = run_errands(read_example, [json.dumps(one).encode() for one in wanted])
    return [Example(*json.loads(answer)) if answer else Example() for answer in told]


def read_example(request: bytes) -> bytes:
    """What a worker does for one example."""
    wanted = Wanted(*json.loads(request))
    for path in map(Path, wanted.paths):
        if path.is_file() and (code := example_in(json.loads(path.read_bytes()), wanted.exercise, wanted.names)) is not None:
            return json.dumps([code, defines(code, wanted.exercise)]).encode()
    return json.dumps(Example()).encode()


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
