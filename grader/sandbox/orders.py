"""The grader's line to the keeper of a notebook's process: orders there, news back."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import time
from typing import NamedTuple

_ANSWER_SECONDS = 5.0
_DYING_SECONDS = 1.0
_SILENT = "broke off its connection and was stopped"


class Usage(NamedTuple):
    """What a notebook has used up to now."""

    peak_bytes: int
    cpu_seconds: float


class Orders:
    """One keeper. `died` is empty as long as its notebook lives, then a sentence that says why it does not."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._usage = Usage(0, 0.0)
        self.died = ""

    def fileno(self) -> int:
        return self._line.fileno()

    def interrupt(self) -> bool:
        """Send the notebook's process an interrupt; whether it was still there to get it."""
        self._send(b"interrupt")
        return self._wait_for("interrupted", _ANSWER_SECONDS)

    def stop(self, reason: str) -> None:
        """Have the notebook's process killed for a reason that it has only outside; may be called from another thread."""
        self._send(b"stop " + reason.encode())

    def usage(self) -> Usage:
        """Peak memory and processor time up to now, or up to its end."""
        if not self.died:
            self._send(b"usage")
            self._wait_for("usage", _ANSWER_SECONDS)
        return self._usage

    def end(self, reason: str = "") -> None:
        """See the notebook's process dead with all it started; without a reason of ours, the keeper's is taken."""
        if not reason:  # it is dying: its keeper is about to tell of what
            self._wait_for("died", _DYING_SECONDS)
        told = self.died
        with contextlib.suppress(OSError):  # it has gone already
            self._line.shutdown(socket.SHUT_WR)  # an order to kill all that is left
        self._wait_for("", _ANSWER_SECONDS)
        self.died = told if told and not reason else f"the notebook's process {reason or _SILENT}"

    def close(self) -> None:
        self._line.close()

    def _send(self, order: bytes) -> None:
        try:
            self._line.send(order, socket.MSG_NOSIGNAL | socket.MSG_DONTWAIT)
        except OSError:  # it has gone, or does not listen; what it said last is still to be read
            return

    def _wait_for(self, word: str, seconds: float) -> bool:
        """Read the keeper's messages, and remember what they tell, until one has the word; False when it says no more, or too late."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and select.select([self._line], [], [], left)[0]:
            try:
                text = self._line.recv(2**12)
            except ConnectionError:
                return False
            if not text:
                return False
            message = json.loads(text)
            if "usage" in message:
                self._usage = Usage(int(message["usage"][0]), float(message["usage"][1]))
            if "died" in message:
                self.died = f"the notebook's process {message['died']}"
            if word in message:
                return True
        return False
