"""Canvas's `submissions.zip`: flat names, `lovelaceada_LATE_4711_90210_lab01.ipynb`.

The parts are the sortable name in small letters without blanks and marks, `LATE`, Canvas's number of the user, its number of the file, and
the file's name; by instructure/canvas-lms, lib/content_zipper.rb. An anonymous assignment has `anon_x7k2p` in place of name and user.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.platforms.handed import Handed, Who, made_id

_ANONYMOUS = re.compile(
    r"(?:(?P<late>LATE)_)?anon_(?P<user>[A-Za-z0-9]+)_(?:(?P<attachment>[0-9]{1,19})_(?P<file>.+)|(?:text|link)\.html)", re.DOTALL
)
_NUMBER = re.compile(r"[0-9]+")
_NOTHING = ("text.html", "link.html")  # what was typed into Canvas, or an address


@dataclass(frozen=True)
class Reading:
    """One way to read a name. A person's name may end in a number, and so may the file's begin with one."""

    name: str
    late: bool
    user: str
    attachment: int
    file: str
    anonymous: bool = False

    @property
    def key(self) -> Key:
        return self.name, self.user

    @property
    def who(self) -> Who:
        own_from = "Canvas's anonymous id" if self.anonymous else "Canvas's name and number"
        name = "anon" if self.anonymous else self.name
        return Who("" if self.anonymous else self.name, {"canvas": self.user}, own=made_id(name, self.user), own_from=own_from)


Key = tuple[str, str]  # a user's name and number, as a reading has them
Choose = Callable[[Sequence[Reading]], Sequence[Reading] | None]  # those of several readings that can be meant; None: nothing tells


def fits(paths: Mapping[str, str]) -> bool:
    """Whether most names are such as Canvas gives, and nothing lies in a folder."""
    named = sum(1 for path in paths if any(readings(path)))
    return 2 * named > len(paths) and not any("/" in path for path in paths)


def readings(path: str) -> Iterator[Reading]:
    """All ways to read a name, the likeliest first."""
    if found := _ANONYMOUS.fullmatch(path):
        yield Reading("", bool(found["late"]), found["user"], int(found["attachment"] or 0), found["file"] or path.rpartition("_")[2], True)
        return
    parts = path.split("_")
    for at in range(1, min(len(parts) - 1, 40)):
        if not _NUMBER.fullmatch(parts[at]):
            continue
        late = parts[at - 1] == "LATE" and at > 1
        name = "_".join(parts[: at - 1 if late else at])
        rest = "_".join(parts[at + 1 :])
        if rest in _NOTHING:
            yield Reading(name, late, parts[at], 0, rest)
        elif _NUMBER.fullmatch(parts[at + 1]) and len(parts) > at + 2 and len(parts[at + 1]) < 20:
            yield Reading(name, late, parts[at], int(parts[at + 1]), "_".join(parts[at + 2 :]))


def read(paths: Mapping[str, str], choose: Choose) -> list[Handed]:
    """The submissions in a zip of Canvas, one for each user. `choose` decides between several ways to read one name.

    Where it cannot, the user's other files decide: the names that they have leave one way only. What stays unclear is refused.
    """
    by_user: dict[Key, list[tuple[Reading, str]]] = defaultdict(list)
    open_: dict[str, list[Reading]] = {}
    refused, suspected = [], set[Key]()
    for path, source in paths.items():
        ways = list(readings(path))
        meant = ways if len(ways) < 2 else choose(ways)
        if meant is None:
            open_[path] = ways
        elif len(meant) == 1:
            by_user[meant[0].key].append((meant[0], source))
        elif ways:
            suspected |= {way.key for way in ways}
            refused.append(_unclear(path, source, ways))
    clear = set(by_user)
    for path, ways in open_.items():
        meant = [way for way in ways if way.key in clear | suspected]
        if len(meant) == 1 and meant[0].key in clear:
            by_user[meant[0].key].append((meant[0], paths[path]))
        else:
            refused.append(_unclear(path, paths[path], ways))
    return [_handed(found) for found in by_user.values()] + refused


def _unclear(path: str, source: str, ways: Sequence[Reading]) -> Handed:
    told = " or ".join(f"{way.user} ({way.name or 'no name'})" for way in ways)
    problem = f"its name can be read in several ways: the user is {told}"
    return Handed(path, (Who(),), {path: source}, problem=problem, may_be=tuple({way.name for way in ways}))


def _handed(found: Sequence[tuple[Reading, str]]) -> Handed:
    """All files of one user. Files of one name are told apart by their numbers."""
    names = [reading.file for reading, _ in found]
    files = {
        reading.file if names.count(reading.file) == 1 else f"{reading.attachment}/{reading.file}": source for reading, source in found
    }
    first = found[0][0]
    late = any(reading.late for reading, _ in found)
    start = "_".join(part for part in ("anon" if first.anonymous else first.name, first.user))
    return Handed(start, (first.who,), files, late=late, order=max(reading.attachment for reading, _ in found))
