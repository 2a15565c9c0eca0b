"""Gradescope's export of submissions: `submission_metadata.yml`, and a folder `submission_<number>` for each.

    submission_123456789:
      :submitters:
      - :name: Ada Lovelace
        :sid: '4711'
        :email: ada@example.edu
      :created_at: 2026-11-03 21:14:05.123456000 Z

Only this is read of it; what tests printed for students, which is most of the file, is passed over unseen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from course_utils.errors import UserError
from grader.intake import is_student, shown
from grader.platforms.handed import Handed, Who, made_id, utc

METADATA = "submission_metadata.yml"
METADATA_BYTES = 32 * 2**20
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)? ?(Z|UTC|[+-]\d\d:?\d\d)?")


def fits(paths: Mapping[str, str]) -> bool:
    """Whether Gradescope's own file is there."""
    return METADATA in paths


def read(paths: Mapping[str, str], metadata: bytes) -> list[Handed]:
    """The submissions in an export, those of several people among them. Raises UserError for a file that is not Gradescope's."""
    told = _told(metadata)
    by_folder: dict[str, dict[str, str]] = defaultdict(dict)
    for path, source in paths.items():
        folder, inside, name = path.partition("/")
        if inside:
            by_folder[folder][name] = source
        elif folder != METADATA:
            by_folder[folder][folder] = source  # one file for each, as of scanned work
    for folder in told:
        by_folder.setdefault(folder, {})  # whoever is named there and has no file is shown as well
    return [_handed(folder, files, told.get(folder)) for folder, files in by_folder.items()]


def _handed(folder: str, files: Mapping[str, str], told: Mapping[str, Any] | None) -> Handed:
    if told is None:
        return Handed(folder, (Who(),), files, problem=f"{METADATA} does not say whose it is")
    whose = tuple(map(_who, told["submitters"]))
    number = re.search(r"(\d{1,18})", folder)
    problem = "" if whose and files else "no file of it is in the export" if whose else f"{METADATA} names nobody for it"
    when = _time(told["created_at"])
    said = () if when else (f"{METADATA} does not say when it was handed in",)
    return Handed(folder, whose or (Who(),), files, when, order=int(number[1]) if number else 0, problem=problem, told=said)


def _who(told: Mapping[str, str]) -> Who:
    name, sid, email = (told.get(key, "").strip() for key in (":name", ":sid", ":email"))
    if sid and is_student(sid):
        own, own_from = sid, "Gradescope's SID"
    elif email and is_student(email.lower()):
        own, own_from = email.lower(), "the e-mail, because there is no SID"
    else:
        own, own_from = made_id(name), "the name, because there is neither SID nor e-mail"
    return Who(name, {"sis": sid} if sid else {}, email, own, own_from)


def _time(text: str) -> datetime | None:
    """When it was handed in; Ruby writes nine digits of a second."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    day, time, part, zone = found.groups()
    try:
        return utc(datetime.fromisoformat(f"{day}T{time}.{(part or '').ljust(6, '0')}{'+00:00' if zone in (None, 'UTC', 'Z') else zone}"))
    except ValueError:
        return None


def _told(metadata: bytes) -> dict[str, dict[str, Any]]:
    """Submitters and time by folder."""
    found: dict[str, dict[str, Any]] = {}
    for path, value in _scalars(metadata):
        match path:
            case [str(folder), ":created_at"]:
                found.setdefault(folder, _nothing())["created_at"] = value
            case [str(folder), ":submitters", int(number), str(key)]:
                people = found.setdefault(folder, _nothing())["submitters"]
                people.extend({} for _ in range(len(people), number + 1))
                people[number][key] = value
            case [str(folder), *_]:
                found.setdefault(folder, _nothing())
    return found


def _nothing() -> dict[str, Any]:
    return {"submitters": [], "created_at": ""}


def _scalars(metadata: bytes) -> Iterator[tuple[list[str | int], str]]:
    """Every value near the top of a YAML file with its path, as text. Events only: no object is made, no alias is unfolded."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    anchors: dict[str, str] = {}
    path: list[str | int | None] = []  # of a list, the number of the next; of a mapping, its key, None while it is awaited
    try:
        for event in yaml.parse(metadata, Loader=loader):
            value = _value(event, anchors)
            if isinstance(event, yaml.CollectionStartEvent):
                path.append(0 if isinstance(event, yaml.SequenceStartEvent) else None)
            elif isinstance(event, yaml.CollectionEndEvent):
                path.pop()
                _next(path)
            elif value is not None and path and path[-1] is None:
                path[-1] = value
            elif value is not None:
                if len(path) <= 4:
                    yield [part for part in path if part is not None], value
                _next(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        said = shown(" ".join(str(error).split()))
        raise UserError(f"{METADATA} cannot be read ({said}): download the export again.") from None


def _value(event: Any, anchors: dict[str, str]) -> str | None:
    """The text of a scalar, or of an alias of one; None for other events."""
    import yaml

    if isinstance(event, yaml.ScalarEvent):
        if event.anchor:
            anchors[event.anchor] = event.value
        return str(event.value)
    return anchors.get(event.anchor, "") if isinstance(event, yaml.AliasEvent) else None


def _next(path: list[str | int | None]) -> None:
    """A value is complete: the next element of a list, or the next key, follows."""
    if path:
        path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
