"""More time for one student: nbgrader's own rules and tools see it, and what was graded before follows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nbgrader.preprocessors import AssignLatePenalties

from grader.books.course import open_course
from grader.books.gradebook import Scores

from .office import DUE, LAB, Office, furnished, office, save

__all__ = ["furnished", "office"]
Capture = pytest.CaptureFixture[str]


def late_by_nbgrader(office: Office, student: str) -> float:
    with office.gradebook() as gradebook:
        return float(gradebook.find_submission(LAB, student).total_seconds_late)


def penalty_by_nbgrader(office: Office, student: str) -> float | None:
    """What nbgrader's own step makes of what the gradebook holds."""
    step: Any = AssignLatePenalties(config=open_course(office.root).config)
    step.init_plugin()
    with office.gradebook() as gradebook:
        submission = gradebook.find_submission(LAB, student)
        if not submission.total_seconds_late:
            return None
        return step.plugin_inst.late_submission_penalty(student, submission.score, submission.total_seconds_late)


@pytest.mark.parametrize("first", ["extension", pytest.param("hand in", marks=pytest.mark.stress)])
def test_an_extension_counts_before_and_after_the_student_hands_in(first: str, office: Office, capsys: Capture) -> None:
    (office.root / "nbgrader_config.py").write_text("c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    office.enrol("ada", "bob")
    when = DUE + timedelta(hours=26)
    if first == "hand in":
        office.grade({"ada": 7.5, "bob": 7.5}, when=when)
        assert late_by_nbgrader(office, "ada") == 26 * 3600
    assert office.run("roster", "--extension", "ada", LAB, "2026-05-03 18:00+02:00") == 0
    assert "ada has time until 2026-05-03 16:00 UTC for lab01_perceptron" in capsys.readouterr().out
    if first == "extension":
        office.grade({"ada": 7.5, "bob": 7.5}, when=when)
    with Scores(open_course(office.root), LAB) as scores:  # as `handgrad feedback` does
        standings = scores.read({name: {LAB: 8.5} for name in ("ada", "bob")})
    assert {name: (standing.late, standing.penalty) for name, standing in standings.items()} == {"ada": (0.0, 0.0), "bob": (93600.0, 8.5)}
    assert (late_by_nbgrader(office, "ada"), penalty_by_nbgrader(office, "ada"), penalty_by_nbgrader(office, "bob")) == (0.0, None, 8.5)
    assert office.run("roster", "--extension", "ada", LAB, "none") == 0
    assert late_by_nbgrader(office, "ada") == 26 * 3600


@pytest.mark.stress
def test_twice_is_once_a_day_lasts_until_its_end_and_dry_is_dry(office: Office, capsys: Capture) -> None:
    office.enrol("ada")
    words = ("roster", "--extension", "ada", LAB)
    assert office.run(*words, "2026-05-03", "--dry-run") == 0
    assert "ada would have time until 2026-05-03 23:59 UTC" in capsys.readouterr().out
    with office.gradebook() as gradebook:
        assert gradebook.assignment_submissions(LAB) == []
    assert office.run(*words, "2026-05-03") == 0
    assert office.run(*words, "2026-05-03") == 0
    assert "had time until 2026-05-03 23:59 UTC for lab01_perceptron already" in capsys.readouterr().out
    with office.gradebook() as gradebook:
        assert gradebook.find_submission(LAB, "ada").duedate == DUE.replace(day=3, hour=23, minute=59, second=59)


@pytest.mark.stress
def test_who_has_an_extension_and_handed_in_nothing_has_no_grade(office: Office, tmp_path: Path) -> None:
    office.enrol("ada", "bob")
    office.grade({"bob": 7.5})
    assert office.run("roster", "--extension", "ada", LAB, "2026-05-03") == 0
    with office.gradebook() as gradebook:
        assert not gradebook.find_submission(LAB, "ada").needs_manual_grade
    sheet = save(tmp_path, "c.csv", ["Student,ID,SIS Login ID,Section,Lab 1 (5)", "A,1,ada,s,", "B,2,bob,s,"])
    assert office.run("export", LAB, "--to", "canvas", "--fill", sheet) == 0
    assert (tmp_path / "c-filled.csv").read_text() == sheet.read_text().replace("bob,s,", "bob,s,8.5")
    office.grade({"ada": 7.5}, essay=None)
    with office.gradebook() as gradebook:
        assert gradebook.find_submission(LAB, "ada").needs_manual_grade


@pytest.mark.stress
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("eve", LAB, "2026-05-03"), "'eve' is no student in the gradebook"),
        (("ada", "lab99", "2026-05-03"), "does not have 'lab99'; it has lab01_perceptron"),
        (("ada", LAB, "3.5.2026"), "'3.5.2026' is no date"),
        (("ada", LAB, "2026-04-03"), "is not after 2026-05-01 12:00 UTC"),
    ],
)
def test_what_cannot_be_is_one_sentence(words: tuple[str, ...], told: str, office: Office, capsys: Capture) -> None:
    office.enrol("ada")
    assert office.run("roster", "--extension", *words) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


@pytest.mark.stress
def test_a_lab_without_a_due_date_says_where_to_set_it(office: Office, capsys: Capture) -> None:
    office.enrol("ada")
    with office.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=None)
    assert office.run("roster", "--extension", "ada", LAB, "2026-05-03") == 2
    assert "has no due date, so nobody is late: set it in formgrader" in capsys.readouterr().err


@pytest.mark.stress
def test_late_days_cost_by_the_plugin_and_an_extension_counts_there_as_well(office: Office, tmp_path: Path) -> None:
    settings = 'c.AssignLatePenalties.plugin_class = "grader.books.late_days.PerDay"\nc.PerDay.percent = 10\n'
    (office.root / "nbgrader_config.py").write_text("c = get_config()\n" + settings)
    office.enrol("ada", "bob")
    assert office.run("roster", "--extension", "ada", LAB, "2026-05-02 12:00") == 0
    office.grade({"ada": 7.0, "bob": 7.0}, when=DUE + timedelta(hours=26))
    assert [penalty_by_nbgrader(office, name) for name in ("ada", "bob")] == pytest.approx([0.8, 1.6])
    with office.gradebook() as gradebook:
        held = {name: gradebook.find_submission(LAB, name).late_submission_penalty for name in ("ada", "bob")}
    assert held == pytest.approx({"ada": 0.8, "bob": 1.6})
    sheet = save(tmp_path, "c.csv", ["Student,ID,SIS Login ID,Section,Lab 1 (5)", "A,1,ada,s,", "B,2,bob,s,"])
    assert office.run("export", LAB, "--to", "canvas", "--fill", sheet) == 0
    assert (tmp_path / "c-filled.csv").read_text().splitlines()[1:] == ["A,1,ada,s,7.2", "B,2,bob,s,6.4"]
