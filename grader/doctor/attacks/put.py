"""Strange things to put into a student's folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
from pathlib import Path


def sparse(path: Path, size: int) -> None:
    """A file of this size with nothing in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.truncate(path, size)


def many(folder: Path, count: int, size: int = 0) -> None:
    """Many files of one size."""
    for number in range(count):
        sparse(folder / f"{number:05}.dat", size)


def link(path: Path, target: str | Path) -> None:
    """A symbolic link."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def pipe(path: Path) -> None:
    """A named pipe, from which a reader never gets a word."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def listen(path: Path) -> None:
    """A socket; by its whole path, its address would be too long."""
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as end:
        end.bind(path.name)


def nested(folder: Path, depth: int) -> None:
    """Folders in folders, far deeper than a path can be long."""
    at = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("deeper", dir_fd=at)
        below = os.open("deeper", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)


def instead(path: Path, target: str | Path) -> None:
    """A link where a folder or a file was."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    link(path, target)


def raw(folder: Path, name: bytes) -> Path:
    """A path whose name is bytes that are no text."""
    return Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
