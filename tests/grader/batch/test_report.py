"""What `handgrad report` says of a class: what the gradebook holds, and who is missing there."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from course_utils.cli import main
from grader.batch.journal import Journal
from grader.batch.report import ClassReport, sentences
from grader.batch.watch import class_table, lateness
from grader.books.course import open_course
from grader.books.gradebook import Scores
from grader.judging.result import GRADED, UNGRADABLE, CellScore, Result

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py
DUE = datetime(2026, 5, 1, 12)


def result(student: str, *, hours: float = -1, status: str = GRADED) -> Result:
    cells = {"double_check": CellScore(3.0, 3.0, "a"), "center_check": CellScore(4.0, 4.0, "a"), "reflection": CellScore(None, 3.0, "a")}
    cells |= {"true_lines_check": CellScore(2.0, 2.0, "a")}
    when = (DUE + timedelta(hours=hours)).isoformat()
    made = Result(student, LAB, "d", status, cells={LAB: cells}, no_response={LAB: []}, timestamp=when, sandbox="bwrap")
    made.count()
    return made


@pytest.fixture
def reported(classroom: Classroom) -> Classroom:
    """ada was marked, bob came late and is flagged, cleo's file is torn; dan is only enrolled, eve did another lab, flo waits."""
    with (classroom.root / "nbgrader_config.py").open("a") as settings:
        settings.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    with gradebook(classroom) as opened:
        opened.update_or_create_assignment(LAB, duedate=DUE)
        opened.update_or_create_student("dan")
    for student, lab in (("ada", LAB), ("bob", LAB), ("cleo", LAB), ("eve", "another"), ("flo", LAB)):
        (classroom.root / "submitted" / student / lab).mkdir(parents=True)
    course = open_course(classroom.root)
    results = [result("ada"), result("bob", hours=27.5), result("cleo", status=UNGRADABLE)]
    with Journal(course.notes(LAB)) as journal, Scores(course, LAB) as scores:
        journal.begin("one", force=False)
        for one in results:
            journal.add(one)
        scores.write(results, {})
    with gradebook(classroom) as opened:
        for student, waits in (("ada", False), ("bob", True)):
            grade = opened.find_grade("reflection", LAB, LAB, student)
            grade.manual_score, grade.needs_manual_grade = 2.5, waits
        opened.db.commit()
    return classroom


def gradebook(classroom: Classroom) -> Gradebook:
    return Gradebook(f"sqlite:///{classroom.root / 'gradebook.db'}", "handgrad")


def test_marks_penalties_and_who_is_missing(reported: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", LAB, "--course", str(reported.root)]) == 0
    said = capsys.readouterr().out
    rows = {line.split()[0]: line.split()[1:] for line in said.splitlines() if line}
    assert rows["student"][:5] == ["score", "late", "to", "mark", "state"]
    assert rows["ada"][:2] == ["11.5/12", "graded"]
    assert rows["bob"][:7] == ["2.5/12", "1", "d", "3", "h,", "-9", "1"]  # the penalty is of the score before marking: nbgrader's own way
    assert "Handed in and not graded yet: flo.\n" in said
    assert "Nothing was handed in by 2 students: dan, eve.\n" in said
    assert "1 student handed in late, at most by 1 d 3 h; it cost 9 points in all.\n" in said
    assert "Needs marking in formgrader: reflection of 2 students.\n" in said
    assert "Marked before, and to be looked at again, because" in said
    assert "bob reflection (2.5)" in said


def test_the_same_for_a_program(reported: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", LAB, "--course", str(reported.root), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["missing"], told["not_graded_yet"]) == (["dan", "eve"], ["flo"])
    held = {one["student"]: one["gradebook"] for one in told["results"]}
    assert held["ada"] == {
        "score": 11.5, "penalty": 0.0, "total": 11.5, "max_score": 12.0, "late_seconds": 0.0, "to_mark": [], "marked_before": {},
    }  # fmt: skip
    assert (held["bob"]["total"], held["bob"]["late_seconds"], held["bob"]["marked_before"]) == (2.5, 27.5 * 3600, {"reflection": 2.5})
    assert [one["score"] for one in told["results"]] == [9.0, 9.0, 9.0]  # what the grader gave


def test_the_grader_is_heard_where_the_gradebook_is_not(reported: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    (reported.root / "gradebook.db").rename(reported.root / "aside.db")
    assert main(["report", LAB, "--course", str(reported.root)]) == 0
    said = capsys.readouterr().out
    assert "9/12" in said
    assert "Marks of people and penalties are not shown. The gradebook" in said
    assert not (reported.root / "gradebook.db").exists()


def test_what_was_done_to_submissions_is_said_once_for_all_whom_it_concerns() -> None:
    results = {name: Result(name, LAB, "d", GRADED, repairs=["One cell was put back.", f"{name}.zip\x07 was left out."]) for name in "abc"}
    first, *others = sentences(ClassReport(results, {}))
    assert first == "a, b, c: One cell was put back."
    assert others == [f"{name}: {name}.zip was left out." for name in "abc"]
    many = {"a": Result("a", LAB, "d", GRADED, repairs=[f"{number} was left out." for number in range(20)])}
    assert list(sentences(ClassReport(many, {})))[12:] == ["And 8 more of this kind: --json has them all, as `repairs`."]
    assert results["a"].public()["repairs"] == results["a"].repairs


def test_a_course_without_results_names_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "submitted").mkdir()
    Journal(tmp_path / ".handgrad" / LAB).__exit__(None, None, None)
    assert main(["report", LAB, "--course", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert f"{LAB} has no results in {tmp_path} yet: run `handgrad grade {LAB} --course {tmp_path}`." in told
    assert "Graded are" not in told


def test_a_lab_that_is_misspelt_is_not_to_be_graded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "submitted").mkdir()
    with Journal(tmp_path / ".handgrad" / LAB) as journal:
        journal.begin("one", force=False)
        journal.add(Result("ada", LAB, "d", GRADED))
    for verb in ("report", "feedback"):
        assert main([verb, f"{LAB}x", "--course", str(tmp_path)]) == 2
        assert f"do you mean {LAB}?" in capsys.readouterr().err


def test_reading_writes_nothing(reported: Classroom) -> None:
    before = {path: path.stat().st_mtime_ns for path in reported.root.rglob("*")}
    main(["report", LAB, "--course", str(reported.root)])
    assert {path: path.stat().st_mtime_ns for path in reported.root.rglob("*")} == before


def test_a_class_that_was_in_time_has_no_column_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    class_table([result("ada")])
    assert "late" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3661, "1 h 1 min"), (86400, "1 d"), (90000, "1 d 1 h"), (86460, "1 d")],
)
def test_how_late_in_words(seconds: float, told: str) -> None:
    assert lateness(seconds) == told
