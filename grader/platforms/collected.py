"""What was collected of a lab: whose it was there, when, and in which state, so that the same zip given again changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from course_utils.errors import UserError
from grader.books import Course
from grader.files import write_atomically
from grader.platforms.names import DEPTH

_NAME = "collected.json"
_FILES = 10_000  # in a folder that collecting may have written


@dataclass(frozen=True)
class Collected:
    """One student's submission as it was last collected. `when` is ISO time in UTC, `late` what the platform said, `digest` of the files.

    `ids` are what the platform calls the student, by kind, as in `Person`; `together` names all who handed in with this one.
    """

    student: str
    platform: str
    place: str
    digest: str
    when: str = ""
    late: bool = False
    order: int = 0
    ids: Mapping[str, str] = field(default_factory=dict)
    together: Sequence[str] = ()


def read_collected(course: Course, lab: str) -> dict[str, Collected]:
    """What was collected of a lab, by student; empty where nothing was. Raises UserError for a record that cannot be read."""
    path = course.notes(lab) / _NAME
    try:
        return {entry["student"]: Collected(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        told = "it only says what was collected before; without it, what is there counts as handed in by other ways"
        raise UserError(f"{path} cannot be read ({error}): delete it ({told}).") from None


def seen_in(course: Course) -> dict[tuple[str, str], str]:
    """Students by the kind and the number that a platform gave them in the files that were collected, of all labs.

    A number that is known of two students is left out.
    """
    found: dict[tuple[str, str], str] = {}
    twice = set()
    for path in sorted(course.notes("").glob(f"*/{_NAME}")):
        for student, entry in read_collected(course, path.parent.name).items():
            for kind, number in entry.ids.items():
                key = kind, str(number)
                if found.setdefault(key, student) != student:
                    twice.add(key)
    return {key: student for key, student in found.items() if key not in twice}


def write_collected(course: Course, lab: str, collected: Mapping[str, Collected]) -> None:
    """Keep the record, in the place of the one before."""
    course.notes(lab).mkdir(parents=True, exist_ok=True, mode=0o700)
    stored = [asdict(one) for _, one in sorted(collected.items())]
    write_atomically(course.notes(lab) / _NAME, json.dumps(stored, indent=1, ensure_ascii=False).encode(), 0o600)


def digest_of(files: Mapping[str, bytes]) -> str:
    """Names a submission's files: another one for any change of a byte, a name, or the time in `timestamp.txt`."""
    return digest_of_digests({path: hashlib.sha256(data).digest() for path, data in files.items()})


def digest_of_digests(digests: Mapping[str, bytes]) -> str:
    """The same, where the bytes are no longer at hand."""
    digest = hashlib.sha256()
    for path, of_file in sorted(digests.items()):
        digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + of_file)
    return digest.hexdigest()[:32]


def digest_of_folder(folder: Path) -> str | None:
    """The digest of what lies in a folder; None where there is anything that collecting never writes, such as a link."""
    digests: dict[str, bytes] = {}
    folders = [("", 0)]
    while folders:
        inside, depth = folders.pop()
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                path = f"{inside}{entry.name}"
                if entry.is_dir(follow_symlinks=False) and depth < DEPTH:
                    folders.append((f"{path}/", depth + 1))
                elif entry.is_file(follow_symlinks=False) and len(digests) < _FILES:
                    with open(entry.path, "rb") as stream:  # noqa: PTH123 - a path as the system gives it
                        digests[path] = hashlib.file_digest(stream, "sha256").digest()
                else:
                    return None
    return digest_of_digests(digests)


def iso(when: datetime | None) -> str:
    """A time for the record and for tables, UTC; nothing for none."""
    return when.isoformat(" ") if when else ""
