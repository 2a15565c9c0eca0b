"""The journal of a lab: append-only JSON lines, synced, and the truth while a batch runs.

`begin` opens a batch with its secret seeds; `result` is one graded submission; `published` says that gradebook and feedback have it.
A process that is killed leaves at most one torn last line, which is cut off when the journal is opened again. Of a result only its
place in the file is kept in memory: a class may be large.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, NamedTuple

from course_utils.console import typed
from course_utils.errors import UserError
from grader.books import Course
from grader.judging import FAILED, Result

SEEDS = 2
_NAME = "journal.jsonl"
_RESULT = b'{"event":"result",'


class _Place(NamedTuple):
    """Where a result lies in the file, with what is asked for most."""

    offset: int
    length: int
    digest: str
    status: str


class Shown(NamedTuple):
    """What a student's page shows of the gradebook: its digest, "" for no page, and what its late policy gave, by notebook."""

    digest: str = ""
    penalties: Mapping[str, float] = MappingProxyType({})


class Results(Mapping[str, Result]):
    """Results by student, each read from the file when it is asked for."""

    def __init__(self, path: Path, places: Mapping[str, _Place]) -> None:
        self._path, self._places = path, places

    def __getitem__(self, student: str) -> Result:
        place = self._places[student]
        with self._path.open("rb", buffering=0) as file:
            file.seek(place.offset)
            event = json.loads(file.read(place.length))
        del event["event"]
        return Result.from_dict(event)

    def of(self, students: Iterable[str]) -> Results:
        """The results of these students, in this order."""
        return Results(self._path, {student: self._places[student] for student in students})

    def with_status(self, *states: str) -> list[str]:
        """The students whose result is in one of these states."""
        return [student for student, place in self._places.items() if place.status in states]

    def states(self) -> Counter[str]:
        """How many there are of each state, without reading any."""
        return Counter(place.status for place in self._places.values())

    def __contains__(self, student: object) -> bool:
        return student in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Journal:
    """One lab's journal; at most one process has it open for writing."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / _NAME
        self.seeds: tuple[int, ...] = ()
        self.fingerprint = ""
        self._last: dict[str, _Place] = {}
        self._before: dict[str, _Place] = {}
        self._published: dict[str, str] = {}
        self._judged_by: dict[str, str] = {}  # the state of the assignment that each result is of
        self.shown: dict[str, Shown] = {}  # by student
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # seeds and reasons are nobody else's business
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UserError(f"{self.path} cannot be written: {error.strerror}. Make it so, and start again.") from None
        self._lock()
        self._end = self._read()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        os.close(self._file)

    @property
    def results(self) -> Results:
        """The last word on every student."""
        return Results(self.path, self._last)

    @property
    def earlier(self) -> Results:
        """What the gradebook has of a student, when that is older."""
        return Results(self.path, self._before)

    def begin(self, fingerprint: str, *, force: bool, judged: bool = False) -> None:
        """Start a batch, or go on with the last one: the seeds stay, so that a class is graded alike.

        `judged` says that what there is was judged again by this state of the assignment.
        """
        known = fingerprint == self.fingerprint and (not judged or self.is_of(fingerprint))
        if self.seeds and not force and known:
            return
        again = force or not self.seeds
        seeds = [secrets.randbits(48) for _ in range(SEEDS)] if again else list(self.seeds)
        told = {"event": "begin", "seeds": seeds, "fingerprint": fingerprint, "force": again}
        self._append([_line(told | {"judged": True} if judged else told)])

    def is_of(self, fingerprint: str) -> bool:
        """Whether all results are of this state of the assignment."""
        return all(state == fingerprint for state in self._judged_by.values())

    def add(self, result: Result) -> None:
        """Keep a result, on the disk before this returns."""
        self._append([_RESULT + _line(result.as_dict())[1:]])

    def published(self, results: Iterable[Result], shown: Mapping[str, Shown] = MappingProxyType({})) -> None:
        """Note that the gradebook and the feedback have these results, and what the pages show, by student."""
        lines = []
        for result in results:
            page = shown.get(result.student, Shown())
            told = {"student": result.student, "digest": result.digest, "marks": page.digest, "penalties": dict(page.penalties)}
            lines.append(_line({"event": "published", **told}))
        self._append(lines)

    def is_done(self, student: str, digest: str) -> bool:
        """Whether this state of a submission has been graded; what failed on our side is to be tried again."""
        place = self._last.get(student)
        return place is not None and place.digest == digest and place.status != FAILED

    @property
    def is_behind(self) -> bool:
        """Whether there are results that are not published."""
        return any(self._published.get(student) != place.digest for student, place in self._last.items())

    def unpublished(self) -> Iterator[Result]:
        """Results that a killed grader had not yet brought into the gradebook."""
        results = self.results
        left = [student for student, place in self._last.items() if self._published.get(student) != place.digest]
        yield from (results[student] for student in left)

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise UserError(f"Another grader is at work on {self.path.parent.name} in this course: wait for it to end.") from None

    def _read(self) -> int:
        """Take in what stands there, line by line; gives where the last whole line ends."""
        end = 0
        with self.path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    os.ftruncate(self._file, end)  # a torn line was never acknowledged to anyone
                    break
                self._take(line, end)
                end += len(line)
        return end

    def _append(self, lines: list[bytes]) -> None:
        """Write lines, all or none. UserError when there is no room for them."""
        try:
            _write_all(self._file, b"".join(line + b"\n" for line in lines))
            os.fsync(self._file)
        except OSError as error:
            os.ftruncate(self._file, self._end)
            what = "no room is left" if error.errno in (errno.ENOSPC, errno.EDQUOT) else f"{error.strerror}"
            raise UserError(f"{self.path} cannot be written ({what}). What was graded is kept: mend that, and start again.") from None
        for line in lines:
            self._take(line, self._end)
            self._end += len(line) + 1

    def _take(self, line: bytes, offset: int) -> None:
        event = _event(line)
        match event.get("event"):
            case "begin":
                self.seeds, self.fingerprint = tuple(event["seeds"]), event["fingerprint"]
                if event["force"]:
                    self._before |= {student: place for student, place in self._last.items() if place.status != FAILED}
                    self._last, self._published, self._judged_by = {}, {}, {}
                if event.get("judged"):
                    self._judged_by = dict.fromkeys(self._last, self.fingerprint)
            case "result":
                student = event["student"]
                previous = self._last.get(student)
                if previous is not None and previous.status != FAILED:
                    self._before[student] = previous
                self._published.pop(student, None)
                self._last[student] = _Place(offset, len(line), event["digest"], event["status"])
                self._judged_by[student] = self.fingerprint
            case "published":
                self._published[event["student"]] = event["digest"]
                self.shown[event["student"]] = Shown(event.get("marks", ""), event.get("penalties", {}))


def read_results(folder: Path) -> dict[str, Result]:
    """The last result of every student, without opening the journal for writing."""
    path = folder / _NAME
    results = {}
    if path.exists():
        with path.open("rb") as lines:
            for line in lines:
                event = _event(line)
                if event.pop("event", None) == "result":
                    results[event["student"]] = Result.from_dict(event)
    return results


def count_attempts(folder: Path) -> Counter[str]:
    """How many different submissions of each student were graded, whatever is left of them today."""
    path, states = folder / _NAME, set[tuple[str, str]]()
    if path.exists():
        with path.open("rb") as lines:
            for line in lines:
                event = _event(line)
                if event.get("event") == "result":
                    states.add((event["student"], event["digest"]))
    return Counter(student for student, _ in states)


def _event(line: bytes) -> dict[str, Any]:
    """What a line says; nothing when it is none of ours, or was torn in the middle of the file: that result is graded again."""
    try:
        event = json.loads(line)
        kinds = _FORM[event["event"]]
        Result.from_dict(event) if event["event"] == "result" else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return event if all(isinstance(event.get(name), kind) for name, kind in kinds.items()) else {}


_FORM: dict[str, dict[str, type]] = {
    "begin": {"seeds": list, "fingerprint": str, "force": bool},
    "result": {"student": str, "lab": str, "digest": str, "status": str},
    "published": {"student": str, "digest": str},
}


def _line(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode()


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def no_results(course: Course, lab: str, root: Path) -> UserError:
    """Why nothing is known of a lab: it was not graded yet, or is called otherwise."""
    graded = sorted(path.parent.name for path in course.notes("").glob("*/journal.jsonl") if read_results(path.parent))
    there = f" Graded are {', '.join(graded)}." if graded else ""
    near = get_close_matches(lab, graded, 1, 0.8) if lab not in course.layout.assignments() else []
    then = f"do you mean {near[0]}?" if near else f"run `handgrad grade {lab} --course {typed(root)}`."
    return UserError(f"{lab} has no results in {root} yet: {then}{there}")
