"""Open what strangers handed in: no link is followed, and depth, number, size and names have limits.

Everything is opened relative to the folder that it was found in, so that nobody can put a link in its way meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from grader.intake.layout import is_ignored

FILE_BYTES = 16 * 2**20
FILES = 200
FILES_BYTES = 64 * 2**20  # of all files beside the notebooks: half of what a sandbox has room for
ENTRIES = 10_000  # files and folders that are looked at
DEPTH = 16
PATH_BYTES = 1024  # the course's own path comes before it, and Linux takes 4096 in all
_SENTENCES = 20
_IGNORED_FOLDERS = {".ipynb_checkpoints", "__pycache__", ".git"}  # whatever the course's settings say
_IS = {"file": stat.S_ISREG, "folder": stat.S_ISDIR}


class Unreadable(Exception):
    """Why a submission, or a file of one, cannot be read, as one sentence for its author and the instructor."""


def read_regular(root: Path, relative: str, limit: int) -> bytes:
    """The bytes of a regular file below `root`, following no link on the way.

    Raises Unreadable when it is missing, a link, a device, or larger than `limit` bytes.
    """
    *folders, name = relative.split("/")
    with open_folder(root, *folders) as folder:
        return read_file(folder, name, limit)


@contextlib.contextmanager
def open_folder(root: Path, *parts: str) -> Iterator[int]:
    """A descriptor of a folder below `root`. Raises Unreadable when one of the `parts` is a link, or no folder."""
    with contextlib.ExitStack() as stack:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        stack.callback(os.close, descriptor)
        for part in parts:
            descriptor = _open(descriptor, part, "folder")
            stack.callback(os.close, descriptor)
        yield descriptor


def read_file(folder: int, name: str, limit: int) -> bytes:
    """The bytes of a regular file in an open folder. Raises Unreadable as `read_regular` does."""
    descriptor = _open(folder, name, "file")
    try:
        size = os.fstat(descriptor).st_size
        if size > limit:
            raise Unreadable(f"{shown(name)} has {size / 2**20:.0f} MiB, more than the limit of {limit / 2**20:.0f} MiB.")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            data = stream.read(size + 1)
    except OSError as error:
        raise Unreadable(f"{shown(name)} cannot be read: {error.strerror}.") from None
    finally:
        os.close(descriptor)
    if len(data) != size:
        raise Unreadable(f"{shown(name)} was changed while it was read.")
    return data


def read_inner(folder: int, path: str, limit: int) -> bytes:
    """As `read_file`, of a file in the folder or in a folder in it."""
    first, _, name = path.partition("/")
    if not name:
        return read_file(folder, first, limit)
    with open_inner(folder, first) as inner:
        return read_file(inner, name, limit)


@contextlib.contextmanager
def open_inner(folder: int, name: str) -> Iterator[int]:
    """A descriptor of a folder in an open one. Raises Unreadable when it is a link, or no folder."""
    inner = _open(folder, name, "folder")
    try:
        yield inner
    finally:
        os.close(inner)


def read_beside(
    folder: int, ignored: Callable[[str], bool] = is_ignored, skipped: Collection[str] = ()
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The files in an open folder and below it, by path, without notebooks; and sentences about what was left out.

    `ignored` says of a name whether the course leaves out files and folders that are called so; `skipped` are paths.
    """
    found = _Beside(ignored, skipped)
    try:
        found.collect(folder, "", 0)
    except (_Full, Unreadable) as sentence:
        found.left_out.append(str(sentence))
    return found.files, tuple(found.left_out[:_SENTENCES])


def shown(name: str) -> str:
    """A name as a sentence can hold it: of bounded length, without bytes that are no UTF-8 and without what a terminal obeys."""
    name = "".join(letter if letter.isprintable() else "?" for letter in name.encode("utf-8", "replace").decode()[:5000])
    return name if len(name) <= 80 else f"{name[:50]}…{name[-29:]}"


def _open(folder: int, name: str, wanted: str) -> int:
    """A descriptor of what is wanted. It is looked at first: to open a pipe blocks, and to open a device may do anything."""
    try:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if not _IS[wanted](mode):
            raise Unreadable(f"{shown(name)} is {_kind(mode)}, not a {wanted}.")
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except FileNotFoundError:
        raise Unreadable(f"{shown(name)} was not handed in.") from None
    except OSError as error:
        raise Unreadable(f"{shown(name)} cannot be opened: {error.strerror}.") from None
    if not _IS[wanted](os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable(f"{shown(name)} was changed while it was read.")
    return descriptor


def _kind(mode: int) -> str:
    kinds = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder", stat.S_IFREG: "a file"}
    return kinds.get(stat.S_IFMT(mode), "a pipe or a device")


class _Full(Exception):
    """A limit of the whole submission is reached: nothing more is looked at."""


@dataclass
class _Beside:
    """What has been read so far. The order is that of the names, so that a limit leaves out the same files every time."""

    ignored: Callable[[str], bool]
    skipped: Collection[str] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    seen: int = 0
    size: int = 0

    def collect(self, folder: int, prefix: str, depth: int) -> None:
        """Read a folder: first its files, then its folders."""
        entries = self._entries(folder, prefix)
        for name, is_folder in entries:
            if not is_folder and not name.endswith((".ipynb", ".pyc")) and not self.ignored(name):
                with self._told():
                    self._take(folder, name, prefix + name)
        for name, is_folder in entries:
            if is_folder and name not in _IGNORED_FOLDERS and not self.ignored(name):
                with self._told():
                    self._enter(folder, name, prefix, depth + 1)

    def _entries(self, folder: int, prefix: str) -> list[tuple[str, bool]]:
        """The names in a folder, and whether each is a folder itself."""
        try:
            with os.scandir(folder) as entries:
                found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in islice(entries, ENTRIES - self.seen + 1)]
        except OSError as error:
            raise Unreadable(f"{shown(prefix) or 'The folder'} cannot be read: {error.strerror}.") from None
        self.seen += len(found)
        if self.seen > ENTRIES:
            raise _Full(f"{shown(prefix) or 'All'} and what follows was left out: more than {ENTRIES} files and folders were handed in.")
        return sorted(found)

    def _take(self, folder: int, name: str, path: str) -> None:
        if path in self.skipped:
            return
        if len(self.files) == FILES:
            raise _Full(f"{shown(path)} and what follows was left out: more than {FILES} files were handed in.")
        _refuse_odd(path)
        data = read_file(folder, name, FILE_BYTES)
        if self.size + len(data) > FILES_BYTES:
            raise _Full(f"{shown(path)} and what follows was left out: more than {FILES_BYTES // 2**20} MiB were handed in.")
        self.files[path] = data
        self.size += len(data)

    def _enter(self, folder: int, name: str, prefix: str, depth: int) -> None:
        if depth > DEPTH:
            raise Unreadable(f"{shown(prefix + name)} was left out: it lies more than {DEPTH} folders deep.")
        with open_inner(folder, name) as inner:
            self.collect(inner, f"{prefix}{name}/", depth)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Go on without what cannot be read."""
        try:
            yield
        except Unreadable as sentence:
            self.left_out.append(str(sentence))


def _refuse_odd(path: str) -> None:
    try:
        length = len(path.encode())
    except UnicodeEncodeError:  # it fits nowhere that we write it
        raise Unreadable(f"{shown(path)} was left out: its name is not UTF-8.") from None
    if length > PATH_BYTES:
        raise Unreadable(f"{shown(path)} was left out: its path has more than {PATH_BYTES} bytes.")
