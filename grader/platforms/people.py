"""Who is in the course, by what each platform calls them.

Names and addresses are in nbgrader's gradebook, where formgrader shows them. What the gradebook has no place for (sections, the numbers
that platforms use) lies beside the journals.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from course_utils.errors import UserError
from grader.books import Course
from grader.files import write_atomically

_NAME = "roster.json"


@dataclass(frozen=True)
class Person:
    """One student: `student` is nbgrader's id, `ids` what platforms call this person.

    "canvas" is Canvas's user id, "sis" the institution's number (also Gradescope's SID), "login" a user name, "github" one of GitHub.
    "moodle" are Moodle's participant numbers: a person has another one in each assignment, so there may be several, with spaces between.
    """

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    section: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)

    def numbers(self, platform: str) -> list[str]:
        """All that a platform calls this person."""
        return self.ids.get(platform, "").split() if platform == "moodle" else [known for known in [self.ids.get(platform, "")] if known]


def read_people(course: Course) -> dict[str, Person]:
    """The roster of a course by student, empty when there is none. Raises UserError for one that cannot be read."""
    path = course.notes("") / _NAME
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {entry["student"]: Person(**entry) for entry in stored}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(f"{path} cannot be read ({error}): bring the roster in again with `handgrad roster FILE`.") from None


def write_people(course: Course, people: Iterable[Person]) -> None:
    """Keep the roster of a course, in the place of the one before."""
    stored = [asdict(person) for person in sorted(people, key=lambda person: person.student)]
    course.notes("").mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(course.notes("") / _NAME, json.dumps(stored, indent=1, ensure_ascii=False).encode(), 0o600)
