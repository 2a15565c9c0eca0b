"""Bring results to where people read them: gradebook first, feedback second, then the note in the journal that both have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from grader.batch.journal import Journal, Shown
from grader.books import Course, Scores, Standing, read_remarks, remove, with_remarks
from grader.intake import is_student
from grader.judging import FAILED, Assignment, Result

TOGETHER = 16  # results per transaction of the gradebook


class Publisher:
    """The one writer to a course's gradebook. Pages are rendered by workers: it says which.

    Publishing twice is the same as once, so a killed grader simply starts over.
    """

    def __init__(self, course: Course, assignment: Assignment, journal: Journal, scores: Scores) -> None:
        self._course, self._assignment, self._journal, self._scores = course, assignment, journal, scores
        self._remarks = read_remarks(course, assignment.name)
        self._waiting: dict[str, Result] = {}  # pages are being written
        self._written: list[Result] = []
        self._shown: dict[str, Shown] = {}
        self.without_page: list[str] = []  # students whose graded notebook was taken away

    def write(self, results: Sequence[Result]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Write results into the gradebook in one transaction; gives the students whose page is to be rendered, with what goes into it."""
        named = [result for result in results if is_student(result.student)]
        standings = self._scores.write(named, self._journal.earlier)
        with_remarks(standings.values(), {result.student: result for result in named}, self._remarks)
        for result in results:
            if not is_student(result.student) or result.status == FAILED:
                self._clear(result)
                self._written.append(result)
            else:
                yield self._page(result, standings[result.student])

    def renew(self, standings: Iterable[Standing]) -> Iterator[tuple[str, dict[str, Any]]]:
        """The students of whom the gradebook holds something else than their page shows, with what goes into it now."""
        for standing in standings:
            yield self._page(self._journal.results[standing.student], standing)

    def is_written(self, student: str, *, there: bool = True) -> None:
        """Hear that a student's page is there, or that none is going to be."""
        self._written.append(self._waiting.pop(student))
        if not there:
            self._shown.pop(student)
            self.without_page.append(student)
        if len(self._written) >= TOGETHER:
            self.note()

    def note(self) -> None:
        """Note in the journal what has been brought to its place."""
        if self._written:
            self._journal.published(self._written, self._shown)
            self._written.clear()

    def _page(self, result: Result, standing: Standing) -> tuple[str, dict[str, Any]]:
        """An order for a page, with what is noted of it when it is there."""
        self._waiting[result.student] = result
        self._shown[result.student] = Shown(standing.digest(), standing.by_rule)
        marks = {template.name: asdict(standing.marks[template.name]) for template in self._assignment.templates}
        return result.student, {"result": result.as_dict(), "marks": marks}

    def _clear(self, result: Result) -> None:
        """What an older submission got must not pass for this one's."""
        if is_student(result.student):  # else it has no folder
            remove(self._course.folder("feedback", result.student, self._assignment.name))
            remove(self._course.folder("autograded", result.student, self._assignment.name))
