"""A course's settings are read where nbgrader reads them, in its order, with what was called otherwise once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps import AutogradeApp
from nbgrader.preprocessors import ClearSolutions

from course_utils.errors import UserError
from grader.build import course_config
from grader.build.stubs import Ours, in_full, preprocessors
from grader.build.values import RunnableValueStubs
from grader.intake import Layout


@pytest.fixture
def jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own folder of settings."""
    folder = tmp_path / "jupyter"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(folder))
    return folder


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def app() -> Iterator[Any]:
    """nbgrader's own reading of where one stands."""
    opened = AutogradeApp()
    yield opened
    opened.reset()


def write(folder: Path, *lines: str, name: str = "nbgrader_config.py") -> None:
    (folder / name).write_text("\n".join(["c = get_config()", *lines, ""]))


def test_places_and_their_order_and_old_names_are_nbgraders(course: Path, jupyter: Path, app: Any) -> None:
    write(jupyter, "c.CourseDirectory.course_id = 'mine'", "c.Execute.timeout = 3", "c.LimitOutput.max_lines = 5")
    write(jupyter, "c.Execute.timeout = 4", "c.Exchange.timezone = 'CET'", name="jupyter_config.py")
    write(
        course,
        "c.NbGraderConfig.course_id = 'of-the-course'",
        "c.NbGrader.submitted_directory = 'handed_in'",
        "c.AutogradeApp.create_student = False",
        "c.TransferApp.cache_directory = 'kept'",
        "c.BaseNbConvertApp.permissions = 640",
        "c.CourseDirectory.ignore.append('*.log')",
    )
    (course / "nbgrader_config.json").write_text(json.dumps({"LimitOutput": {"max_lines": 7}}))
    app.initialize([])
    ours, theirs = course_config(course), app.config
    assert ours.CourseDirectory.course_id == app.coursedir.course_id == "of-the-course"
    assert ours.CourseDirectory.submitted_directory == app.coursedir.submitted_directory == "handed_in"
    assert ours.CourseDirectory.root == app.coursedir.root
    assert set(Layout.of(course, ours.CourseDirectory).ignored) == set(app.coursedir.ignore)
    for section, name in (("Execute", "timeout"), ("LimitOutput", "max_lines"), ("Autograde", "create_student"),
                          ("Exchange", "cache"), ("Exchange", "timezone"), ("BaseConverter", "permissions")):  # fmt: skip
        assert ours[section][name] == theirs[section][name], (section, name)
    assert (ours.Execute.timeout, ours.LimitOutput.max_lines) == (3, 7)


def test_where_one_only_stands_the_settings_may_name_the_course(course: Path, jupyter: Path, app: Any) -> None:
    there = course.parent / "there"
    there.mkdir()
    write(course, f"c.CourseDirectory.root = {str(there)!r}", "c.Execute.timeout = 5", "c.LimitOutput.max_lines = 5")
    write(there, "c.LimitOutput.max_lines = 6")
    app.initialize([])
    ours = course_config(Path(), asked=False)
    assert ours.CourseDirectory.root == app.coursedir.root == str(there)
    assert (ours.Execute.timeout, ours.LimitOutput.max_lines) == (5, 6) == (app.config.Execute.timeout, app.config.LimitOutput.max_lines)
    assert course_config(course).CourseDirectory.root == str(course)  # whoever names a folder means it


def test_a_gradebook_lies_in_the_course_wherever_one_stands(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course.parent)
    for said, meant in (
        ("sqlite:///books.db", f"sqlite:///{course}/books.db"),
        ("sqlite:////srv/books.db", "sqlite:////srv/books.db"),
        ("postgresql://me@host/books", "postgresql://me@host/books"),
    ):
        write(course, f"c.CourseDirectory.db_url = {said!r}")
        assert course_config(course).CourseDirectory.db_url == meant


def test_what_fails_is_told_with_its_place(course: Path) -> None:
    write(course, "", "1 / 0")
    with pytest.raises(UserError, match=r"nbgrader_config\.py, line 3, cannot be used: ZeroDivisionError: division by zero"):
        course_config(course)
    (course / "nbgrader_config.json").write_text("{")
    write(course)
    with pytest.raises(UserError, match=r"nbgrader_config\.json cannot be used: JSONDecodeError"):
        course_config(course)


def test_our_list_of_steps_is_made_when_it_is_gone_by(course: Path) -> None:
    write(course, "from grader.build.stubs import preprocessors", "c.GenerateAssignment.preprocessors = [*preprocessors(), int]")
    read = course_config(course).GenerateAssignment.preprocessors
    assert read == [Ours, int]
    steps = in_full(read)
    assert steps == [*preprocessors(), int]
    assert steps.index(RunnableValueStubs) == steps.index(ClearSolutions) + 1
