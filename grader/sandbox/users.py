"""In a container that is the sandbox: how a notebook's process becomes its own user, and how all of that user's is taken away again.

The keeper stays root with the few capabilities that this takes. It does nothing to a student's files itself: it has them removed by a
process of that very user, so that no link leads it anywhere.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.sandbox import linux
from grader.sandbox.limits import MIB, Limits, size

USERS = 4096  # one for each process of a submission, whose own they stay
_KEPT = (linux.CHOWN, linux.DAC_OVERRIDE, linux.KILL, linux.SETGID, linux.SETUID, linux.SYS_PTRACE)
_SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/dev/mqueue")  # where everybody may leave files
_FILES = 10_000
_FLOOR = 256 * MIB  # of the disk, kept for the judge


def keep_few_capabilities() -> None:
    """What is needed to become a student's user, to end what it started and to clear up after it."""
    linux.keep_capabilities(_KEPT)


def home(user: int, base: Path) -> Path:
    """A new folder of this user's."""
    own = base / str(user)
    own.mkdir(mode=0o700)
    os.chown(own, user, user)
    return own


def become(user: int) -> None:
    """Be this user and nobody else, for ever."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    linux.die_with_parent()  # forgotten when the user changes
    linux.set_dumpable(True)  # as in every sandbox: there is nothing in it to hide
    os.umask(0o022)


def end_all(user: int) -> None:
    """Kill all that a user runs at once, so that nothing is started meanwhile."""

    def kill() -> None:
        os.setresuid(user + USERS, user, user + USERS)  # may kill that user's processes, and cannot be killed by them
        os.kill(-1, signal.SIGKILL)

    _apart(kill)


def clear(user: int, own: Path) -> None:
    """Remove what a user has left, however deep it is and whatever may not be entered."""
    left = [str(own), *map(str, _left_by(user))]

    def remove() -> None:
        become(user)
        os.execv("/bin/sh", ["sh", "-c", 'exec 2>/dev/null; chmod -R u+rwx -- "$@"; rm -rf -- "$@"', "sh", *left])

    _apart(remove)
    with contextlib.suppress(OSError):  # emptied; its place is ours
        own.rmdir()


class Disk:
    """What a user takes of the disk, looked at as the kernel's own limit would need a mount."""

    def __init__(self, user: int, own: Path, limits: Limits) -> None:
        self._user, self._own, self._most = user, own, limits.disk_bytes
        self._floor = min(_FLOOR, _free(own) // 2)

    def over(self) -> str:
        """Which limit is passed, in words; "" for none."""
        count = total = 0
        for entry in _entries([self._own, *_left_by(self._user)]):
            count, total = count + 1, total + entry
            if count > _FILES:
                return f"had more than {_FILES} files"
            if total > self._most:
                return f"used more than {size(self._most)} of disk"
        return "nearly filled the disk" if _free(self._own) < self._floor else ""


def _apart(work: Callable[[], None]) -> None:
    """Have something done by a process of its own, and wait for it."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def _left_by(user: int) -> Iterator[Path]:
    for place in _SHARED:
        try:
            with os.scandir(place) as entries:
                yield from (Path(entry.path) for entry in entries if entry.stat(follow_symlinks=False).st_uid == user)
        except OSError:  # there is no such place, or something has gone since it was listed
            continue


def _entries(paths: list[Path]) -> Iterator[int]:
    """The bytes on the disk of everything at and below these paths; links are not followed."""
    waiting = list(map(str, paths))
    while waiting:
        path = waiting.pop()
        try:
            found = os.lstat(path)
            yield found.st_blocks * 512
            if stat.S_ISDIR(found.st_mode):
                waiting += [f"{path}/{name}" for name in os.listdir(path)]  # noqa: PTH208 - names, twice a second
        except OSError:  # gone meanwhile, or deeper than a path can say: the floor still holds
            continue


def _free(path: Path) -> int:
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize
