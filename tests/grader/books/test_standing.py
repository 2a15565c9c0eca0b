"""What the gradebook holds of a class, read by us and by nbgrader's own tables and rules."""

from __future__ import annotations

import itertools
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties

from course_utils.errors import UserError
from grader.books.course import open_course
from grader.books.gradebook import Scores
from grader.judging.result import GRADED, CellScore, Result

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py
DUE = datetime(2026, 5, 1, 12)
GIVEN = list(itertools.product((None, 0.0, 2.5), (None, 0.0, 1.5), (None, 0.0, 0.75)))  # automatic and manual score, extra credit
POLICIES = {
    "none": "c.LateSubmissionPlugin.penalty_method = 'none'",
    "zero": "c.LateSubmissionPlugin.penalty_method = 'zero'",
    "an hour, a point": "c.AssignLatePenalties.plugin_class = 'hourly.Hourly'",
}
HOURLY = """from nbgrader.plugins import BasePlugin


class Hourly(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {"lenient": None, "negative": -1}.get(student_id, total_seconds_late / 3600)
"""


def result(student: str, auto: float | None, hours: float = 0.0) -> Result:
    cells = {name: CellScore(auto, 3.0, "a") for name in ("double_check", "reflection")}
    cells |= {"center_check": CellScore(4.0, 4.0, "a"), "true_lines_check": CellScore(2.0, 2.0, "a")}
    when = (DUE + timedelta(hours=hours)).isoformat()
    return Result(student, LAB, "d", GRADED, cells={LAB: cells}, no_response={LAB: ["true_lines"]}, timestamp=when)


def gradebook_of(root: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{root / 'gradebook.db'}", "handgrad")


def mark(root: Path, student: str, manual: float | None, extra: float | None, comment: str | None = None) -> None:
    with gradebook_of(root) as gradebook:
        for cell in ("double_check", "reflection"):
            grade = gradebook.find_grade(cell, LAB, LAB, student)
            grade.manual_score, grade.extra_credit = manual, extra
        gradebook.find_comment("true_lines", LAB, LAB, student).manual_comment = comment
        gradebook.db.commit()


@pytest.mark.stress
def test_scores_and_comments_are_nbgraders_whoever_gave_them(classroom: Classroom) -> None:
    students = {f"student{number:02}": given for number, given in enumerate(GIVEN)}
    with Scores(open_course(classroom.root), LAB) as scores:
        scores.write([result(name, auto) for name, (auto, _, _) in students.items()], {})
    for number, (name, (_, manual, extra)) in enumerate(students.items()):
        mark(classroom.root, name, manual, extra, (None, "", "fine")[number % 3])
    with Scores(open_course(classroom.root), LAB, to_write=False) as scores:
        held = scores.read()
    with gradebook_of(classroom.root) as gradebook:
        assert set(held) == set(students)
        for name, standing in held.items():
            theirs = gradebook.find_submission(LAB, name)
            assert (standing.score, standing.max_score) == (theirs.score, theirs.max_score), students[name]
            assert bool(standing.to_mark) == theirs.needs_manual_grade
            marks = standing.marks[LAB]
            assert {grade.name: grade.score for grade in theirs.notebooks[0].grades} == {
                cell: got for cell, (got, _) in marks.scores.items()
            }
            assert {comment.name: comment.comment for comment in theirs.notebooks[0].comments} == marks.comments


@pytest.mark.stress
@pytest.mark.parametrize("policy", POLICIES)
def test_penalties_are_nbgraders_after_marking_as_before(classroom: Classroom, tmp_path: Path, policy: str) -> None:
    (classroom.root / "hourly.py").write_text(HOURLY)
    with (classroom.root / "nbgrader_config.py").open("a") as settings:
        settings.write(f"\n{POLICIES[policy]}\n")
    with gradebook_of(classroom.root) as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=DUE)
    hours = {"early": -1, "late": 2, "very-late": 40, "lenient": 3, "negative": 3}
    course = open_course(classroom.root)
    with Scores(course, LAB) as scores:
        first = scores.write([result(name, 1.0, late) for name, late in hours.items()], {})
    assert {name: standing.penalty for name, standing in first.items()} == by_nbgrader(classroom.root, tmp_path / "before", first)
    assert first["late"].late == 7200
    for name in hours:
        mark(classroom.root, name, 3.0, None)
    with Scores(course, LAB) as scores:
        again = scores.read({name: standing.by_rule for name, standing in first.items()})
    assert {name: standing.penalty for name, standing in again.items()} == by_nbgrader(classroom.root, tmp_path / "after", again)
    assert {name: standing.score - first[name].score for name, standing in again.items()} == dict.fromkeys(hours, 4.0)


def by_nbgrader(root: Path, folder: Path, students: Any) -> dict[str, float]:
    """What nbgrader's own step takes off, in a copy of the course."""
    shutil.copytree(root, folder, symlinks=True)
    course = open_course(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        step = AssignLatePenalties(config=course.config)
        for student in students:
            told = {"notebook": LAB, "assignment": LAB, "student": student, "db_url": f"sqlite:///{folder / 'gradebook.db'}"}
            step.preprocess(nbformat.v4.new_notebook(), ResourcesDict(nbgrader=told))
    with gradebook_of(folder) as gradebook:
        return {student: gradebook.find_submission(LAB, student).late_submission_penalty for student in students}


def test_a_penalty_that_a_person_set_stays(classroom: Classroom) -> None:
    with (classroom.root / "nbgrader_config.py").open("a") as settings:
        settings.write(f"\n{POLICIES['zero']}\n")
    with gradebook_of(classroom.root) as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=DUE)
    course = open_course(classroom.root)
    with Scores(course, LAB) as scores:
        first = scores.write([result("ada", 1.0, 2.0)], {})["ada"]
    assert first.penalty == 7.0 + 1.0
    with gradebook_of(classroom.root) as gradebook:
        gradebook.find_submission_notebook(LAB, LAB, "ada").late_submission_penalty = 0.5
        gradebook.db.commit()
    for known in (first.by_rule, {}):  # {}: nobody knows whose it is
        with Scores(course, LAB) as scores:
            held = scores.read({"ada": known})["ada"]
        assert (held.penalty, held.by_rule) == (0.5, known)


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("c.AssignLatePenalties.plugin_class = 'nowhere.Hourly'", "cannot be used .*nowhere"),
        ("c.AssignLatePenalties.plugin_class = 'broken.Broken'", "failed on ada \\(ZeroDivisionError"),
    ],
)
def test_a_late_policy_that_fails_costs_one_sentence(classroom: Classroom, policy: str, sentence: str) -> None:
    broken = HOURLY.replace("Hourly", "Broken").replace("total_seconds_late / 3600", "1 / 0")
    (classroom.root / "broken.py").write_text(broken)
    with (classroom.root / "nbgrader_config.py").open("a") as settings:
        settings.write(f"\n{policy}\n")
    with gradebook_of(classroom.root) as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=DUE)
    with pytest.raises(UserError, match=f"late policy that nbgrader_config.py names {sentence}"):  # noqa: SIM117 - either may raise it
        with Scores(open_course(classroom.root), LAB) as scores:
            scores.write([result("ada", 1.0, 2.0)], {})


def test_a_time_that_only_the_gradebook_knows_stays(classroom: Classroom) -> None:
    """As in nbgrader: an instructor may have entered it, where no timestamp.txt came with the submission."""
    course = open_course(classroom.root)
    ada = result("ada", 1.0, 2.0)
    with Scores(course, LAB) as scores:
        scores.write([ada], {})
        ada.timestamp = None
        scores.write([ada], {})
    with gradebook_of(classroom.root) as gradebook:
        assert gradebook.find_submission(LAB, "ada").timestamp == DUE + timedelta(hours=2)
