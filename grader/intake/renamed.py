"""Notebooks that lie in the place of one that is missing: saved a second time by a browser, or handed in with their folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from grader.intake.untrusted import Unreadable, open_inner, shown

_LOOKED_AT = 1000  # entries of a folder
_FOLDERS = 20
_NAMED = 3
_ENDING = ".ipynb"
# What Windows, Google Drive and others put before the name of a second copy, in the languages that are known
_COPY = re.compile(r"(?:copy of|kopie von|copie de|copia de|cópia de|kopie van|kopia av|kopi av|kopi af|kopia)[ _-]+")


@dataclass(frozen=True)
class Others:
    """What is there in place of a notebook, by path; `likely` of these may be the very notebook."""

    all: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()

    def sentence(self, accept_renamed: bool) -> str:
        """What to say of them; empty where there are none."""
        if not self.all:
            return ""
        named = ", ".join(map(shown, self.all[:_NAMED]))
        if len(self.likely) > 1:
            return f" There are {named}: which of them counts? Give it the name and grade again."
        if accept_renamed or not self.likely:
            return f" There is {named}: was it renamed? Give it its own name and grade again."
        return f" There is {named}: was it renamed? Give it its own name and grade again, or grade with --accept-renamed."


def renamed(folder: int, name: str, names: tuple[str, ...]) -> Others:
    """What may be the notebook `name`, one of the assignment's `names`, where it is missing from an open folder."""
    if _is_there(folder, name + _ENDING):
        return Others()
    found = tuple(sorted(_notebooks_in(folder, names)))
    likely = tuple(path for path in found if is_version(path, name))
    if not likely and len(names) == 1 and len(found) == 1:
        likely = found
    return Others(found, likely)


def _notebooks_in(folder: int, names: tuple[str, ...]) -> Iterator[str]:
    """All other notebooks in a folder and in the folders in it."""
    with os.scandir(folder) as entries:
        listed = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in islice(entries, _LOOKED_AT))
    folders = [name for name, is_folder in listed if is_folder and not name.startswith(".")]
    yield from (name for name, _ in listed if name.endswith(_ENDING) and name.removesuffix(_ENDING) not in names and name not in folders)
    for inner in folders[:_FOLDERS]:
        with suppress(Unreadable, OSError), open_inner(folder, inner) as descriptor, os.scandir(descriptor) as entries:
            yield from [f"{inner}/{entry.name}" for entry in islice(entries, _LOOKED_AT) if entry.name.endswith(_ENDING)]


def is_version(path: str, name: str) -> bool:
    """Whether a path is a notebook's own name in a folder, or that of a copy: `p1 (1)`, `p1-Copy1`, `Kopie von p1`, but not `p10`."""
    stem = _COPY.sub("", path.rpartition("/")[2].removesuffix(_ENDING).casefold(), count=1)
    more = stem.removeprefix(name.casefold())
    return not more or (more != stem and not more[0].isalnum())


def _is_there(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return True
