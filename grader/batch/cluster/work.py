"""The one function that an engine runs on its machines: bytes in, bytes out. It keeps a station for the next job.

An engine may call it in several threads at once: each call has a station of its own.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from grader.batch.cluster import bundle, payload
from grader.batch.cluster.payload import Reply, Request

_PAUSE = 3.0  # seconds that a machine which cannot grade waits before it says so: it would take all jobs of those that can
_idle: list[_Line] = []
_lock = threading.Lock()


class _Line:
    """The engine's end of a station."""

    def __init__(self, packed: bytes) -> None:
        self.bundle = bundle.name_of(packed)
        ours, theirs = socket.socketpair()
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "grader.batch.cluster.station", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # what interrupts the engine's process is not meant for the station
            env=environment,
        )
        theirs.close()
        self._stream = ours.makefile("rwb")
        ours.close()  # the stream keeps it open
        payload.send(self._stream, packed)

    def ask(self, request: bytes) -> bytes | None:
        """One reply; None when the station has gone."""
        try:
            payload.send(self._stream, request)
            return payload.receive(self._stream)
        except OSError:
            return None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        try:
            self._stream.close()
        except OSError:  # what it had not read yet cannot be sent any more
            return


def work(request: bytes) -> bytes:
    """Do one job with a station of this machine; `payload.Request` and `payload.Reply` say what goes in and comes out."""
    asked = Request.from_bytes(request)
    line = _take(asked.bundle)
    if line is None:
        packed = asked.bundled or _shared(asked)
        if not packed:
            return _reply(payload.NEEDS).to_bytes()
        line = _Line(packed)
    answer = line.ask(request)
    if answer is None:
        line.end()
        return _reply(payload.LOST, "the process that graded there ended").to_bytes()
    if Reply.from_bytes(answer).end == payload.UNABLE:
        line.end()
        time.sleep(_PAUSE)
    else:
        with _lock:
            _idle.append(line)
    return answer


def _reply(end: str, text: str = "") -> Reply:
    return Reply(end, socket.gethostname(), text)


def _take(name: str) -> _Line | None:
    """An idle station of this assignment; those of others are ended."""
    found = None
    with _lock:
        others = [line for line in _idle if line.bundle != name]
        mine = [line for line in _idle if line.bundle == name]
        if mine:
            found = mine.pop()
        _idle[:] = mine
    for line in others:
        line.end()
    return found


def _shared(asked: Request) -> bytes:
    """The bundle from a disk that this machine has in common with the one that gave the order; nothing where it has none."""
    try:
        packed = Path(asked.shared).read_bytes()
    except OSError:
        return b""
    return packed if bundle.name_of(packed) == asked.bundle else b""
