"""The files that come with an assignment: what students were given, and what lies only beside its source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.errors import UserError
from grader.intake import Unreadable, read_regular

if TYPE_CHECKING:
    from grader.books.course import Course

# What a released lab checks with: students have it, but while their code is graded it stays on our side.
KEPT_BACK = ("checks.py", "cases.npz", "hints.json", "review.json")
MOST_BYTES = 512 * 2**20  # of all files: each submission gets a copy, in memory while it is graded


def released_files(course: Course, name: str, *, lab: bool) -> dict[str, bytes]:
    """The files beside the notebooks, by path; of a lab without what checks it.

    Where the source has a file, that counts, as it does for nbgrader: it may have been mended, or never been given to students.
    Raises UserError for what cannot be read, and for more than `MOST_BYTES`.
    """
    steps = ("release",) if lab else ("release", "source")
    files, room = dict[str, bytes](), MOST_BYTES
    found = {path: step for step in steps for path in _below(course, course.own(step, name)) if not (lab and path in KEPT_BACK)}
    for path, step in sorted(found.items()):
        try:
            files[path] = read_regular(course.own(step, name), path, room)
        except Unreadable as reason:
            raise UserError(f"{step}/{name}: {reason}{_advice(course.own(step, name) / path, room)}") from None
        room -= len(files[path])
    return files


def _advice(path: Path, room: int) -> str:
    if not path.is_file() or path.stat().st_size <= room:
        return ""
    return f" All files of an assignment may have {MOST_BYTES // 2**20} MiB: make them smaller, or name them in CourseDirectory.ignore."


def _below(course: Course, folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if path.suffix != ".ipynb" and not any(map(course.layout.ignores, relative.parts)) and path.is_file():
            yield relative.as_posix()
