"""What a person gave stays: marks, extra credit, overrides and comments survive every regrade, and pages follow them."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades

from course_utils.cli import main
from course_utils.errors import UserError
from grader.batch.lab import Watch
from grader.batch.renew import renew_pages
from grader.batch.replay import replay_lab
from grader.build import course_config, generate, scripts_on_path
from grader.cli import feedback

from ..conftest import SOLUTIONS, Classroom

LAB = "lab_tiny"
RIGHT = {"double": "def double(x):\n    return 2 * x  # of my own"}
pytestmark = pytest.mark.stress


@pytest.fixture(scope="module")
def marked(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of two that was graded, and of whom ada was marked by a person; copy it, never write to it."""
    root = tmp_path_factory.mktemp("marked") / "course"
    shutil.copytree(installed, root, symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.books.course.PICTURES", ())
        classroom = Classroom(root)
        classroom.hand_in("ada")
        classroom.hand_in("bob", classroom.notebook({}))
        classroom.grade()
        by_hand(classroom)
    return root


@pytest.fixture
def graded(marked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Classroom:
    """A copy of it, with a private copy of the lab that may be changed."""
    monkeypatch.setattr("grader.books.course.PICTURES", ())
    shutil.copytree(marked, tmp_path / "course", symlinks=True)
    shutil.copytree(SOLUTIONS, tmp_path / "solutions")
    return Classroom(tmp_path / "course", tmp_path / "solutions")


def opened(classroom: Classroom) -> Gradebook:
    return Gradebook(f"sqlite:///{classroom.root / 'gradebook.db'}", "handgrad")


def by_hand(classroom: Classroom) -> None:
    """Marks of every kind, as formgrader gives them: an override, extra credit, an essay's score, two comments."""
    with opened(classroom) as gradebook:
        for cell, manual, extra in (("double_check", 1.5, 0.25), ("center_check", None, 2.0), ("reflection", 2.5, None)):
            grade = gradebook.find_grade(cell, LAB, LAB, "ada")
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = manual, extra, False
        for cell in ("double", "reflection"):
            gradebook.find_comment(cell, LAB, LAB, "ada").manual_comment = f"well argued, this {cell}"
        gradebook.db.commit()


GIVEN = {"center_check": (None, 2.0), "double_check": (1.5, 0.25), "reflection": (2.5, None), "true_lines_check": (None, None)}
SETTLED = dict.fromkeys(GIVEN, 0)


def of_ada(classroom: Classroom) -> tuple[dict[str, Any], dict[str, int]]:
    """What a person gave her, and what waits for a person."""
    rows = [row for row in classroom.scores() if row[0] == "ada"]
    return {row[2]: (row[4], row[5]) for row in rows}, {row[2]: row[6] for row in rows}


def comments_of_ada(classroom: Classroom) -> dict[str, str | None]:
    return {row[1]: row[3] for row in classroom.comments() if row[0] == "ada" and row[3]}


COMMENTS = {"double": "well argued, this double", "reflection": "well argued, this reflection"}


def saved_by_nbgrader(classroom: Classroom, tmp_path: Path) -> tuple[dict[str, Any], dict[str, str | None]]:
    """What a person gave, after nbgrader itself saved the grades of the same notebook into a copy of the gradebook."""
    copy = Classroom(shutil.copytree(classroom.root, tmp_path / "theirs", symlinks=True), classroom.solutions)
    notebook = nbformat.read(copy.written("autograded", "ada"), as_version=4)
    url = f"sqlite:///{copy.root / 'gradebook.db'}"
    resources = ResourcesDict(nbgrader={"notebook": LAB, "assignment": LAB, "student": "ada", "db_url": url})
    SaveAutoGrades().preprocess(notebook, resources)
    return of_ada(copy)[0], comments_of_ada(copy)


def forced(classroom: Classroom) -> Any:
    return classroom.grade(force=True)


def replayed(classroom: Classroom) -> Any:
    return replay_lab(LAB, classroom.root, classroom.solutions)


def forgotten(classroom: Classroom) -> Any:
    classroom.forget_results()
    return classroom.grade()


@pytest.mark.parametrize("regrade", [forced, replayed], ids=["--force", "--replay"])
def test_a_regrade_of_the_same_answers_changes_no_mark(graded: Classroom, tmp_path: Path, regrade: Callable[[Classroom], Any]) -> None:
    regrade(graded)
    assert of_ada(graded) == (GIVEN, SETTLED)
    assert comments_of_ada(graded) == COMMENTS
    assert saved_by_nbgrader(graded, tmp_path) == (GIVEN, COMMENTS)  # nbgrader keeps as much, but flags all of it again
    if regrade is forced:
        assert "Score: 12.25 / 12.0" in graded.written("feedback", "ada").read_text()


def test_without_the_journal_marks_stay_and_are_looked_at_again(graded: Classroom) -> None:
    outcome = forgotten(graded)
    given, waiting = of_ada(graded)
    assert given == GIVEN
    assert waiting == SETTLED | dict.fromkeys(("center_check", "double_check", "reflection"), 1)
    (note,) = [note for note in outcome.notes if "ada" in note]
    assert "reflection (2.5; nobody noted which answer it was given to)" in note


def test_another_answer_keeps_its_mark_and_asks_for_a_second_look(graded: Classroom, tmp_path: Path) -> None:
    graded.hand_in("ada", graded.notebook(graded.made_up.right | RIGHT))
    outcome = graded.grade()
    given, waiting = of_ada(graded)
    assert given == GIVEN
    assert saved_by_nbgrader(graded, tmp_path) == (GIVEN, COMMENTS)
    assert waiting == SETTLED | {"double_check": 1, "center_check": 1}  # the essay is the one that was marked
    (note,) = outcome.notes
    assert note.startswith("ada: what a person gave stays, and should be looked at again in ")
    for told in ("double_check (1.5 + 0.25 extra; the answer is another one)", "center_check (2 extra; ", "double (a comment; "):
        assert told in note
    assert "reflection" not in note
    assert graded.grade().notes == []


def test_a_truncated_file_takes_no_mark_away(graded: Classroom) -> None:
    graded.hand_in("ada", b"{")
    outcome = graded.grade()
    assert of_ada(graded) == (GIVEN, SETTLED | {"double_check": 1, "center_check": 1, "reflection": 1})
    assert "reflection (2.5; the answer was unreadable)" in outcome.notes[0]


def test_an_override_whose_check_was_mended_is_looked_at_again(graded: Classroom) -> None:
    checks = graded.solutions / LAB / "checks.py"
    checks.write_text(checks.read_text().replace('@check("double", points=2)', '@check("double", points=5)'))
    notes: list[str] = []
    replay_lab(LAB, graded.root, graded.solutions, watch=Watch(note=notes.append))
    assert of_ada(graded) == (GIVEN, SETTLED | {"double_check": 1})
    assert "double_check (1.5 + 0.25 extra; the points of the cell changed)" in notes[0]


def test_pages_follow_the_marks_and_only_those_that_changed(graded: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.batch.job.grade", None)  # no code is run
    pages = {student: graded.written("feedback", student) for student in ("ada", "bob")}
    before = pages["bob"].stat().st_mtime_ns
    assert "Score: 9.0 / 12.0" in pages["ada"].read_text()
    scores = graded.scores()
    renewed = renew_pages(LAB, graded.root, graded.solutions)
    assert renewed.students == ["ada"]
    assert "Score: 12.25 / 12.0" in pages["ada"].read_text()
    assert COMMENTS["double"] in pages["ada"].read_text()
    assert pages["bob"].stat().st_mtime_ns == before
    assert graded.scores() == scores
    assert renew_pages(LAB, graded.root, graded.solutions).students == []
    pages["bob"].unlink()
    assert renew_pages(LAB, graded.root, graded.solutions).students == ["bob"]
    assert renew_pages(LAB, graded.root, graded.solutions, every=True).students == ["ada", "bob"]


def test_the_next_grade_renews_as_well(graded: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["grade", LAB, "--course", str(graded.root), "--solutions", str(graded.solutions), "--workers", "1"]
    assert main(command) == 0
    assert "Nothing left to grade: all 2 submissions of lab_tiny are graded" in (said := capsys.readouterr().out)
    assert "1 page was renewed from the gradebook: ada." in said
    assert "12.25" in graded.written("feedback", "ada").read_text()
    assert main(command) == 0
    assert "renewed" not in capsys.readouterr().out


def test_the_verb(graded: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    feedback.add(parser.add_subparsers())

    def run(*more: str) -> int:
        args = parser.parse_args(["feedback", LAB, "--course", str(graded.root), "--solutions", str(graded.solutions), *more])
        return int(args.run(args))

    assert run("--student", "bob") == 0
    assert capsys.readouterr().out == "No page had to be renewed.\n"
    graded.written("autograded", "ada").unlink()
    assert run() == 1
    assert "The graded notebook of ada is not there: `handgrad grade lab_tiny` makes it again." in capsys.readouterr().out
    assert run("--json") == 1
    assert json.loads(capsys.readouterr().out) == {"renewed": [], "without_page": ["ada"]}
    with pytest.raises(UserError, match="no graded submission of lab_tiny by eve"):
        run("--student", "eve")


PS = "ps1"  # an assignment of nbgrader's own kind
TESTS = "assert square(2) == 4\n### BEGIN HIDDEN TESTS\nassert square(3) == {}\n### END HIDDEN TESTS"


def cell(source: str, grade_id: str, *, kind: str = "code", points: int | None = None, solution: bool = False, task: bool = False) -> Any:
    role = {"grade_id": grade_id, "schema_version": 3, "task": task, "grade": points is not None and not task, "solution": solution}
    role |= {"locked": not solution} | ({} if points is None else {"points": points})
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, metadata={"nbgrader": role})


def assigned(classroom: Classroom, expected: int) -> None:
    """Write and release the assignment; what the hidden test expects may be wrong."""
    cells = [
        cell("def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION", "square", solution=True),
        cell(TESTS.format(expected), "tests", points=2),
        cell("Draw what you found, wherever you like.", "draw", kind="markdown", points=4, task=True),
    ]
    path = classroom.root / "source" / PS / f"{PS}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    with scripts_on_path():
        generate(PS, course_config(classroom.root))


def drawn(classroom: Classroom, square: str, *below: str) -> None:
    notebook = nbformat.read(classroom.root / "release" / PS / f"{PS}.ipynb", as_version=4)
    notebook.cells[0].source = f"def square(x):\n    return {square}"
    notebook.cells += [nbformat.v4.new_markdown_cell(text) for text in below]
    classroom.hand_in("ada", notebook, lab=PS)


def test_a_hidden_test_that_was_mended_takes_no_mark_away(classroom: Classroom) -> None:
    """The rule holds in any course of nbgrader's: overrides of test cells, marks and comments of tasks."""
    assigned(classroom, 8)
    drawn(classroom, "x * x", "A parabola.")
    assert classroom.grade(lab=PS, solutions=None).results["ada"].score == 0
    with opened(classroom) as gradebook:
        for name, points in (("tests", 2.0), ("draw", 3.0)):
            grade = gradebook.find_grade(name, PS, PS, "ada")
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_comment("draw", PS, PS, "ada").manual_comment = "a fine curve"
        gradebook.db.commit()
    assigned(classroom, 9)
    told = classroom.grade(lab=PS, solutions=None)
    assert told.notes == ["ps1 has changed since some submissions were graded: --force grades them again."]
    assert classroom.grade(lab=PS, solutions=None).notes == told.notes  # until it is done
    outcome = classroom.grade(lab=PS, solutions=None, force=True)
    assert outcome.results["ada"].score == 2
    assert outcome.standings["ada"].score == 5
    assert outcome.standings["ada"].again == {"tests": 2.0}
    assert "tests (2; its automatic score was 0 and is 2)" in outcome.notes[0]
    assert "draw" not in outcome.notes[0]
    outcome = classroom.grade(lab=PS, solutions=None, force=True)
    assert outcome.notes == []
    assert outcome.standings["ada"].score == 5  # the table shows the marks, though no page had to be renewed
    drawn(classroom, "x * x", "A parabola.", "And its slope.")
    outcome = classroom.grade(lab=PS, solutions=None)
    assert outcome.standings["ada"].again == {"tests": 2.0, "draw": 3.0}  # the first still waits
    assert "draw (3; the answer is another one), draw (a comment; the answer is another one)" in outcome.notes[0]
    assert "a fine curve" in classroom.written("feedback", "ada", PS).read_text()
