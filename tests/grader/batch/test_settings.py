"""nbgrader's settings in a course that Handgrad grades: obeyed at the public door, with nbgrader itself as the oracle."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course_utils.cli import main
from grader.books import open_course

from ..conftest import LAB, SOLUTIONS
from .test_ordinary import SQUARE, cell

SETTINGS = """
c = get_config()
c.NbGrader.course_id = "of-old"
c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"
c.CourseDirectory.source_directory = "ours"
c.CourseDirectory.release_directory = "given"
c.CourseDirectory.submitted_directory = "handed/in"
c.CourseDirectory.autograded_directory = "graded"
c.CourseDirectory.feedback_directory = "told"
c.CourseDirectory.db_url = "sqlite:///books.db"
c.CourseDirectory.student_id = "[a-e]*"
c.CourseDirectory.student_id_exclude = "carl,dora"
c.CourseDirectory.ignore.append("*.log")
c.CourseDirectory.groupshared = True
c.Autograde.exclude_overwriting = {"ps1": ["helper.py"]}
c.ClearSolutions.begin_solution_delimeter = "ANSWER"
c.ClearSolutions.end_solution_delimeter = "UNTIL HERE"
c.ClearHiddenTests.begin_test_delimeter = "UNSEEN"
c.ClearHiddenTests.end_test_delimeter = "SEEN"
c.LimitOutput.max_lines = 3
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = "^hm"
c.ExecutePreprocessor.timeout = 2
c.NotebookClient.skip_cells_with_tag = "slow"
c.AssignLatePenalties.plugin_class = "penalties_of_this_course.Half"
"""
PENALTIES = """
from nbgrader.plugins import BasePlugin
class Half(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2
"""
LOUD = "import sys\ndef square(x):\n    print('hm', file=sys.stderr)\n    return x * x"
LONG = "import sys\ndef square(x):\n    print('a\\nb\\nc\\nd')\n    print('bad', file=sys.stderr)\n    return x * x"
ENDLESS = "def square(x):\n    while True:\n        pass"


NBGRADERS = ("### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
OWN = ("# ANSWER", "# UNTIL HERE", "# UNSEEN", "# SEEN")


def make(root: Path, settings: str, source: str = "source", marks: tuple[str, str, str, str] = NBGRADERS) -> None:
    """A course with one assignment, not released yet; `marks` stand around an answer and around hidden tests."""
    folder = root / source / "ps1"
    folder.mkdir(parents=True)
    answer, hidden = marks[:2], marks[2:]
    slow = nbformat.v4.new_code_cell("raise RuntimeError('nobody runs this')", metadata={"tags": ["slow"]})
    slow.metadata.nbgrader = cell("code", "", "slow", 1).metadata.nbgrader
    cells = [
        cell("code", f"def square(x):\n    {answer[0]}\n    return x * x\n    {answer[1]}", "square", solution=True),
        cell("code", f"assert square(2) == 4\n{hidden[0]}\nassert square(3) == 9, 'the unseen one'\n{hidden[1]}", "tests", 4),
        cell("code", "from helper import half\nassert half(4) == 2", "helped", 2),
        slow,
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "ps1.ipynb")
    (folder / "helper.py").write_text("def half(x):\n    return 'not written yet'\n")
    (root / "nbgrader_config.py").write_text(settings)


def hand_in(root: Path, student: str, square: str = SQUARE, files: Mapping[str, str] | None = None) -> None:
    """Put an answer where the course's settings say."""
    course = open_course(root)
    notebook = nbformat.read(course.own("release", "ps1") / "ps1.ipynb", as_version=4)
    notebook.cells[0].source = square
    folder = course.folder("submitted", student, "ps1")
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "ps1.ipynb")
    for name, text in (files or {}).items():
        (folder / name).write_text(text)


def held(gradebook: Path) -> tuple[list[Any], list[Any], list[Any]]:
    """Scores, penalties and comments."""
    joined = "join submitted_notebook n on n.id = {0}.notebook_id join submitted_assignment s on s.id = n.assignment_id"
    with sqlite3.connect(gradebook) as connection:
        scores = list(connection.execute(
            f"select s.student_id, c.name, g.auto_score, g.needs_manual_grade from grade g join base_cell c on c.id = g.cell_id "
            f"{joined.format('g')} order by 1, 2"
        ))  # fmt: skip
        late = list(connection.execute(
            "select s.student_id, n.late_submission_penalty from submitted_notebook n join submitted_assignment s "
            "on s.id = n.assignment_id order by 1"
        ))  # fmt: skip
        comments = list(connection.execute(
            f"select s.student_id, c.name, m.auto_comment from comment m join base_cell c on c.id = m.cell_id "
            f"{joined.format('m')} order by 1, 2"
        ))  # fmt: skip
    connection.close()
    return scores, late, comments


@pytest.fixture(autouse=True)
def drawing_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.books.course.PICTURES", ())


def files_below(folder: Path) -> set[str]:
    """What lies there, but for what Python keeps for itself, where the environment lets it."""
    found = {path.relative_to(folder) for path in folder.rglob("*")}
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


@pytest.mark.stress
def test_a_course_that_sets_everything_is_graded_as_nbgrader_grades_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, theirs = tmp_path / "course", tmp_path / "theirs"
    make(root, SETTINGS, "ours", OWN)
    (root / "penalties_of_this_course.py").write_text(PENALTIES)
    assert main(["grade", "ps1", "--course", str(root)]) == 0  # nothing is handed in: makes the release
    with open_course(root).database.open() as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate=datetime(2020, 1, 1))
    mine = {"helper.py": "def half(x):\n    return x / 2\n", "own.log": "", "own.txt": ""}
    hand_in(root, "ada", files=mine)
    hand_in(root, "abe", LOUD, {"timestamp.txt": "2020-01-02 00:00:00 UTC"})
    hand_in(root, "bob", LONG, mine | {"timestamp.txt": "2019-12-31 00:00:00 UTC"})
    hand_in(root, "eve", ENDLESS)
    for left_out in ("carl", "dora", "fred"):
        hand_in(root, left_out)
    shutil.copytree(root, theirs)
    assert main(["grade", "ps1", "--course", str(root)]) == 0
    done = subprocess.run(
        [Path(sys.executable).with_name("nbgrader"), "autograde", "ps1"], cwd=theirs, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    ours = held(root / "books.db")
    assert ours == held(theirs / "books.db")
    assert [row[2] for row in ours[0]] == [0, 1, 4, 2, 1, 4, 2, 1, 4, 0, 1, 0]
    assert dict(ours[1]) == {"abe": 2.5, "ada": None, "bob": None, "eve": None}
    assert files_below(root / "graded") == files_below(theirs / "graded")
    graded = root / "graded" / "ps1" / "ada"
    assert {(path.stat().st_mode & 0o7777, path.is_dir()) for path in (*graded.parent.rglob("*"), graded.parent)} == {
        (0o664, False),
        (0o2775, True),
    }
    assert sorted(path.name for path in (root / "told" / "ps1").iterdir()) == ["abe", "ada", "bob", "eve"]
    folders = {path.name for path in root.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert folders == {"given", "graded", "handed", "ours", "told"}


PLAIN = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.assignment_id = "ps1"
c.Autograde.create_student = False
c.Autograde.permissions = 440
c.GenerateFeedback.permissions = 640
c.OverwriteCells.add_missing_cells = True
c.AssignLatePenalties.enabled = False
c.LateSubmissionPlugin.penalty_method = "zero"
"""


@pytest.mark.stress
def test_where_the_course_is_who_may_be_entered_and_whose_files_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root, here = tmp_path / "course", tmp_path / "here"
    make(root, "c = get_config()\n")
    here.mkdir()
    (here / "nbgrader_config.py").write_text(PLAIN.format(root="../course"))
    (root / "nbgrader_config.py").write_text(PLAIN.format(root=str(root)))
    monkeypatch.chdir(here)
    assert main(["grade"]) == 0
    with open_course(root).database.open() as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate=datetime(2020, 1, 1))
        for student in ("ada", "bob"):
            gradebook.update_or_create_student(student)
    for student in ("ada", "bob", "eve"):
        hand_in(root, student, files={"timestamp.txt": "2020-01-02 00:00:00 UTC"})
    capsys.readouterr()
    assert main(["grade", "--json"]) == 1
    told = capsys.readouterr()
    assert [json.loads(line)["student"] for line in told.out.splitlines()] == ["ada", "bob"]
    assert "Not graded: eve. Autograde.create_student is False" in told.err
    assert "nbgrader_config.py sets OverwriteCells.add_missing_cells, which is not used. In its place: a missing cell is" in told.err
    assert held(root / "gradebook.db")[1] == [("ada", None), ("bob", None)]
    assert {path.stat().st_mode & 0o777 for path in (root / "autograded" / "ada" / "ps1").iterdir()} == {0o440}
    assert {path.stat().st_mode & 0o777 for path in (root / "feedback" / "ada" / "ps1").glob("*.html")} == {0o640}
    assert sorted(path.name for path in here.iterdir()) == ["nbgrader_config.py"]


@pytest.mark.stress
def test_whoever_is_named_is_graded_and_the_others_are_left_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, arguments = tmp_path / "course", ["grade", "ps1", "--course", str(tmp_path / "course")]
    make(root, "c = get_config()\nc.CourseDirectory.student_id = 'nobody'\nc.CourseDirectory.student_id_exclude = 'amy'\n")
    assert main(arguments) == 0
    for student in ("ada", "amy", "bob", "eve"):
        hand_in(root, student)
    assert main(arguments) == 0
    assert not (root / "autograded").exists()
    told = capsys.readouterr()
    assert f"Nothing to grade: {root / 'submitted'} has no submission of ps1 that is to be graded." in told.out
    assert "4 submissions were left out, as CourseDirectory.student_id and student_id_exclude ask: ada, amy, bob, eve." in told.err
    assert main([*arguments, "--student", "a*", "--student", "bob"]) == 0
    assert sorted(path.name for path in (root / "autograded").iterdir()) == ["ada", "bob"]
    before = {path: path.stat().st_mtime_ns for path in (root / "autograded").rglob("*.ipynb")}
    capsys.readouterr()
    assert main([*arguments, "--student", "bob", "--force"]) == 0
    assert "New results for the one submission: 1 graded." in capsys.readouterr().out
    changed = [path.parts[-3] for path, when in before.items() if path.stat().st_mtime_ns != when]
    assert changed == ["bob"]
    assert main([*arguments, "--student", "a*"]) == 0
    assert "Nothing left to grade" in capsys.readouterr().out
    with (root / "nbgrader_config.py").open("a") as settings:
        settings.write("c.LimitOutput.max_lines = 9\n")
    assert main([*arguments, "--student", "bob"]) == 0
    assert "ps1 has changed since some submissions were graded" in capsys.readouterr().err
    (root / "submitted" / "amy" / "ps1").mkdir(parents=True, exist_ok=True)
    assert main([*arguments, "--student", "amy"]) == 2
    assert "CourseDirectory.student_id_exclude in nbgrader_config.py leaves out amy" in capsys.readouterr().err
    assert main([*arguments, "--student", "zoe"]) == 2
    assert "has no submission of ps1 by zoe: is the student's id right? 4 handed it in." in capsys.readouterr().err


@pytest.mark.stress
def test_a_course_that_asks_for_it_is_graded_again_each_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, arguments = tmp_path / "course", ["grade", "ps1", "--course", str(tmp_path / "course")]
    make(root, "c = get_config()\nc.BaseConverter.force = True\n")
    assert main(arguments) == 0
    hand_in(root, "ada")
    for _ in range(2):
        assert main(arguments) == 0
        assert "New results for the one submission: 1 graded." in capsys.readouterr().out


@pytest.mark.stress
def test_an_assignment_is_generated_by_the_courses_own_steps(tmp_path: Path) -> None:
    root = tmp_path / "course"
    lines = [
        "c = get_config()",
        "from nbgrader.converters import GenerateAssignment",
        "from stamps_of_this_course import Stamp",
        "c.GenerateAssignment.preprocessors = [*GenerateAssignment.preprocessors.default(), Stamp]",
        "c.ClearSolutions.code_stub = {'python': 'pass  # yours'}",
        "c.IncludeHeaderFooter.header = 'head.ipynb'",
        "c.CourseDirectory.student_id = 'ada'",
    ]
    make(root, "\n".join([*lines, ""]))
    (root / "stamps_of_this_course.py").write_text(
        "from nbgrader.preprocessors import NbGraderPreprocessor\n"
        "class Stamp(NbGraderPreprocessor):\n"
        "    def preprocess(self, nb, resources):\n"
        "        nb.metadata.stamp = 'of this course'\n"
        "        return nb, resources\n"
    )
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Welcome.")]), root / "head.ipynb")
    assert main(["grade", "ps1", "--course", str(root)]) == 0
    released = nbformat.read(root / "release" / "ps1" / "ps1.ipynb", as_version=4)
    assert released.metadata.stamp == "of this course"
    assert released.cells[0].source == "Welcome."
    assert "pass  # yours" in released.cells[1].source


@pytest.mark.stress
def test_a_lab_is_put_where_the_course_keeps_its_assignments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "course"
    root.mkdir()
    settings = ["c = get_config()", *(line for line in SETTINGS.splitlines() if "_directory" in line or "structure" in line)]
    (root / "nbgrader_config.py").write_text("\n".join([*settings, ""]))
    arguments = ["grade", LAB, "--course", str(root), "--solutions", str(SOLUTIONS)]
    assert main(arguments) == 0
    course = open_course(root)
    assert (root / "ours" / LAB / "checks.py").is_file()
    folder = course.folder("submitted", "ada", LAB)
    shutil.copytree(root / "given" / LAB, folder)
    assert main(arguments) == 0
    assert [path.parent.name for path in (root / "graded" / LAB).rglob("*.ipynb")] == ["ada"]
    assert [path.parent.name for path in (root / "told" / LAB).rglob("*.html")] == ["ada"]
    capsys.readouterr()
    assert main([*arguments, "--replay"]) == 0
    assert capsys.readouterr().out.startswith("1 judged again, 0 of them with another score")
    assert not [name for name in ("source", "release", "submitted", "autograded", "feedback") if (root / name).exists()]
