"""Notebooks of every nbformat 4.x, as nearly every existing course has them: graded, and with nbgrader's own scores."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
import pytest

from grader.batch.lab import Options, Outcome, Watch, grade_lab
from grader.books.course import open_course, prepare

from ..conftest import LIMITS

# nbgrader puts its header, which is of format 4.0, above the notebook of 4.5 as well
pytestmark = [pytest.mark.stress, pytest.mark.filterwarnings("ignore:Cell is missing an id field")]

GUIDE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"  # what `nbgrader quickstart` copies
MINORS = range(6)
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'old'\nc.IncludeHeaderFooter.header = 'source/header.ipynb'\n"


def as_minor(minor: int, cells: list[Any], **metadata: Any) -> Any:
    """A notebook of format 4.`minor`; only 4.5 knows ids of cells."""
    plain = [{key: value for key, value in cell.items() if key != "id" or minor == 5} for cell in cells]
    return nbformat.from_dict({"cells": plain, "metadata": metadata, "nbformat": 4, "nbformat_minor": minor})


def cell(kind: str, source: str, grade_id: str = "", **role: Any) -> Any:
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return make(source, metadata={"nbgrader": {"grade_id": grade_id, **flags, **role}} if grade_id else {})


KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
CELLS = [
    cell("markdown", "Squares."),
    cell("code", "def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION", "square", solution=True),
    cell("code", "assert square(2) == 4", "square_tests", grade=True, locked=True, points=2),
    cell("code", "0.5 * (square(3) == 9)", "half", grade=True, locked=True, points=1),
    cell("markdown", "Because.", "why", grade=True, solution=True, points=3),
    cell("code", "2 + 2"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """nbgrader's quickstart with one more assignment: a notebook of each format, every other one without a kernelspec."""
    root = tmp_path_factory.mktemp("old") / "course"
    shutil.copytree(GUIDE / "source", root / "source", ignore=shutil.ignore_patterns("ps1_autotest"))
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "source" / "formats").mkdir()
    for minor in MINORS:
        write(root / "source" / "formats" / f"p{minor}.ipynb", as_minor(minor, CELLS, **(KERNEL if minor % 2 else {})))
    for lab in ("ps1", "formats"):
        prepare(open_course(root), lab, None)
    return root


@pytest.fixture
def course(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That course, for one test."""
    monkeypatch.setattr("grader.books.course.PICTURES", ())
    return Path(shutil.copytree(made, tmp_path / "course"))


def write(path: Path, notebook: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def grade(root: Path, lab: str) -> Outcome:
    return grade_lab(Options(lab, root, None, 1, "bwrap", False, LIMITS), Watch())


def scores(root: Path) -> list[tuple[Any, ...]]:
    """Every grade and every comment that the gradebook has."""
    both = (
        "select s.student_id, b.name, c.name, g.auto_score, g.needs_manual_grade from grade g",
        "select s.student_id, b.name, c.name, g.auto_comment, g.manual_comment from comment g",
    )
    joined = (
        " join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id join notebook b on b.id = n.notebook_id"
        " join submitted_assignment s on s.id = n.assignment_id order by s.student_id, b.name, c.name"
    )
    with sqlite3.connect(root / "gradebook.db") as connection:
        found = [row for table in both for row in connection.execute(table + joined)]
    connection.close()
    return found


def answer(notebook: Any, square: str) -> Any:
    """A released notebook with an answer, as a student's Jupyter saves it."""
    for one in notebook["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade_id") == "square":
            one["source"] = square
    return notebook


def hand_in_formats(root: Path, student: str, square: str, shift: int) -> None:
    """Hand in every notebook of `formats`, each in another minor version than it was released in."""
    for minor in MINORS:
        released = answer(json.loads((root / "release" / "formats" / f"p{minor}.ipynb").read_text()), square)
        cells = [{"id": f"mine-{i}", **one} for i, one in enumerate(released["cells"])]
        metadata = {} if shift % 2 else {"kernelspec": {"name": "python3", "display_name": "Mine"}}
        write(root / "submitted" / student / "formats" / f"p{minor}.ipynb", as_minor((minor + shift) % 6, cells, **metadata))


WRONG = "def square(x):\n    return x + 2"
RIGHT = "def square(x):\n    return x * x"


def test_every_minor_version_is_graded_whatever_the_submission_has(course: Path) -> None:
    for shift, (student, square) in enumerate({"same": RIGHT, "one": RIGHT, "wrong": WRONG, "three": RIGHT}.items()):
        hand_in_formats(course, student, square, shift)
    outcome = grade(course, "formats")
    told = {student: (result.status, result.score, result.max_score) for student, result in outcome.results.items()}
    right, wrong = ("graded", 15, 36), ("graded", 12, 36)
    assert told == {"same": right, "one": right, "wrong": wrong, "three": right}
    for path in (course / "autograded").rglob("*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))
    assert len(list((course / "feedback").rglob("*.html"))) == 24


def test_a_submission_without_any_metadata(course: Path) -> None:
    hand_in_formats(course, "bare", RIGHT, 1)
    for path in (course / "submitted" / "bare" / "formats").iterdir():
        notebook = json.loads(path.read_text())
        cells = [{"cell_type": one["cell_type"], "source": one["source"]} for one in notebook["cells"]]
        write(path, {"cells": cells, "nbformat": 4, "nbformat_minor": 2})
    result = grade(course, "formats").results["bare"]
    assert (result.status, result.score) == ("graded", 15)


def test_the_ids_that_cells_get_are_the_same_for_everybody(course: Path) -> None:
    for student in ("ada", "bob"):
        hand_in_formats(course, student, RIGHT, 0)
    grade(course, "formats")
    texts = {path.read_text() for path in (course / "autograded").glob("*/formats/p0.ipynb")}
    assert len(texts) == 1


@pytest.mark.stress
def test_scores_are_nbgraders(course: Path) -> None:
    shutil.copytree(GUIDE / "submitted", course / "submitted")
    shutil.copytree(course / "release" / "ps1", course / "submitted" / "ann" / "ps1")
    for shift, (student, square) in enumerate({"same": RIGHT, "wrong": WRONG, "three": RIGHT}.items()):
        hand_in_formats(course, student, square, shift)
    for lab in ("ps1", "formats"):
        assert grade(course, lab).well
    ours = scores(course)
    for lab in ("ps1", "formats"):
        script = Path(sys.executable).with_name("nbgrader")
        done = subprocess.run([script, "autograde", lab, "--force"], cwd=course, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
    assert len(ours) > 100
    assert scores(course) == ours
