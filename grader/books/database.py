"""The gradebook as a file: opened in one place, and each of its troubles told in one sentence.

What an assignment needs of it is noted beside the journal, with the state of the file at that time. As long as nobody writes to it, a
class that is graded already is known to be so without nbgrader's tables and the lab's checks, which take a second to import.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from course_utils.errors import UserError
from grader.build import scripts_on_path
from grader.files import write_atomically

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

    from grader.books.course import Course

BUSY_SECONDS = 60  # that SQLite waits for another program, such as formgrader
_SQLITE = "sqlite:///"
_HEADER = 100  # bytes of SQLite's own, with a number that changes at every transaction
_KEPT = "What was graded is kept; start again to bring it in."
_TROUBLES = (  # how SQLite says it, and how we do
    ("locked", f"is held by another program: close what has it open, such as formgrader. {_KEPT}"),
    ("readonly", f"may only be read: let its file and its folder be written. {_KEPT}"),
    ("unable to open", f"cannot be opened: is it a file, and may you write it and its folder? {_KEPT}"),
    ("disk is full", f"cannot be written, because the disk is full: make room. {_KEPT}"),
    ("disk i/o error", f"cannot be written or read: the disk is full or broken. {_KEPT}"),
    ("not a database", "is damaged: put a copy of it back. What was graded is kept, and the copy gets what it lacks."),
    ("no such column", "is of an older nbgrader: copy the file to a safe place, then run `nbgrader db upgrade` in the course."),
    ("malformed", "is damaged: put a copy of it back. What was graded is kept, and the copy gets what it lacks."),
)


class Kept(NamedTuple):
    """nbgrader's own record of a cell, which has the hidden tests."""

    source: str
    checksum: str | None


Cells = dict[str, dict[str, Kept]]  # by notebook and grade_id


class Database:
    """Where a course's gradebook is, and what is remembered of it."""

    def __init__(self, course: Course) -> None:
        self._course = course
        settings = course.config.CourseDirectory
        # nbgrader's default, known here because its own settings class takes all of nbgrader to import
        self.url = str(settings.get("db_url") or f"{_SQLITE}{course.root / 'gradebook.db'}")
        self.course_id = str(settings.get("course_id") or "").strip()

    @property
    def file(self) -> Path | None:
        """The file of an SQLite gradebook; None for a server's."""
        path = self.url.removeprefix(_SQLITE).partition("?")[0].removeprefix("file:")
        return Path(path) if self.url.startswith(_SQLITE) else None

    @property
    def missing(self) -> bool:
        """Whether there is no gradebook, as far as one can see without opening it: that would make one."""
        return self.file is not None and not (self.file.exists() and self.file.stat().st_size)

    def open(self) -> Gradebook:
        """nbgrader's gradebook; SQLite waits for another writer rather than fail. Raises UserError for what is wrong with it."""
        from nbgrader.api import Gradebook

        url = self.url
        if self.file is not None and "?" not in url:
            url += f"?timeout={BUSY_SECONDS}"
        with self.plainly(), scripts_on_path():
            return Gradebook(url, self.course_id)

    @contextmanager
    def plainly(self) -> Iterator[None]:
        """Tell what the database complains of as a UserError."""
        try:
            yield
        except Exception as error:
            from sqlalchemy.exc import SQLAlchemyError

            if not isinstance(error, SQLAlchemyError):
                raise
            raise UserError(self._sentence(str(getattr(error, "orig", None) or error))) from error

    def _sentence(self, complaint: str) -> str:
        for word, told in _TROUBLES:
            if word in complaint.lower():
                return f"The gradebook {self.file or ''} {told}"
        return f"The gradebook cannot be used ({complaint.splitlines()[0]}): start again when that is mended. {_KEPT}"

    def students(self) -> set[str]:
        """The ids of all students whom the gradebook has."""
        with self.open() as gradebook, self.plainly():
            return {student.id for student in gradebook.students}

    def names(self) -> dict[str, tuple[str, ...]]:
        """What the gradebook knows of people's names and addresses, by student."""
        with self.open() as gradebook, self.plainly():
            told = {student.id: (student.first_name, student.last_name, student.email) for student in gradebook.students}
        return {student: tuple(filter(None, names)) for student, names in told.items()}

    def place(self) -> tuple[int, int] | None:
        """Which file it is, whatever is written into it; None where there is none."""
        try:
            found = self.file.stat() if self.file else None
        except FileNotFoundError:
            return None
        return (found.st_dev, found.st_ino) if found else None

    def gone(self, lab: str) -> UserError:
        """The sentence for a gradebook that does not have what was graded."""
        return UserError(
            f"The gradebook {self.file or ''} does not have {lab}, though {lab} was graded with it: put it back. "
            f"Or delete {self._course.notes(lab)}, and everything is graded again."
        )

    def was_used(self, lab: str) -> bool:
        """Whether grades of this lab have been written."""
        return bool(self._noted(lab).get("used"))

    def recall(self, lab: str) -> Cells | None:
        """The cells of an assignment, if nobody wrote to the gradebook since they were remembered."""
        noted = self._noted(lab)
        if not noted.get("cells") or noted["state"] is None or noted["state"] != self.state():
            return None
        return {name: {cell: Kept(*kept) for cell, kept in cells.items()} for name, cells in noted["cells"].items()}

    def remember(self, lab: str, cells: Mapping[str, Mapping[str, Kept]]) -> None:
        """Note the cells of an assignment with the gradebook's state of now."""
        self._note(lab, state=self.state(), cells=cells)

    def is_shown(self, lab: str) -> bool:
        """Whether nobody wrote to the gradebook since all pages of an assignment were brought up to date."""
        shown = self._noted(lab).get("shown")
        return shown is not None and shown == self.state()

    def note_shown(self, lab: str, state: list[Any] | None) -> None:
        """Note the gradebook's state of which all pages of an assignment tell."""
        self._note(lab, shown=state)

    def use(self, lab: str) -> None:
        """Note that from now on it is this gradebook that has the grades."""
        if not self.was_used(lab):
            self._note(lab, used=True)

    def budget(self, lab: str) -> dict[str, float] | None:
        """What a lab's checks say of its limits, when it was noted."""
        found: dict[str, float] | None = self._noted(lab).get("budget")
        return found

    def note_budget(self, lab: str, budget: Mapping[str, float]) -> None:
        """Note what a lab's checks say of its limits."""
        if self.budget(lab) != budget:
            self._note(lab, budget=dict(budget))

    def _note(self, lab: str, **words: Any) -> None:
        write_atomically(self._memory(lab), json.dumps(self._noted(lab) | words).encode(), 0o600)

    def _noted(self, lab: str) -> dict[str, Any]:
        try:
            noted: dict[str, Any] = json.loads(self._memory(lab).read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):  # never written, or the machine stopped while it was
            return {}
        return noted

    def _memory(self, lab: str) -> Path:
        return self._course.notes(lab) / "known.json"

    def state(self) -> list[Any] | None:
        """Another one after every transaction; None for a server, and while somebody writes."""
        if self.file is None or not self.file.is_file() or self.file.with_name(f"{self.file.name}-journal").exists():
            return None
        found = self.file.stat()
        with self.file.open("rb") as stream:
            return [self.url, found.st_ino, found.st_size, found.st_mtime_ns, stream.read(_HEADER).hex()]


def cells_of(gradebook: Gradebook, lab: str) -> Cells | None:
    """The cells of an assignment as the gradebook has them; None when it does not know the assignment."""
    from nbgrader.api import MissingEntry

    gradebook.db.expire_all()
    try:
        assignment = gradebook.find_assignment(lab)
    except MissingEntry:
        return None
    return {
        notebook.name: {cell.name: Kept(cell.source or "", cell.checksum) for cell in notebook.source_cells}
        for notebook in assignment.notebooks
    }
