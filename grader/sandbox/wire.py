"""Length-prefixed frames over a socket, with limits on size and time, for two processes that do not trust each other.

A frame is two big-endian lengths (of everything after them, and of the tree), the msgpack tree, and the raw blobs.
"""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import msgpack

from grader.sandbox.codec import Decoder, Encoder, WireError
from grader.sandbox.limits import MIB, size

_LENGTHS = struct.Struct("!II")
_MAX_TREE = 4 * MIB  # a tree grows up to 64 times when it is unpacked
_CHUNK = 1 * MIB


class Closed(Exception):
    """The other end of the wire is gone."""


def pack(message: dict[str, Any], special: Callable[[Any], list[Any]], max_bytes: int) -> bytes:
    """One message as a frame. WireError when it is too big or holds something that cannot be sent."""
    encoder = Encoder(special)
    body = encoder.tree(message)
    tree = msgpack.packb([body, [len(blob) for blob in encoder.blobs]], unicode_errors="surrogatepass")
    total = len(tree) + sum(map(len, encoder.blobs))
    if total > max_bytes or len(tree) > _MAX_TREE:
        raise WireError(f"a value of {size(total)} is too big to be sent")
    return b"".join([_LENGTHS.pack(total, len(tree)), tree, *encoder.blobs])


def unpack(frame: bytes | bytearray, tree_length: int, special: Callable[[list[Any]], Any]) -> dict[str, Any]:
    """The message of a frame, without its lengths. WireError when anything about it is not as it has to be."""
    view = memoryview(frame)
    try:
        body, lengths = msgpack.unpackb(view[:tree_length], raw=False, unicode_errors="surrogatepass")
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise WireError(f"a message cannot be read ({type(error).__name__})") from None
    if type(lengths) is not list or any(type(length) is not int or length < 0 for length in lengths):
        raise WireError("a message has blobs of strange lengths")
    if sum(lengths) != len(frame) - tree_length:
        raise WireError("a message is longer or shorter than it says")
    blobs, at = [], tree_length
    for length in lengths:
        blobs.append(view[at : at + length])
        at += length
    message = Decoder(blobs, special).value(body)
    if type(message) is not dict:
        raise WireError("a message is not a dict")
    return message


class Channel:
    """One end of a socket: whole frames in and out, each before a deadline (on `time.monotonic`'s clock)."""

    def __init__(self, end: socket.socket, max_bytes: int, *, also: int | None = None) -> None:
        """`also` is a file descriptor whose news ends a wait: `receive` then returns None."""
        end.setblocking(False)
        self._end, self._max, self._also = end, max_bytes, also
        self._read = bytearray()

    def send(self, frame: bytes, deadline: float | None = None) -> None:
        """Send a frame; TimeoutError when the other end does not take it in time, Closed when it is gone."""
        view = memoryview(frame)
        while view:
            try:
                view = view[self._end.send(view[:_CHUNK], socket.MSG_NOSIGNAL) :]
            except BlockingIOError:
                if not self._wait(select.POLLOUT, deadline):
                    raise Closed from None
            except OSError:
                raise Closed from None

    def receive(self, deadline: float | None = None) -> tuple[bytearray, int] | None:
        """The next frame and the length of its tree; TimeoutError at the deadline, None when `also` has news."""
        while True:
            frame = self._take()
            if frame:
                return frame
            try:
                data = self._end.recv(_CHUNK)
            except BlockingIOError:
                if self._wait(select.POLLIN, deadline):
                    continue
                return None
            except OSError:
                raise Closed from None
            if not data:
                raise Closed
            self._read += data

    def _take(self) -> tuple[bytearray, int] | None:
        if len(self._read) < _LENGTHS.size:
            return None
        total, tree = _LENGTHS.unpack_from(self._read)
        if total > self._max or tree > min(total, _MAX_TREE):
            raise WireError(f"a message of {size(total)} is too big")
        end = _LENGTHS.size + total
        if len(self._read) < end:
            return None
        frame = self._read[_LENGTHS.size : end]
        del self._read[:end]
        return frame, tree

    def _wait(self, event: int, deadline: float | None) -> bool:
        poll = select.poll()
        poll.register(self._end, event)
        if self._also is not None:
            poll.register(self._also, select.POLLIN)
        left = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
        ready = poll.poll(left)
        if not ready:
            raise TimeoutError
        return any(fd == self._end.fileno() for fd, _ in ready)

    def close(self) -> None:
        self._end.close()
