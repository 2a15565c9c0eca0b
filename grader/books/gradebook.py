"""The one writer to nbgrader's gradebook: a batch of results is one transaction of a few statements, whatever its size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace, TracebackType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from grader.books.course import Course
from grader.books.database import cells_of
from grader.build import beside
from grader.judging import FAILED, CellScore, Result

if TYPE_CHECKING:
    from sqlalchemy import Connection

Row = Any  # nbgrader's tables have no types
Place = tuple[str, str]  # (student, notebook)
_AT_ONCE = 500  # values in one question: databases have a limit
_WRITTEN = ("grade", "comment")
_NEITHER: Row = SimpleNamespace(id=None, auto_score=None, manual_score=None, extra_credit=None, auto_comment=None, manual_comment=None)


@dataclass
class Marks:
    """What feedback shows of one notebook: points by grade_id as (score, max), comments, and the penalty for being late."""

    scores: dict[str, tuple[float, float]]
    comments: dict[str, str | None]
    score: float
    max_score: float
    penalty: float


class Scores:
    """The gradebook's rows of one assignment.

    Raises UserError where the gradebook cannot be read and written, at once and at any later moment; then nothing of a batch is in it.
    """

    def __init__(self, course: Course, lab: str) -> None:
        self._database, self._lab = course.database, lab
        self._gradebook = self._database.open()
        with self._database.plainly():
            assignment = self._gradebook.find_assignment(lab)
            self._id, self._duedate = assignment.id, assignment.duedate
            self._notebooks = {notebook.id: notebook.name for notebook in assignment.notebooks}
            self._cells = {notebook.id: [_cell(cell) for cell in notebook._base_cells] for notebook in assignment.notebooks}
            self._gradebook.db.rollback()  # what was read is let go: nobody waits for us
            self._be_able_to_write()
        self._place = self._database.place()
        self._database.use(lab)
        with beside(course.root):  # where a plugin of the course may lie
            self._lateness = _Lateness(course.config) if self._duedate and course.settings.late_penalties else None

    def __enter__(self) -> Scores:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            with self._database.plainly():
                cells = cells_of(self._gradebook, self._lab)
        self._gradebook.close()
        if error is None and cells:
            self._database.remember(self._lab, cells)

    def write(self, results: Iterable[Result], earlier: Mapping[str, Result]) -> dict[Place, Marks]:
        """Write results in one transaction; `earlier` is what was known of a student before, by student.

        Gives the marks by (student, notebook).
        """
        latest = {result.student: result for result in results}
        if not latest:
            return {}
        with self._database.plainly(), self._gradebook.engine.begin() as connection:
            self._still_there()
            marks = self._write(_Tables(connection), latest, earlier)
        self._still_there()
        return marks

    def _be_able_to_write(self) -> None:
        """Find out at the start, and not when a class has been graded."""
        if self._database.file is not None:
            with self._gradebook.engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                connection.rollback()

    def _still_there(self) -> None:
        """SQLite goes on writing to a file that was taken away."""
        if self._database.place() != self._place:
            raise self._database.gone(self._lab)

    def _write(self, tables: _Tables, latest: Mapping[str, Result], earlier: Mapping[str, Result]) -> dict[Place, Marks]:
        tables.students(list(latest))
        submitted = tables.submissions(self._id, {student: _when(result) for student, result in latest.items()})
        rows = tables.notebooks([row.id for row in submitted.values()], list(self._notebooks))
        changes = _Changes(tables, [row.id for row in rows.values()])
        marks, penalties = {}, []
        for student, result in latest.items():
            for notebook, name in self._notebooks.items():
                row = rows[submitted[student].id, notebook]
                found = changes.mark(row.id, self._cells[notebook], name, result, earlier.get(student))
                late = self._lateness.penalty(student, found.score, submitted[student], self._duedate) if self._lateness else None
                if late != row.late_submission_penalty:
                    penalties.append({"id": row.id, "late_submission_penalty": late})
                found.penalty = float(late or 0.0)
                marks[student, name] = found
        changes.make()
        tables.update("submitted_notebook", penalties)
        return marks


def _cell(cell: Row) -> Row:
    """What is needed of a cell, out of the database's reach."""
    graded, answered = cell.type in ("GradeCell", "TaskCell"), cell.type in ("SolutionCell", "TaskCell")
    return SimpleNamespace(id=cell.id, name=cell.name, graded=graded, answered=answered, max_score=cell.max_score if graded else 0.0)


def _when(result: Result) -> datetime | None:
    return datetime.fromisoformat(result.timestamp) if result.timestamp else None


class _Tables:
    """nbgrader's tables in one transaction: what is there is read at once, and what is missing is added at once."""

    def __init__(self, connection: Connection) -> None:
        from nbgrader.api import Base

        self._connection, self._tables = connection, Base.metadata.tables

    def students(self, names: Sequence[str]) -> None:
        """Have these students."""
        known = {row.id for row in self.find("student", "id", names)}
        self.insert("student", [{"id": name} for name in names if name not in known])

    def submissions(self, assignment: str, handed_in: Mapping[str, datetime | None]) -> dict[str, Row]:
        """The submissions of these students, by student, with the times when they were handed in."""
        rows = {row.student_id: row for row in self.find("submitted_assignment", "student_id", list(handed_in), assignment_id=assignment)}
        moved = [{"id": row.id, "timestamp": handed_in[name]} for name, row in rows.items() if row.timestamp != handed_in[name]]
        fresh = [
            {"id": uuid4().hex, "assignment_id": assignment, "student_id": name, "timestamp": when}
            for name, when in handed_in.items()
            if name not in rows
        ]
        self.update("submitted_assignment", moved)
        self.insert("submitted_assignment", fresh)
        extensions = {name: row.extension for name, row in rows.items()}
        ids = {name: row.id for name, row in rows.items()} | {row["student_id"]: row["id"] for row in fresh}
        return {name: SimpleNamespace(id=ids[name], timestamp=when, extension=extensions.get(name)) for name, when in handed_in.items()}

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


class _Changes:
    """The grades and comments of a batch: compared with what the gradebook has, and only what differs is written."""

    def __init__(self, tables: _Tables, notebooks: Sequence[str]) -> None:
        self._tables = tables
        self._had = {
            name: {(row.notebook_id, row.cell_id): row for row in tables.find(name, "notebook_id", notebooks)} for name in _WRITTEN
        }
        self._new: dict[str, list[dict[str, Any]]] = {name: [] for name in _WRITTEN}
        self._changed: dict[tuple[str, bool], list[dict[str, Any]]] = {
            (name, renewed): [] for name in _WRITTEN for renewed in (False, True)
        }

    def mark(self, row: str, cells: Sequence[Row], notebook: str, result: Result, earlier: Result | None) -> Marks:
        """Note what a result changes in one submitted notebook, and give its marks. `row` is the notebook's id."""
        scores, before = result.cells.get(notebook, {}), earlier.cells.get(notebook, {}) if earlier else {}
        silent, failed = result.no_response.get(notebook, ()), result.status == FAILED
        marks = Marks({}, {}, 0.0, 0.0, 0.0)
        for cell in cells:
            name = cell.name
            renewed = name in scores and name in before and before[name].answer != scores[name].answer
            if cell.graded:
                marks.scores[name] = (self._grade(row, cell, None if failed else scores.get(name), renewed), cell.max_score)
            if cell.answered:
                marks.comments[name] = self._comment(row, cell, "No response." if name in silent else None, renewed)
        marks.score = sum(score for score, _ in marks.scores.values())
        marks.max_score = sum(most for _, most in marks.scores.values())
        return marks

    def make(self) -> None:
        """Write what was noted."""
        for name, rows in self._new.items():
            self._tables.insert(name, rows)
        for (name, _), rows in self._changed.items():
            self._tables.update(name, rows)

    def _grade(self, row: str, cell: Row, score: CellScore | None, renewed: bool) -> float:
        """nbgrader's rules; a score that a person gave to an answer that is no longer there goes with that answer."""
        had = self._had["grade"].get((row, cell.id)) or _NEITHER
        manual, extra = (None, None) if renewed else (had.manual_score, had.extra_credit)
        auto = None if score is None else score.auto
        fresh = {"auto_score": auto, "needs_manual_grade": manual is not None or auto is None}
        self._note("grade", row, cell, had, fresh, {"manual_score": None, "extra_credit": None}, renewed)
        return ((auto if manual is None else manual) or 0.0) + (extra or 0.0)

    def _comment(self, row: str, cell: Row, auto: str | None, renewed: bool) -> str | None:
        had = self._had["comment"].get((row, cell.id)) or _NEITHER
        self._note("comment", row, cell, had, {"auto_comment": auto}, {"manual_comment": None}, renewed)
        return (None if renewed else had.manual_comment) or auto

    def _note(self, table: str, row: str, cell: Row, had: Row, fresh: dict[str, Any], of_people: dict[str, Any], renewed: bool) -> None:
        """What people wrote is left alone, whoever changes it meanwhile, unless it speaks of an older answer."""
        if had.id is None:
            self._new[table].append({"id": uuid4().hex, "cell_id": cell.id, "notebook_id": row, **fresh, **of_people})
            return
        values = fresh | of_people if renewed else fresh
        if any(getattr(had, name) != value for name, value in values.items()):
            self._changed[table, renewed].append({"id": had.id, **values})


class _Lateness:
    """Late penalties are nbgrader's: its rule, its plugin, its settings."""

    def __init__(self, config: Any) -> None:
        from nbgrader.api import SubmittedAssignment
        from nbgrader.preprocessors import AssignLatePenalties

        self._submission, self._step = SubmittedAssignment, AssignLatePenalties(config=config)
        self._step.init_plugin()

    def penalty(self, student: str, score: float, submitted: Row, due: datetime) -> float | None:
        """The penalty of one notebook; None for one that came in time."""
        handed_in = SimpleNamespace(timestamp=submitted.timestamp, extension=submitted.extension, assignment=SimpleNamespace(duedate=due))
        handed_in.duedate = self._submission.duedate.fget(handed_in)
        late = self._submission.total_seconds_late.fget(handed_in)
        found = self._step.plugin_inst.late_submission_penalty(student, score, late) if late > 0 else None
        return None if found is None else float(self._step._check_late_penalty(SimpleNamespace(score=score), found))
