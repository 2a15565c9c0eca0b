"""Length-prefixed frames over a socket, with limits on size and time, for two processes that do not trust each other.

A frame is a head, the msgpack tree, and the raw blobs. The head says what the frame is and which request it belongs to, so
that whoever reads can refuse it before a byte of the rest is kept or parsed.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgpack

from grader.sandbox.codec import MAX_NODES, Decoder, Encoder, WireError
from grader.sandbox.limits import KIB, MIB, size

HEAD = struct.Struct("!IIB16s")  # lengths of the body and of its tree, the kind, the nonce
KINDS = ("", "request", "result", "reply", "events", "callback")
_NO_NONCE = bytes(16)
_MAX_TREE = 512 * KIB  # a tree grows up to 64 times when it is unpacked, and takes up to half a second for each MiB
_CHUNK, _PIECE = 1 * MIB, 256 * KIB  # that are sent and received at a time; a socket holds some 200 KiB
_own = threading.local()
_SMALL_PIECE, _SMALL_PIECES, _NAP = 4 * KIB, 16, 0.001


class Closed(Exception):
    """The other end of the wire is gone."""


class Head(NamedTuple):
    """What a frame says of itself: `total` bytes follow, `tree` of them a tree."""

    total: int
    tree: int
    kind: str
    nonce: bytes


class Frame(NamedTuple):
    """A frame that has come in whole; without a body when that was not wanted."""

    head: Head
    body: bytearray | None


def pack(message: Mapping[str, Any], special: Callable[[Any], list[Any]], max_bytes: int) -> bytes:
    """One message as a frame; "kind" and "nonce" go into its head.

    WireError when it is too big or holds something that cannot be sent.
    """
    encoder = Encoder(special)
    body = encoder.tree({name: part for name, part in message.items() if name not in ("kind", "nonce")})
    tree: bytes = _packer().pack([body, [len(blob) for blob in encoder.blobs]])
    total = len(tree) + sum(map(len, encoder.blobs))
    if total > max_bytes or len(tree) > _MAX_TREE:
        raise WireError(f"a value of {size(total)} is too big to be sent")
    head = HEAD.pack(total, len(tree), KINDS.index(message.get("kind", "")), message.get("nonce") or _NO_NONCE)
    return b"".join([head, tree, *encoder.blobs])


def _packer() -> msgpack.Packer:
    """This thread's: a new one for each message would spend most of its time on getting its buffer."""
    if not hasattr(_own, "packer"):
        _own.packer = msgpack.Packer(unicode_errors="surrogatepass")
    packer: msgpack.Packer = _own.packer
    return packer


def unpack(body: bytes | bytearray, tree_length: int, special: Callable[[list[Any]], Any]) -> dict[str, Any]:
    """The message of a frame, without its head. WireError when anything about it is not as it has to be."""
    return unpack_counted(body, tree_length, special)[0]


def unpack_counted(body: bytes | bytearray, tree_length: int, special: Callable[[list[Any]], Any]) -> tuple[dict[str, Any], int]:
    """That, and how many parts the message has."""
    view = memoryview(body)
    try:
        found = msgpack.unpackb(
            view[:tree_length], raw=False, unicode_errors="surrogatepass", max_array_len=2 * MAX_NODES + 1, max_map_len=0, max_ext_len=0
        )
        tree, lengths = found
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise WireError(f"a message cannot be read ({type(error).__name__})") from None
    if type(lengths) is not list:
        raise WireError("a message has blobs of strange lengths")
    blobs, at = [], tree_length
    for length in lengths:
        if type(length) is not int or length < 0:
            raise WireError("a message has blobs of strange lengths")
        blobs.append(view[at : at + length])
        at += length
    if at != len(body):
        raise WireError("a message is longer or shorter than it says")
    decoder = Decoder(blobs, special)
    message = decoder.value(tree)
    if type(message) is not dict:
        raise WireError("a message is not a dict")
    return message, decoder.nodes


def late(deadline: float | None) -> bool:
    """Whether a deadline (on `time.monotonic`'s clock) has passed."""
    return deadline is not None and time.monotonic() > deadline


class Channel:
    """One end of a socket: whole frames in and out, each before a deadline, however the other end behaves."""

    def __init__(self, end: socket.socket, max_bytes: int, *, also: int | None = None) -> None:
        """`also` is a file descriptor whose news ends a wait: `receive` then returns None."""
        end.setblocking(False)
        self._end, self._max, self._number = end, max_bytes, end.fileno()
        self._polls = {event: _poll(self._number, event, also) for event in (select.POLLIN, select.POLLOUT)}
        self._piece, self._read = memoryview(bytearray(_PIECE)), bytearray()
        self._head: Head | None = None  # of the frame that is on its way
        self._kept, self._left, self._small = True, 0, 0

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
            if view and late(deadline):
                raise TimeoutError

    def receive(self, deadline: float | None = None, wanted: Callable[[Head], bool] = lambda head: True) -> Frame | None:
        """The next frame; TimeoutError at the deadline, None when `also` has news.

        `wanted` is asked once for each frame, when its head is there: what it refuses is read and thrown away.
        """
        frame = self._take(wanted)
        while frame is None:
            if not self._more(deadline):
                return None
            frame = self._take(wanted)
            if frame is None and late(deadline):  # a trickle keeps every single wait short
                raise TimeoutError
        self._small = 0
        return frame

    def _more(self, deadline: float | None) -> bool:
        """Wait for what comes, and read it; whether it was worth the wait."""
        if not self._wait(select.POLLIN, deadline):
            return False
        try:
            count = self._end.recv_into(self._piece)
        except BlockingIOError:
            return True
        except OSError:
            raise Closed from None
        if not count:
            raise Closed
        self._read += self._piece[:count]
        self._small += count < _SMALL_PIECE
        if self._small > _SMALL_PIECES:  # whoever sends a frame in crumbs does not get our processor time for it
            time.sleep(_NAP)
        return True

    def _take(self, wanted: Callable[[Head], bool]) -> Frame | None:
        if self._head is None:
            if len(self._read) < HEAD.size:
                return None
            self._head = self._understood(HEAD.unpack_from(self._read))
            del self._read[: HEAD.size]
            self._kept, self._left = wanted(self._head), self._head.total
        if not self._kept:
            thrown = min(self._left, len(self._read))
            del self._read[:thrown]
            self._left -= thrown
        if len(self._read) < self._left if self._kept else self._left:
            return None
        head, self._head = self._head, None
        if not self._kept:
            return Frame(head, None)
        body = self._read[: head.total]
        del self._read[: head.total]
        return Frame(head, body)

    def _understood(self, head: tuple[int, int, int, bytes]) -> Head:
        total, tree, kind, nonce = head
        if total > self._max or tree > min(total, _MAX_TREE):
            raise WireError(f"a message of {size(total)} is too big")
        if kind >= len(KINDS):
            raise WireError("a message is of no kind")
        return Head(total, tree, KINDS[kind], nonce)

    def _wait(self, event: int, deadline: float | None) -> bool:
        left = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
        ready = self._polls[event].poll(left)
        if not ready:
            raise TimeoutError
        return any(number == self._number for number, _ in ready)

    def close(self) -> None:
        self._end.close()


def _poll(number: int, event: int, also: int | None) -> select.poll:
    poll = select.poll()
    poll.register(number, event)
    if also is not None:
        poll.register(also, select.POLLIN)
    return poll
