"""Where a notebook's outputs go: one ordered list of events per cell, however they were written."""

from __future__ import annotations

import io
import json
import os
import threading
import time
from collections.abc import Callable
from typing import Any

_SEND_EVERY = 0.05  # seconds: what a cell wrote is not lost when the process dies later
_AT_A_TIME = 2**16
_EVENT = 20  # what an event takes on its way beside its text


class Sink:
    """Collects one cell's outputs as events, in order, up to a number of bytes; drops what comes between cells."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._events: list[list[Any]] = []
        self._read = {1: 0, 2: 0}
        self._open = False
        self._send: Callable[[list[list[Any]]], None] = lambda events: None
        self._pid = self._left = 0
        self._sent_at, self._cut = 0.0, ""

    def begin(self, limit: int, cut: str, send: Callable[[list[list[Any]]], None]) -> None:
        """Start a cell; `cut` stands where it wrote more than the limit, `send` takes events early while the cell goes on."""
        self._skip_files()
        self._events, self._open, self._send, self._sent_at = [], True, send, time.monotonic()
        self._pid, self._cut, self._left = os.getpid(), cut, limit

    def end(self) -> tuple[list[list[Any]], bool]:
        """The events that are still to be sent, and whether some were dropped for their size."""
        with self._lock:
            self._read_files()
            self._open = False
            return _joined(self._events), self._left < 0

    def write(self, name: str, text: str) -> None:
        """Text for a stream."""
        if os.getpid() != self._pid:  # a fork of the notebook: its text goes where its parent reads
            os.write(1 if name == "stdout" else 2, text.encode(errors="replace"))
            return
        if self._left < 0 or not self._open:
            return
        with self._lock:
            self._read_files()
            self._stream(name, text)

    def add(self, *event: Any) -> None:
        """Anything but text."""
        if os.getpid() != self._pid:
            return
        with self._lock:
            self._read_files()
            self._put(list(event), len(json.dumps(event, default=str)))

    def _stream(self, name: str, text: str) -> None:
        room = max(0, self._left)
        cut = text[:room]  # characters, not bytes: near enough for a limit
        if cut and self._events and self._events[-1][:2] == ["stream", name] and self._open:
            self._events[-1][2].append(cut)
            self._spend(len(text))
        elif text:
            self._put(["stream", name, [cut]], len(text) + _EVENT, keep=bool(cut))

    def _put(self, event: list[Any], length: int, *, keep: bool = False) -> None:
        if self._open and self._left >= 0 and (keep or length <= self._left):
            self._events.append(event)
        self._spend(length)

    def _spend(self, length: int) -> None:
        if not self._open or self._left < 0:
            return
        self._left -= length
        if self._left < 0:
            self._events.append(["stream", "stderr", [f"\n{self._cut}\n"]])
        if time.monotonic() - self._sent_at > _SEND_EVERY and threading.current_thread() is threading.main_thread():
            self._send(_joined(self._events))
            self._events, self._sent_at = [], time.monotonic()

    def _read_files(self) -> None:
        """Take in what C code and child processes wrote to descriptors 1 and 2."""
        for fd, name in ((1, "stdout"), (2, "stderr")):
            while self._read[fd] < os.fstat(fd).st_size and self._left >= 0:
                data = os.pread(fd, _AT_A_TIME, self._read[fd])
                self._read[fd] += len(data)
                self._stream(name, data.decode(errors="replace"))

    def _skip_files(self) -> None:
        for fd in self._read:
            self._read[fd] = 0
            os.ftruncate(fd, 0)


def _joined(events: list[list[Any]]) -> list[list[Any]]:
    """The same with one text in every stream: a message may have so many parts and no more."""
    return [[*event[:2], ["".join(event[2])]] if event[0] == "stream" else event for event in events]


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a notebook."""

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, sink: Sink, name: str, descriptor: int) -> None:
        self._sink, self.name, self._descriptor = sink, f"<{name}>", descriptor
        self._stream = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._sink.write(self._stream, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor
