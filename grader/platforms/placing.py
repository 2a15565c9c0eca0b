"""Put submissions where nbgrader keeps them. All are written beside first, and then each takes its place in one step.

What was there before is not thrown away: it goes to `.handgrad/LAB/replaced/STUDENT/`, where nothing grades it.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course_utils.errors import UserError
from grader.books import Course
from grader.files import share
from grader.intake import TIMESTAMP

_STAGE, _REPLACED = "collecting", "replaced"


@dataclass(frozen=True)
class Placed:
    """One folder that was written: whose, and where the one before is now, if there was one."""

    student: str
    before: Path | None


def stamp(when: datetime) -> bytes:
    """`timestamp.txt` as nbgrader's exchange writes it."""
    return f"{when:%Y-%m-%d %H:%M:%S.%f} UTC".encode()


class Stage:
    """Folders that are being written for a lab, and nobody sees yet."""

    def __init__(self, course: Course, lab: str) -> None:
        self._course, self._lab = course, lab
        self._shared = course.settings.shared  # asked for before anything is moved: settings may be refused
        self._folder = course.notes(lab) / _STAGE
        shutil.rmtree(self._folder, ignore_errors=True)  # of one that was killed
        self._staged: dict[str, Path] = {}

    def add(self, students: Iterable[str], files: Mapping[str, bytes]) -> None:
        """Write the files for each of the students."""
        for student in students:
            folder = self._folder / str(len(self._staged))
            for path, data in files.items():
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as stream:
                    stream.write(data)
            folder.mkdir(parents=True, exist_ok=True)
            self._staged[student] = folder

    def move(self) -> list[Placed]:
        """Let every folder take its place. Raises UserError where the course cannot be written; whoever is killed may start again."""
        placed = []
        try:
            for student, folder in self._staged.items():
                target = self._course.folder("submitted", student, self._lab)
                target.parent.mkdir(parents=True, exist_ok=True)
                placed.append(Placed(student, self._set_aside(target, student)))
                _rename(folder, target)
                if self._shared:
                    share(target, self._course.step("submitted"))
        except OSError as error:
            told = f"{len(placed)} of {len(self._staged)} submissions were written" if placed else "nothing was written"
            where = error.filename or self._folder
            raise UserError(f"{where} cannot be written ({error.strerror}); {told}. Mend it and collect again.") from None
        finally:
            self.clear()
        return placed

    def clear(self) -> None:
        """Take away what was not moved."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _set_aside(self, target: Path, student: str) -> Path | None:
        """Move what is in a place to where nobody grades it. It is named by a count: times in it may be anybody's."""
        if not os.path.lexists(target):
            return None
        kept = self._course.notes(self._lab) / _REPLACED / student
        kept.mkdir(parents=True, exist_ok=True, mode=0o700)
        count = 1 + max((int(path.name) for path in kept.iterdir() if path.name.isdigit()), default=0)
        _rename(target, kept / str(count))
        return kept / str(count)


def _rename(source: Path, target: Path) -> None:
    """Move a folder; to another disk it is copied under another name first, so that nothing half-written is ever in its place."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        fresh = target.with_name(f".handgrad-new-{os.getpid()}")
        shutil.copytree(source, fresh, symlinks=True)
        fresh.rename(target)
        shutil.rmtree(source)


def with_stamp(files: Mapping[str, bytes], when: datetime | None) -> dict[str, bytes]:
    """The files with nbgrader's `timestamp.txt`, where a time is known."""
    return {**files, **({TIMESTAMP: stamp(when)} if when else {})}
