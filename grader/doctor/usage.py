"""What a tree of processes costs outside the sandbox, read from /proc while it runs; and an end for what takes too much of the machine."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

_EVERY = 0.25  # seconds
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_STUDENTS = (b"grader.sandbox.warm", b"ipykernel")  # where a student's code runs when there is no process namespace to tell by


@dataclass
class Usage:
    """Processor seconds and peak bytes of the grader's own processes, the peak of all, and who belonged to it."""

    cpu: float = 0.0
    memory: int = 0
    everything: int = 0  # bytes, the students' processes included
    stopped: bool = False
    pids: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Process:
    pid: int
    parent: int
    started: int
    cpu: float
    bytes: int


class Watch:
    """Samples the tree below a process until `stop`. What takes more than `most` bytes altogether is killed."""

    def __init__(self, process: subprocess.Popen[bytes], depth: int, most: int) -> None:
        self.usage = Usage()
        self._process, self._depth, self._most = process, depth, most
        self._cpu: dict[tuple[int, int], float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> Usage:
        """The end; gives what was seen."""
        self._ended.set()
        self._thread.join()
        return self.usage

    def _run(self) -> None:
        while not self._ended.wait(_EVERY):
            self._look()

    def _look(self) -> None:
        tree = _tree(self._process.pid)
        ours = _outside(tree, self._process.pid, self._depth)
        for process in ours:
            key = process.pid, process.started
            self._cpu[key] = max(self._cpu.get(key, 0.0), process.cpu)
        usage = self.usage
        usage.cpu = sum(self._cpu.values())
        usage.pids |= {process.pid for process in ours}
        usage.memory = max(usage.memory, sum(_proportional(process) for process in ours))
        everything = sum(process.bytes for process in tree)
        usage.everything = max(usage.everything, everything)
        # pages that processes share count once for each of them: look twice before anything is killed
        if everything > self._most and sum(_proportional(process) for process in tree) > self._most:
            usage.stopped = True
            for process in reversed(tree):
                with contextlib.suppress(OSError):
                    os.kill(process.pid, signal.SIGKILL)


def depth() -> int:
    """How many process namespaces this process is in, as far as it can see."""
    return _depth(os.getpid())


def _depth(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(errors="replace")
    except OSError:
        return 0
    return next((len(line.split()) - 1 for line in status.splitlines() if line.startswith("NSpid:")), 1)


def _tree(root: int) -> list[_Process]:
    """A process and all below it, parents before children."""
    children: dict[int, list[_Process]] = {}
    known: dict[int, _Process] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208 - names, four times a second
        if name.isdecimal() and (process := _read(name)):
            known[process.pid] = process
            children.setdefault(process.parent, []).append(process)
    found = [known[root]] if root in known else []
    for process in found:
        found += children.get(process.pid, [])
    return found


def _outside(tree: list[_Process], root: int, most_depth: int) -> list[_Process]:
    """Without the processes in deeper namespaces and without those that run a student's code, nor what is below these."""
    inside: set[int] = set()
    kept = []
    for process in tree:
        if process.parent in inside or (process.pid != root and _is_students(process.pid, most_depth)):
            inside.add(process.pid)
        else:
            kept.append(process)
    return kept


def _is_students(pid: int, most_depth: int) -> bool:
    if _depth(pid) > most_depth:
        return True
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    # bubblewrap's own first process waits outside, and its arguments name what runs inside
    return any(word in command for word in _STUDENTS) and not command.split(b"\0")[0].endswith(b"bwrap")


def _read(name: str) -> _Process | None:
    try:
        text = Path("/proc", name, "stat").read_text(errors="replace")
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split()
    cpu = (int(fields[11]) + int(fields[12])) / _TICK
    return _Process(int(name), int(fields[1]), int(fields[19]), cpu, int(fields[21]) * _PAGE)


def _proportional(process: _Process) -> int:
    """Resident bytes with every shared page divided among its users, where the kernel tells."""
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return process.bytes
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def below(root: int) -> list[tuple[int, bytes]]:
    """The processes below one, with their command lines."""
    found = []
    for process in _tree(root)[1:]:
        with contextlib.suppress(OSError):
            found.append((process.pid, Path(f"/proc/{process.pid}/cmdline").read_bytes()))
    return found
