"""The journal of a lab: append-only JSON lines, synced, and the truth while a batch runs.

`begin` opens a batch with its secret seeds; `result` is one graded submission; `published` says that gradebook and feedback have it.
A process that is killed leaves at most one torn last line, which is cut off when the journal is opened again.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from course_utils.errors import UserError
from grader.judging import FAILED, Result

SEEDS = 2


class Journal:
    """One lab's journal; at most one process has it open for writing."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.jsonl"
        self.seeds: tuple[int, ...] = ()
        self.fingerprint = ""
        self.results: dict[str, Result] = {}  # the last word on every student
        self.earlier: dict[str, Result] = {}  # what the gradebook has of a student, when that is older
        self._published: set[tuple[str, str]] = set()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # seeds and reasons are nobody else's business
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._lock()
        self._read()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        os.close(self._file)

    def begin(self, fingerprint: str, *, force: bool) -> None:
        """Start a batch, or go on with the last one: the seeds stay, so that a class is graded alike."""
        if self.seeds and not force and fingerprint == self.fingerprint:
            return
        again = force or not self.seeds
        seeds = [secrets.randbits(48) for _ in range(SEEDS)] if again else list(self.seeds)
        self._append([{"event": "begin", "seeds": seeds, "fingerprint": fingerprint, "force": again}])

    def add(self, result: Result) -> None:
        """Keep a result, on the disk before this returns."""
        self._append([{"event": "result", **result.as_dict()}])

    def published(self, results: Iterable[Result]) -> None:
        """Note that the gradebook and the feedback have these results."""
        self._append([{"event": "published", "student": result.student, "digest": result.digest} for result in results])

    def is_done(self, student: str, digest: str) -> bool:
        """Whether this state of a submission has been graded; what failed on our side is to be tried again."""
        result = self.results.get(student)
        return result is not None and result.digest == digest and result.status != FAILED

    def unpublished(self) -> list[Result]:
        """Results that a killed grader had not yet brought into the gradebook."""
        return [result for result in self.results.values() if result.key not in self._published]

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise UserError(f"Another grader is at work on {self.path.parent.name} in this course: wait for it to end.") from None

    def _read(self) -> None:
        data = self.path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.ftruncate(self._file, whole)  # a torn line was never acknowledged to anyone
        for event in _events(data[:whole]):
            self._take(event)

    def _append(self, events: list[dict[str, Any]]) -> None:
        lines = "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in events)
        _write_all(self._file, lines.encode())
        os.fsync(self._file)
        for event in events:
            self._take(event)

    def _take(self, event: dict[str, Any]) -> None:
        match event.pop("event", None):
            case "begin":
                self.seeds, self.fingerprint = tuple(event["seeds"]), event["fingerprint"]
                if event["force"]:
                    self.earlier |= self.results
                    self.results, self._published = {}, set()
            case "result":
                result = Result.from_dict(event)
                previous = self.results.get(result.student)
                if previous is not None and previous.status != FAILED:
                    self.earlier[result.student] = previous
                self._published.discard(result.key)
                self.results[result.student] = result
            case "published":
                self._published.add((event["student"], event["digest"]))


def read_results(folder: Path) -> dict[str, Result]:
    """The last result of every student, without opening the journal for writing."""
    path = folder / "journal.jsonl"
    results = {}
    for event in _events(path.read_bytes()) if path.exists() else ():
        if event.pop("event", None) == "result":
            results[event["student"]] = Result.from_dict(event)
    return results


def _events(data: bytes) -> Iterator[dict[str, Any]]:
    for line in data.split(b"\n"):
        try:
            event = json.loads(line)
        except ValueError:  # torn by a full disk in the middle of the file: that result is graded again
            continue
        if isinstance(event, dict):
            yield event


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
