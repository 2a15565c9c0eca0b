"""Judging again from what the students' code answered."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from course_utils.cli import main
from grader.batch.replay import Change, replay_lab

from ..conftest import SOLUTIONS, Classroom

LAB = "lab_tiny"


@pytest.fixture(scope="module")
def before(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course of a class of two that was graded; copy it, never write to it."""
    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(installed, root, symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.books.course.PICTURES", ())
        classroom = Classroom(root)
        classroom.hand_in("ada")
        classroom.hand_in("cleo", classroom.notebook(classroom.made_up.right | {"double": "def double(x):\n    return -2 * x"}))
        classroom.grade()
    return root


@pytest.fixture
def graded(before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Classroom:
    """A copy of it, with a private copy of the lab that may be changed."""
    monkeypatch.setattr("grader.books.course.PICTURES", ())
    shutil.copytree(before, tmp_path / "course", symlinks=True)
    shutil.copytree(SOLUTIONS, tmp_path / "solutions")
    return Classroom(tmp_path / "course", tmp_path / "solutions")


def edit(classroom: Classroom, name: str, old: str, new: str) -> None:
    path = classroom.solutions / LAB / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def replay(classroom: Classroom) -> list[Change]:
    return replay_lab(LAB, classroom.root, classroom.solutions)


def test_nothing_changes_when_nothing_changed(graded: Classroom) -> None:
    before = graded.scores()
    assert replay(graded) == [Change("ada", 9, 9), Change("cleo", 6, 6)]
    assert graded.scores() == before


def test_other_points_and_a_new_mistake(graded: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(graded, "checks.py", '@check("double", points=2)', '@check("double", points=5)')
    with (graded.solutions / LAB / "mistakes.py").open("a") as mistakes:
        mistakes.write('\n\n@mistake("double", "the sign is lost on the way")\ndef negated(x):\n    return -2 * x\n')
    monkeypatch.setattr("grader.batch.job.grade", None)  # no code is run
    assert replay(graded) == [Change("ada", 9, 12), Change("cleo", 6, 6)]
    outcome = graded.grade()
    assert outcome.fresh == []
    assert outcome.results["cleo"].exercises["double"]["checks"][0]["mistake"] == "the sign is lost on the way"
    assert "the sign is lost on the way" in graded.written("feedback", "cleo").read_text()
    rows = {row[:3:2]: row[3] for row in graded.scores()}
    assert rows["ada", "double_check"] == 6


def test_a_new_check_needs_another_run(graded: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    edit(graded, "checks.py", "def the_letters(", "def letters_of_the_alphabet(")
    assert replay(graded) == [Change("ada", 9, None), Change("cleo", 6, None)]
    assert graded.grade().notes[0].startswith("lab_tiny has changed")
    command = ["grade", LAB, "--course", str(graded.root), "--solutions", str(graded.solutions), "--replay"]
    assert main([*command, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"student": "ada", "before": 9, "after": None}
    assert main(command) == 0
    assert "0 judged again, 0 of them with another score by the checks; 2 have to be run again with --force." in capsys.readouterr().out


def test_a_submission_that_changed_since_is_not_judged(graded: Classroom) -> None:
    graded.hand_in("ada", graded.notebook({}))
    assert replay(graded)[0] == Change("ada", 9, None)
