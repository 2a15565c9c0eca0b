"""nbgrader's own generate-assignment, run in this process on one assignment of a course."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from course_utils.errors import UserError
from grader.build.stubs import preprocessors, unread


def course_config(course: Path) -> Config:
    """What the course's `nbgrader_config.py` sets, if it has one, with the course's folder as root."""
    config = Config()
    if (course / "nbgrader_config.py").is_file():
        with unread():
            config.merge(PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config())
    config.CourseDirectory.root = str(course.resolve())
    return config


def without_database(config: Config) -> Config:
    """The same settings, with nothing written to a gradebook."""
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    return config


@contextmanager
def scripts_on_path() -> Iterator[None]:
    """Let nbgrader find `alembic`, which it starts for a new gradebook, also where no virtual environment is activated."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


def generate(lab: str, config: Config, *, ours: bool = True) -> None:
    """Make `release/<lab>` from `source/<lab>` of the course that the settings name; one that is not `ours` as the course says.

    Raises UserError with nbgrader's own words when it refuses.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log

    config.CourseDirectory.assignment_id = lab
    config.GenerateAssignment.force = True
    config.GenerateAssignment.preprocessors = preprocessors() if ours else _of_the_course(config)
    step = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    step.log = _quiet_log()
    with chdir(config.CourseDirectory.root):  # settings may name files from there, as quickstart's header does
        outcome = capture_log(step)
    if not outcome["success"]:
        raise UserError(f"nbgrader could not make the assignment {lab}: {_reason(outcome.get('log', ''))}")


def _of_the_course(config: Config) -> list[type]:
    """The steps that the course names, else nbgrader's own; before them, metadata of an older nbgrader is brought up to date."""
    from nbgrader.converters import GenerateAssignment

    from grader.build.upgraded import UpgradedMetadata

    named = config.GenerateAssignment.get("preprocessors")
    if named is None:
        steps = GenerateAssignment.preprocessors.default()
    else:
        steps = named or preprocessors()  # of a course of ours, whose settings were read without them
    return [UpgradedMetadata, *steps]


def _quiet_log() -> logging.Logger:
    """A log that only capture_log reads, so that a build prints one sentence and not nbgrader's traceback as well."""
    log = logging.Logger("handgrad.nbgrader", logging.INFO)
    log.propagate = False
    return log


def _reason(log: str) -> str:
    """The last exception's own line in nbgrader's log, which ends in advice to read the traceback above."""
    told = [line.strip() for line in log.splitlines() if "Error: " in line or "Exception: " in line]
    return told[-1].split(": ", 1)[1] if told else log.strip().splitlines()[-1] if log.strip() else "it gave no reason"
