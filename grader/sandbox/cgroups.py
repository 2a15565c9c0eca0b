"""Control groups around a sandbox, where this user may make them: the kernel's own count of memory and processes.

They see what a watchdog cannot, such as the buffers of sockets and pipes. One group holds a sandbox's warm process and all
its children, because moving a process into a group takes longer than forking it; the limits follow the number of children.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import select
from collections.abc import Iterator
from pathlib import Path

from grader.sandbox.limits import GIB, Limits

_ROOT = Path("/sys/fs/cgroup")
_PREFIX = "handgrad-"
_WARM_BYTES = 1 * GIB  # the warm process and its keepers, with torch
_WARM_PROCESSES = 16
_LAST_SECONDS = 5
_MEMORY = ("memory.max", "memory.limit_in_bytes")  # version 2, version 1
_PROCESSES = ("pids.max",)


class Group:
    """The groups of one sandbox: one of version 2, or one for each controller of version 1; none where refused."""

    def __init__(self, pid: int) -> None:
        made = (next(filter(None, (_made(base, pid) for base in bases)), None) for bases in _hierarchies())
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
        """Wait until the last process has gone, and remove the groups, also those that a killed grader left behind."""
        for folder in self._folders:
            _wait_until_empty(folder)
            for other in folder.parent.glob(f"{_PREFIX}*"):
                if other == folder or not _owner_lives(other):
                    with contextlib.suppress(OSError):  # in use after all
                        other.rmdir()

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


def _made(base: Path, pid: int) -> Path | None:
    """A new group below `base` with this process in it."""
    folder = base / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
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


def _wait_until_empty(folder: Path) -> None:
    for word in (folder / "cgroup.procs").read_text().split():
        with contextlib.suppress(ProcessLookupError):  # it has gone meanwhile
            gone = os.pidfd_open(int(word))
            select.select([gone], [], [], _LAST_SECONDS)
            os.close(gone)


def _owner_lives(folder: Path) -> bool:
    return Path("/proc", folder.name.removeprefix(_PREFIX).split("-")[0]).exists()
