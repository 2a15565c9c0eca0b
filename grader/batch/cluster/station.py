"""The grader on a machine of an engine: `python -m grader.batch.cluster.station FD`, one beside each process of the engine.

It has one assignment, and one worker with a warm sandbox, as on a single machine, with the same budgets. What a job makes lies in a
scratch course until it is sent back. A process of its own, because an engine's process may have threads, and a fork among threads hangs.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from traitlets.config import Config

from course_utils.errors import UserError
from grader.batch.cluster import bundle, payload
from grader.batch.cluster.payload import Reply, Request
from grader.batch.engine import Fault, LocalEngine, OverBudget
from grader.batch.job import Desk, at_desk, work
from grader.batch.lab import budget_of, maker_of, patience_of, warm_up, with_kernels
from grader.batch.worker import Lost
from grader.books import Course
from grader.files import write_atomically

_LOOK_SECONDS = 2.0  # between two looks whether the engine's process is still there
_PREFIX = "handgrad-station-"


def main() -> None:
    """Serve until the engine's process closes its end, or ends."""
    line = socket.socket(fileno=int(sys.argv[1]))
    _end_with_parent()
    _sweep()
    with line.makefile("rwb") as stream, tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        packed = payload.receive(stream)
        if packed is None:
            return
        try:
            with Station(packed, Path(folder)) as station:
                while (data := payload.receive(stream)) is not None:
                    payload.send(stream, station.serve(Request.from_bytes(data)).to_bytes())
        except (payload.Malformed, UserError) as sentence:
            while payload.receive(stream) is not None:
                payload.send(stream, _unable(sentence).to_bytes())


class Station:
    """One assignment, ready to be graded."""

    def __init__(self, packed: bytes, folder: Path) -> None:
        self._inbox = folder / "submission"
        found = bundle.unpack(packed, folder)
        self._course = Course(folder / "course", Config(dict(found.settings)))
        assignment = with_kernels(found.assignment)
        self._name = assignment.name
        desk = Desk(self._course, assignment, found.kind, inbox=self._inbox)
        budget = budget_of(warm_up(assignment), patience_of(found.limits), found.own)
        maker = maker_of(assignment, found.limits, found.kind)
        self._engine = LocalEngine(1, lambda card: at_desk(desk, maker, card), budget, [None])

    def __enter__(self) -> Station:
        return self

    def __exit__(self, *error: object) -> None:
        self._engine.shutdown()

    def serve(self, request: Request) -> Reply:
        """Do one job, and clear the desk."""
        order = json.loads(request.order)
        places = self._places(str(order["student"]))
        try:
            self._inbox.write_bytes(request.submission)
            _put(places, request.files)
            (future,) = self._engine.wait([self._engine.submit(work, request.order)])
            return _reply(payload.DONE, found=future.result(), files=_taken(places, order["job"]))
        except OverBudget as error:
            return _reply(payload.OVER, text=str(error), so_far=error.so_far)
        except Fault as error:
            return _reply(payload.FAULT, text=str(error), detail=error.detail, so_far=error.so_far)
        except Lost as error:
            return _reply(payload.LOST, text=str(error))
        except (UserError, OSError) as error:
            return _unable(error)
        finally:
            for folder in (self._course.root, self._inbox):
                _clear(folder)

    def _places(self, student: str) -> dict[str, Path]:
        folders = {step: self._course.folder(step, student, self._name) for step in ("autograded", "feedback")}
        return {**folders, "notes": self._course.notes(self._name)}


def _reply(end: str, **fields: Any) -> Reply:
    return Reply(end, socket.gethostname(), **fields)


def _unable(error: Exception) -> Reply:
    """This machine cannot grade; another one may."""
    return _reply(payload.UNABLE, text=str(error))


def _put(places: dict[str, Path], files: dict[str, bytes]) -> None:
    for name, content in files.items():
        place, _, rest = name.partition("/")
        write_atomically(places[place] / rest, content, 0o600)


def _taken(places: dict[str, Path], job: str) -> dict[str, bytes]:
    """All files that were made, by place and name; not what was only sent here for a page to be made of."""
    return {
        f"{place}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for place, folder in places.items()
        if payload.may_write(job, place)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _clear(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _end_with_parent() -> None:
    """End soon after the engine's process does: by its number, as the kernel's own signal comes when a mere thread of it ends."""
    parent = os.getppid()

    def look(number: int, frame: FrameType | None) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _LOOK_SECONDS, _LOOK_SECONDS)


def _sweep() -> None:
    """Take away the scratch courses of stations that were killed; they hold references."""
    for folder in _left_behind():
        shutil.rmtree(folder, ignore_errors=True)


def _left_behind() -> Iterator[Path]:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            if number.isdecimal() and not Path("/proc", number).exists() and folder.stat().st_uid == os.getuid():
                yield folder


if __name__ == "__main__":
    main()
