"""The one writer to nbgrader's gradebook: a batch of results is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace, TracebackType
from typing import Any

from nbgrader.api import Comment, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import OperationalError

from course_utils.errors import UserError
from grader.books.course import Course
from grader.judging import FAILED, CellScore, Result

Row = Any  # nbgrader's tables have no types


@dataclass
class Marks:
    """What feedback shows of one notebook: points by grade_id as (score, max), comments, and the penalty for being late."""

    scores: dict[str, tuple[float, float]]
    comments: dict[str, str | None]
    score: float
    max_score: float
    penalty: float


class Scores:
    """The gradebook's rows of one assignment."""

    def __init__(self, course: Course, lab: str) -> None:
        self._gradebook: Gradebook = course.gradebook()
        self._db = self._gradebook.db()
        self._db.expire_on_commit = False  # we are the only writer of these rows while a batch runs
        self._db.autoflush = False
        self._assignment = self._gradebook.find_assignment(lab)
        self._cells = {notebook.name: list(notebook._base_cells) for notebook in self._assignment.notebooks}
        self._lateness = AssignLatePenalties(config=course.config)
        self._lateness.init_plugin()

    def __enter__(self) -> Scores:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._gradebook.close()

    def write(self, results: Iterable[Result], earlier: Mapping[str, Result]) -> dict[tuple[str, str], Marks]:
        """Write results in one transaction; `earlier` is what was known of a student before, by student.

        Gives the marks by (student, notebook).
        """
        marks: dict[tuple[str, str], Marks] = {}
        try:
            for result in results:
                for row in self._submission(result).notebooks:
                    marks[result.student, row.name] = self._write_notebook(row, result, earlier.get(result.student))
            self._db.commit()
        except OperationalError as error:
            self._db.rollback()
            raise UserError(
                f"The gradebook cannot be written ({error.orig}): is another program holding it? "
                "What was graded is kept; start again to bring it in."
            ) from error
        return marks

    def _submission(self, result: Result) -> Row:
        student = self._db.get(Student, result.student)
        if student is None:
            student = Student(id=result.student)
            self._db.add(student)
        found = self._db.query(SubmittedAssignment).filter_by(assignment_id=self._assignment.id, student_id=result.student)
        row = found.one_or_none()
        if row is None:
            row = SubmittedAssignment(assignment=self._assignment, student=student)
            self._db.add(row)
        present = {notebook.notebook_id for notebook in row.notebooks}
        for notebook in self._assignment.notebooks:
            if notebook.id not in present:
                self._new(SubmittedNotebook(notebook=notebook, assignment=row))
        row.timestamp = datetime.fromisoformat(result.timestamp) if result.timestamp else None
        return row

    def _write_notebook(self, row: Row, result: Result, earlier: Result | None) -> Marks:
        scores = result.cells.get(row.name, {})
        before = earlier.cells.get(row.name, {}) if earlier else {}
        grades = {grade.cell_id: grade for grade in row.grades}
        comments = {comment.cell_id: comment for comment in row.comments}
        marks = Marks({}, {}, 0.0, 0.0, 0.0)
        for cell in self._cells[row.name]:
            name = cell.name
            renewed = name in scores and name in before and before[name].answer != scores[name].answer
            if cell.type in ("GradeCell", "TaskCell"):
                grade = grades.get(cell.id) or self._new(Grade(cell=cell, notebook=row))
                _write_grade(grade, scores.get(name), renewed, failed=result.status == FAILED)
                points = grade.manual_score if grade.manual_score is not None else grade.auto_score
                marks.scores[name] = ((points or 0.0) + (grade.extra_credit or 0.0), cell.max_score)
            if cell.type in ("SolutionCell", "TaskCell"):
                comment = comments.get(cell.id) or self._new(Comment(cell=cell, notebook=row))
                _write_comment(comment, name in result.no_response.get(row.name, ()), renewed)
                marks.comments[name] = comment.manual_comment or comment.auto_comment
        marks.score = sum(score for score, _ in marks.scores.values())
        marks.max_score = sum(most for _, most in marks.scores.values())
        marks.penalty = self._penalise(row, result.student, marks.score)
        return marks

    def _new(self, row: Row) -> Row:
        self._db.add(row)
        return row

    def _penalise(self, row: Row, student: str, score: float) -> float:
        """Late penalties are nbgrader's: its rule, its plugin, its settings."""
        late = row.assignment.total_seconds_late
        row.late_submission_penalty = None
        if late > 0:
            penalty = self._lateness.plugin_inst.late_submission_penalty(student, score, late)
            if penalty is not None:
                row.late_submission_penalty = self._lateness._check_late_penalty(SimpleNamespace(score=score), penalty)
        return float(row.late_submission_penalty or 0.0)


def _write_grade(grade: Row, score: CellScore | None, renewed: bool, *, failed: bool) -> None:
    """nbgrader's rules; a score that a person gave to an answer that is no longer there goes with that answer."""
    if renewed:
        grade.manual_score = grade.extra_credit = None
    grade.auto_score = None if failed or score is None else score.auto
    grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None


def _write_comment(comment: Row, no_response: bool, renewed: bool) -> None:
    if renewed:
        comment.manual_comment = None
    comment.auto_comment = "No response." if no_response else None
