"""What travels to a worker elsewhere and back: msgpack whose form is checked on arrival, and none of our classes.

The engine itself pickles the bytes on their way, so whoever can speak to the engine can run code here and there: see docs/scale.md.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from io import BufferedRWPair
from typing import Any, Self, cast

import msgpack

from grader.intake import Submission, Unreadable

DONE, OVER, FAULT, LOST, UNABLE, NEEDS = "done", "over", "fault", "lost", "unable", "needs"
ENDS = (DONE, OVER, FAULT, LOST, UNABLE, NEEDS)
_LENGTH = struct.Struct("!Q")
_FORMS: Mapping[str, type] = {"str": str, "bytes": bytes}


class Malformed(Exception):
    """Bytes that are no message of ours; the text says what is wrong."""


@dataclass(frozen=True)
class Message:
    """Fields of text, of bytes, lists of bytes, and files by their names."""

    def to_bytes(self) -> bytes:
        return cast(bytes, msgpack.packb({item.name: getattr(self, item.name) for item in fields(self)}))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises Malformed for anything but a message of this kind."""
        found = unpacked(data)
        known = {item.name: str(item.type) for item in fields(cls)}
        if not isinstance(found, dict) or found.keys() != known.keys():
            raise Malformed(f"not the fields of a {cls.__name__.lower()}")
        for name, form in known.items():
            if not _has_form(found[name], form):
                raise Malformed(f"{name} of a {cls.__name__.lower()} is not {form}")
        return cls(**found)


@dataclass(frozen=True)
class Request(Message):
    """One order. `bundle` names the assignment, `shared` is where it lies on a disk in common, `bundled` itself, once it is asked for."""

    bundle: str
    shared: str
    order: bytes
    submission: bytes = b""
    files: dict[str, bytes] = field(default_factory=dict)  # of the student's autograded folder
    bundled: bytes = b""


@dataclass(frozen=True)
class Reply(Message):
    """What became of an order: how it ended, on which machine, what was found, and the files that were made."""

    end: str
    host: str
    text: str = ""
    detail: str = ""
    found: bytes = b""
    so_far: list[bytes] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)  # "autograded/…", "feedback/…" or "notes/…"


def may_write(job: str, place: str) -> bool:
    """Whether a job of a batch makes files in a place: a page is made of the autograded folder, which stays as it is."""
    return job != "page" or place == "feedback"


def unpacked(data: bytes) -> Any:
    """msgpack without classes of ours. Raises Malformed."""
    try:
        return msgpack.unpackb(data)
    except (ValueError, msgpack.UnpackException) as error:
        raise Malformed(f"not msgpack: {error}") from None


def _has_form(value: Any, form: str) -> bool:
    if form == "list[bytes]":
        return isinstance(value, list) and all(isinstance(part, bytes) for part in value)
    if form == "dict[str, bytes]":
        return isinstance(value, dict) and all(isinstance(key, str) and isinstance(part, bytes) for key, part in value.items())
    return type(value) is _FORMS[form]


def pack_submission(submission: Submission) -> bytes:
    """All that was read of one student's folder."""
    notebooks = {name: [str(found)] if isinstance(found, Unreadable) else found for name, found in submission.notebooks.items()}
    when = submission.timestamp.isoformat() if submission.timestamp else ""
    parts = [submission.student, notebooks, dict(submission.files), list(submission.left_out), when, submission.digest]
    return cast(bytes, msgpack.packb(parts, unicode_errors="surrogatepass"))


def unpack_submission(data: bytes) -> Submission:
    """What `pack_submission` packed, by a process of ours."""
    student, notebooks, files, left_out, when, digest = msgpack.unpackb(data, unicode_errors="surrogatepass")
    found = {name: Unreadable(content[0]) if isinstance(content, list) else content for name, content in notebooks.items()}
    return Submission(student, found, files, tuple(left_out), datetime.fromisoformat(when) if when else None, digest)


def send(stream: BufferedRWPair, data: bytes) -> None:
    """Write one message to a pipe."""
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: BufferedRWPair) -> bytes | None:
    """Read one message from a pipe; None when the other end has gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None
