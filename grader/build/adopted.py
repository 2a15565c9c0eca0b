"""The line in `nbgrader_config.py` by which what nbgrader and formgrader are told to grade goes through Handgrad.

It names a class, which nbgrader looks up when it is told to grade. So reading the settings imports nothing; and where there is no
Handgrad, nbgrader refuses, and runs no code without a sandbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.errors import UserError
from grader.files import write_atomically

if TYPE_CHECKING:
    from traitlets.config import Config

THROUGH_HANDGRAD = "grader.cli.nbgrader.Sandboxed"
_STEPS = ("Autograde", "GenerateFeedback")
_CALLED = ("c", "get_config()")  # the settings, in the file itself; the first is what people write, the second can hardly be lost
_WHY = "# Handgrad grades, in its sandbox; without this line nbgrader does, without one"
LINES = tuple(" = ".join([*(f"{c}.{step}.exporter_class" for step in _STEPS), f'"{THROUGH_HANDGRAD}"  {_WHY}']) for c in _CALLED)

_NAME = "nbgrader_config.py"


@dataclass(frozen=True)
class Adopted:
    """What was done: the line, the file that has it, and what stood there last; nothing in `line` where nothing was to be done."""

    path: Path
    line: str = ""
    number: int = 0
    before: str | None = None  # None: there was no file


def is_adopted(config: Config) -> bool:
    """Whether, by these settings, nbgrader and formgrader grade through Handgrad."""
    return all(config[step].get("exporter_class") == THROUGH_HANDGRAD for step in _STEPS)


def adopt(course: Path) -> Adopted:
    """Add the line to the settings of a course, below all that is there; nothing else changes by a byte.

    Raises UserError, and leaves the file as it was, where the settings cannot be read or do not let the line count.
    """
    path = (course / _NAME).resolve()  # settings that several courses share stay shared
    if is_adopted(_settings(course, path)):
        return Adopted(path)
    old = path.read_bytes() if path.exists() else None
    end = b"\r\n" if old and b"\r\n" in old else b"\n"
    above = (old or b"") + (end if old and not old.endswith((b"\n", b"\r")) else b"")
    mode = path.stat().st_mode & 0o777 if old is not None else 0o644
    for line in LINES:
        write_atomically(path, above + line.encode() + end, mode)
        try:
            counts = is_adopted(_settings(course, path))
        except UserError:
            counts = False
        if counts:
            told = above.decode("utf-8", "replace").splitlines()
            return Adopted(path, line, len(told) + 1, None if old is None else told[-1] if told else "")
    if old is None:
        path.unlink()
    else:
        write_atomically(path, old, mode)
    raise UserError(f"{path} was left as it is: a line at its end does not count. Does nbgrader_config.json beside it set the same?")


def _settings(course: Path, path: Path) -> Config:
    """The course's settings. They are a program of the instructor's, which may fail in any way."""
    from grader.build import course_config

    try:
        return course_config(course)
    except UserError:
        raise
    except (Exception, SystemExit) as error:
        where = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise UserError(f"{path} cannot be read by nbgrader either{where} ({type(error).__name__}: {error}): mend that first.") from error
