"""An ordinary assignment of several notebooks with files of all kinds beside them, as nbgrader's courses have them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course_utils.errors import UserError

pytestmark = pytest.mark.stress

Classroom = Any  # the fixture of conftest.py
NAME = "ps2"
FORGED = "LIMIT = 'forged'\n"


def cell(source: str, grade_id: str = "", points: float | None = None, *, solution: bool = False) -> Any:
    role: dict[str, Any] = {"grade_id": grade_id, "schema_version": 3, "task": False}
    role |= {"grade": points is not None, "solution": solution, "locked": not solution}
    if points is not None:
        role["points"] = points
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": role} if grade_id else {})


def notebook(*cells: Any) -> Any:
    return nbformat.v4.new_notebook(cells=list(cells))


HIDDEN = "assert half(2) == 1\n### BEGIN HIDDEN TESTS\nassert half(5) == 2.5, 'a secret'\n### END HIDDEN TESTS"
WRITES = """
import os
from pathlib import Path

for name in ("plot.png", "table.csv", "model.pkl", "timestamp.txt", "submission_secret.txt", "warnings.py", ".bashrc"):
    Path(name).write_text("made")
Path("out").mkdir(exist_ok=True)
Path("out/deep.txt").write_text("x")
os.path.lexists("link.txt") or os.symlink("/etc/passwd", "link.txt")
Path("data.csv").write_text("changed")
Path("huge.txt").write_bytes(bytes(20 * 2**20));
"""


@pytest.fixture
def course(classroom: Classroom) -> Classroom:
    """Two notebooks; a file named as a lab's checks, data that only the source has, and a module."""
    source = classroom.root / "source" / NAME
    source.mkdir(parents=True)
    first = notebook(
        cell("from checks import LIMIT\nimport helper"),
        cell("def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION", "half", solution=True),
        cell(HIDDEN, "half_tests", 1),
        cell("assert LIMIT == 7 and helper.LIMIT == 7", "limit_tests", 1),
        cell("check = print\ncheck('q1')", "own_check", 1),
    )
    second = notebook(
        cell("text = open('secret.csv').read()"),
        cell("assert text == '1,2'", "data_tests", 1),
        cell("%run p1.ipynb\nassert half(4) == 2", "run_tests", 1),
        cell("assert open('table.csv').read() == 'made'", "made_tests", 1),
        cell("assert 'a secret' not in open('p1.ipynb').read()", "hidden_tests", 1),
    )
    nbformat.write(first, source / "p1.ipynb")
    nbformat.write(second, source / "p2.ipynb")
    (source / "checks.py").write_text("LIMIT = 7\n")
    (source / "helper.py").write_text("from checks import LIMIT\n")
    (source / "data.csv").write_text("1,2")
    (source / "large.bin").write_bytes(bytes(17 * 2**20))
    classroom.grade(lab=NAME, solutions=None)  # nothing is submitted yet: makes the release
    (source / "secret.csv").write_text("1,2")  # after the release: students never had it
    return classroom


def hand_in(course: Classroom, student: str, answer: str, renames: Mapping[str, str] = {}) -> Path:
    """Hand in all that was released, with an answer, and files under other names."""
    folder: Path = course.root / "submitted" / student / NAME
    shutil.copytree(course.root / "release" / NAME, folder)
    (folder / "checks.py").write_text(FORGED)
    first = nbformat.read(folder / "p1.ipynb", as_version=4)
    first.cells[1].source = answer
    nbformat.write(first, folder / "p1.ipynb")
    for name, other in renames.items():
        (folder / other).parent.mkdir(exist_ok=True)
        (folder / name).rename(folder / other)
    return folder


def scores(course: Classroom, student: str) -> dict[str, float]:
    found = course.query(
        "select c.name, g.auto_score from grade g join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id "
        "join submitted_assignment s on s.id = n.assignment_id where s.student_id = ?",
        student,
    )
    return dict(found)


def test_what_lies_beside_a_notebook_is_what_nbgrader_has_there(course: Classroom) -> None:
    right = "def half(x):\n    return x / 2\n"
    hand_in(course, "o'brien", right + WRITES)
    hand_in(course, "a&b", "def half(x):\n    return 1\nopen('table.csv', 'w').write('made');")
    outcome = course.grade(lab=NAME, solutions=None)
    assert {name: result.status for name, result in outcome.results.items()} == {"o'brien": "graded", "a&b": "graded"}
    points = dict.fromkeys(["half_tests", "limit_tests", "own_check", "data_tests", "run_tests", "made_tests", "hidden_tests"], 1)
    assert scores(course, "o'brien") == points
    assert scores(course, "a&b") == points | {"half_tests": 0, "run_tests": 0}
    folder = course.root / "autograded" / "o'brien" / NAME
    kept = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    released = {"checks.py", "helper.py", "data.csv", "large.bin", "secret.csv"}
    assert kept == {"p1.ipynb", "p2.ipynb", "plot.png", "table.csv", "out/deep.txt", *released}
    assert (folder / "checks.py").read_text() == "LIMIT = 7\n"
    assert (folder / "data.csv").read_text() == "1,2"
    assert (folder / "large.bin").stat().st_size == 17 * 2**20
    said = [sentence for sentence in outcome.results["o'brien"].repairs if "wrote" in sentence]
    assert len(said) == 1
    assert "model.pkl" in said[0]
    assert "huge.txt" in said[0]
    assert not any("large.bin" in sentence for sentence in outcome.results["o'brien"].repairs)
    for path in (course.root / "feedback").rglob("*.html"):
        assert "half(5)" not in re.sub("<[^>]+>", "", path.read_text())


def test_a_renamed_notebook_counts_from_when_that_is_asked_for(course: Classroom) -> None:
    hand_in(course, "eve", "def half(x):\n    return x / 2\nopen('table.csv', 'w').write('made');", {"p1.ipynb": "p1 (1).ipynb"})
    before = course.grade(lab=NAME, solutions=None).results["eve"]
    assert before.status == "partial"
    assert "There is p1 (1).ipynb" in before.reason
    after = course.grade(lab=NAME, solutions=None, accept_renamed=True).results["eve"]
    assert (after.status, after.score) == ("graded", 7)
    assert "p1 (1).ipynb was taken for p1.ipynb." in after.repairs
    again = course.grade(lab=NAME, solutions=None)  # without saying it once more
    assert again.graded == []
    assert again.results["eve"].score == 7


def test_a_package_that_is_not_here_is_told_before_anything_is_graded(course: Classroom) -> None:
    path = course.root / "source" / NAME / "p2.ipynb"
    made = nbformat.read(path, as_version=4)
    made.cells[
        0
    ].source = "import no_such_package.inner as inner\nimport mine, sklearn\ntry:\n    import nor_this\nexcept ImportError:\n    pass"
    nbformat.write(made, path)
    folder = hand_in(course, "eve", "half = None")
    (folder / "mine.py").write_text("x = 1")  # students write this module
    with pytest.raises(UserError, match=r"imports no_such_package, which is not installed here.* -m pip install no_such_package`"):
        course.grade(lab=NAME, solutions=None)
    assert not (course.root / "autograded").exists()
