"""What a grader leaves when it is killed: control groups, and the homes of sandboxes without bubblewrap. Swept by the next one.

All that a sandbox makes outside itself carries the mark of the process that made it: its number, when it started and where
that number counts, so that another process with the same number is not taken for it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from grader.sandbox import cgroups

PREFIX = "handgrad-"
_MARKED = re.compile(rf"{PREFIX}(\d+)\.(\d+)\.(\d+)-\w+")


def mark() -> str:
    """How the names of our folders begin while this process lives."""
    pid = os.getpid()
    return f"{PREFIX}{pid}.{_started(pid)}.{_counted_in()}-"


def sweep() -> None:
    """Clear away what graders left that are no more; whoever is alive, and whatever is somebody else's, is left alone."""
    for folder in _orphans(cgroups.everywhere(PREFIX)):
        for pid in cgroups.members(folder):
            with contextlib.suppress(OSError):  # gone meanwhile
                os.kill(pid, signal.SIGKILL)
        cgroups.remove(folder)
    for folder in _orphans(_homes()):
        shutil.rmtree(folder, ignore_errors=True)


def groups_of(pids: Iterable[int]) -> list[Path]:
    """The control groups that these processes made and that are still there, also when the processes are no more."""
    wanted = {str(pid) for pid in pids}
    named = ((folder, _MARKED.fullmatch(folder.name)) for folder in cgroups.everywhere(PREFIX))
    return [folder for folder, found in named if found and found[1] in wanted]


def _orphans(folders: Iterable[Path]) -> list[Path]:
    return [folder for folder in folders if _is_orphan(folder.name)]


def _is_orphan(name: str) -> bool:
    found = _MARKED.fullmatch(name)
    if found is None:
        return False
    pid, started, counted = map(int, found.groups())
    return counted == _counted_in() and _started(pid) != started


def _started(pid: int) -> int | None:
    """When a process started, in the kernel's ticks; None when there is none, or only its status is left."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return None if fields[0] in "ZX" else int(fields[19])


def _counted_in() -> int:
    """The namespace that process numbers count in: the same number may be another process in a container."""
    return Path("/proc/self/ns/pid").stat().st_ino


def _homes() -> list[Path]:
    return [folder for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")) if _is_own_folder(folder)]


def _is_own_folder(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:  # its owner has cleared it away meanwhile
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
