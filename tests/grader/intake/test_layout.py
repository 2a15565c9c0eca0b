"""Where a course keeps things: nbgrader's own paths, and the students and assignments that are found there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from course_utils.errors import UserError
from grader.intake import NOBODY, Layout, find_students
from grader.intake.layout import STEPS, fits, student_in

STRUCTURES = [
    "{nbgrader_step}/{student_id}/{assignment_id}",
    "{nbgrader_step}/{assignment_id}/{student_id}",
    "{student_id}/{nbgrader_step}/{assignment_id}",
    "{assignment_id}/{nbgrader_step}/{student_id}",
    "all/{nbgrader_step}/{student_id}/of/{assignment_id}",
    "{nbgrader_step}/{assignment_id}-{student_id}",
    "{nbgrader_step}/{student_id}/{student_id}_{assignment_id}",
]


def settings(**said: Any) -> Any:
    config = Config()
    config.CourseDirectory.update(said)
    return config.CourseDirectory


@pytest.mark.parametrize("structure", STRUCTURES)
def test_folders_are_nbgraders_and_whoever_has_one_is_found(structure: str, tmp_path: Path) -> None:
    config = Config()
    said = {"directory_structure": structure, "submitted_directory": "handed/in", "source_directory": str(tmp_path / "elsewhere")}
    config.CourseDirectory.update(said, root=str(tmp_path / "course"))
    theirs, ours = CourseDirectory(config=config), Layout.of(tmp_path / "course", config.CourseDirectory)
    for step in STEPS:
        for student in ("ada", NOBODY):
            wanted = theirs.format_path(getattr(theirs, f"{step}_directory"), student, "ps1")
            assert ours.folder(step, student, "ps1") == Path(wanted)
    for student, lab in (("ada", "ps1"), ("bob", "ps1"), ("cleo", "ps2")):
        ours.folder("submitted", student, lab).mkdir(parents=True)
    for lab in ("ps1", "ps2"):
        ours.folder("source", NOBODY, lab).mkdir(parents=True)
        (ours.folder("source", NOBODY, lab) / "one.ipynb").touch()
    base, below = ours.split("submitted", "ps1")
    assert find_students(base, "ps1", below) == ["ada", "bob"]
    assert ours.assignments() == ["ps1", "ps2"]


def test_a_link_in_the_place_of_a_student_is_found_wherever_students_are(tmp_path: Path) -> None:
    layout = Layout.of(tmp_path, settings(directory_structure="{nbgrader_step}/{assignment_id}/{student_id}"))
    layout.folder("submitted", "ada", "ps1").mkdir(parents=True)
    layout.folder("submitted", "eve", "ps1").symlink_to(tmp_path)
    base, below = layout.split("submitted", "ps1")
    assert find_students(base, "ps1", below) == ["ada", "eve"]


def test_a_name_is_a_students_only_if_all_of_it_fits() -> None:
    assert student_in("ps1-ada", "{assignment_id}-{student_id}", "ps1") == "ada"
    assert student_in("ps2-ada", "{assignment_id}-{student_id}", "ps1") is None
    assert student_in("ps1-", "{assignment_id}-{student_id}", "ps1") is None
    assert student_in("a.b", "{student_id}.{student_id}", "ps1") is None
    assert student_in("a.a", "{student_id}.{student_id}", "ps1") == "a"


def test_what_is_ignored_is_nbgraders_list_and_what_was_appended_to_it(tmp_path: Path) -> None:
    config = Config()
    config.CourseDirectory.ignore.append("*.log")
    layout = Layout.of(tmp_path, config.CourseDirectory)
    assert [name for name in ("a.log", ".b.log", "feedback", "c.pyc", "d.py") if layout.ignores(name)] == ["a.log", "feedback", "c.pyc"]
    assert Layout.of(tmp_path, settings(ignore=[".*"])).ignores(".git")
    assert not fits(".git", ["*"])


def test_how_far_a_step_goes_before_it_names_anybody(tmp_path: Path) -> None:
    assert Layout.of(tmp_path, settings()).step("autograded") == tmp_path / "autograded"
    assert Layout.of(tmp_path, settings(directory_structure=STRUCTURES[1])).step("feedback") == tmp_path / "feedback"
    assert Layout.of(tmp_path, settings(directory_structure=STRUCTURES[2])).step("feedback") == tmp_path


def test_two_steps_in_one_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"source_directory and .*release_directory lead to one folder"):
        Layout.of(tmp_path, settings(source_directory="material", release_directory="./material"))


def test_a_step_inside_anothers_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"submitted_directory and .*autograded_directory lead to one folder"):
        Layout.of(tmp_path, settings(directory_structure="{student_id}/{assignment_id}/{nbgrader_step}", autograded_directory="."))
