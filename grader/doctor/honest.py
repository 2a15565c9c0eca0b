"""The honest ones: right answers to the attacked lab, and the same exercises as an ordinary nbgrader assignment with assert cells."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from grader.doctor.attacks.case import LAB, POINTS

SOURCES = Path(__file__).parent / "solutions"
_REGION = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)
_SECRET_LINE = re.compile(r"^[ \t]*# @\w+@\n", re.MULTILINE)

# What checks.py asks, as a teacher writes it for nbgrader: some asserts that students see, and some that they do not.
_ASSERTS = {
    "slope": (
        "curve = lambda x: 1 / (1 + np.exp(-x))\nassert np.isclose(slope(curve, 0.0), 0.25)",
        "assert np.isclose(slope(lambda x: 3.5 * x + 1, 2.0), 3.5), '@HIDDEN@'",
    ),
    "sigmoid": (
        "np.testing.assert_allclose(sigmoid(np.zeros((3, 2))), np.full((3, 2), 0.5))",
        "assert np.allclose(sigmoid(np.array([-2.0, 0.0, 1.5])), [0.11920292, 0.5, 0.81757448]), '@HIDDEN@'",
    ),
    "relu": (
        "assert np.allclose(relu(np.array([-1.0, 2.0])), [0.0, 2.0])",
        "assert np.allclose(relu(np.array([[3.5, -0.5], [-4.0, 0.25]])), [[3.5, 0.0], [0.0, 0.25]]), '@HIDDEN@'",
    ),
    "center": (
        "assert np.allclose(center(np.array([[1.0, 2.0], [3.0, 6.0]])), [[-1.0, -2.0], [1.0, 2.0]])",
        "assert np.allclose(center(np.array([[10.0], [11.0], [15.0]])), [[-2.0], [-1.0], [3.0]]), '@HIDDEN@'",
    ),
    "evens": ("assert len(evens) == 3", "assert evens == {2, 4, 6}, '@HIDDEN@'"),
}


def right_answers() -> dict[str, str]:
    """By exercise, the cell of a student who got it right."""
    cells = _source().cells
    found = {cell.metadata.get("nbgrader", {}).get("grade_id"): _REGION.sub("", cell.source) for cell in cells}
    return {name: _SECRET_LINE.sub("", found[name]) for name in POINTS}


def wrong_answers() -> dict[str, str]:
    """Right answers, but for one slip."""
    return right_answers() | {"center": "def center(X):\n    return X - X.mean(axis=1, keepdims=True)"}


def ordinary() -> NotebookNode:
    """The lab as the source of an nbgrader assignment: `check(...)` becomes asserts, with the same points."""
    notebook = _source()
    for cell in notebook.cells:
        cell.source = cell.source.replace("\nfrom course_utils import check\n", "\n")
        role = cell.metadata.get("nbgrader")
        if role:
            role.update({"schema_version": 3, "task": False, "grade": False, "locked": False, "solution": True} | role)
        if role and role["grade"]:
            role.update(solution=False, locked=True, points=POINTS[role["grade_id"].removesuffix("_check")])
            seen, hidden = _ASSERTS[role["grade_id"].removesuffix("_check")]
            cell.source = f"{seen}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return notebook


def text_of(notebook: NotebookNode) -> str:
    """A notebook as the text of a file."""
    written: Any = nbformat.writes(notebook)
    return str(written)


def _source() -> NotebookNode:
    notebook: NotebookNode = jupytext.read(SOURCES / LAB / "notebook.py")
    return notebook
