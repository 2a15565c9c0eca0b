"""Bring results to where people read them: gradebook first, feedback second, then the note in the journal that both have them."""

from __future__ import annotations

from collections.abc import Sequence

from grader.batch.journal import Journal
from grader.books import Course, Feedback, Marks, Scores, read_autograded, remove
from grader.files import sweep, write_atomically
from grader.intake import TIMESTAMP, is_student
from grader.judging import FAILED, Assignment, Result


class Publisher:
    """The one writer to a course's gradebook and feedback."""

    def __init__(self, course: Course, assignment: Assignment, journal: Journal, scores: Scores) -> None:
        self._course, self._assignment, self._journal, self._scores = course, assignment, journal, scores
        self._feedback = Feedback(course.config)

    def publish(self, results: Sequence[Result]) -> None:
        """Publish a batch. Doing it twice is the same as once, so a killed grader simply starts over."""
        if not results:
            return
        named = [result for result in results if is_student(result.student)]
        marks = self._scores.write(named, self._journal.earlier)
        for result in named:
            self._write_feedback(result, marks)
        self._journal.published(results)

    def _write_feedback(self, result: Result, marks: dict[tuple[str, str], Marks]) -> None:
        folder = self._course.folder("feedback", result.student, self._assignment.name)
        graded = self._course.folder("autograded", result.student, self._assignment.name)
        if result.status == FAILED:  # what an older submission got must not pass for this one's
            remove(folder)
            remove(graded)
            return
        sweep(folder)
        for template in self._assignment.templates:
            path = graded / f"{template.name}.ipynb"
            if not path.exists():  # somebody took it away: the submission is going to be graded again
                return
            notebook = read_autograded(path)
            page = self._feedback.render(notebook, template, self._assignment.name, result, marks[result.student, template.name])
            write_atomically(folder / f"{template.name}.html", page.encode("utf-8", "replace"), 0o644)
        if result.timestamp:
            write_atomically(folder / TIMESTAMP, f"{result.timestamp} UTC\n".encode(), 0o644)
