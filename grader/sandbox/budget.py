"""What one notebook's process may make the grader do: every frame is counted when its head is there, before it is read.

Deadlines bound how long we listen; this bounds what is kept and worked through meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.sandbox.codec import WireError
from grader.sandbox.limits import KIB, Limits, size
from grader.sandbox.outputs import Outputs
from grader.sandbox.wire import Head

_LITTLE = 16  # the part of a check's room that it has left when the notebook's is gone: whoever floods takes nothing from the others
_FAR = 4  # times the room that may be sent, and thrown away
NODE_BYTES = 64  # what a part of a message takes here once it is unpacked
_DROPPED, _DROPPED_BYTES = 100, 256 * KIB  # of frames that answer no request in progress: honest ones are a few that come late
_PER_BYTE = 2  # of what a cell's frames may have, for each byte that its outputs may have: they have parts of their own

_KINDS = {"execute": ("reply", "events"), "perform": ("reply", "callback")}


@dataclass
class Exchange:
    """One request in progress; `outputs` is where a cell's events go, and None for all that is no cell."""

    kind: str
    nonce: bytes
    outputs: Outputs | None = None
    callbacks: int = 0
    interrupted: bool = False

    def allows(self, head: Head) -> bool:
        """Whether a frame may come now: functions of a check are called while it runs, and cells have outputs."""
        return head.nonce == self.nonce and head.kind in _KINDS.get(self.kind, ("reply",))


class Budget:
    """The account of one process."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._messages = self._dropped = self._dropped_bytes = 0
        self._answers = self._check = 0  # bytes: of all answers, and of those since the last check began

    def next_check(self) -> None:
        """What was answered up to now belongs to checks that are over."""
        self._check = 0

    def wanted(self, head: Head, exchange: Exchange) -> bool:
        """Whether a frame is to be read: not when it is nobody's, nor when it is more than there is room for. WireError past a limit."""
        self._messages += 1
        if self._messages > self.limits.messages:
            raise WireError(f"it sent more than {self.limits.messages} messages")
        if not exchange.allows(head):
            return self._drop(head)
        if exchange.outputs is not None:
            exchange.outputs.received += head.total
            if exchange.outputs.received > _PER_BYTE * exchange.outputs.room:
                raise WireError("it sent more output than it was allowed to")
            return True
        return self.spend(head.total)

    def spend(self, count: int) -> bool:
        """Book so many bytes of answers; whether there was room for them. WireError for one who does not stop."""
        self._answers += count
        self._check += count
        if self._answers > _FAR * self.limits.answers_bytes:
            raise WireError(f"it answered with more than {size(_FAR * self.limits.answers_bytes)}")
        return not self.spent

    @property
    def spent(self) -> str:
        """The sentence for whoever has answered too much; empty as long as there is room."""
        most = self.limits.answer_bytes
        if self._check > most:
            return f"answered with more than {size(most)} in one check"
        if self._answers > self.limits.answers_bytes and self._check > most // _LITTLE:
            return f"answered with more than {size(self.limits.answers_bytes)} in all"
        return ""

    def _drop(self, head: Head) -> bool:
        self._dropped += 1
        self._dropped_bytes += head.total
        if self._dropped > _DROPPED or self._dropped_bytes > _DROPPED_BYTES:
            raise WireError("it sent more than a few messages that nobody had asked for")
        return False
