"""One submission as a platform tells it, before anybody knows whose it is here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from grader.platforms.names import folded

_LONGEST = 48  # letters of a name in an id that is made here; with it go folders and addresses of pages


@dataclass(frozen=True)
class Who:
    """A person as the platform tells it. `ids` are by kind, as in `Person`; `own` is the student's id where there is no roster."""

    name: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    email: str = ""
    own: str = ""
    own_from: str = ""  # what `own` was made of, for the table
    may_be_team: bool = False  # the name may be that of a group


@dataclass(frozen=True)
class Handed:
    """One submission. `place` is what the platform's zip calls it; `files` are paths below the student's folder, and paths in the source.

    `when` is UTC without a zone, None where the platform does not say; `late` is what the platform says of it. Of two submissions of
    one person, the newer has the greater `order`. `problem` says why it cannot be collected as it is.
    """

    place: str
    whose: tuple[Who, ...]
    files: Mapping[str, str]
    when: datetime | None = None
    late: bool = False
    order: int = 0
    problem: str = ""
    may_be: tuple[str, ...] = ()  # the names of all whose it may be, where that is the problem
    told: tuple[str, ...] = ()
    nbgraders: bool = False  # it lay in a folder of nbgrader's, whose own files count


def made_id(name: str, number: str = "") -> str:
    """A student's id made of a name and a number: stable, and safe in paths, addresses and tables. Letters of all scripts stay."""
    words = re.sub(r"[\W_]+", "-", folded(name)).strip("-")[:_LONGEST].strip("-")
    return "-".join(part for part in (words, number) if part) or "nameless"


def utc(when: datetime) -> datetime:
    """A time with a zone as nbgrader keeps it: UTC, without one. A time without a zone is UTC already."""
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
