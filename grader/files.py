"""Replace files in one step, whoever is killed meanwhile."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_FRESH = ".handgrad-new-"  # how a file begins its life


def write_atomically(path: Path, data: bytes, mode: int) -> None:
    """Replace a file in one step; whoever reads meanwhile sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # named for this process alone: a student's name may be as long as a name can be, and workers write side by side
    fresh = path.with_name(f"{_FRESH}{os.getpid()}")
    fresh.unlink(missing_ok=True)
    # nobody else reads it until it is whole, nor what is left of it when we are killed: it may hold references
    with open(fresh, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        stream.write(data)
    fresh.chmod(mode)
    fresh.replace(path)


def share(folder: Path, top: Path) -> None:
    """Let a group work in a folder and in those above it up to `top`, as nbgrader does; what belongs to somebody else stays as it is."""
    for path in (folder, *folder.parents):
        if path.is_relative_to(top):
            with contextlib.suppress(PermissionError):
                path.chmod(path.stat().st_mode & 0o7777 | 0o2770)


def sweep(folder: Path) -> None:
    """Take away what a process that was killed had begun to write here; for the one who alone writes here now."""
    for left in folder.glob(f"{_FRESH}*"):
        left.unlink()
