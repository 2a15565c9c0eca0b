"""What nobody can beat: fork a process that has the imports, and execute what is graded in it, and nothing else."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import resource
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

# what cells import is there before the fork, as in the grader's warm process
import course_utils.notebook  # noqa: F401
from course_utils.cells import checked_exercise

SECONDS = 60  # of the processor, for one notebook


def floor(notebooks: Sequence[Path]) -> float:
    """Processor seconds a notebook, on average, for its imports and its exercises."""
    cells = [_needed(nbformat.read(path, as_version=4).cells) for path in notebooks]
    _execute([_imports(source) for notebook in cells for source in notebook])
    return sum(map(_seconds, cells)) / len(cells)


def _needed(cells: Iterable[NotebookNode]) -> list[str]:
    """The setup cells and the exercises."""
    found = []
    for cell in cells:
        solution = (cell.metadata.get("nbgrader") or {}).get("solution")
        setup = "setup" in cell.metadata.get("tags", ())
        if cell.cell_type == "code" and (solution or setup) and checked_exercise(cell.source) is None:
            found.append(cell.source)
    return found


def _imports(source: str) -> str:
    """The import statements of a cell."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return ""
    return ast.unparse(ast.Module([node for node in body if isinstance(node, ast.Import | ast.ImportFrom)], type_ignores=[]))


def _seconds(cells: Sequence[str]) -> float:
    sys.stdout.flush()
    before = time.process_time()
    if (pid := os.fork()) == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        _execute(cells)
        os._exit(0)
    forked = time.process_time() - before
    used = os.wait4(pid, 0)[2]
    return forked + used.ru_utime + used.ru_stime


def _execute(cells: Sequence[str]) -> None:
    """As a notebook does: a cell that raises an error stops itself alone."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for source in cells:
            with contextlib.suppress(Exception):
                exec(compile(source, "cell", "exec"), namespace)
