"""`nbgrader export` in a course that Handgrad made."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.exportapp import ExportApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin

from grader.books.course import open_course

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py


def exported(root: Path, plugin: type | None = None, assignment: str = "") -> list[str]:
    """The assignments of the rows that nbgrader's command writes with the settings of the course."""
    config = open_course(root).config
    config.Exchange.root = str(root / "exchange")
    app = ExportApp(config=config)
    app.coursedir = CourseDirectory(parent=app, config=config)
    app.plugin_class = plugin or app.plugin_class
    app.init_plugin()
    app.plugin_inst.to = str(root / "grades.csv")
    app.plugin_inst.assignment = [assignment] if assignment else []
    with gradebook_of(root) as gradebook:
        app.plugin_inst.export(gradebook)
    with (root / "grades.csv").open() as file:
        return [row["assignment"] for row in csv.DictReader(file)]


def gradebook_of(root: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{root / 'gradebook.db'}", "handgrad")


# nbgrader's own way to add a submission has SQLAlchemy warn of a flush
@pytest.mark.filterwarnings("ignore:Object of type <SubmittedAssignment> not in session")
def test_what_was_not_handed_out_has_no_rows(classroom: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    with gradebook_of(classroom.root) as gradebook:
        gradebook.update_or_create_student("ada")
        for name in ("done", "due", "released", "waiting", "later"):
            gradebook.update_or_create_assignment(name, duedate=datetime(2020, 1, 1) if name == "due" else datetime(2200, 1, 1))
    with gradebook_of(classroom.root) as gradebook:
        gradebook.update_or_create_submission("done", "ada")
    (classroom.root / "exchange" / "handgrad" / "outbound" / "released").mkdir(parents=True)
    (classroom.root / "submitted" / "ada" / "waiting").mkdir(parents=True)
    assert sorted(exported(classroom.root)) == ["done", "due", "released", "waiting"]
    assert "and not due: lab_tiny, later." in capsys.readouterr().err
    assert exported(classroom.root, assignment="later") == ["later"]
    assert sorted(exported(classroom.root, CsvExportPlugin)) == ["done", "due", LAB, "later", "released", "waiting"]


def test_a_course_of_which_nothing_is_out_has_no_rows(classroom: Classroom) -> None:
    with gradebook_of(classroom.root) as gradebook:
        gradebook.update_or_create_student("ada")
    assert exported(classroom.root) == []
