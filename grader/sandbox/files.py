"""Files that are put beside a notebook: how they travel, and the sentences about those that could not be written."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from grader.sandbox.limits import size

_PATH_BYTES = 1024
_NAME_BYTES = 255  # of one part of a path, on every common file system
_IN_ONE = 1000  # files of one message
_SHOWN = 80  # characters of a name in a sentence


def leads_inside(path: str) -> bool:
    """Whether a path leads to a place below the notebook's folder."""
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts and bool(parts.parts)


class Batch(NamedTuple):
    """The files of one message; or, of one large file, the part that begins `at` so many bytes."""

    contents: Mapping[str, bytes]
    at: int = 0


def batches(contents: Mapping[str, bytes], most: int, largest: int, problems: list[str]) -> Iterator[Batch]:
    """The files in as few messages of `most` bytes as they fit into; `problems` gets a sentence for each that has no place there.

    A file may have `largest` bytes.
    """
    batch: dict[str, bytes] = {}
    room = most // 2
    for name, data in contents.items():
        if trouble := _trouble(name, len(data), largest):
            problems.append(trouble)
            continue
        if len(data) > room:
            yield from (Batch({name: data[at : at + room]}, at) for at in range(0, len(data), room))
            continue
        if batch and (len(batch) == _IN_ONE or sum(map(len, batch.values())) + len(data) > room):
            yield Batch(batch)
            batch = {}
        batch[name] = data
    if batch:
        yield Batch(batch)


def request(batch: Batch) -> dict[str, Any]:
    """What is sent of a batch: names as bytes, as disks have them."""
    names = [name.encode("utf-8", "surrogateescape") for name in batch.contents]
    return {"names": names, "contents": list(batch.contents.values()), "at": batch.at}


def written(names: Sequence[bytes], contents: Sequence[bytes], at: int) -> list[str]:
    """Write files below the current folder; the reason for each that could not be, else an empty text. Runs in the sandbox."""
    return [_written(os.fsdecode(name), data, at) for name, data in zip(names, contents, strict=True)]


def told(reply: Mapping[str, Any], batch: Batch) -> list[str]:
    """The sentences about a batch from what the sandbox says of it."""
    reasons = reply.get("problems")
    names = list(batch.contents)
    if type(reasons) is not list or len(reasons) != len(names) or any(type(reason) is not str for reason in reasons):
        reasons = ["the notebook's process did not take it"] * len(names)
    return [f"{_shown(name)} is not beside the notebook: {reason[:200]}." for name, reason in zip(names, reasons, strict=True) if reason]


def _trouble(name: str, length: int, room: int) -> str:
    try:
        encoded = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        encoded = b"\0"
    if not leads_inside(name) or b"\0" in encoded:
        return f"{_shown(name)} is not beside the notebook: that is no name of a file below its folder."
    if len(encoded) > _PATH_BYTES or any(len(part) > _NAME_BYTES for part in encoded.split(b"/")):
        return f"{_shown(name)} is not beside the notebook: its name is too long."
    if length > room:
        return f"{_shown(name)} is not beside the notebook: it is bigger than {size(room)}."
    return ""


def _written(name: str, data: bytes, at: int) -> str:
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if at else "wb") as stream:
            stream.seek(at)
            stream.write(data)
    except (OSError, ValueError) as error:
        with contextlib.suppress(OSError, ValueError):  # half a file would be read as a whole one
            if path.is_file() and path.stat().st_size != at + len(data):
                path.unlink()
        return (os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error))[:200]
    return ""


def _shown(name: str) -> str:
    short = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
    return short.encode("utf-8", "replace").decode()
