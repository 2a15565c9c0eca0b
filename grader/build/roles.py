"""nbgrader's roles of cells, and the short form in which `notebook.py` states them.

A role follows from the flags `solution`, `grade`, `locked` and `task` as nbgrader's Create Assignment panel sets them, so an author
writes only those that are true; `complete` adds the rest.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from nbformat import NotebookNode

SCHEMA_VERSION = 3


class Role(Enum):
    """What a cell is to nbgrader; the values are the panel's words."""

    STUB = "autograded answer"
    CHECK = "autograder tests"
    BY_HAND = "manually graded answer"
    REFLECTION = "reflection"  # ours: a text answer that is worth nothing and that nobody marks; nbgrader knows none
    TASK = "manually graded task"
    READ_ONLY = "read-only"
    NONE = "ordinary"


def flags(cell: NotebookNode) -> dict[str, Any]:
    """The cell's nbgrader metadata as it is written, empty for an ordinary cell."""
    return dict(cell.metadata.get("nbgrader", {}))


def role(cell: NotebookNode) -> Role:
    stated = flags(cell)
    if stated.get("task"):
        return Role.TASK
    match bool(stated.get("grade")), bool(stated.get("solution")):
        case True, True:
            return Role.BY_HAND
        case True, False:
            return Role.CHECK
        case False, True:
            return Role.STUB if cell.cell_type == "code" else Role.REFLECTION
    return Role.READ_ONLY if stated.get("locked") else Role.NONE


def grade_id(cell: NotebookNode) -> str:
    """The cell's nbgrader id, or "" for a cell without a role."""
    return str(flags(cell).get("grade_id", "")) if role(cell) is not Role.NONE else ""


def complete(cell: NotebookNode, points: float | None = None) -> dict[str, Any]:
    """All of nbgrader's keys for this cell; `points` replaces what the cell states. What a person grades earns 0 points unless stated."""
    what = role(cell)
    whole: dict[str, Any] = {
        "grade": what in (Role.CHECK, Role.BY_HAND),
        "grade_id": grade_id(cell),
        "locked": what in (Role.CHECK, Role.TASK, Role.READ_ONLY),
        "schema_version": SCHEMA_VERSION,
        "solution": what in (Role.STUB, Role.BY_HAND, Role.REFLECTION),
        "task": what is Role.TASK,
    }
    worth = flags(cell).get("points", None if what is Role.CHECK else 0) if points is None else points
    if what in (Role.CHECK, Role.BY_HAND, Role.TASK) and worth is not None:
        whole["points"] = int(worth) if worth == int(worth) else worth
    return dict(sorted(whole.items()))
