"""nbgrader's own tools on a course that Handgrad has graded, and as an oracle for its scores."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py
# nbgrader's own way, in a course whose settings name Handgrad
PLAIN = {
    "autograde": ["--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"],
    "generate_feedback": ["--GenerateFeedback.exporter_class=nbconvert.exporters.HTMLExporter"],
}


def nbgrader(classroom: Classroom, *arguments: str) -> str:
    script = Path(sys.executable).with_name("nbgrader")
    command = [script, *arguments, *PLAIN.get(arguments[0], [])]
    done = subprocess.run(command, cwd=classroom.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def public(classroom: Classroom, tmp_path: Path) -> Classroom:
    """The course with a lab_tiny that hides nothing, so that a kernel can run all of its checks."""
    shutil.copytree(classroom.solutions, tmp_path / "solutions")
    checks = tmp_path / "solutions" / LAB / "checks.py"
    checks.write_text(checks.read_text().replace(", hidden=True", ""))
    options = {**classroom.options.__dict__, "solutions": tmp_path / "solutions"}
    classroom.options = classroom.options.__class__(**options)
    return classroom


def honest(classroom: Classroom) -> None:
    made_up = classroom.made_up
    classroom.hand_in("ada")
    classroom.hand_in("bob", classroom.notebook({}))
    for exercise, wrong in made_up.wrong.items():
        for number, code in enumerate(wrong.values()):
            classroom.hand_in(f"{exercise}{number}", classroom.notebook(made_up.right | {exercise: code}))
    classroom.hand_in("half", classroom.notebook(made_up.right | {"true_lines": 'true_lines = {"a"}'}))


@pytest.mark.stress
def test_plain_autograde_gives_the_same_scores(public: Classroom) -> None:
    honest(public)
    public.grade()
    ours = public.scores(), public.comments()
    assert len({row[3] for row in ours[0]}) > 3
    nbgrader(public, "autograde", LAB, "--force")
    theirs = public.scores(), public.comments()
    assert [row[:3] for row in theirs[0]] == [row[:3] for row in ours[0]]
    for mine, other in zip(ours[0], theirs[0], strict=True):
        assert mine[3] == pytest.approx(other[3], abs=1e-6) if mine[3] is not None else other[3] is None, (mine, other)
        assert mine[4:] == other[4:]
    assert ours[1] == theirs[1]


@pytest.mark.stress
def test_feedback_and_export(classroom: Classroom) -> None:
    honest(classroom)
    classroom.grade()
    page = classroom.written("feedback", "ada")
    ours = page.read_text()
    nbgrader(classroom, "generate_feedback", LAB, "--force")
    theirs = page.read_text()
    assert "lab_tiny (Score: 9.0 / 12.0)" in ours
    assert "lab_tiny (Score: 9.0 / 12.0)" in theirs
    named = re.findall(r'<a href="#(\w+)_check">(.+?)</a> \(Score: (.+?)\)', ours)
    plain = re.findall(r'<a href="#(\w+)_check">(.+?)</a> \(Score: (.+?)\)', theirs)
    assert [(name, score) for name, _, score in named] == [(name, score) for name, _, score in plain]
    assert all(name == said for name, said, _ in named)
    nbgrader(classroom, "export", "--to", str(classroom.root / "grades.csv"))
    with (classroom.root / "grades.csv").open() as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert (rows["ada"], rows["bob"]) == (9, 0)


def test_what_formgrader_lists(classroom: Classroom) -> None:
    """The calls behind formgrader's tables."""
    honest(classroom)
    classroom.grade()
    config = Config()
    config.CourseDirectory.root = str(classroom.root)
    config.CourseDirectory.course_id = "handgrad"
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    (assignment,) = api.get_assignments()
    assert (assignment["num_submissions"], assignment["max_score"], assignment["max_written_score"]) == (5, 12, 3)
    listed = {row["student"]: row for row in api.get_submissions(LAB)}
    assert all(row["autograded"] for row in listed.values())
    assert (listed["ada"]["score"], listed["bob"]["score"]) == (9, 0)
    shown = {row["student"]: row["failed_tests"] for row in api.get_notebook_submissions(LAB, LAB)}
    assert (shown["ada"], shown["bob"]) == (False, True)
