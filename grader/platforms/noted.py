"""What collecting noted of each student's submission, as far as rosters and grades go by it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from course_utils.errors import UserError
from grader.books import Course

_NAME = "collected.json"


def seen_in(course: Course) -> dict[tuple[str, str], str]:
    """Students by the kind and the number that a platform gave them in the files that were collected, of all labs.

    A number that is known of two students is left out.
    """
    found: dict[tuple[str, str], str] = {}
    twice = set()
    for path in sorted(course.notes("").glob(f"*/{_NAME}")):
        for student, entry in collected_of(course, path.parent.name).items():
            ids = entry.get("ids")
            for kind, number in ids.items() if isinstance(ids, dict) else ():
                key = kind, str(number)
                if found.setdefault(key, student) != student:
                    twice.add(key)
    return {key: student for key, student in found.items() if key not in twice}


def collected_of(course: Course, lab: str) -> dict[str, Mapping[str, object]]:
    """What `handgrad collect` noted of each student's submission; nothing where files came another way.

    `platform`, `place` (how the platform's zip calls it), `order` (Canvas's number of the file) and `ids` are read. Raises UserError for a
    record that cannot be read.
    """
    path = course.notes(lab) / _NAME
    try:
        return {entry["student"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(f"{path} cannot be read ({error}): collect the lab again.") from None
