"""A zip tells its entries twice: in a table at its end, which programs list, and before the bytes of each. Both must say the same."""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from typing import BinaryIO
from zipfile import ZipInfo

from grader.intake import Unreadable, shown

TABLE_BYTES = 16 * 2**20  # of the table at the end: a hundred thousand names have less
_END = struct.Struct("<4s4H2LH")  # signature, four counts, size and place of the table, length of the comment
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCAL = struct.Struct("<4s5H3L2H")  # signature, version, flags, method, time, date, checksum, packed, size, two lengths
_SIZES_FOLLOW = 0x8  # behind the bytes
_IN_EXTRA = 0xFFFFFFFF  # zip64


class Damaged(Unreadable):
    """Why a zip is none, or not all of one; the next copy may be whole."""


def check_table(stream: BinaryIO, name: str) -> None:
    """Look at how long the table is, before a program reads it whole. Raises Unreadable when it is too long, or when there is none."""
    length = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, length - 2**16 - _END.size))
    tail = stream.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise Damaged(f"{shown(name)} is no zip, or only a part of one.")
    _, disk, _, _, _, size, _, _ = _END.unpack_from(tail, at)
    locator = tail[max(0, at - _LOCATOR.size) : at]
    if len(locator) == _LOCATOR.size and locator.startswith(b"PK\6\7"):
        stream.seek(min(_LOCATOR.unpack(locator)[2], length))
        record = stream.read(_END64.size)
        if len(record) == _END64.size and record.startswith(b"PK\6\6"):
            size = _END64.unpack(record)[8]
    if disk not in (0, 0xFFFF):
        raise Unreadable(f"{shown(name)} is one part of a zip in several parts: put it together first.")
    if size > min(length, TABLE_BYTES):
        raise Unreadable(f"{shown(name)} is refused: its table of contents claims {size / 2**20:.0f} MiB.")
    stream.seek(0)


def check_local_headers(stream: BinaryIO, entries: Sequence[ZipInfo], table: int, name: str) -> None:
    """Compare each entry with what stands before its bytes. Raises Unreadable when they disagree, or when two entries share bytes."""
    free, before = 0, ""
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if free > entry.header_offset >= 0:
            raise Unreadable(f"{shown(name)} is refused: {shown(entry.filename)} and {shown(before)} lie in the same bytes.")
        stream.seek(max(0, entry.header_offset))  # before the beginning, where the beginning is missing
        header = stream.read(_LOCAL.size)
        if entry.header_offset < 0 or len(header) < _LOCAL.size or not header.startswith(b"PK\3\4"):
            raise Damaged(f"{shown(name)} is damaged: {shown(entry.filename)} is not where its table says.")
        _, _, flags, method, _, _, _, packed, size, name_bytes, extra_bytes = _LOCAL.unpack(header)
        told = flags & _SIZES_FOLLOW or _IN_EXTRA in (packed, size)
        same_sizes = told or (packed, size) == (entry.compress_size, entry.file_size)
        if stream.read(name_bytes) != _raw_name(entry) or method != entry.compress_type or not same_sizes or (flags ^ entry.flag_bits) & 1:
            raise Unreadable(f"{shown(name)} is refused: it says two different things of {shown(entry.filename)}.")
        free = entry.header_offset + _LOCAL.size + name_bytes + extra_bytes + entry.compress_size
        before = entry.filename
    if free > table:
        raise Unreadable(f"{shown(name)} is refused: {shown(before)} and the table of contents lie in the same bytes.")


def _raw_name(entry: ZipInfo) -> bytes:
    """The name as it stands in the table."""
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
