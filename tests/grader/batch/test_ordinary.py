"""An ordinary nbgrader assignment, with assert cells and hidden tests, in the same sandbox and by nbgrader's own rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

Classroom = Any  # the fixture of conftest.py
NAME = "ps1"


def cell(kind: str, source: str, grade_id: str, points: float | None = None, *, solution: bool = False) -> Any:
    role: dict[str, Any] = {"grade_id": grade_id, "schema_version": 3, "task": False}
    role |= {"grade": points is not None, "solution": solution, "locked": not solution}
    if points is not None:
        role["points"] = points
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, metadata={"nbgrader": role})


@pytest.fixture
def ordinary(classroom: Classroom) -> Classroom:
    """The course with an assignment in source/ that Handgrad has never seen."""
    square = "def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION"
    tests = "assert square(2) == 4\n### BEGIN HIDDEN TESTS\nassert square(3) == 9, 'the hidden one'\n### END HIDDEN TESTS"
    cells = [
        cell("code", square, "square", solution=True),
        cell("code", tests, "square_tests", 2),
        cell("code", "0.5 * (square(2) == 4)", "half", 1),
        cell("markdown", "Because.", "why", 3, solution=True),
    ]
    folder = classroom.root / "source" / NAME
    folder.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{NAME}.ipynb")
    (folder / "data.csv").write_text("1,2")
    return classroom


def submit(classroom: Classroom, student: str, square: str, why: str = "YOUR ANSWER HERE", tests: str = "") -> None:
    path = classroom.root / "release" / NAME / f"{NAME}.ipynb"
    if not path.exists():
        classroom.grade(lab=NAME, solutions=None)  # nothing is submitted yet: makes the release
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = square
    notebook.cells[1].source = tests or notebook.cells[1].source
    notebook.cells[3].source = why
    classroom.hand_in(student, notebook, lab=NAME)


SQUARE = "def square(x):\n    return x * x"
LOUD = "import sys\ndef square(x):\n    print('hm', file=sys.stderr)\n    return x * x"
LIAR = (
    "class Liar:\n    def __eq__(self, other):\n        return True\n    def __rmul__(self, other):\n        return 99\n"
    "def square(x):\n    return Liar()"
)


def test_nbgraders_rules(ordinary: Classroom) -> None:
    submit(ordinary, "right", SQUARE, "It is so.")
    submit(ordinary, "wrong", "def square(x):\n    return x + 2")
    submit(ordinary, "loud", LOUD)
    submit(ordinary, "edits", "def square(x):\n    return 0", tests="pass")
    submit(ordinary, "exits", "import os\ndef square(x):\n    os._exit(0)")
    outcome = ordinary.grade(lab=NAME, solutions=None)
    scores = {
        row[:2]: row[2]
        for row in ordinary.query(
            "select s.student_id, c.name, g.auto_score from grade g join base_cell c on c.id = g.cell_id "
            "join submitted_notebook n on n.id = g.notebook_id join submitted_assignment s on s.id = n.assignment_id"
        )
    }
    assert {name: [scores[name, cell] for cell in ("square_tests", "half", "why")] for name in outcome.results} == {
        "right": [2, 0.5, None],
        "wrong": [0, 0.5, 0],  # an assertion, a partial credit, no response
        "loud": [0, 0, 0],  # nbgrader takes text on stderr for a failure
        "edits": [0, 0, 0],
        "exits": [0, 0, 0],
    }
    assert outcome.results["exits"].status == "partial"


def test_hidden_tests_stay_hidden_from_students(ordinary: Classroom) -> None:
    submit(ordinary, "wrong", "def square(x):\n    return x + 2")
    ordinary.grade(lab=NAME, solutions=None)
    assert "square(3) == 9" in ordinary.written("autograded", "wrong", NAME).read_text()
    page = ordinary.written("feedback", "wrong", NAME).read_text()
    assert "BEGIN HIDDEN" not in page
    assert "== 9" not in page.replace("<span", "").replace("</span>", "")
    assert "AssertionError" in page


def test_a_traceback_that_was_switched_off_is_still_a_failure(ordinary: Classroom) -> None:
    silent = "get_ipython().showtraceback = lambda *a, **k: None\ndef square(x):\n    return 0"
    submit(ordinary, "silent", silent)
    assert ordinary.grade(lab=NAME, solutions=None).results["silent"].score == 0


def test_released_files_win_over_those_of_the_student(ordinary: Classroom) -> None:
    submit(ordinary, "eve", "def square(x):\n    return x * x\nprint(open('data.csv').read())")
    folder: Path = ordinary.written("submitted", "eve", NAME).parent
    (folder / "data.csv").write_text("forged")
    ordinary.grade(lab=NAME, solutions=None)
    text = ordinary.written("autograded", "eve", NAME).read_text()
    assert "1,2" in text
    assert "forged" not in text
