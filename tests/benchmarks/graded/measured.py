"""What a command costs with all the processes below it: seconds of the clock and of processors, and memory.

Children of a sandbox are killed and never waited for, so their processor time reaches no `getrusage`. A control group counts it
exactly (version 1's cpuacct); where there is none, the process tree is looked at fifty times a second, which loses what a process did
since it was last seen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

from .answers import ROOT

_CPUACCT = Path("/sys/fs/cgroup/cpuacct")
_OFTEN, _SELDOM = 0.02, 0.25  # seconds between two looks: at processor time, at memory
_TICK = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Seconds, and bytes: `peak` of all processes together, shared pages divided, `main` of the first process alone."""

    wall: float
    cpu: float
    peak: int
    main: int

    def __sub__(self, start: Cost) -> Cost:  # type: ignore[override]
        """Without what the start costs; memory stays."""
        return Cost(self.wall - start.wall, self.cpu - start.cpu, self.peak, self.main)

    def over(self, count: int) -> Cost:
        """Each of so many submissions."""
        return Cost(self.wall / count, self.cpu / count, self.peak, self.main)


def handgrad(lab: str, solutions: Path, course: Path, *options: str) -> Cost:
    """The cost of `handgrad grade`."""
    where = ["--course", str(course), "--solutions", str(solutions)]
    return measure([script("handgrad"), "grade", lab, *where, *options], well=(0, 1))  # 1: some could not be graded


def nbgrader(lab: str, course: Path) -> Cost:
    """The cost of what nbgrader does for the same: two commands."""
    where = f"--CourseDirectory.root={course}"
    one, two = (measure([script("nbgrader"), verb, lab, where]) for verb in ("autograde", "generate_feedback"))
    return Cost(one.wall + two.wall, one.cpu + two.cpu, max(one.peak, two.peak), max(one.main, two.main))


def script(name: str) -> str:
    """A command of the Python that runs this."""
    return str(Path(sys.executable).with_name(name))


def measure(command: Sequence[str], well: Sequence[int] = (0,)) -> Cost:
    """Run a command to its end. Ends this program with its complaints when it ends with another code than these."""
    group = Group.make()
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=group.enter if group else None
    )
    watch = _Watch(process.pid, counts_time=group is None)
    _, complaints = process.communicate()
    wall = time.perf_counter() - started
    watch.end()
    cpu = group.close() if group else watch.cpu
    if process.returncode not in well:
        sys.exit(f"{' '.join(command)}: {complaints.decode()[-2000:]}")
    return Cost(wall, cpu, watch.peak, watch.main)


class Group:
    """A control group that counts processor time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def make(cls) -> Group | None:
        """One of our own; None where this is not allowed."""
        try:
            own = next(line.split(":")[2] for line in Path("/proc/self/cgroup").read_text().splitlines() if "cpuacct" in line)
            folder = _CPUACCT / own.lstrip("/") / f"benchmark-{os.getpid()}-{time.monotonic_ns()}"
            folder.mkdir()
        except (OSError, StopIteration):
            return None
        return cls(folder)

    def enter(self) -> None:
        """Put the calling process in, with all that it is going to start."""
        (self._folder / "cgroup.procs").write_text(str(os.getpid()))

    def close(self) -> float:
        """Seconds that all of them used; the last of them may still be on their way out."""
        until = time.monotonic() + 5
        while (self._folder / "cgroup.procs").read_text() and time.monotonic() < until:
            time.sleep(_OFTEN)
        seconds = self.seconds
        self._folder.rmdir()
        return seconds

    @property
    def seconds(self) -> float:
        """Seconds that all of them used until now, those that have ended included."""
        return int((self._folder / "cpuacct.usage").read_text()) / 1e9


class _Watch:
    """Looks at a process tree until it is told to end."""

    def __init__(self, pid: int, *, counts_time: bool) -> None:
        self.peak = self.main = 0
        self._root, self._done, self._times = psutil.Process(pid), threading.Event(), dict[tuple[int, float], float]()
        looks = [(self._look_at_memory, _SELDOM)] + ([(self._look_at_time, _OFTEN)] if counts_time else [])
        self._threads = [threading.Thread(target=self._watch, args=look) for look in looks]
        for thread in self._threads:
            thread.start()

    @property
    def cpu(self) -> float:
        return sum(self._times.values())

    def end(self) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _watch(self, look: Callable[[], None], seconds: float) -> None:
        while not self._done.wait(seconds):
            try:
                look()
            except (psutil.Error, OSError):  # one of them ended while we looked
                continue

    def _look_at_memory(self) -> None:
        lines = Path(f"/proc/{self._root.pid}/status").read_text().splitlines()
        self.main = max([self.main, *(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))])
        family = [self._root, *self._root.children(recursive=True)]
        self.peak = max(self.peak, sum(process.memory_full_info().pss for process in family))

    def _look_at_time(self) -> None:
        for process in [self._root, *self._root.children(recursive=True)]:
            used = process.cpu_times()
            self._times[process.pid, process.create_time()] = used.user + used.system
