"""A reflection is worth nothing and waits for nobody, unless an instructor says so."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grader.build.course import install

from ..conftest import LAB, SOLUTIONS, Classroom

pytestmark = pytest.mark.stress
AS_WRITTEN = '"grade": true, "solution": true, "points": 3'
MINE = "What I found is my own."


def a_class(tmp_path: Path, flags: str) -> Classroom:
    """A course whose reflection has these flags, with one student who solved all and wrote a text of their own."""
    source = tmp_path / "solutions" / LAB
    shutil.copytree(SOLUTIONS / LAB, source, ignore=shutil.ignore_patterns("*.ipynb", "__pycache__"))
    text = (source / "notebook.py").read_text(encoding="utf-8")
    assert AS_WRITTEN in text
    (source / "notebook.py").write_text(text.replace(AS_WRITTEN, flags), encoding="utf-8")
    install(source, tmp_path / "course")
    classroom = Classroom(tmp_path / "course", source.parent)
    notebook = classroom.notebook()
    next(cell for cell in notebook.cells if cell.id == "reflection").source = MINE
    classroom.hand_in("ada", notebook)
    classroom.grade()
    return classroom


def as_formgrader_lists(classroom: Classroom) -> dict[str, Any]:
    config = Config()
    config.CourseDirectory.root = str(classroom.root)
    (submission,) = NbGraderAPI(CourseDirectory(config=config)).get_submissions(LAB)
    return submission


@pytest.fixture(autouse=True)
def draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.books.course.PICTURES", ())


def test_nobody_has_to_look_at_a_reflection(tmp_path: Path) -> None:
    classroom = a_class(tmp_path, '"grade": false, "solution": true')
    submission = as_formgrader_lists(classroom)
    assert not submission["needs_manual_grade"]
    assert (submission["score"], submission["max_score"]) == (9, 9)
    assert MINE in classroom.written("autograded", "ada").read_text(encoding="utf-8")
    assert MINE in classroom.written("feedback", "ada").read_text(encoding="utf-8")


def test_an_instructor_who_gives_it_points_gets_to_mark_it(tmp_path: Path) -> None:
    submission = as_formgrader_lists(a_class(tmp_path, '"grade": true, "solution": true, "points": 5'))
    assert submission["needs_manual_grade"]
    assert submission["max_score"] == 14
