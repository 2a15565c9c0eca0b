"""Moodle's zip of all submissions: a folder `Ada Lovelace_4711_assignsubmission_file` for each, or flat names that begin so.

Read as Moodle reads it (mod/assign/feedback/file/importziplib.php): parted at `_`, which no name has in it, because Moodle writes a blank
for it. The number is the participant's, another one in each assignment. A team has its name and number there, a blind assignment
`Participant`, in the language of the site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from grader.platforms.handed import Handed, Who, made_id

_KINDS = ("assignsubmission", "assignfeedback")


class Place(NamedTuple):
    """Where a file of a zip belongs: whose, by which plugin, and its path below."""

    name: str
    number: str
    kind: str
    plugin: str
    file: str


def place_of(path: str) -> Place | None:
    """The parts of a path; None for one that Moodle does not write."""
    first, inside, below = path.partition("/")
    parts = first.split("_")
    at = next((at for at, part in enumerate(parts[:3]) if at and part in _KINDS), 0)
    if not at or len(parts) < at + 2 or (at == 2 and not (parts[1].isascii() and parts[1].isdigit())):
        return None
    file = below if inside else "_".join(parts[at + 2 :])
    return Place(parts[0], parts[1] if at == 2 else "", parts[at], parts[at + 1], file) if file else None


def fits(paths: Mapping[str, str]) -> bool:
    """Whether names are such as Moodle gives."""
    return any(place_of(path) for path in paths)


def read(paths: Mapping[str, str]) -> list[Handed]:
    """The submissions in a zip of Moodle, one for each participant or team; what was typed into Moodle lies beside the files."""
    by_person: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for path, source in paths.items():
        place = place_of(path)
        if place is not None and place.kind == _KINDS[0]:
            by_person[place.name, place.number][place.file] = source
    return [Handed("_".join(filter(None, key)), (_who(*key),), files) for key, files in by_person.items()]


def _who(name: str, number: str) -> Who:
    """Without a roster the id is made of the name alone: the number would make another student of it in the next assignment."""
    ids = {"moodle": number} if number else {}
    return Who(name, ids, own=made_id(name), own_from="the name in Moodle", may_be_team=True)
