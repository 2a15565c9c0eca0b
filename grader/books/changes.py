"""What a batch of results changes in the gradebook's grades and comments, and what becomes of what people wrote there.

nbgrader's rule: nothing of a person's is ever taken away. A mark that may be about something else by now is flagged for a second look,
and named. nbgrader flags every mark whenever it grades again; here a mark stays settled as long as answer, points and automatic score do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from grader.books.tables import Row, Tables
from grader.judging import ABOVE, FAILED, PUT_ASIDE, UNREADABLE, Result

Place = tuple[str, str]  # of a grade or a comment: the ids of the submitted notebook and of the cell
NO_RESPONSE = "No response."  # nbgrader's own comment
_TABLES = ("grade", "comment")
_NEITHER: Row = SimpleNamespace(
    id=None, auto_score=None, manual_score=None, extra_credit=None, needs_manual_grade=True, auto_comment=None, manual_comment=None
)


@dataclass(frozen=True)
class Touched:
    """A mark or comment of a person on an answer that is another one now, or whose automatic score is."""

    student: str
    cell: str
    mark: str  # in words, as it was given and still counts
    why: str


def score_of(grade: Row | None) -> float:
    """What a grade counts by nbgrader's rule; without a score of its own, extra credit counts nothing."""
    if grade is None:
        return 0.0
    given = grade.auto_score if grade.manual_score is None else grade.manual_score
    return 0.0 if given is None else float(given) + float(grade.extra_credit or 0.0)


def comment_of(comment: Row | None) -> str | None:
    """The comment that a student reads: a person's, if there is one, even one that says nothing."""
    if comment is None:
        return None
    said: str | None = comment.auto_comment if comment.manual_comment is None else comment.manual_comment
    return said


class Changes:
    """The grades and comments of some submitted notebooks: what the gradebook has, and what differs from it."""

    def __init__(self, tables: Tables, notebooks: Sequence[str]) -> None:
        self._tables = tables
        self._had: dict[str, dict[Place, Row]] = {
            name: {(row.notebook_id, row.cell_id): row for row in tables.find(name, "notebook_id", notebooks)} for name in _TABLES
        }
        self._new: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
        self._changed: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
        self.touched: list[Touched] = []

    @property
    def grades(self) -> Mapping[Place, Row]:
        """The grades as they are after the changes."""
        return self._had["grade"]

    @property
    def comments(self) -> Mapping[Place, Row]:
        """The comments as they are after the changes."""
        return self._had["comment"]

    def bring(self, row: str, cells: Sequence[Row], notebook: str, result: Result, earlier: Result | None) -> None:
        """Note what a result changes in one submitted notebook. `row` is the notebook's id."""
        scores, before = result.cells.get(notebook, {}), earlier.cells.get(notebook, {}) if earlier else {}
        answers, others = result.answers.get(notebook, {}), earlier.answers.get(notebook, {}) if earlier else {}
        same = earlier is not None and earlier.digest == result.digest
        silent, failed = result.no_response.get(notebook, ()), result.status == FAILED
        unread = next((score.answer for score in scores.values() if score.answer in (UNREADABLE, PUT_ASIDE)), "")
        for cell in cells:
            score, known = scores.get(cell.name), before.get(cell.name)
            now = score.answer if score else answers.get(cell.name, unread)
            why = "" if same or failed else _why(known.answer if known else others.get(cell.name, ""), now)
            if cell.graded:
                moved = bool(known and score and known.max != score.max)
                self._grade(row, cell, None if failed or score is None else score.auto, moved, why, result)
            if cell.answered:
                self._comment(row, cell, NO_RESPONSE if cell.name in silent else None, why, result)

    def make(self) -> None:
        """Write what was noted."""
        for name in _TABLES:
            self._tables.insert(name, self._new[name])
            self._tables.update(name, self._changed[name])

    def _grade(self, row: str, cell: Row, auto: float | None, moved: bool, why: str, result: Result) -> None:
        had = self._had["grade"].get((row, cell.id)) or _NEITHER
        manual, extra = had.manual_score, had.extra_credit
        if not why and manual is not None and (moved or auto != had.auto_score):
            why = "the points of the cell changed" if moved else f"its automatic score was {_points(had.auto_score)} and is {_points(auto)}"
        again = bool(why) and (manual is not None or bool(extra))
        needs = again or (auto is None if manual is None else had.needs_manual_grade)
        if again and result.status != FAILED:  # that one is tried again
            self.touched.append(Touched(result.student, cell.name, _mark(manual, extra), why))
        self._note("grade", row, cell, had, {"auto_score": auto, "needs_manual_grade": needs}, ("manual_score", "extra_credit"))

    def _comment(self, row: str, cell: Row, auto: str | None, why: str, result: Result) -> None:
        had = self._had["comment"].get((row, cell.id)) or _NEITHER
        if why and had.manual_comment:
            self.touched.append(Touched(result.student, cell.name, "a comment", why))
        self._note("comment", row, cell, had, {"auto_comment": auto}, ("manual_comment",))

    def _note(self, table: str, row: str, cell: Row, had: Row, fresh: dict[str, Any], of_people: Sequence[str]) -> None:
        """What people wrote is not even written again."""
        kept = {name: getattr(had, name) for name in of_people}
        if had.id is None:
            new = {"id": uuid4().hex, "cell_id": cell.id, "notebook_id": row, **fresh, **kept}
            self._new[table].append(new)
            self._had[table][row, cell.id] = SimpleNamespace(**new)
        elif any(getattr(had, name) != value for name, value in fresh.items()):
            self._changed[table].append({"id": had.id, **fresh})
            self._had[table][row, cell.id] = SimpleNamespace(id=had.id, **fresh, **kept)


def _why(before: str, now: str) -> str:
    """Why a person may have to look again, going by the answers' digests; "" where the answer is what it was."""
    if before == now and now:
        return ""
    if not before or before.startswith(ABOVE) != now.startswith(ABOVE):
        return "nobody noted which answer it was given to"
    return f"the answer was {now}" if now in (UNREADABLE, PUT_ASIDE) else "the answer is another one"


def _mark(manual: float | None, extra: float | None) -> str:
    parts = [_points(manual) if manual is not None else "", f"{extra:g} extra" if extra else ""]
    return " + ".join(part for part in parts if part)


def _points(score: float | None) -> str:
    return "none" if score is None else f"{score:g}"
