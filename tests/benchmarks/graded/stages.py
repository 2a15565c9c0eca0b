"""Where the grader's own processor time goes, from a run in which a timer interrupts it: `stages.py OUT grade LAB …`.

Each time the main process or a worker has used a few milliseconds, its stack is looked at, and the innermost frame in a room of the
grader decides whose time that was. Nothing of this is there in an ordinary run. What happens inside the sandbox is not seen here.
"""

from __future__ import annotations

import json
import mmap
import os
import signal
import struct
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

STAGES = ("start", "wire", "read", "judge", "write", "feedback", "gradebook", "rest")
_ROOMS = (  # the first that is in a file's path
    ("grader/sandbox/", "wire"),
    ("grader/intake/", "read"),
    ("grader/judging/traces", "write"),
    ("grader/judging/", "judge"),
    ("course_utils/checking/", "judge"),
    ("grader/books/gradebook", "gradebook"),
    ("grader/books/feedback", "feedback"),
    ("grader/books/next_steps", "feedback"),
    ("grader/books/", "write"),
    ("grader/batch/journal", "write"),
    ("grader/", "rest"),
)
_EACH = 0.002  # seconds of processor time between two looks
_SLOT = struct.Struct("d")


class Sampler:
    """Seconds by stage, in memory that all forked processes share; each process adds in a row of its own."""

    def __init__(self, processes: int = 64) -> None:
        self._rows, self._shared = processes, mmap.mmap(-1, processes * len(STAGES) * _SLOT.size)
        self._row, self._forks = 0, 0
        self._last = time.process_time()
        signal.signal(signal.SIGVTALRM, self._look)
        os.register_at_fork(before=self._fork, after_in_child=self._start_again)
        self._start()

    def seconds(self) -> dict[str, float]:
        """What was seen up to now."""
        values = [_SLOT.unpack_from(self._shared, offset)[0] for offset in range(0, len(self._shared), _SLOT.size)]
        return {stage: sum(values[number :: len(STAGES)]) for number, stage in enumerate(STAGES)}

    def _fork(self) -> None:
        self._forks += 1

    def _start_again(self) -> None:
        self._row = 1 + self._forks % (self._rows - 1)
        self._last = time.process_time()
        self._start()

    def _start(self) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, _EACH, _EACH)

    def _look(self, number: int, frame: FrameType | None) -> None:
        now = time.process_time()
        stage = _stage(frame) if self._forks else "start"
        offset = (self._row * len(STAGES) + STAGES.index(stage)) * _SLOT.size
        _SLOT.pack_into(self._shared, offset, _SLOT.unpack_from(self._shared, offset)[0] + now - self._last)
        self._last = now


def _stage(frame: FrameType | None) -> str:
    while frame is not None:
        for part, stage in _ROOMS:
            if part in frame.f_code.co_filename:
                return stage
        frame = frame.f_back
    return "rest"


def main(arguments: Sequence[str]) -> int:
    """Run `handgrad` with these arguments under the sampler."""
    sampler = Sampler()
    from course_utils.cli import main as run

    code = run(arguments[1:])
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    Path(arguments[0]).write_text(json.dumps(sampler.seconds()), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
