"""What a platform handed out, a folder or a zip, as files that can be read one by one. Nothing is unpacked here.

A zip is a stranger's: whoever hands in chooses names and contents. What no platform writes (a path that leads out, two entries of one
name or of the same bytes, a password, headers that disagree) refuses the whole zip. What one student can cause (a link, a file that is too
large) leaves out that file.
"""

from __future__ import annotations

import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from course_utils.errors import UserError
from grader.intake import FILE_BYTES, NOTEBOOK_BYTES, Unreadable, read_regular, shown
from grader.platforms.headers import Damaged, check_local_headers, check_table
from grader.platforms.names import reason_to_leave_out, reason_to_refuse

FILES = 100_000  # in a zip or a folder, and in the zips in it
BYTES = 16 * 2**30  # of all that is in a zip, unpacked
RATIO, RATIO_FROM = 200, 2**20  # notebooks pack 3 to 30 times; a small file of blanks may pack better
_PACKED = {0: "stored", 8: "deflated"}  # the methods that platforms use; others can ask for gigabytes of memory
_LARGE = (".ipynb", ".zip")


@dataclass
class Budget:
    """What a source and the zips in it may still bring."""

    files: int = FILES
    bytes: int = BYTES

    def take(self, count: int, size: int, name: str) -> None:
        """Raises Unreadable when it is too much."""
        self.files, self.bytes = self.files - count, self.bytes - size
        if self.files < 0:
            raise Unreadable(f"{shown(name)} has more than {FILES} files: is it the right one? Nothing was taken.")
        if self.bytes < 0:
            raise Unreadable(f"{shown(name)} has more than {BYTES // 2**30} GiB unpacked: is it the right one? Nothing was taken.")


@dataclass
class Source:
    """Files by path, with their sizes, and why others are left out."""

    name: str
    files: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    _opened: tuple[str, ZipSource] | None = None  # the last zip in it that was looked into

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises Unreadable for one that cannot be read whole."""
        outer, inside, inner = path.partition("\0")
        return self._inner(outer, again=True).read(inner) if inside else self._read(path)

    def size(self, path: str) -> int:
        """The bytes of a file, unpacked."""
        outer, inside, inner = path.partition("\0")
        return self._inner(outer, again=True).files[inner] if inside else self.files[path]

    def expand(self, path: str, name: str) -> tuple[dict[str, str], dict[str, str]]:
        """The files of a zip in it, called `name`, by path, and what is left out of it; the values can be read. One level, no deeper.

        Raises Unreadable for a zip that is refused.
        """
        inner = self._inner(path, again=False, name=name)
        return {inside: f"{path}\0{inside}" for inside in inner.files}, inner.left_out

    def _inner(self, path: str, *, again: bool, name: str = "") -> ZipSource:
        if self._opened is None or self._opened[0] != path:
            budget = Budget() if again else self.budget  # what is opened once more has been counted
            self._opened = path, ZipSource(io.BytesIO(self._read(path)), name or path, budget)
        return self._opened[1]

    def _read(self, path: str) -> bytes:
        raise NotImplementedError

    def _take(self, path: str, size: int, packed: int | None = None) -> None:
        """Count a file, or say why it is left out."""
        most = NOTEBOOK_BYTES if path.lower().endswith(_LARGE) else FILE_BYTES
        why = reason_to_leave_out(path)
        if not why and size > most:
            why = f"has {size / 2**20:.0f} MiB, more than the limit of {most // 2**20} MiB"
        if not why and packed is not None and size > RATIO_FROM and size > RATIO * max(packed, 1):
            why = f"is {size // max(packed, 1)} times as large unpacked as packed: no notebook is"
        if why:
            self.left_out[path] = f"{shown(path)} {why}."
        else:
            self.files[path] = size


class FolderSource(Source):
    """A folder; no link in it is followed."""

    def __init__(self, root: Path) -> None:
        super().__init__(root.name or str(root))
        self._root = root
        self._walk("")

    def _walk(self, prefix: str) -> None:
        with os.scandir(self._root / prefix) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
        self.budget.take(len(listed), 0, self.name)
        for entry in listed:
            path = prefix + entry.name
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                if path.count("/") > 30 or entry.name == ".git":  # a repository's history: nothing in it is graded
                    continue
                self._walk(f"{path}/")
            elif stat.S_ISREG(status.st_mode):
                self._take(path, status.st_size)
            else:
                self.left_out[path] = f"{shown(path)} is a link or a device, and no link is followed."

    def _read(self, path: str) -> bytes:
        return read_regular(self._root, path, self.files[path])


class ZipSource(Source):
    """A zip, whose entries were looked at before anything is read. Raises Unreadable for one that is refused."""

    def __init__(self, stream: BinaryIO, name: str, budget: Budget | None = None) -> None:
        super().__init__(name, budget=budget or Budget())
        with self._plainly():
            check_table(stream, name)
            self._zip = ZipFile(stream)
            entries = self._zip.infolist()
            self.budget.take(len(entries), sum(entry.file_size for entry in entries), name)
            self._entries: dict[str, ZipInfo] = {}
            for entry in entries:
                self._add(entry)
            check_local_headers(stream, entries, self._zip.start_dir, name)

    def _add(self, entry: ZipInfo) -> None:
        path = _path_of(entry)
        why = reason_to_refuse(path, entry.orig_filename)
        if not why and entry.flag_bits & 0x1:
            why = "is encrypted: ask for a zip without a password"
        if not why and entry.compress_type not in _PACKED:
            why = "is packed in a way that no learning platform uses: unpack and zip it again"
        if not why and path in self._entries:
            why = "is in it twice: which one counts?"
        if why:
            raise Unreadable(f"{shown(self.name)} is refused: {shown(path)} {why}.")
        self._entries[path] = entry
        kind = entry.external_attr >> 16
        if entry.is_dir() or path.endswith("/"):
            return
        if stat.S_IFMT(kind) not in (0, stat.S_IFREG):
            self.left_out[path] = f"{shown(path)} is a link or a device, and no link is followed."
            return
        self._take(path, entry.file_size, entry.compress_size)

    def _read(self, path: str) -> bytes:
        """zipfile reads no more than the size that was announced and looked at, and compares the checksum."""
        with self._plainly(path), self._zip.open(self._entries[path]) as stream:
            data = stream.read(self.files[path] + 1)
        if len(data) != self.files[path]:
            raise Unreadable(f"{shown(path)} is damaged in {shown(self.name)}: it has not the size that is announced there.")
        return data

    @contextmanager
    def _plainly(self, path: str = "") -> Iterator[None]:
        """What zipfile and zlib raise at a damaged zip, as one sentence."""
        try:
            yield
        except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, OverflowError) as error:
            what = f"{shown(path)} in {shown(self.name)}" if path else f"{shown(self.name)}"
            said = shown(" ".join(str(error).split()))
            told = "is no zip, or a damaged one" if not path else "is damaged"
            raise Damaged(f"{what} {told} ({said}).") from None


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """A zip or a folder. Raises UserError for anything else, and for a zip that is refused."""
    if path.is_dir():
        try:
            yield FolderSource(path)
        except Unreadable as reason:
            raise UserError(str(reason)) from None
        return
    try:
        with path.open("rb") as stream:
            yield ZipSource(stream, path.name)
    except Damaged as reason:
        raise UserError(f"{reason} Download it again.") from None
    except Unreadable as reason:
        raise UserError(str(reason)) from None
    except FileNotFoundError:
        raise UserError(f"{path} is not there: name the zip that the platform gave you, or a folder, with --from.") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None


def _path_of(entry: ZipInfo) -> str:
    """The name of an entry. Many programs write UTF-8 and do not say so; zipfile then reads the letters of MS-DOS."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            return name.encode("cp437").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            return name
    return name
