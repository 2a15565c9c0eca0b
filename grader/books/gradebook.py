"""The gradebook of one assignment: results go in, a batch in one transaction; what people made of them comes out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from types import SimpleNamespace, TracebackType
from typing import Any

from grader.books.changes import Changes, Place, Touched, comment_of, score_of
from grader.books.course import Course
from grader.books.database import cells_of
from grader.books.lateness import Lateness, Penalties
from grader.books.tables import Row, Tables
from grader.judging import Result


@dataclass
class Marks:
    """What feedback shows of one notebook: points by grade_id as (score, max), comments, and the penalty for being late.

    `waiting` names cells that nobody has marked yet, though a person has to. `said` has by exercise what the instructor says to all who
    gave the same wrong answer; the gradebook knows nothing of it.
    """

    scores: dict[str, tuple[float, float]]
    comments: dict[str, str | None]
    score: float
    max_score: float
    penalty: float
    waiting: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)


@dataclass
class Standing:
    """What the gradebook holds of one student's submission: marks by notebook, and what waits for a person.

    `late` is in seconds. `to_mark` names cells, `again` those that a person had marked before, with the points that still count.
    `by_rule` has the penalties by notebook as the late policy gave them; in `marks` a person may have set others.
    """

    student: str
    marks: dict[str, Marks]
    late: float = 0.0
    to_mark: list[str] = field(default_factory=list)
    again: dict[str, float] = field(default_factory=dict)
    by_rule: dict[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """Before penalties."""
        return sum(marks.score for marks in self.marks.values())

    @property
    def max_score(self) -> float:
        return sum(marks.max_score for marks in self.marks.values())

    @property
    def penalty(self) -> float:
        return sum(marks.penalty for marks in self.marks.values())

    @property
    def total(self) -> float:
        """What nbgrader exports as the score: after penalties, and never below 0."""
        return max(0.0, self.score - self.penalty)

    def digest(self) -> str:
        """Names what a page shows of all this."""
        shown = json.dumps({name: _shown(marks) for name, marks in self.marks.items()}, sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()[:16]


class Scores:
    """The gradebook's rows of one assignment.

    Raises UserError where the gradebook cannot be read and written, at once and at any later moment; then nothing of a batch is in it.
    """

    def __init__(self, course: Course, lab: str, *, to_write: bool = True) -> None:
        self._database, self._lab, self._to_write = course.database, lab, to_write
        if self._database.missing:
            raise self._database.gone(lab)
        self._gradebook = self._database.open()
        with self._database.plainly():
            assignment = self._assignment()
            self._id, due = assignment.id, assignment.duedate
            self._notebooks = {notebook.id: notebook.name for notebook in assignment.notebooks}
            self._cells = {notebook.id: [_cell(cell) for cell in notebook._base_cells] for notebook in assignment.notebooks}
            self._gradebook.db.rollback()  # what was read is let go: nobody waits for us
            if to_write:
                self._be_able_to_write()
        self._place = self._database.place()
        self._lateness = Lateness(due)
        late = due and to_write and course.settings.late_penalties
        self._penalties = Penalties(course.root, course.config) if late else None
        self.touched: list[Touched] = []  # marks of people that may need another look, by what was written
        if to_write:
            self._database.use(lab)

    def __enter__(self) -> Scores:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None and self._to_write:
            with self._database.plainly():
                cells = cells_of(self._gradebook, self._lab)
        self._gradebook.close()
        if error is None and self._to_write and cells:
            self._database.remember(self._lab, cells)

    def write(self, results: Iterable[Result], earlier: Mapping[str, Result]) -> dict[str, Standing]:
        """Write results in one transaction; `earlier` is what was known of a student before, by student.

        Gives what the gradebook holds then, by student.
        """
        latest = {result.student: result for result in results}
        if not latest:
            return {}
        with self._tables() as tables:
            tables.students(list(latest))
            submitted = tables.submissions(self._id, {student: _when(result) for student, result in latest.items()})
            rows = tables.notebooks([row.id for row in submitted.values()], list(self._notebooks))
            changes = Changes(tables, [row.id for row in rows.values()])
            for student, result in latest.items():
                for notebook, name in self._notebooks.items():
                    changes.bring(rows[submitted[student].id, notebook].id, self._cells[notebook], name, result, earlier.get(student))
            changes.make()
            standings = self._standings(submitted, rows, changes.grades, changes.comments)
            self._penalise(tables, rows, submitted, standings, None)
        self.touched += changes.touched
        return standings

    def read(self, penalties: Mapping[str, Mapping[str, float]] | None = None) -> dict[str, Standing]:
        """What the gradebook holds of every submission, by student.

        With the `penalties` that were written last, by student and notebook, those that nobody changed since are brought up to date.
        """
        with self._tables() as tables:
            submitted = {row.student_id: row for row in tables.find("submitted_assignment", "assignment_id", [self._id])}
            found = tables.find("submitted_notebook", "assignment_id", [row.id for row in submitted.values()])
            rows = {(row.assignment_id, row.notebook_id): row for row in found}
            held = Changes(tables, [row.id for row in rows.values()])
            standings = self._standings(submitted, rows, held.grades, held.comments)
            if penalties is not None:
                self._penalise(tables, rows, submitted, standings, penalties)
        return standings

    def students(self) -> list[str]:
        """Everybody whom the gradebook knows."""
        with self._database.plainly():
            return [student.id for student in self._gradebook.students]

    @contextmanager
    def _tables(self) -> Iterator[Tables]:
        """One transaction: nobody else writes between what is read in it and what is written."""
        with self._database.plainly(), self._gradebook.engine.begin() as connection:
            self._still_there()
            if self._to_write and self._database.file is not None:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield Tables(connection)
        self._still_there()

    def _assignment(self) -> Row:
        from nbgrader.api import MissingEntry

        try:
            return self._gradebook.find_assignment(self._lab)
        except MissingEntry:
            raise self._database.gone(self._lab) from None

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

    def _standings(
        self, submitted: Mapping[str, Row], rows: Mapping[Place, Row], grades: Mapping[Place, Row], comments: Mapping[Place, Row]
    ) -> dict[str, Standing]:
        """What rows of the gradebook say, by student."""
        standings = {}
        for student, submission in submitted.items():
            standing = standings[student] = Standing(student, {}, self._lateness.seconds(submission))
            for notebook, name in self._notebooks.items():
                row = rows.get((submission.id, notebook))
                if row is None:
                    continue
                for cell in self._cells[notebook]:
                    _wait(standing, cell, grades.get((row.id, cell.id)))
                standing.marks[name] = _marks(self._cells[notebook], row, grades, comments)
        return standings

    def _penalise(
        self,
        tables: Tables,
        rows: Mapping[Place, Row],
        submitted: Mapping[str, Row],
        standings: Mapping[str, Standing],
        known: Mapping[str, Mapping[str, float]] | None,
    ) -> None:
        """Take off what being late costs with the scores of now. With `known` penalties, another one than ours is a person's, and stays."""
        changed = []
        for student, standing in standings.items():
            for notebook, name in self._notebooks.items():
                row, marks = rows.get((submitted[student].id, notebook)), standing.marks.get(name)
                if row is None or marks is None:
                    continue
                if known is not None and (ours := known.get(student, {}).get(name)) != marks.penalty:
                    standing.by_rule |= {} if ours is None else {name: ours}
                    continue
                late = self._penalties.of(student, marks.score, standing.late) if self._penalties else None
                if late != row.late_submission_penalty:
                    changed.append({"id": row.id, "late_submission_penalty": late})
                marks.penalty = standing.by_rule[name] = float(late or 0.0)
        tables.update("submitted_notebook", changed)


def _shown(marks: Marks) -> dict[str, Any]:
    """What a page shows of one notebook's marks; of nothing said there is nothing to see."""
    return {name: value for name, value in asdict(marks).items() if name != "said" or value}


def _cell(cell: Row) -> Row:
    """What is needed of a cell, out of the database's reach."""
    graded, answered = cell.type in ("GradeCell", "TaskCell"), cell.type in ("SolutionCell", "TaskCell")
    return SimpleNamespace(id=cell.id, name=cell.name, graded=graded, answered=answered, max_score=cell.max_score if graded else 0.0)


def _when(result: Result) -> datetime | None:
    return datetime.fromisoformat(result.timestamp) if result.timestamp else None


def _marks(cells: Sequence[Row], row: Row, grades: Mapping[Place, Row], comments: Mapping[Place, Row]) -> Marks:
    """The marks of one submitted notebook."""
    scores = {cell.name: (score_of(grades.get((row.id, cell.id))), cell.max_score) for cell in cells if cell.graded}
    told = {cell.name: comment_of(comments.get((row.id, cell.id))) for cell in cells if cell.answered}
    score, most = (sum(pair[at] for pair in scores.values()) for at in (0, 1))
    waiting = [cell.name for cell in cells if cell.graded and _is_unmarked(grades.get((row.id, cell.id)))]
    return Marks(scores, told, score, most, float(row.late_submission_penalty or 0.0), waiting)


def _is_unmarked(grade: Row | None) -> bool:
    return grade is not None and bool(grade.needs_manual_grade) and grade.manual_score is None


def _wait(standing: Standing, cell: Row, grade: Row) -> None:
    """Note a cell that waits for a person."""
    if not cell.graded or (grade is not None and not grade.needs_manual_grade):
        return
    standing.to_mark.append(cell.name)
    if grade is not None and (grade.manual_score is not None or grade.extra_credit):
        standing.again[cell.name] = score_of(grade)
