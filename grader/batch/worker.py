"""A worker: a forked process that does one job after the other, each within a budget that its parent keeps.

Its parent gives it the name of a function and bytes, and hears frames: that it is ready, what it has judged so far, what came of it.
The kernel holds it to processor seconds and memory, the parent looks at its clock. When it dies or is killed, the parent starts another.
"""

from __future__ import annotations

import ctypes
import errno
import importlib
import json
import os
import resource
import signal
import socket
import struct
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn

from grader.sandbox import Card, CardTrouble, SandboxUnavailable

_PR_SET_PDEATHSIG = 1
_HEAD = struct.Struct("!cI")  # what a frame is, and the bytes that follow
_FRAME_BYTES = 16 * 2**20
_SO_FAR_BYTES = 8 * 2**20  # of one job
_MIB = 2**20
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE}  # of a machine, whoever is graded

READY, SO_FAR, DONE, ERROR, LOST, UNLENDABLE, UNAVAILABLE, NO_GOOD = b"r", b"s", b"d", b"e", b"l", b"c", b"u", b"n"
Life = Callable[[Card | None], AbstractContextManager[None]]  # what surrounds all jobs of one worker


class Lost(Exception):
    """The machine lost this job, which is not to blame: it may be given to another worker."""


class Budget(NamedTuple):
    """What one job may cost outside the sandbox: seconds of processor, seconds of the clock, bytes of memory."""

    cpu_seconds: float
    clock_seconds: float
    memory_bytes: int


@dataclass(frozen=True)
class Spent:
    """What a process has used of the processor (seconds) and of memory (bytes) up to now."""

    cpu_seconds: float
    memory_bytes: int


def spent(pid: int) -> Spent:
    """Read it from the kernel; nothing for a process that has gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return Spent(0.0, 0)
    return Spent((int(stat[11]) + int(stat[12])) / _TICKS, pages * _PAGE)


class Worker:
    """The parent's end of a worker."""

    def __init__(self, live: Life, card: Card | None = None) -> None:
        ours, theirs = socket.socketpair()
        self.socket, self.card = ours, card
        self.ready = False
        self.so_far: list[bytes] = []
        self._received = bytearray()
        self._job: tuple[float, Spent, Budget] | None = None
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            ours.close()
            _live(parent, theirs, live, card)
        theirs.close()
        ours.setblocking(False)
        self._born = time.monotonic()
        self._at_birth = spent(self.pid).memory_bytes

    @property
    def busy(self) -> bool:
        return self._job is not None

    @property
    def swollen(self) -> bool:
        """Whether it has kept so much memory that the next job would pay for the last one's."""
        return self._job is None and spent(self.pid).memory_bytes - self._at_birth > 256 * _MIB

    def give(self, function: str, request: bytes, budget: Budget) -> None:
        """Have a job done. ConnectionError when the worker has died meanwhile."""
        before = spent(self.pid)
        _limit(self.pid, before, budget)
        self._job, self.so_far = (time.monotonic(), before, budget), []
        self.socket.setblocking(True)
        try:
            self.socket.sendall(_HEAD.pack(b"j", len(request)) + struct.pack("!H", len(function)) + function.encode() + request)
        finally:
            self.socket.setblocking(False)

    def receive(self) -> tuple[bytes, bytes] | None:
        """What came of a job, when it has come in whole. ConnectionError when the worker has died."""
        try:
            data = self.socket.recv(_MIB)
        except BlockingIOError:
            return None
        if not data:
            raise ConnectionError("the worker ended")
        self._received += data
        while len(self._received) >= _HEAD.size:
            kind, size = _HEAD.unpack_from(self._received)
            if size > _FRAME_BYTES:
                raise ConnectionError("the worker says too much")
            if len(self._received) < _HEAD.size + size:
                return None
            body = bytes(self._received[_HEAD.size : _HEAD.size + size])
            del self._received[: _HEAD.size + size]
            if kind == READY:
                self.ready = True
            elif kind == SO_FAR:
                if sum(map(len, self.so_far)) + len(body) <= _SO_FAR_BYTES:
                    self.so_far.append(body)
            else:
                self._job = None
                return kind, body
        return None

    def over(self) -> str:
        """What of the budget is used up, in words; "" while there is some left."""
        if self._job is None:
            return "" if self.ready or time.monotonic() - self._born < _SETUP_SECONDS else "it did not come to its first job"
        started, before, budget = self._job
        if time.monotonic() - started > budget.clock_seconds:
            return f"{budget.clock_seconds:.0f} s"
        now = spent(self.pid)
        if now.cpu_seconds - before.cpu_seconds > budget.cpu_seconds:
            return self.budget_in_words()
        if now.memory_bytes - self._at_birth > budget.memory_bytes:
            return f"{budget.memory_bytes // _MIB} MiB of memory"
        return ""

    def budget_in_words(self) -> str:
        """How much of the processor the job was allowed."""
        assert self._job is not None
        return f"{self._job[2].cpu_seconds:.3g} s of processor time"

    def end(self) -> str:
        """Kill it with all it started; tells how it ended."""
        self.socket.close()
        # its sandbox dies with it: bubblewrap was told so
        os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status):
            return f"ended by {signal.Signals(os.WTERMSIG(status)).name}"
        return f"ended with code {os.WEXITSTATUS(status)}"


_SETUP_SECONDS = 180


def _limit(pid: int, before: Spent, budget: Budget) -> None:
    """Have the kernel keep the budget, too: the parent may be at work on the gradebook when it is used up."""
    try:
        _, hard = resource.prlimit(pid, resource.RLIMIT_CPU)
        resource.prlimit(pid, resource.RLIMIT_CPU, (int(before.cpu_seconds + budget.cpu_seconds) + 1, hard))
        _, hard = resource.prlimit(pid, resource.RLIMIT_DATA)
        resource.prlimit(pid, resource.RLIMIT_DATA, (_data_bytes(pid) + budget.memory_bytes, hard))
    except (ProcessLookupError, FileNotFoundError):  # it has died: whoever hears of it next is told
        return


def _data_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


# The forked process


def tell_so_far(data: bytes) -> None:
    """Let the parent know what is certain by now: it counts when this process is killed. Elsewhere than in a worker, nothing."""
    if _line is not None:
        _say(_line, SO_FAR, data)


_line: socket.socket | None = None


def _live(parent: int, line: socket.socket, live: Life, card: Card | None) -> NoReturn:
    """The life of the forked process; never returns."""
    global _line
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the batch decides what Ctrl-C means
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            _line = line
            _alone()
            with live(card):
                _say(line, READY)
                _serve(line)
            code = 0
    except SandboxUnavailable as sentence:
        _say(line, UNAVAILABLE, f"{sentence} `handgrad doctor` examines this machine; --sandbox none goes without one.".encode())
    except CardTrouble as sentence:
        _say(line, UNLENDABLE, str(sentence).encode())
    except BaseException:  # noqa: BLE001 - a forked process must not run on into the code of its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def _alone() -> None:
    """Have torch work in this thread alone: it would wait for the threads of the process that we were forked from."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)


def _serve(line: socket.socket) -> None:
    """Do one job after the other. After an error of ours nothing here can be trusted: it ends, and another worker takes its place."""
    with line.makefile("rb") as jobs:
        while head := jobs.read(_HEAD.size):
            _, size = _HEAD.unpack(head)
            (length,) = struct.unpack("!H", jobs.read(2))
            module, _, name = jobs.read(length).decode().partition(":")
            request = jobs.read(size)
            try:
                done = getattr(importlib.import_module(module), name)(request)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told
                _say(line, *_told(error))
                return
            _say(line, DONE, done)


def _told(error: Exception) -> tuple[bytes, bytes]:
    """How an error is told: whether all of us have to stop, the job was lost, or it is to blame itself."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        where = f" ({error.filename})" if error.filename else ""
        return NO_GOOD, f"{error.strerror}{where}: make room and start again. What was graded is kept.".encode()
    if isinstance(error, CardTrouble | SandboxUnavailable | Lost):
        return LOST, str(error).encode()
    kind = "memory" if isinstance(error, MemoryError) else "error"
    return ERROR, json.dumps({"kind": kind, "sentence": _brief(error), "detail": traceback.format_exc()[-8000:]}).encode()


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300].encode("utf-8", "replace").decode()


def _say(line: socket.socket, kind: bytes, data: bytes = b"") -> None:
    line.sendall(_HEAD.pack(kind, len(data)) + data)
