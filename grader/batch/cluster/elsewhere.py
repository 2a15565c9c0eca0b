"""The main process's side: orders go out to an engine, and what comes back is checked and written into the course.

Nothing that comes back is looked into: a reply's form is checked, a file's name decides where it lies, its bytes are written as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_utils.errors import UserError
from grader.batch.cluster import payload
from grader.batch.cluster.bundle import BUNDLE, name_of
from grader.batch.cluster.payload import Malformed, Reply, Request
from grader.batch.cluster.work import work
from grader.batch.engine import Fault, OverBudget
from grader.batch.job import Desk, read, secret_of
from grader.batch.worker import Lost
from grader.books import remove
from grader.files import share, write_atomically
from grader.intake import SECRET, clashing, is_student, one_line

_SPARE = 4  # jobs lost beyond two rounds of all that were out: by then it is the engine that is gone, and no node of it
_UNABLE = 8  # times that one job meets a machine that cannot grade, before it counts as lost
_PATH_BYTES = 2048  # of the name of a file; a course's own path comes before it, and Linux takes 4096 in all
_NAME_BYTES = 255
_JOBS_WITH_FILES = ("page", "put aside")


@dataclass
class _Job:
    order: bytes
    future: Future[bytes] = field(default_factory=Future)
    unable: int = 0


class Elsewhere(Executor):
    """An engine's executor, in the form in which a batch speaks to the one of this machine.

    Futures come to their end in `wait`, in the main thread, which alone writes. They raise OverBudget, Fault, or Lost. UserError, from
    `wait`, is for what stops everybody. `tell` hears once of each machine that cannot grade.
    """

    def __init__(self, engine: Executor, desk: Desk, packed: bytes, tell: Callable[[str], None] = lambda sentence: None) -> None:
        self._engine, self._desk, self._tell = engine, desk, tell
        self._packed, self._name = packed, name_of(packed)
        self._shared = desk.course.notes(desk.assignment.name) / BUNDLE
        write_atomically(self._shared, packed, 0o600)
        self._running: dict[Future[bytes], _Job] = {}
        self._most, self._lost = 0, 0  # jobs that were out at a time; jobs that the engine lost since one came back
        self._served = False  # whether any machine has done a job
        self._troubles: dict[str, str] = {}  # by machine

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send out an order of the batch, with all that it needs."""
        (order,) = args
        job = _Job(order)
        self._send(job)
        return job.future

    def wait(self, futures: Iterable[Future[Any]]) -> list[Future[Any]]:
        """Go on until one of these has come to its end; those that have."""
        pending = list(futures)
        while not (done := [future for future in pending if future.done()]):
            for ended in wait_for(list(self._running), return_when=FIRST_COMPLETED).done:
                self._heed(self._running.pop(ended), ended)
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Forget the bundle, which holds secrets. The engine is ended by who opened it."""
        self._shared.unlink(missing_ok=True)

    def _send(self, job: _Job, bundled: bytes = b"") -> None:
        request = self._request(job.order, bundled).to_bytes()
        try:
            sent = self._engine.submit(work, request)
        except Exception as error:
            raise UserError(
                f"The engine takes no more jobs ({_brief(error)}): start again when it is there. What was graded is kept."
            ) from error
        self._running[sent] = job
        self._most = max(self._most, len(self._running))

    def _request(self, order: bytes, bundled: bytes) -> Request:
        told = json.loads(order)
        submission = payload.pack_submission(read(self._desk, told["student"])) if told["job"] == "grade" else b""
        files = self._files(told["student"]) if told["job"] in _JOBS_WITH_FILES else {}
        return Request(self._name, str(self._shared.resolve()), order, submission, files, bundled)

    def _files(self, student: str) -> dict[str, bytes]:
        """What is there of a student that a page is made of: the autograded notebooks, and the secret of the exchange."""
        folder = self._places(student)["autograded"]
        paths = [folder / f"{name}.ipynb" for name in self._desk.names]
        files = {f"autograded/{path.name}": path.read_bytes() for path in paths if path.is_file()}
        secret = secret_of(self._desk, student, "submitted", "autograded", "feedback")
        return {**files, f"autograded/{SECRET}": secret} if secret else files

    def _heed(self, job: _Job, ended: Future[bytes]) -> None:
        """Bring one job to its end, or send it out again."""
        try:
            reply = Reply.from_bytes(ended.result())
        except Malformed as error:
            job.future.set_exception(Fault(f"a worker's answer has no form: {error}", "", []))
        except Exception as error:  # each engine has its own for a worker that was lost
            self._lost += 1
            if self._lost > 2 * self._most + _SPARE:
                raise UserError(
                    f"The engine loses every job ({_brief(error)}): start again when its machines are there. What was graded is kept."
                ) from error
            job.future.set_exception(Lost(f"the engine lost it: {_brief(error)}"))
        else:
            self._lost = 0
            self._take(job, reply)

    def _take(self, job: _Job, reply: Reply) -> None:
        if reply.end == payload.NEEDS:
            self._send(job, self._packed)
        elif reply.end == payload.UNABLE:
            self._pass_on(job, reply)
        elif reply.end == payload.DONE:
            self._served = True
            order = json.loads(job.order)
            try:
                _look_at(order, reply.found)
                self._write(order, reply.files)
            except Malformed as error:
                job.future.set_exception(Fault(f"a worker's answer has no form: {error}", "", []))
            else:
                job.future.set_result(reply.found)
        elif reply.end in (payload.OVER, payload.FAULT) and not all(map(_is_told, reply.so_far)):
            job.future.set_exception(Fault("a worker's answer has no form: what it told by then is none of our lines", "", []))
        elif reply.end == payload.OVER:
            job.future.set_exception(OverBudget(reply.text, reply.so_far))
        elif reply.end == payload.FAULT:
            job.future.set_exception(Fault(reply.text, reply.detail, reply.so_far))
        else:
            job.future.set_exception(Lost(f"{reply.text} ({reply.host})"))

    def _pass_on(self, job: _Job, reply: Reply) -> None:
        """A machine cannot grade: say so once, and let another one do it, if there is any."""
        if reply.host not in self._troubles:
            self._troubles[reply.host] = reply.text
            self._tell(one_line(f"{reply.host}: {reply.text}", 1000))
        job.unable += 1
        if job.unable < _UNABLE:
            self._send(job)
        elif self._served:
            job.future.set_exception(Lost(f"{reply.text} ({reply.host})"))
        else:
            raise UserError(f"No machine of the engine can grade. {reply.host} says: {reply.text}")

    def _write(self, order: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
        """Put what a job made to its place in the course. Raises Malformed for a name that leads elsewhere."""
        places = {place: path for place, path in self._places(order["student"]).items() if payload.may_write(order["job"], place)}
        for name in files:
            if not _leads_inside(name, places, self._desk.assignment.files):
                raise Malformed(f"it names a file {name[:80]!r}")
        if clashing(files, files):
            raise Malformed("it names a file in the place of a folder")
        if order["job"] in ("grade", "put aside") and "autograded" in places:
            remove(places["autograded"])
        settings = self._desk.course.settings
        modes = {"autograded": settings.graded_mode, "feedback": settings.page_mode, "notes": 0o600}
        for name, content in sorted(files.items(), key=lambda file: file[0].endswith(".ipynb")):  # notebooks last: with them it is done
            place, _, rest = name.partition("/")
            write_atomically(places[place] / rest, content, modes[place])
        for place in {name.partition("/")[0] for name in files}.intersection(("autograded", "feedback")) if settings.shared else ():
            share(places[place], self._desk.course.step(place))

    def _places(self, student: str) -> dict[str, Path]:
        course, lab = self._desk.course, self._desk.assignment.name
        folders = {step: course.folder(step, student, lab) for step in ("autograded", "feedback")} if is_student(student) else {}
        return {**folders, "notes": course.notes(lab)}


def _leads_inside(name: str, places: Mapping[str, Path], released: Collection[str]) -> bool:
    """Whether a name is a place, and behind it the way of a file in it, written in the one way in which it can be."""
    place, *rest = name.split("/")
    short = len(name.encode("utf-8", "surrogatepass")) <= _PATH_BYTES and all(
        len(part.encode("utf-8", "surrogatepass")) <= _NAME_BYTES for part in rest
    )
    if not short or {"", ".", ".."}.intersection(rest) or not (name.isprintable() or "/".join(rest) in released):
        return False
    if place == "notes":
        return len(rest) == 2 and rest[0] == "traces" and rest[1].endswith(".z") and not rest[1].startswith(".")
    return place in places and bool(rest)


def _look_at(order: Mapping[str, Any], found: bytes) -> None:
    """Raises Malformed for what no job of ours finds. A result is looked at more closely by who asked for it."""
    told = _object(found)
    if told is None or (order["job"] == "page" and not isinstance(told.get("written"), bool)):
        raise Malformed("what it found is nothing that the job could find")


def _is_told(line: bytes) -> bool:
    """Whether this is a line of what a job tells before it ends."""
    told = _object(line)
    if told is None or not isinstance(told.get("digest", ""), str) or not isinstance(told.get("timestamp"), str | None):
        return False
    return isinstance(told.get("exercises", {}), dict)


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _brief(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0][:300]
