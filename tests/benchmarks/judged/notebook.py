"""A solved notebook as its checks need it, with any of its exercises answered by somebody else.

Setup cells and exercises run whole. Of the other cells only what they define runs: an answer may call a function of a worked
example above it, but figures and training runs would cost more than all checks.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import jupytext

from course_utils.checking import Lab

from .corpus import Stranger

# Both doors draw alike: an answer that takes chance from the library and not from its arguments would differ between them.
DRAWS_ALIKE = "".join(
    f"'{name}' in __import__('sys').modules and __import__('{name}').{seed}(1)\n"
    for name, seed in (("random", "seed"), ("numpy", "random.seed"), ("torch", "manual_seed"))
)


class Cell(NamedTuple):
    """A cell's code; `exercise` is empty for a cell that is not the student's."""

    exercise: str
    source: str


class Notebook:
    """A lab with the cells of its solved notebook."""

    def __init__(self, root: Path, name: str) -> None:
        self.folder = root / "solutions" / name
        self.lab = Lab.from_source(self.folder)
        self.cells = list(_cells(self.folder / "notebook.py"))
        self._warm: set[tuple[str, Sequence[int]]] = set()

    def public(self, exercise: str) -> list[Any]:
        """The checks that a student sees."""
        return [check for check in self.lab.checks[exercise] if not check.hidden]

    def with_answer(self, stranger: Stranger) -> list[str]:
        """What runs, in order: the stranger's cell stands where the exercise's own cell stood."""
        sources = []
        for cell in self.cells:
            if cell.exercise == stranger.exercise:
                sources += [DRAWS_ALIKE, stranger.source]
            elif not self._is_idle(cell, stranger.exercise):
                sources.append(cell.source)
        return [*sources, DRAWS_ALIKE]

    def _is_idle(self, cell: Cell, exercise: str) -> bool:
        """Whether a cell makes a value that nobody asks for: a trained network costs ten seconds each time."""
        if not cell.exercise or cell.exercise in _names(cell.source).defined:
            return False
        asked = {name for check in self.lab.checks[exercise] for name in check.parameters}
        used = {name for other in self.cells if other.exercise and other is not cell for name in _names(other.source).used}
        return cell.exercise not in asked | used

    def warm_up(self, exercise: str, seeds: Sequence[int]) -> None:
        """Let the reference and the mistakes answer once: what is forked afterwards shares the answers.

        A slip answers the first check only, which rules nearly all of them out.
        """
        if (exercise, tuple(seeds)) in self._warm:
            return
        for check in self.lab.checks[exercise]:
            for seed in check.asked_with(seeds):
                for known in ("wanted", "mistakes", "trivial"):
                    getattr(self.lab.oracle, known)(check, seed)
        dict(self.lab.oracle.slips(self.lab.checks[exercise][0], seeds[0]))
        self._warm.add((exercise, tuple(seeds)))

    def helpers(self) -> list[str]:
        """The exercises that the reference of another exercise calls."""
        used = {name for cell in self.cells for name in _names(cell.source).used if cell.exercise and name != cell.exercise}
        return [cell.exercise for cell in self.cells if cell.exercise in used]

    def modules(self) -> list[str]:
        """What the setup cells import, as a sandbox preloads it: `module` or `module:name`."""
        trees = [ast.walk(ast.parse(cell.source)) for cell in self.cells if not cell.exercise]
        imports = [node for tree in trees for node in tree if isinstance(node, ast.Import | ast.ImportFrom)]
        prefixes = [f"{node.module}:" if isinstance(node, ast.ImportFrom) else "" for node in imports]
        return [f"{prefix}{alias.name}" for prefix, node in zip(prefixes, imports, strict=True) for alias in node.names]


class _Names(NamedTuple):
    defined: frozenset[str]
    used: frozenset[str]


@functools.cache
def _names(source: str) -> _Names:
    """The functions and classes that a cell defines, and the names that it reads."""
    tree = ast.parse(source)
    defined = (node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    used = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    return _Names(frozenset(defined), frozenset(used))


def _cells(path: Path) -> Iterator[Cell]:
    for cell in jupytext.read(path).cells:
        role = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or role.get("grade"):
            continue
        if role.get("solution") or "setup" in cell.metadata.get("tags", ()):
            yield Cell(role.get("grade_id", "") if role.get("solution") else "", cell.source)
        elif source := _definitions(cell.source):
            yield Cell("", source)


def _definitions(source: str) -> str:
    """What a cell imports and defines, without what it then does."""
    kept = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    body = [node for node in ast.parse(source).body if isinstance(node, kept)]
    return ast.unparse(ast.Module(body=body, type_ignores=[]))


@functools.lru_cache(maxsize=256)
def compiled(source: str, name: str) -> CodeType:
    """Code as a cell of a notebook has it."""
    return compile(source, name, "exec", dont_inherit=True)
