"""nbgrader's tables in one transaction: read at once, and changed at once, whatever the size of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from sqlalchemy import Connection

Row = Any  # nbgrader's tables have no types
_AT_ONCE = 500  # values in one question: databases have a limit


class Tables:
    """nbgrader's tables in one transaction: what is there is read at once, and what is missing is added at once."""

    def __init__(self, connection: Connection) -> None:
        from nbgrader.api import Base

        self._connection, self._tables = connection, Base.metadata.tables

    def students(self, names: Sequence[str]) -> None:
        """Have these students."""
        known = {row.id for row in self.find("student", "id", names)}
        self.insert("student", [{"id": name} for name in names if name not in known])

    def submissions(self, assignment: str, handed_in: Mapping[str, datetime | None]) -> dict[str, Row]:
        """The submissions of these students, by student, with the times when they were handed in.

        Where no time is known, what the gradebook has stays, as in nbgrader: a person may have entered it.
        """
        rows = {row.student_id: row for row in self.find("submitted_assignment", "student_id", list(handed_in), assignment_id=assignment)}
        when = {name: time or (rows[name].timestamp if name in rows else None) for name, time in handed_in.items()}
        moved = [{"id": row.id, "timestamp": when[name]} for name, row in rows.items() if row.timestamp != when[name]]
        fresh = [
            {"id": uuid4().hex, "assignment_id": assignment, "student_id": name, "timestamp": time}
            for name, time in when.items()
            if name not in rows
        ]
        self.update("submitted_assignment", moved)
        self.insert("submitted_assignment", fresh)
        extensions = {name: row.extension for name, row in rows.items()}
        ids = {name: row.id for name, row in rows.items()} | {row["student_id"]: row["id"] for row in fresh}
        return {name: SimpleNamespace(id=ids[name], timestamp=time, extension=extensions.get(name)) for name, time in when.items()}

    def notebooks(self, submissions: Sequence[str], notebooks: Sequence[str]) -> dict[tuple[str, str], Row]:
        """The submitted notebooks, by (submission, notebook)."""
        found = {(row.assignment_id, row.notebook_id): row for row in self.find("submitted_notebook", "assignment_id", submissions)}
        fresh = [
            {"id": uuid4().hex, "assignment_id": submission, "notebook_id": notebook, "late_submission_penalty": None}
            for submission in submissions
            for notebook in notebooks
            if (submission, notebook) not in found
        ]
        self.insert("submitted_notebook", fresh)
        return found | {(row["assignment_id"], row["notebook_id"]): SimpleNamespace(**row) for row in fresh}

    def find(self, table: str, column: str, values: Sequence[str], **equal: str) -> Iterator[Row]:
        """The rows in which a column has one of these values."""
        from sqlalchemy import select

        known = self._tables[table]
        for start in range(0, len(values), _AT_ONCE):
            asked = select(known).where(known.c[column].in_(values[start : start + _AT_ONCE]))
            yield from self._connection.execute(asked.filter_by(**equal))

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows, all with the same columns."""
        if rows:
            self._connection.execute(self._tables[table].insert(), list(rows))

    def update(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Change columns of rows by their id; all rows change the same columns."""
        from sqlalchemy import bindparam

        if rows:
            known = self._tables[table]
            changed = [{"row": row["id"], **{name: value for name, value in row.items() if name != "id"}} for row in rows]
            self._connection.execute(known.update().where(known.c.id == bindparam("row")), changed)
