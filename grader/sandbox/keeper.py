"""One small process beside each notebook: it watches what the notebook uses, interrupts it, and ends it whole.

It sits outside the notebook's process namespace, where the notebook cannot see it, and takes orders from the grader.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from grader.sandbox import users
from grader.sandbox.limits import Limits, duration, size

_LOOK_EVERY = 0.05  # seconds: a process can fill some 100 MiB in that time
_DISK_EVERY = 8  # looks
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")


class Process(NamedTuple):
    """One line of /proc: times in seconds, `waited` that of its children who have ended; memory in bytes."""

    pid: int
    parent: int
    cpu: float
    waited: float
    threads: int
    started: int
    memory: int


def watch(pid: int, control: socket.socket, limits: Limits, user: int = 0, home: Path = Path("/")) -> None:
    """Stay until the notebook's first process `pid` is gone or the grader is; then see that nothing is left.

    In a container that is the sandbox, the notebook's processes are all that `user` runs, and `home` is theirs.
    """
    watched = Watched(pid, limits, user, home)
    reason = watched.until_end(control)
    watched.kill()
    _, status, used = os.wait4(pid, 0)
    watched.kill()  # without namespaces, its children have become ours only now
    watched.cpu = max(watched.cpu, used.ru_utime + used.ru_stime)
    watched.peak = max(watched.peak, used.ru_maxrss * 1024)
    report = {"died": reason or _cause(os.waitstatus_to_exitcode(status)), "usage": watched.usage()}
    _tell(control, report)


class Watched:
    """A notebook's processes: all descendants of this process."""

    def __init__(self, pid: int, limits: Limits, user: int, home: Path) -> None:
        self.pid, self.limits, self._user = pid, limits, user
        self._disk = users.Disk(user, home, limits) if user else None
        self._looks = 0
        self.peak, self.cpu = 0, 0.0
        self._living: dict[tuple[int, int], float] = {}  # by number and start: the processor time of each when last seen
        self._gone = 0.0  # that of those who are no more

    def until_end(self, control: socket.socket) -> str:
        """Obey and look; the limit that was passed, or nothing when the notebook or the grader is gone."""
        poll = select.poll()
        poll.register(control, select.POLLIN)
        gone = os.pidfd_open(self.pid)
        poll.register(gone, select.POLLIN)
        next_look = time.monotonic() + _LOOK_EVERY
        while True:
            ready = poll.poll(max(0.0, next_look - time.monotonic()) * 1000)
            if any(fd == gone for fd, _ in ready):
                return ""
            if ready and (reason := self._obey(control)):
                return reason
            if time.monotonic() >= next_look:
                if reason := self._look():
                    return reason
                next_look = time.monotonic() + _LOOK_EVERY

    def _obey(self, control: socket.socket) -> str:
        """Do what the grader wants; the reason to end it, when it wants that."""
        try:
            order = control.recv(256)
        except ConnectionError:
            return "was closed"
        if order == b"interrupt":
            os.kill(self.pid, signal.SIGINT)
            _tell(control, {"interrupted": True})
        elif order == b"usage":
            self._look()
            _tell(control, {"usage": self.usage()})
        elif order.startswith(b"stop "):
            return order.removeprefix(b"stop ").decode()
        return "" if order else "was closed"

    def usage(self) -> list[float]:
        return [self.peak, self.cpu]

    def _look(self) -> str:
        family = descendants(os.getpid())
        self.peak = max(self.peak, sum(process.memory for process in family))
        self._count(family)
        if self.cpu > self.limits.cpu_seconds:
            return f"used more than {duration(self.limits.cpu_seconds)} of processor time"
        if sum(process.threads for process in family) > self.limits.processes + 1:
            return f"had more than {self.limits.processes} processes"
        # resident pages count once per process, also those that all have from the warm one: look twice
        limit = self.limits.memory_bytes
        if sum(process.memory for process in family) > limit and sum(map(_exact_memory, family)) > limit:
            return f"used more than {size(limit)} of memory"
        self._looks += 1
        return self._disk.over() if self._disk and self._looks % _DISK_EVERY == 0 else ""

    def _count(self, family: Sequence[Process]) -> None:
        """Processor time: what parents know of their children, or what we saw, as parents may choose not to know."""
        living = {(process.pid, process.started): process.cpu for process in family}
        self._gone += sum(cpu for who, cpu in self._living.items() if who not in living)
        self._living = living
        known = sum(process.cpu + process.waited for process in family)
        self.cpu = max(self.cpu, known, self._gone + sum(living.values()))

    def kill(self) -> None:
        """End all of them: the first, which takes its whole namespace along, then what is left without one."""
        if self._user:
            users.end_all(self._user)
        _end(self.pid)
        while family := [process for process in descendants(os.getpid()) if process.memory]:
            for process in family:
                _end(process.pid)


def _end(pid: int) -> None:
    """Kill one process and wait until it is dead; the status of our own children stays to be collected."""
    try:
        gone = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        signal.pidfd_send_signal(gone, signal.SIGKILL)
        select.select([gone], [], [])
    except ProcessLookupError:
        return
    finally:
        os.close(gone)


def descendants(ancestor: int) -> list[Process]:
    """All living processes below one."""
    children: dict[int, list[Process]] = {}
    for process in filter(None, map(_read, os.listdir("/proc"))):  # noqa: PTH208 - names, twenty times a second
        children.setdefault(process.parent, []).append(process)
    found, front = [], [ancestor]
    while front:
        below = children.get(front.pop(), [])
        found += below
        front += [process.pid for process in below]
    return found


def _read(name: str) -> Process | None:
    if not name.isdecimal():
        return None
    try:
        file = os.open(f"/proc/{name}/stat", os.O_RDONLY)  # twenty times a second: Path costs more than the kernel does
    except OSError:  # it has gone since it was listed
        return None
    try:
        text = os.read(file, 2**10)
    except ProcessLookupError:
        return None
    finally:
        os.close(file)
    fields = text[text.rindex(b")") + 2 :].split(None, 23)
    own, waited = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return Process(int(name), int(fields[1]), own / _TICK, waited / _TICK, int(fields[17]), int(fields[19]), int(fields[21]) * _PAGE)


def _exact_memory(process: Process) -> int:
    """Resident bytes with every shared page divided among its users, where the kernel tells."""
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # the process made itself undumpable: then all it has counts
        return process.memory
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _cause(code: int) -> str:
    if code >= 0:
        return f"ended its own process (exit code {code})"
    number = -code
    if number == signal.SIGKILL:
        return "was killed by the system, most likely for its use of memory"
    if number == signal.SIGXCPU:
        return "used too much processor time"
    return f"crashed ({signal.strsignal(number) or number})"


def _tell(control: socket.socket, message: dict[str, Any]) -> None:
    try:
        control.send(json.dumps(message).encode(), socket.MSG_NOSIGNAL)
    except OSError:  # the grader has closed its end: nobody wants to know
        return
