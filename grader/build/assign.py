"""nbgrader's own generate-assignment, run in this process on one assignment of a course."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from traitlets.config import Config

from course_utils.errors import UserError
from grader.build.config import beside
from grader.build.stubs import in_full, preprocessors
from grader.intake import NOBODY


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
    """Make `release/<lab>` from `source/<lab>` of the course that the settings name.

    `ours` says that it is a lab of `solutions/`, whose unsolved values have to run; any other assignment is made by the course's own
    steps. Raises UserError with nbgrader's own words when it refuses.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log

    root = Path(config.CourseDirectory.root)
    config.CourseDirectory.assignment_id = lab
    config.CourseDirectory.student_id = NOBODY
    config.GenerateAssignment.force = True
    config.GenerateAssignment.preprocessors = preprocessors() if ours else _of_the_course(config)
    with chdir(root), beside(root):  # settings may name files from there, as quickstart's header does
        step = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
        step.log = _quiet_log()
        outcome = capture_log(step)
    if not outcome["success"]:
        raise UserError(f"nbgrader could not make the assignment {lab}: {_reason(outcome.get('log', ''))}")


def _of_the_course(config: Config) -> list[type]:
    """The steps that the course names, else nbgrader's own; before them, metadata of an older nbgrader is brought up to date."""
    from nbgrader.converters import GenerateAssignment

    from grader.build.upgraded import UpgradedMetadata

    named = config.GenerateAssignment.get("preprocessors")
    steps = in_full(named) if isinstance(named, list) else GenerateAssignment.preprocessors.default()
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
