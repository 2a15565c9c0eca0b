"""nbgrader's own folders: `submitted/STUDENT/LAB/`, and the exchange's `inbound` with `STUDENT+LAB+TIME+RANDOM/`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from grader.platforms.handed import Handed, Who, utc

_STEPS = ("submitted", "inbound")
# The time as `c.Exchange.timestamp_format` writes it by default, with a zone's name or offset
_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?)(?: ([A-Za-z0-9_+:/-]+))?")


def fits(paths: Mapping[str, str], lab: str) -> bool:
    """Whether anything of the lab lies there as nbgrader lays it."""
    return any(_place(path, lab) for path in paths)


def read(paths: Mapping[str, str], lab: str, parse: Callable[[str], datetime]) -> list[Handed]:
    """The submissions of a lab. `parse` reads a time as nbgrader does; every one in `inbound` is told, the newest of a student counts."""
    by_folder: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for path, source in paths.items():
        if place := _place(path, lab):
            folder, student, time, below = place
            by_folder[folder, student, time][below] = source
    return [_handed(folder, student, time, files, parse) for (folder, student, time), files in by_folder.items()]


def _place(path: str, lab: str) -> tuple[str, str, str, str] | None:
    """The folder of a submission, whose it is, the time in its name, and the path below it; None for what is of another lab."""
    parts = path.split("/")
    if parts[0] in _STEPS and len(parts) > 2:
        parts = parts[1:]
    if len(parts) > 2 and parts[1] == lab:
        return "/".join(parts[:2]), parts[0], "", "/".join(parts[2:])
    named = parts[0].split(f"+{lab}+")  # a student's id may hold a `+`
    if len(parts) > 1 and len(named) == 2 and named[0]:
        time = named[1] if _TIME.fullmatch(named[1]) else named[1].rpartition("+")[0]
        return parts[0], named[0], time or named[1], "/".join(parts[1:])
    return None


def _handed(folder: str, student: str, time: str, files: Mapping[str, str], parse: Callable[[str], datetime]) -> Handed:
    when, problem = None, ""
    if time:
        try:
            if not _TIME.fullmatch(time):
                raise ValueError
            when = utc(parse(time))
        except (ValueError, OverflowError):
            problem = f"{time!r} in its name is no time"
    who = Who("", {"student": student}, own=student, own_from="nbgrader's folder")
    order = int(when.replace(tzinfo=UTC).timestamp() * 1e6) if when else 0
    return Handed(folder, (who,), files, when, order=order, problem=problem, nbgraders=True)
