"""What a result becomes in the words of Gradescope and PrairieLearn, and what their hosts are given to run."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from course_utils.checking.declare import Check
from course_utils.errors import UserError
from grader.judging import FAILED, GRADED, PARTIAL, UNGRADABLE, Assignment, CellScore, Result
from grader.platforms.hosts import results, wheel, write_host
from grader.platforms.hosts.adapter import HOSTS, Host, grade

STATUSES, VISIBILITIES = {"passed", "failed"}, {"visible", "hidden", "after_due_date", "after_published"}
FORMATS = {"text", "md", "html", "simple_format", "ansi"}
SLIP = "the mean is of rows"
EVIL = "<script>alert(1)</script> **bold** [x](javascript:alert(1))\x1b[2J"


def check_of(exercise: str, title: str, points: float, hidden: bool = False) -> Check:
    return Check(exercise, title, points, lambda **asked: {}, (), hidden=hidden)


CHECKS = {
    "double": [check_of("double", "an array", 2), check_of("double", "one by one", 1, hidden=True)],
    "center": [check_of("center", "a table", 4)],
}
LAB: Any = Assignment("lab_tiny", (), SimpleNamespace(checks=CHECKS), (), {}, 1.0)


def said(title: str, score: float, most: float, outcome: str = "", message: str = "", mistake: str | None = None) -> dict[str, Any]:
    outcome = outcome or ("passed" if score == most else "failed")
    return {"title": title, "outcome": outcome, "score": score, "max_score": most, "message": message, "mistake": mistake}


def result_of(**changes: Any) -> Result:
    wrong = said("a table", 0, 4, message=f"called with X (4, 2)\nX differs in 8 of 8 entries\n{SLIP}", mistake=SLIP)
    found = Result("submission", "lab_tiny", "digest", GRADED, seconds=1.25, sandbox="container")
    found.exercises = {
        "double": {"score": 2, "max_score": 3, "first": "", "checks": [said("an array", 2, 2), said("one by one", 0, 1, message="secret")]},
        "center": {"score": 0, "max_score": 4, "first": "", "checks": [wrong]},
    }
    found.cells = {"lab_tiny": {"double_check": CellScore(2, 3), "center_check": CellScore(0, 4)}}
    found.count()
    return replace(found, **changes)


def in_the_grammar(found: dict[str, Any]) -> dict[str, Any]:
    """What Gradescope's specification asks of results.json."""
    found = json.loads(json.dumps(found, allow_nan=False))
    assert isinstance(found["score"], int | float)
    assert {found[f"{part}output_format"] for part in ("", "test_")} | {found["test_name_format"]} <= FORMATS
    for test in found["tests"]:
        assert test["status"] in STATUSES
        assert test["visibility"] in VISIBILITIES
        assert 0 <= test["score"] <= test["max_score"]
        assert isinstance(test["name"], str)
        assert isinstance(test["output"], str)
    return found


def test_gradescope_shows_public_checks_at_once_and_hidden_ones_when_grades_are_published():
    found = in_the_grammar(results.gradescope(result_of(), LAB))
    assert [(test["name"], test["score"], test["max_score"], test["visibility"]) for test in found["tests"]] == [
        ("double: an array", 2, 2, "visible"),
        ("double: one by one", 0, 1, "after_published"),
        ("center: a table", 0, 4, "visible"),
    ]
    assert (found["score"], found["execution_time"], found["stdout_visibility"]) == (2, 1.25, "hidden")
    assert found["extra_data"]["handgrad"] == {"state": "graded", "sandbox": "container"}


def test_the_mistake_comes_first_and_once_and_the_numbers_stand_as_code():
    output = results.gradescope(result_of(), LAB)["tests"][2]["output"]
    assert output == "**the mean is of rows**\n\n    called with X (4, 2)\n    X differs in 8 of 8 entries"


def test_nothing_of_a_students_is_markdown_or_a_command_to_a_terminal():
    evil = result_of(status=PARTIAL, reason=EVIL, repairs=[EVIL])
    evil.exercises["center"]["checks"] = [said("a table", 0, 4, message=f"{EVIL}\n```\n{EVIL}")]
    found = in_the_grammar(results.gradescope(evil, LAB))
    block = found["tests"][2]["output"].split("\n\n", 1)[1]
    assert all(line.startswith("    ") for line in block.split("\n"))
    assert "<" not in found["output"]
    assert "\\*\\*bold\\*\\* \\[x\\](javascript:" in found["output"]
    assert "\x1b" not in json.dumps(found, ensure_ascii=False)


def test_what_was_not_judged_before_the_budget_ended_counts_nothing_and_says_so():
    cut = result_of(status=PARTIAL, reason="Graded in part: it used up 20 s.")
    del cut.exercises["center"]
    found = in_the_grammar(results.gradescope(cut, LAB))
    assert found["tests"][2]["score"] == 0
    assert "It was not judged." in found["tests"][2]["output"]
    assert found["output"].startswith("Graded in part: it used up 20 s.")


def test_what_cannot_be_graded_gets_one_sentence():
    broken = result_of(status=UNGRADABLE, reason="lab_tiny.ipynb is missing.", score=0.0, exercises={})
    sentence = "This submission could not be graded. lab_tiny.ipynb is missing."
    found = in_the_grammar(results.gradescope(broken, LAB))
    assert (found["output"].replace("\\", ""), found["score"], found["tests"]) == (sentence, 0, [])
    assert results.prairielearn(broken, LAB) == {
        "gradable": False, "score": 0.0, "format_errors": [sentence], "message": sentence, "tests": [],
    }  # fmt: skip


def test_where_the_grader_failed_no_student_is_told_a_traceback():
    ours = Result("", "", "", FAILED, reason="secret", detail="Traceback of ours")
    assert results.sentences(ours) == [results.OURS]
    assert "secret" not in json.dumps([results.gradescope(ours, LAB), results.prairielearn(ours, LAB)])


def test_prairielearn_gets_a_share_of_what_no_person_gives_and_never_what_hidden_checks_ask():
    marked = result_of()
    marked.cells["lab_tiny"]["report"] = CellScore(None, 10)
    marked.count()
    found = results.prairielearn(marked, LAB)
    assert found["score"] == pytest.approx(2 / 7)
    assert [(test["name"], test["description"], test["points"], test["max_points"]) for test in found["tests"]] == [
        ("double", "an array", 2, 2),
        ("double", "checks that are not shown", 0, 1),
        ("center", "a table", 0, 4),
    ]
    assert found["tests"][2]["message"] == "the mean is of rows"
    assert "secret" not in json.dumps(found)
    assert "report (10)" in found["message"]


@pytest.mark.parametrize("write", [results.gradescope, results.prairielearn])
def test_results_are_never_larger_than_a_host_takes(write):
    long = result_of()
    many = [check_of("double", f"number {i}", 1) for i in range(900)]
    lab: Any = replace(LAB, lab=SimpleNamespace(checks={"double": many}))
    message = "\n".join(["é" * 400] * 20)
    long.exercises = {"double": {"first": "", "checks": [said(f"number {i}", 0, 1, message=message) for i in range(900)]}}
    found = write(long, lab)
    assert len(json.dumps(found)) <= results.MOST_BYTES
    assert len(found["tests"]) == 900
    assert found["tests"][0]["output"]


def test_an_ordinary_assignment_is_told_by_its_cells():
    template: Any = SimpleNamespace(name="ps1", graded=[
        SimpleNamespace(grade_id="one", locked=True, source="assert f(1)", released="assert f(1)"),
        SimpleNamespace(grade_id="two", locked=True, source="assert f(1)\n### BEGIN HIDDEN TESTS", released="assert f(1)"),
    ])  # fmt: skip
    cells = {"one": CellScore(1, 1), "two": CellScore(0, 2), "essay": CellScore(None, 5)}
    ordinary = Result("submission", "ps1", "digest", GRADED, cells={"ps1": cells})
    tests = results.gradescope(ordinary, Assignment("ps1", (template,), None, (), {}, 1.0))["tests"]
    assert [(test["name"], test["visibility"], test["status"]) for test in tests] == [
        ("one", "visible", "passed"), ("two", "after_published", "failed"),
    ]  # fmt: skip


# What is handed to a host


def test_the_wheel_is_this_handgrad_and_the_same_each_time():
    name, data = wheel.wheel()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        record = archive.read(next(name for name in names if name.endswith("/RECORD"))).decode().splitlines()
    assert name.startswith("handgrad-")
    assert {"grader/judging/grading.py", "course_utils/cli.py", "grader/platforms/hosts/files/setup.sh"} <= set(names)
    assert len(record) == len(names)
    assert not [name for name in names if name.startswith(("solutions", "tests")) or "__pycache__" in name]


@pytest.mark.stress
def test_the_versions_are_those_of_this_installation():
    from importlib.metadata import version

    listed = wheel.requirements(["numpy"], ["torch"]).splitlines()
    assert f"numpy=={version('numpy')}" in listed
    assert f"nbgrader=={version('nbgrader')}" in listed
    assert not [line for line in listed if line.startswith(("torch", "handgrad", "--extra"))]
    assert all("+" not in line for line in listed)
    assert wheel.requirements(["torch"], []).startswith(f"{wheel.CPU_TORCH}\n")


@pytest.mark.stress
def test_the_zip_is_what_gradescope_takes(classroom, tmp_path):
    from grader.books import open_course

    target = tmp_path / "out.zip"
    told = write_host("gradescope-autograder", "lab_tiny", open_course(classroom.root), classroom.solutions, target)
    with zipfile.ZipFile(target) as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
        scripts = {name: archive.read(name) for name in ("setup.sh", "run_autograder")}
    assert (modes["setup.sh"], modes["run_autograder"]) == (0o755, 0o755)
    assert all(script.startswith(b"#!") for script in scripts.values())
    assert not [name for name in modes if "gradebook" in name or "submitted" in name]
    assert target.stat().st_mode & 0o077 == 0  # the reference is in it
    assert "lab_tiny.ipynb" in "\n".join(told)
    write_host("gradescope-autograder", "lab_tiny", open_course(classroom.root), classroom.solutions, target)  # the same again
    target.write_bytes(b"somebody's own")
    with pytest.raises(UserError, match="is there already, with something else in it: name another place with --out"):
        write_host("gradescope-autograder", "lab_tiny", open_course(classroom.root), classroom.solutions, target)


@pytest.mark.stress
def test_prairielearn_gets_an_image_and_a_question_that_an_instructor_may_edit(classroom, tmp_path):
    from grader.books import open_course

    target = tmp_path / "out"
    write_host("prairielearn", "lab_tiny", open_course(classroom.root), classroom.solutions, target)
    about = json.loads((target / "question" / "info.json").read_text())
    assert (about["gradingMethod"], about["externalGradingOptions"]["timeout"]) == ("External", 600)
    for name in ("lab_tiny.ipynb", "checks.py", "cases.npz"):
        assert (target / "question" / "clientFilesQuestion" / name).is_file()
    assert (target / "image" / "handgrad" / "assignment.bundle").stat().st_mode & 0o077 == 0
    page = target / "question" / "question.html"
    assert 'file-names="lab_tiny.ipynb"' in page.read_text()
    page.write_text("my own words")
    told = write_host("prairielearn", "lab_tiny", open_course(classroom.root), classroom.solutions, target, replace=True)
    assert page.read_text() == "my own words"
    assert "question.html stayed" in "\n".join(told)


@pytest.mark.parametrize("name", HOSTS)
def test_without_an_assignment_there_are_results_all_the_same(name: str, tmp_path: Path):
    host = replace(HOSTS[name], root=tmp_path / "root")
    (host.root / host.submission).mkdir(parents=True)
    host.root.chmod(0o777)
    assert grade(host, tmp_path / "judge").status == FAILED
    found = json.loads((host.root / "results" / "results.json").read_text())
    assert results.OURS.split(",")[0] in json.dumps(found).replace("\\\\", "")
    assert (host.root / "results").stat().st_mode & 0o077 == 0
    assert host.root.stat().st_mode & 0o022 == 0  # nobody else can put other results into their place


def test_hosts_put_things_where_their_documents_say():
    assert [(str(host.root), host.submission) for host in HOSTS.values()] == [("/autograder", "submission"), ("/grade", "student")]
    assert isinstance(HOSTS["gradescope"], Host)
