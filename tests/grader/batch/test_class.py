"""A class from submitted/ to gradebook, autograded notebooks and feedback."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator

from course_utils.cli import main
from course_utils.errors import UserError
from grader.batch.lab import Outcome, Watch
from grader.demo.made_up import strange_ones
from grader.judging.result import PUBLIC, telling
from grader.sandbox import SandboxUnavailable

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py

RIGHT_CENTER = "def center(X):\n    return X - X.mean(axis=0)"


def insert(notebook: Any, code: str, before: str) -> Any:
    """A cell of the student's own above one of the template's."""
    at = next(i for i, cell in enumerate(notebook.cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == before)
    notebook.cells.insert(at, nbformat.v4.new_code_cell(code))
    return notebook


def answers(classroom: Classroom, **changed: str) -> Any:
    return classroom.notebook(classroom.made_up.right | changed)


def honest(classroom: Classroom) -> None:
    classroom.hand_in("ada")
    classroom.hand_in("bob", classroom.notebook({}))
    wrong = classroom.made_up.wrong["double"]["x is squared, not doubled"]
    classroom.hand_in("cleo", answers(classroom, double=wrong))
    classroom.hand_in("dan", insert(classroom.notebook(), "import sys\nprint('a warning', file=sys.stderr)\n1/0", before="center"))


HONEST = ("ada", "bob", "cleo", "dan")


def traces_of(classroom: Classroom, outcome: Outcome) -> dict[str, Any]:
    """All that an honest student is told, and the score."""
    found = {}
    for student in HONEST:
        result = outcome.results[student].public()
        del result["seconds"]
        found[student] = (result, classroom.written("autograded", student).read_text(), classroom.written("feedback", student).read_text())
    return found


def test_the_states_and_scores_of_a_class(classroom: Classroom) -> None:
    honest(classroom)
    classroom.hand_in("exits", insert(classroom.notebook(), "import os\nos._exit(0)", before="center"))
    classroom.hand_in("loops", insert(classroom.notebook(), "while True: pass", before="center"))
    classroom.hand_in("torn", nbformat.writes(classroom.notebook()).encode()[:900])
    outcome = classroom.grade(limits=classroom.hurried)
    told = {name: (result.status, result.score, result.max_score) for name, result in outcome.results.items()}
    assert told == {
        "ada": ("graded", 9, 12),
        "bob": ("graded", 0, 12),
        "cleo": ("graded", 6, 12),
        "dan": ("graded", 9, 12),
        "exits": ("partial", 9, 12),
        "loops": ("partial", 9, 12),
        "torn": ("ungradable", 0, 12),
    }
    assert outcome.results["loops"].reason == "the cell that begins with `while True: pass`: ran longer than 3 s and was interrupted"
    assert outcome.results["torn"].reason.startswith("lab_tiny.ipynb is not a complete notebook")
    assert not outcome.well
    mistakes = {check["mistake"] for check in outcome.results["cleo"].exercises["double"]["checks"]}
    assert mistakes == {"x is squared, not doubled"}


@pytest.mark.stress
def test_hostile_neighbours_change_nothing(classroom: Classroom) -> None:
    honest(classroom)
    alone = traces_of(classroom, classroom.grade())
    for student, notebook in strange_ones(classroom.made_up):
        classroom.hand_in(student, notebook)
    classroom.forget_results()
    among = classroom.grade(workers=2, limits=classroom.hurried)
    assert traces_of(classroom, among) == alone
    deserved = {"truncated": 0, "copies-a-check": 0, "lying-object": 0}
    for student, _ in strange_ones(classroom.made_up):
        assert among.results[student].score == deserved.get(student, 9), student


def test_a_second_run_has_nothing_to_do(classroom: Classroom) -> None:
    honest(classroom)
    assert len(classroom.grade().fresh) == 4
    before, page = classroom.scores(), classroom.written("feedback", "ada").stat().st_mtime_ns
    again = classroom.grade()
    assert again.fresh == []
    assert len(again.results) == 4
    assert classroom.scores() == before
    assert classroom.written("feedback", "ada").stat().st_mtime_ns == page
    assert len(classroom.grade(force=True).fresh) == 4
    assert classroom.scores() == before


@pytest.mark.stress
def test_old_scores_never_outlive_a_newer_submission(classroom: Classroom) -> None:
    classroom.hand_in("ada")
    assert classroom.grade().results["ada"].score == 9
    classroom.hand_in("ada", b"{")
    assert classroom.grade().results["ada"].status == "ungradable"
    assert {row[3] for row in classroom.scores() if row[2].endswith("_check")} == {0.0}
    assert "could not be graded" in classroom.written("feedback", "ada").read_text()
    classroom.hand_in("ada", classroom.notebook({}))
    assert classroom.grade().results["ada"].score == 0


def mark(root: Path, student: str, cell: str, points: float) -> None:
    """Grade by hand, as formgrader does."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "handgrad") as gradebook:
        grade = gradebook.find_grade(cell, LAB, LAB, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_comment(cell, LAB, LAB, student).manual_comment = "well argued"
        gradebook.db.commit()


@pytest.mark.stress
def test_manual_scores_stay_with_the_answer_they_were_given_to(classroom: Classroom) -> None:
    classroom.hand_in("ada")
    classroom.grade()
    mark(classroom.root, "ada", "reflection", 2.5)
    classroom.grade(force=True)
    row = next(row for row in classroom.scores() if row[2] == "reflection")
    assert row[3:] == (None, 2.5, None, 0)  # the answer is the same, and so nobody has to look again
    assert "well argued" in classroom.written("feedback", "ada").read_text()
    assert "Score: 11.5 / 12.0" in classroom.written("feedback", "ada").read_text()
    classroom.hand_in("ada", answers(classroom, double="def double(x):\n    return x"))
    classroom.grade()
    assert next(row for row in classroom.scores() if row[2] == "reflection")[4] == 2.5
    classroom.hand_in("ada", answers(classroom, reflection="Something quite different."))
    classroom.grade()
    row = next(row for row in classroom.scores() if row[2] == "reflection")
    assert row[3:] == (None, 2.5, None, 1)  # kept, and to be looked at again: nbgrader's rule


def test_an_unanswered_question_is_no_response(classroom: Classroom) -> None:
    classroom.hand_in("bob", classroom.notebook({}))
    classroom.grade()
    rows = classroom.scores()
    assert next(row for row in rows if row[2] == "reflection")[3:] == (0.0, None, None, 0)
    assert {row[2] for row in classroom.comments()} == {"No response."}
    page = classroom.written("feedback", "bob").read_text()
    assert "Not written yet" in page
    assert re.findall(r'<a href="#comment-\w+">(.*?)</a>', page) == ["comment on reflection"]  # the exercises are named at the top


@pytest.mark.stress
def test_being_late_is_penalised_by_nbgraders_rule(classroom: Classroom) -> None:
    with (classroom.root / "nbgrader_config.py").open("a") as config:
        config.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    with Gradebook(f"sqlite:///{classroom.root / 'gradebook.db'}", "handgrad") as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate="2020-01-01 00:00:00 UTC")
    for student, time in {"late": "2020-01-02 00:00:00 UTC", "later": "2020-01-01 02:00:00 Europe/Berlin", "timeless": ""}.items():
        path = classroom.hand_in(student)
        if time:
            (path.parent / "timestamp.txt").write_text(time)
    classroom.grade()
    found = classroom.query(
        "select a.student_id, a.timestamp, n.late_submission_penalty from submitted_notebook n "
        "join submitted_assignment a on a.id = n.assignment_id order by a.student_id",
    )
    assert [(row[0], (row[1] or "")[:16], row[2]) for row in found] == [
        ("late", "2020-01-02 00:00", 9.0),
        ("later", "2020-01-01 01:00", 9.0),
        ("timeless", "", None),
    ]
    assert "Late submission penalty" in classroom.written("feedback", "late").read_text()


def test_the_autograded_notebook_is_nbgraders(classroom: Classroom) -> None:
    path = classroom.hand_in("ada")
    (path.parent / "timestamp.txt").write_text("2020-01-02 00:00:00 UTC")
    (path.parent / "data.csv").write_text("1,2")
    (path.parent / "evil.html").write_text("<script>alert(1)</script>")
    classroom.grade()
    written = classroom.written("autograded", "ada")
    notebook = nbformat.read(written, as_version=4)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert written.stat().st_mode & 0o777 == 0o444
    assert sorted(path.name for path in written.parent.iterdir()) == ["data.csv", "lab_tiny.ipynb", "timestamp.txt"]
    check = next(cell for cell in notebook.cells if cell.source == 'check("double")')
    (output,) = check.outputs
    assert output.data["text/plain"] == "3.0"
    assert "<table" in output.data["text/html"]


def test_the_json_of_the_command_line(classroom: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    classroom.hand_in("ada")
    classroom.hand_in("torn", b"")
    command = ["grade", LAB, "--course", str(classroom.root), "--solutions", str(classroom.solutions), "--workers", "1"]
    assert main([*command, "--json"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [tuple(line) for line in lines] == [(*PUBLIC, "fresh")] * 2
    ada, torn = lines
    assert (ada["student"], ada["lab"], ada["status"], ada["score"], ada["max_score"], ada["sandbox"]) == (
        "ada",
        LAB,
        "graded",
        9,
        12,
        "bwrap",
    )
    assert ada["seconds"] > 0
    assert set(ada["exercises"]) == {"double", "center", "true_lines"}
    check = ada["exercises"]["center"]["checks"][0]
    assert check == {
        "title": "a table with far-off columns",
        "outcome": "passed",
        "score": 4,
        "max_score": 4,
        "message": "",
        "mistake": None,
    }
    assert (torn["status"], torn["reason"], torn["exercises"]) == ("ungradable", "lab_tiny.ipynb is empty.", {})
    assert main(command) == 1
    assert "Nothing new to grade: all 2 submissions of lab_tiny have their results: 1 graded, 1 ungradable" in capsys.readouterr().out
    assert main(["report", LAB, "--course", str(classroom.root)]) == 0
    assert "ungradable" in capsys.readouterr().out


def test_nothing_secret_reaches_a_student(classroom: Classroom) -> None:
    snoop = "import os\nprint(os.environ, os.listdir('/'), os.listdir())\nprint(open('checks.py').read())"
    classroom.hand_in("eve", insert(classroom.notebook({}), snoop, before="double"))
    classroom.hand_in("bob", classroom.notebook({"double": "def double(x):\n    print(x)\n    return 3 * x"}))
    outcome = classroom.grade(limits=classroom.options.limits)
    assert outcome.results["eve"].status == "graded"
    sources = "".join((classroom.solutions / LAB / name).read_text() for name in ("checks.py", "mistakes.py", "notebook.py"))
    secrets = [
        "_secret_numbers",
        "pairs_of_numbers",
        "return X - X.mean(axis=0)",
        "keepdims=True",
        "sample answer",
        "### BEGIN",
        str(classroom.root),
    ]
    assert all(secret in sources for secret in secrets[:-1])
    for step in ("autograded", "feedback", "release"):
        for path in (classroom.root / step).rglob("*.*"):
            text = path.read_bytes().decode("latin-1")
            assert not [secret for secret in secrets if secret in text], path


def test_active_content_is_cleaned_before_anybody_sees_it(classroom: Classroom) -> None:
    code = "from IPython.display import HTML, Javascript, display\ndisplay(Javascript('alert(6)'))\nHTML('<img src=x onerror=alert(6)>')"
    notebook = insert(answers(classroom, reflection="<script>alert(6)</script> my answer"), code, before="double")
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": "alert(6)"}}
    notebook.cells[0].metadata["tags"] = ['"><script>alert(6)</script>']
    classroom.hand_in("eve", notebook)
    classroom.grade()
    notebook = nbformat.read(classroom.written("autograded", "eve"), as_version=4)
    assert "widgets" not in notebook.metadata
    for cell in notebook.cells:
        said = [json.dumps(cell.get("outputs", [])), json.dumps(cell.metadata), cell.source if cell.cell_type == "markdown" else ""]
        assert not any("alert" in text for text in said)
    page = classroom.written("feedback", "eve").read_text()
    assert "my answer" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page.replace("&lt;", "")


@pytest.mark.stress
def test_what_our_own_mistakes_look_like(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    classroom.hand_in("ada")
    classroom.grade()
    classroom.hand_in("bob")
    classroom.hand_in("ada", classroom.notebook({}))

    def broken(*_: Any) -> None:
        raise RuntimeError("a bug of ours")

    with monkeypatch.context() as patch:
        patch.setattr("grader.batch.job.grade", broken)
        outcome = classroom.grade()
    assert {result.status for result in outcome.results.values()} == {"partial"}
    assert not outcome.well  # this run says so; the next one is not spoilt by it
    assert "RuntimeError: a bug of ours" in outcome.results["ada"].detail
    assert "Traceback" not in json.dumps(outcome.results["ada"].public())
    page = classroom.written("feedback", "ada").read_text()
    assert "Graded in part: the grader itself failed on it twice" in page
    assert "x - x.mean" not in page  # nothing of an older submission, nor of this one
    assert (classroom.grade().graded, classroom.grade().well) == ([], True)
    assert {result.status for result in classroom.grade(force=True).fresh} == {"graded"}


@pytest.mark.stress
def test_a_worker_that_dies_costs_one_try(classroom: Classroom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    from grader.batch import job

    grade = job.grade

    def dies_once(*args: Any) -> Any:
        if not (tmp_path / "died").exists():
            (tmp_path / "died").touch()
            os._exit(7)
        return grade(*args)

    monkeypatch.setattr("grader.batch.job.grade", dies_once)
    honest(classroom)
    assert {result.status for result in classroom.grade().results.values()} == {"graded"}


def test_odd_folders_stay_out_of_the_gradebook(classroom: Classroom, tmp_path: Path) -> None:
    classroom.hand_in("=cmd")
    classroom.hand_in("ada")
    elsewhere = tmp_path / "elsewhere" / LAB
    elsewhere.mkdir(parents=True)
    (elsewhere / f"{LAB}.ipynb").write_bytes(nbformat.writes(classroom.notebook()).encode())
    (classroom.root / "submitted" / "mallory").symlink_to(elsewhere.parent)
    outcome = classroom.grade()
    assert outcome.results["=cmd"].reason == "The folder name '=cmd' cannot be a student's id: rename it in submitted/."
    assert outcome.results["mallory"].reason == "mallory is a link, not a folder."
    assert classroom.query("select id from student order by id") == [("ada",), ("mallory",)]


def test_without_a_sandbox_nothing_is_graded(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise SandboxUnavailable("bubblewrap is missing: apt install bubblewrap.")

    monkeypatch.setattr("grader.batch.lab.Sandbox", refuse)
    classroom.hand_in("ada")
    with pytest.raises(UserError, match="apt install bubblewrap"):
        classroom.grade()
    assert classroom.scores() == []


def test_the_explicit_way_out_says_so(classroom: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    classroom.hand_in("ada")
    command = ["grade", LAB, "--course", str(classroom.root), "--solutions", str(classroom.solutions), "--sandbox", "none"]
    assert main(command) == 0
    assert "WITHOUT A SANDBOX" in capsys.readouterr().out
    assert main(["report", LAB, "--course", str(classroom.root)]) == 0
    assert "WITHOUT A SANDBOX" in capsys.readouterr().out


@pytest.mark.stress
def test_a_gradebook_that_is_held_by_another_program(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    classroom.hand_in("ada")
    classroom.grade()
    classroom.hand_in("ada", classroom.notebook({}))
    monkeypatch.setattr("grader.books.database.BUSY_SECONDS", 0)
    connection = sqlite3.connect(classroom.root / "gradebook.db", isolation_level=None)

    def hold(result: object) -> None:
        connection.execute("begin immediate")

    with pytest.raises(UserError, match="is held by another program"):
        classroom.grade(Watch(tell=hold))
    connection.close()
    assert {row[3] for row in classroom.scores()} == {3, 4, 2, None}
    assert classroom.grade().fresh == []  # it was in the journal already
    assert {row[3] for row in classroom.scores()} == {0}


def test_commands_that_cannot_be_followed(classroom: Classroom, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no lab_none"):
        classroom.grade(lab="lab_none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"There is no course in .*empty"):
        classroom.grade(course=tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []
    with pytest.raises(UserError, match="is not a folder"):
        classroom.grade(course=tmp_path / "nowhere")
    with pytest.raises(UserError, match="cannot be the name"):
        classroom.grade(lab="../lab_tiny")
    with pytest.raises(UserError, match="which no lab here answers"):
        classroom.grade(solutions=None)


def test_a_cell_that_did_not_run_is_said_so_and_what_stood_before_is_not_judged(classroom: Classroom) -> None:
    """`retrun` in the exercise's cell, and an older definition in a cell above it."""
    notebook = classroom.notebook(classroom.made_up.right | {"double": "def double(x):\n    retrun 2 * x"})
    notebook.cells.insert(1, nbformat.v4.new_code_cell("def double(x):\n    return 2 * x"))
    classroom.hand_in("ada", notebook)
    late = "import nowhere\n\n\ndef center(X):\n    return X"
    classroom.hand_in("bob", classroom.notebook(classroom.made_up.right | {"center": late}))
    results = classroom.grade().results
    checks = results["ada"].exercises["double"]["checks"]
    assert {check["outcome"] for check in checks} == {"not attempted"}
    said = "the cell that defines double did not run: SyntaxError: invalid syntax\nin the line: retrun 2 * x"
    assert {check["message"] for check in checks} == {said}
    page = classroom.written("feedback", "ada").read_text()
    assert "double</a> (0 of 3 points): the cell that defines double did not run" in page
    assert "Not written yet" not in page
    assert telling(results["ada"]) == f"double: {said}".replace("\n", ", ")
    (check,) = results["bob"].exercises["center"]["checks"]
    stopped = "the cell that defines center stopped before it came to it: ModuleNotFoundError: No module named 'nowhere'"
    assert check["message"] == stopped


def test_what_an_answer_printed_is_shown_for_public_checks_only(classroom: Classroom) -> None:
    answer = "def double(x):\n    print('type', type(x).__name__)\n    return 3 * x"
    classroom.hand_in("ada", classroom.notebook(classroom.made_up.right | {"double": answer}))
    classroom.grade()
    page = classroom.written("feedback", "ada").read_text()
    assert "it printed: type ndarray" in page
    assert "it printed: type int" not in page  # the hidden check's numbers
