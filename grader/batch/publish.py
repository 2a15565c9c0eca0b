"""Bring results to where people read them: gradebook first, feedback second, then the note in the journal that both have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from grader.batch.journal import Journal
from grader.books import Course, Marks, Scores, remove
from grader.intake import is_student
from grader.judging import FAILED, Assignment, Result

TOGETHER = 16  # results per transaction of the gradebook


class Publisher:
    """The one writer to a course's gradebook. Pages are rendered by workers: it says which.

    Publishing twice is the same as once, so a killed grader simply starts over.
    """

    def __init__(self, course: Course, assignment: Assignment, journal: Journal, scores: Scores) -> None:
        self._course, self._assignment, self._journal, self._scores = course, assignment, journal, scores
        self._waiting: dict[str, Result] = {}  # pages are being written
        self._written: list[Result] = []

    def write(self, results: Sequence[Result]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Write results into the gradebook in one transaction; gives the students whose page is to be rendered, with what goes into it."""
        named = [result for result in results if is_student(result.student)]
        marks = self._scores.write(named, self._journal.earlier)
        for result in results:
            if not is_student(result.student) or result.status == FAILED:
                self._clear(result)
                self._written.append(result)
            else:
                self._waiting[result.student] = result
                yield result.student, {"result": result.as_dict(), "marks": self._marks(result, marks)}

    def is_written(self, student: str) -> None:
        """Hear that a student's page is there, or that none is going to be."""
        self._written.append(self._waiting.pop(student))
        if len(self._written) >= TOGETHER:
            self.note()

    def note(self) -> None:
        """Note in the journal what has been brought to its place."""
        if self._written:
            self._journal.published(self._written)
            self._written.clear()

    def _marks(self, result: Result, marks: Mapping[tuple[str, str], Marks]) -> dict[str, object]:
        return {template.name: asdict(marks[result.student, template.name]) for template in self._assignment.templates}

    def _clear(self, result: Result) -> None:
        """What an older submission got must not pass for this one's."""
        if is_student(result.student):  # else it has no folder
            remove(self._course.folder("feedback", result.student, self._assignment.name))
            remove(self._course.folder("autograded", result.student, self._assignment.name))
