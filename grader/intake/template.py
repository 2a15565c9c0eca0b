"""The notebook as it should be: what was released, with the sources and points that nbgrader's database holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_utils.cells import checked_exercise

_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)

_PYTHON = re.compile(r"i?python[\d.]*", re.IGNORECASE)


def defined_names(source: str) -> set[str]:
    """The functions, classes and values that a code cell defines at its left margin; magics do not disturb it."""
    return {function or value for function, value in _DEFINED.findall(source)}


def is_python(language: str) -> bool:
    """Whether a language that a notebook names is Python."""
    return _PYTHON.fullmatch(language) is not None


@dataclass(frozen=True)
class TemplateCell:
    """One cell of the template and its role, which nothing in a submission can change."""

    node: NotebookNode
    grade_id: str  # "" for a cell that nbgrader does not know
    grade: bool
    solution: bool
    locked: bool  # nbgrader overwrites it with its own source
    public: str | None = None  # how it was released, where that is not the whole of it

    @cached_property
    def kind(self) -> str:
        return str(self.node.cell_type)

    @cached_property
    def source(self) -> str:
        return str(self.node.source)

    @cached_property
    def released(self) -> str:
        """What students were given: without hidden tests and marking schemes, whatever marks these in a course."""
        return self.source if self.public is None else self.public

    def is_as_given(self, source: str) -> bool:
        """Whether a source is this cell's, in whole or as it was released."""
        return source.strip() in (self.source.strip(), self.released.strip())

    def was_given(self, source: str, checksum: str) -> bool:
        """Whether nbgrader's checksum says that a source was released like this, before the assignment was changed."""
        if not checksum:
            return False
        from nbgrader.utils import compute_checksum  # a worker has it; nobody else meets a cell that was changed

        return bool(checksum == compute_checksum(NotebookNode(self.node, source=source)))

    @cached_property
    def required(self) -> bool:
        """Whether a submission has to have it: graded cells, and those that the student may not change."""
        return bool(self.grade_id) and (self.grade or self.locked)

    @cached_property
    def names(self) -> set[str]:
        """What the student's version of this cell can be recognised by."""
        if not self.solution or self.kind != "code":
            return set()
        return defined_names(self.source) or {self.grade_id}

    @cached_property
    def check(self) -> str | None:
        return checked_exercise(self.source) if self.grade and self.kind == "code" else None


@dataclass(frozen=True)
class Template:
    """One notebook of an assignment."""

    name: str
    cells: tuple[TemplateCell, ...]
    metadata: NotebookNode

    @property
    def kernel(self) -> tuple[str, str]:
        """The kernel that it names, and its language; "" for what it does not say."""
        parts = [self.metadata.get(name) for name in ("kernelspec", "language_info")]
        spec, about = (part if isinstance(part, Mapping) else {} for part in parts)
        return str(spec.get("name") or ""), str(spec.get("language") or about.get("name") or "")

    @property
    def graded(self) -> list[TemplateCell]:
        return [cell for cell in self.cells if cell.grade]

    @property
    def max_score(self) -> float:
        return sum(float(cell.node.metadata.nbgrader.points) for cell in self.graded)


def make_template(name: str, released: NotebookNode, kept: dict[str, Any]) -> Template:
    """Join the released notebook with nbgrader's source cells (`kept`, by grade_id), which have the hidden tests."""
    cells = tuple(_template_cell(cell, number, kept) for number, cell in enumerate(released.cells))
    return Template(name, cells, released.metadata)


def _template_cell(cell: NotebookNode, number: int, kept: dict[str, Any]) -> TemplateCell:
    role = cell.metadata.get("nbgrader", {})
    grade_id = role.get("grade_id", "") if role.get("grade") or role.get("solution") or role.get("locked") or role.get("task") else ""
    node = _node(cell, number)
    released = str(node.source)
    if grade_id in kept:
        node.source = kept[grade_id].source or ""
        node.metadata.nbgrader.checksum = kept[grade_id].checksum
    graded, solution = bool(role.get("grade") or role.get("task")), bool(role.get("solution"))
    locked = bool(grade_id) and not solution and bool(graded or role.get("locked"))
    return TemplateCell(node, grade_id, graded, solution, locked, released)


def _node(cell: NotebookNode, number: int) -> NotebookNode:
    kept = ("id", "cell_type", "metadata", "source", "attachments")
    node: NotebookNode = nbformat.from_dict({key: cell[key] for key in kept if key in cell})
    if not isinstance(node.get("id"), str):
        node.id = f"cell-{number}"  # formats before 4.5 know no ids: the place names the cell, alike in every submission
    if node.cell_type == "code":
        node.update(outputs=[], execution_count=None)
    return node
