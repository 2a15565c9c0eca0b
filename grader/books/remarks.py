"""What an instructor says to all who gave the same wrong answer: kept beside the journal, shown on their pages.

A remark is known by the print of the answer (`grader.judging.Print`) and never by students. So it reaches whoever gives this answer later,
stays when a class is graded again, and changes no points: the gradebook has nothing of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from course_utils.errors import UserError
from grader.books.course import Course
from grader.books.gradebook import Standing
from grader.files import write_atomically
from grader.judging import Print, Result

_NAME = "comments.json"
_FORMAT = 1
MOST = 4000  # characters of one


@dataclass(frozen=True)
class Remark:
    """A sentence for everybody whose answer to `exercise` is alike to `print`; `group` is what that group was called then."""

    exercise: str
    print: Print
    text: str
    group: str
    answered: str = ""  # what they answered, in one line; stays in this course

    def reaches(self, exercise: str, answer: Print) -> bool:
        """Whether it is for whoever gave this answer."""
        return exercise == self.exercise and answer.alike(self.print)


def print_in(entry: Mapping[str, Any]) -> Print | None:
    """The print of a wrong answer without a name, from what a result says of its exercise."""
    try:
        return Print.parse(entry["alike"]["print"])
    except (KeyError, ValueError):  # it has none, or one of a later Handgrad
        return None


def read_remarks(course: Course, lab: str) -> list[Remark]:
    """All remarks on a lab. Raises UserError for a file that cannot be read."""
    path = course.notes(lab) / _NAME
    try:
        return remarks_in(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read ({error}): mend it, or move it away and write the comments again.") from None


def write_remarks(course: Course, lab: str, remarks: Iterable[Remark]) -> None:
    """Keep these remarks on a lab, in the place of those before. Pages are to be brought up to date afterwards."""
    course.notes(lab).mkdir(parents=True, exist_ok=True, mode=0o700)
    course.database.note_shown(lab, None)  # whoever looks next finds pages to renew, also if we are stopped here
    stored = {"format": _FORMAT, "comments": [asdict(remark) | {"print": str(remark.print)} for remark in remarks]}
    write_atomically(course.notes(lab) / _NAME, (json.dumps(stored, indent=1, ensure_ascii=False) + "\n").encode(), 0o600)


def remarks_in(stored: Any) -> list[Remark]:
    """The remarks that a file tells. ValueError when it has another form."""
    if not isinstance(stored, dict) or stored.get("format") != _FORMAT or not isinstance(stored.get("comments"), list):
        raise ValueError(f"it has no comments in format {_FORMAT}")
    return list(map(_remark, stored["comments"]))


def _remark(one: Any) -> Remark:
    texts = [str(one.get(name, "")) for name in ("exercise", "print", "text", "group", "answered")] if isinstance(one, dict) else []
    if not texts or not all(texts[:3]) or max(map(len, texts)) > 2 * MOST:
        raise ValueError("a comment in it lacks its text, its exercise or its fingerprint, or is too long")
    exercise, answer, text, group, answered = texts
    return Remark(exercise, Print.parse(answer), text, group, answered)


def with_remarks(standings: Iterable[Standing], results: Mapping[str, Result], remarks: Sequence[Remark]) -> None:
    """Put into what pages show the remarks for each of these students."""
    for standing in standings if remarks else ():
        said = _said_to(results[standing.student], remarks) if standing.student in results else {}
        if said:
            standing.marks = {name: replace(marks, said=said) for name, marks in standing.marks.items()}


def _said_to(result: Result, remarks: Sequence[Remark]) -> dict[str, str]:
    """By exercise, what is said to one student."""
    answers = {exercise: answer for exercise, entry in result.exercises.items() if (answer := print_in(entry)) is not None}
    said = {name: [remark.text for remark in remarks if remark.reaches(name, answer)] for name, answer in answers.items()}
    return {name: "\n\n".join(dict.fromkeys(texts)) for name, texts in said.items() if texts}
