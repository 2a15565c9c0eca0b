"""nbgrader's own steps, as formgrader starts them, in a course whose settings name Handgrad."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grader.build import course_config

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py


def formgrader(root: Path, **more: dict[str, Any]) -> NbGraderAPI:
    """What stands behind formgrader's buttons; `more` is what other files or the command line set, by class."""
    config = course_config(root)
    config.merge(Config(more))
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def autograde(formgrader: NbGraderAPI, student: str) -> dict[str, Any]:
    """Press the button; what the window says of it, each text in one line."""
    answer = formgrader.autograde(LAB, student)
    return {name: " ".join(text.split()) if isinstance(text, str) else text for name, text in answer.items()}


def states(classroom: Classroom, *students: str) -> list[tuple[bool, bool, float]]:
    """What formgrader's table says: autograded, needs manual grading, score."""
    found = {row["student"]: row for row in formgrader(classroom.root).get_submissions(LAB)}
    return [(found[name]["autograded"], found[name]["needs_manual_grade"], found[name]["score"]) for name in students]


@pytest.mark.stress
def test_autograde_goes_through_the_sandbox(classroom: Classroom, tmp_path: Path) -> None:
    """One click grades one student, says what came of it, and leaves nothing of a hostile submission."""
    mark = tmp_path / "was here"
    hostile = classroom.made_up.notebook(classroom.made_up.right)
    hostile.cells.append(nbformat.v4.new_code_cell(f"open({str(mark)!r}, 'w').write('x')"))
    classroom.hand_in("eve", hostile)
    classroom.hand_in("bob")
    classroom.hand_in("zoe", b'{"cells": [')
    clicked = autograde(formgrader(classroom.root), "eve")
    assert clicked["success"], clicked
    assert "eve: graded in Handgrad's sandbox; the tests gave 9 of 12 points." in clicked["log"]
    assert "bob" not in clicked["log"]
    assert not mark.exists()
    assert states(classroom, "eve", "bob") == [(True, True, 9.0), (False, False, 0.0)]
    before = json.loads((classroom.root / ".handgrad" / LAB / "journal.jsonl").read_text().splitlines()[0])["seeds"]
    clicked = autograde(formgrader(classroom.root), "*o*")
    assert not clicked["success"]
    assert "[ERROR] zoe: ungradable" in clicked["log"]
    assert "bob: graded in Handgrad's sandbox" in clicked["log"]
    assert "NbGraderException: zoe could not be graded; the log says why." in clicked["error"]
    assert states(classroom, "bob")[0][0]
    events = map(json.loads, (classroom.root / ".handgrad" / LAB / "journal.jsonl").read_text().splitlines())
    assert {tuple(event["seeds"]) for event in events if event["event"] == "begin"} == {tuple(before)}


REFUSED = {
    "another gradebook": ({"CourseDirectory": {"db_url": "sqlite:///elsewhere.db"}}, "CourseDirectory.db_url: set on the command line"),
    "no execution": ({"Execute": {"enabled": False}}, "Execute.enabled: set on the command line"),
    "one notebook": ({"CourseDirectory": {"notebook_id": "p1"}}, "leave --notebook out"),
}


@pytest.mark.parametrize("told", REFUSED)
def test_what_handgrad_would_not_hear_is_refused(installed: Path, told: str) -> None:
    config, sentence = REFUSED[told]
    clicked = autograde(formgrader(installed, **config), "ada")
    assert not clicked["success"]
    assert sentence in clicked["log"]


@pytest.mark.stress
def test_without_bubblewrap_nothing_runs(classroom: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    classroom.hand_in("ada")
    monkeypatch.setenv("PATH", str(tmp_path))
    clicked = autograde(formgrader(classroom.root), "ada")
    assert not clicked["success"]
    assert "The sandbox needs bubblewrap: install it" in clicked["log"]
    assert not classroom.written("autograded", "ada").exists()


def test_without_handgrad_nothing_runs(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    classroom.hand_in("ada")
    monkeypatch.setitem(sys.modules, "grader.cli.nbgrader", None)
    with pytest.raises(Exception, match=r"grader.cli.nbgrader.Sandboxed"):
        formgrader(classroom.root).autograde(LAB, "ada")
    assert not classroom.written("autograded", "ada").exists()


@pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")  # of nbgrader's own step
def test_where_the_seam_fails_nothing_runs(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader's own way from its start to the end, should it ever not hand over."""
    from nbgrader.converters import Autograde, BaseConverter

    classroom.hand_in("ada")
    monkeypatch.setattr(Autograde, "start", BaseConverter.start)
    clicked = autograde(formgrader(classroom.root), "ada")
    assert not clicked["success"]
    assert "Nothing was run: use `handgrad grade`" in clicked["log"]
    assert not classroom.written("autograded", "ada").exists()


def test_a_course_without_the_line_is_nbgraders(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same server may have both kinds of course open."""
    from nbgrader.converters import Autograde

    begun: list[str] = []
    monkeypatch.setattr(Autograde, "convert_notebooks", lambda step: begun.append(step.coursedir.root))
    classroom.hand_in("ada")
    (classroom.root / "nbgrader_config.py").write_text("")
    shutil.rmtree(classroom.root / ".handgrad")
    assert formgrader(classroom.root).autograde(LAB, "ada")["success"]
    assert begun == [str(classroom.root)]
