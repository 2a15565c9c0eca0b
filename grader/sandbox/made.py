"""Files that a notebook makes: found in the sandbox, and taken on this side as what they claim to be, within bounds."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from typing import Any

from grader.sandbox.files import leads_inside
from grader.sandbox.limits import MIB

MADE_BYTES = 12 * MIB  # of all files of one notebook
MADE_FILES = 100
_LOOKED_AT = 10_000
_PATH_BYTES = 1024

State = dict[str, tuple[int, int]]  # by name: when a file was changed last, and its bytes


def state() -> State:
    """What lies in the current folder and below it, without what is hidden and what Python keeps for itself. Runs in the sandbox."""
    return {path: (found.st_mtime_ns, found.st_size) for path, found in _files()}


def changed(before: State) -> dict[str, Any]:
    """What has been made or changed since, as far as there is room for it, and the names of the rest. Runs in the sandbox."""
    names, left, contents, room = list[str](), list[str](), list[bytes](), MADE_BYTES
    for path, (_, size) in sorted((path, now) for path, now in state().items() if before.get(path) != now):
        if size > room or len(names) == MADE_FILES:
            left.append(path)
            continue
        with open(path, "rb") as stream:  # noqa: PTH123 - names are as the notebook's disk has them
            contents.append(stream.read(size))
        names.append(path)
        room -= len(contents[-1])
    return {"names": [os.fsencode(name) for name in names], "contents": contents, "left": [os.fsencode(name) for name in left[:MADE_FILES]]}


def _files() -> Iterator[tuple[str, os.stat_result]]:
    seen = 0
    for folder, folders, names in os.walk("."):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__pycache__")
        for name in sorted(names):
            seen += 1
            if seen > _LOOKED_AT:
                return
            path = os.path.normpath(os.path.join(folder, name))  # noqa: PTH118 - names are as the notebook's disk has them
            found = os.lstat(path)
            if stat.S_ISREG(found.st_mode) and not name.startswith("."):
                yield path, found


def taken(reply: Mapping[str, Any]) -> tuple[dict[str, bytes], list[str]]:
    """The files of a reply, by path, and the names of those that there was no room for. What has no such form is left out."""
    names, contents, left = (_bytes(reply.get(part)) for part in ("names", "contents", "left"))
    pairs = zip(names[:MADE_FILES], contents, strict=False)
    files = {path: data for path, data in ((_path(name), data) for name, data in pairs) if path}
    return files if sum(map(len, files.values())) <= MADE_BYTES else {}, [path for path in map(_path, left[:MADE_FILES]) if path]


def _bytes(parts: Any) -> list[bytes]:
    return parts if type(parts) is list and all(type(part) is bytes for part in parts) else []


def _path(name: bytes) -> str:
    """A name that can lie in a folder of ours: it is UTF-8, leads nowhere else, and says nothing to a terminal; empty for another one."""
    try:
        path = name.decode()
    except UnicodeDecodeError:
        return ""
    parts = path.split("/")
    well = len(name) <= _PATH_BYTES and path.isprintable() and leads_inside(path) and all(0 < len(part.encode()) <= 255 for part in parts)
    return path if well and not any(part.startswith(".") for part in parts) else ""
