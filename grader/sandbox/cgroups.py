"""Control groups around a sandbox, where this user may make them: the kernel's own count of memory and processes.

They see what a watchdog cannot, such as the buffers of sockets and pipes. One group holds a sandbox's warm process and all
its children, because moving a process into a group takes longer than forking it; the limits follow the number of children.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import select
import time
from collections.abc import Iterator
from pathlib import Path

from grader.sandbox.limits import GIB, Limits

_ROOT = Path("/sys/fs/cgroup")
_WARM_BYTES = 1 * GIB  # the warm process and its keepers, with torch
_WARM_PROCESSES = 16
_LAST_SECONDS, _AGAIN = 5, 0.01
_MEMORY = ("memory.max", "memory.limit_in_bytes")  # version 2, version 1
_PROCESSES = ("pids.max",)


class Group:
    """The groups of one sandbox: one of version 2, or one for each controller of version 1; none where refused."""

    def __init__(self, pid: int, mark: str) -> None:
        """Around process `pid`; `mark` is how the names of the groups begin."""
        made = (next(filter(None, (_made(base, pid, mark) for base in bases)), None) for bases in _hierarchies())
        self._folders = [folder for folder in made if folder]

    @property
    def controls(self) -> list[str]:
        """What is limited: "memory", "processes"."""
        return [name for name, files in (("memory", _MEMORY), ("processes", _PROCESSES)) if self._files(files)]

    def allow(self, children: int, limits: Limits) -> None:
        """Leave room for so many children with these limits."""
        memory = _WARM_BYTES + children * (limits.memory_bytes + limits.disk_bytes)
        processes = _WARM_PROCESSES + children * (limits.processes + 2)
        for files, value in ((_MEMORY, memory), (_PROCESSES, processes)):
            for file in self._files(files):
                with contextlib.suppress(OSError):  # less than is in use: refused until a child has gone
                    file.write_text(str(value))

    def close(self) -> None:
        """Wait until the last process has gone, and remove the groups."""
        for folder in self._folders:
            remove(folder)

    def _files(self, names: tuple[str, ...]) -> list[Path]:
        return [folder / name for folder in self._folders for name in names if (folder / name).exists()]


def _hierarchies() -> Iterator[list[Path]]:
    """For every hierarchy with a controller that we use, where groups may be made: below our own, or at the top."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, own = line.split(":", 2)
        top = _ROOT / controllers if controllers else _ROOT
        if controllers in ("memory", "pids", ""):
            yield list(dict.fromkeys((top / own.lstrip("/"), top)))


def _made(base: Path, pid: int, mark: str) -> Path | None:
    """A new group below `base` with this process in it."""
    folder = base / f"{mark}{secrets.token_hex(4)}"
    try:
        folder.mkdir()
    except OSError:
        return None
    try:
        if not any((folder / name).exists() for name in (*_MEMORY, *_PROCESSES)):
            raise OSError  # a version 2 group whose parent hands nothing down
        (folder / "cgroup.procs").write_text(str(pid))
    except OSError:
        with contextlib.suppress(OSError):  # no control group file system at all
            folder.rmdir()
        return None
    return folder


def everywhere() -> list[Path]:
    """Every folder where groups of ours may be made."""
    return [folder for bases in _hierarchies() for base in bases for folder in base.glob("*") if folder.is_dir()]


def members(folder: Path) -> list[int]:
    """The processes of a group that are to be seen from here."""
    try:
        words = (folder / "cgroup.procs").read_text().split()
    except OSError:  # the group has gone
        return []
    return [int(word) for word in words if word != "0"]  # 0: it counts in another namespace


def remove(folder: Path) -> None:
    """Wait until the last process of a group has gone, for some seconds, and remove it."""
    deadline = time.monotonic() + _LAST_SECONDS
    for pid in members(folder):
        with contextlib.suppress(ProcessLookupError):  # it has gone meanwhile
            gone = os.pidfd_open(pid)
            select.select([gone], [], [], max(0.0, deadline - time.monotonic()))
            os.close(gone)
    while not _removed(folder) and time.monotonic() < deadline:
        time.sleep(_AGAIN)


def _removed(folder: Path) -> bool:
    """Whether it is no more; a process that has just ended may hold its group a moment longer."""
    try:
        folder.rmdir()
    except FileNotFoundError:  # swept by another grader
        return True
    except OSError as error:
        return error.errno != errno.EBUSY
    return True
