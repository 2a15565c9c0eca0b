"""A notebook's process as the grader sees it: cells to execute, and a session for checks.

All that comes from there is data to be judged. A message that breaks the rules ends the process.
"""

from __future__ import annotations

import os
import socket
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any, Self

import numpy as np

from course_utils.checking.perform import HEARD
from course_utils.checking.session import Raised, Ref, Reply, Seeded
from grader.sandbox import wire
from grader.sandbox.cards import Card
from grader.sandbox.codec import WireError
from grader.sandbox.guard import Guard
from grader.sandbox.limits import Limits, cut_off, duration
from grader.sandbox.orders import Orders, Usage
from grader.sandbox.outputs import Output, Outputs

_GRACE = 2.0  # seconds that an interrupted cell has to come to its end
_MAX_NESTED = 20
Message = dict[str, Any]


@dataclass(frozen=True)
class CellResult:
    """What became of one cell; `outputs` in nbformat 4's form, `reason` a sentence when a limit was hit."""

    outputs: list[Output]
    status: str  # "ok", "error", "interrupted" or "died"
    reason: str
    seconds: float


class _Died(Exception):
    """The process has gone; the message says why."""


class Child:
    """One notebook's process. Not for use by two threads at once."""

    def __init__(self, end: socket.socket, orders: socket.socket, limits: Limits, card: Card | None = None) -> None:
        self.limits = limits
        self._orders = Orders(orders)
        self._channel = wire.Channel(end, limits.message_bytes, also=orders.fileno())
        self._functions: list[Callable[..., Any]] = []
        self._displays: dict[str, list[Output]] = {}
        self._depth = 0
        self._spent = 0.0
        self._closed = False
        self._guard = Guard(card, limits.card_bytes, self._orders.stop) if card and limits.card_bytes else None

    # What graders call

    def put_file(self, relative_path: str, data: bytes) -> None:
        """Write a file into the notebook's folder. ValueError for a path that leads out of it."""
        path = PurePosixPath(relative_path)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise ValueError(f"{relative_path} is not a path below the notebook's folder")
        try:
            # as an array: it travels beside the message's tree, which has to be small
            self._request("put", self.limits.call_seconds, path=str(path), data=np.frombuffer(data, np.uint8))
        except (_Died, TimeoutError):
            return  # whoever uses the child next is told

    def bind(self, name: str, function: Callable[..., Any]) -> None:
        """Give a name of the notebook a function of ours, which is called here."""
        try:
            self._request("bind", self.limits.call_seconds, name=name, value=function)
        except (_Died, TimeoutError):
            return  # whoever uses the child next is told

    def execute(self, code: str) -> CellResult:
        """Run one cell."""
        started = time.monotonic()
        outputs = Outputs(self._displays)
        left = self.limits.notebook_seconds - self._spent
        if left <= 0 and self.alive:
            whole = duration(self.limits.notebook_seconds)
            return CellResult([], "interrupted", f"was not run: the notebook had used up its {whole}", 0.0)
        status, reason = self._execute(code, min(left, self.limits.cell_seconds), outputs)
        return CellResult(outputs.list, status, reason, time.monotonic() - started)

    def lookup(self, name: str) -> Reply:
        return self._ask("lookup", name=name)

    def perform(
        self,
        op: str,
        target: Ref,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        by_hand: bool = False,
        quiet: bool = False,
    ) -> Reply:
        return self._ask("perform", op=op, target=target.key, args=args, kwargs=kwargs, by_hand=by_hand, quiet=quiet)

    @property
    def usage(self) -> Usage:
        """Peak memory and processor time of all its processes so far."""
        return self._orders.usage()

    @property
    def alive(self) -> bool:
        """Whether its process still is there to be asked."""
        return not self._orders.died

    def close(self) -> None:
        """Kill the process and all that it started; returns when nothing of it is left."""
        if self._closed:
            return
        self._closed = True
        if self._guard:
            self._guard.end()
        if self.alive:
            self._end("was closed")
        self._channel.close()
        self._orders.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    # Requests

    def _execute(self, code: str, seconds: float, outputs: Outputs) -> tuple[str, str]:
        try:
            reply = self._request("execute", seconds, outputs, code=code)
            cut = cut_off(self.limits.output_bytes) if reply.get("cut") else ""
            return "ok" if reply.get("ok") else "error", cut
        except TimeoutError as late:
            return "interrupted", str(late)
        except _Died as death:
            return "died", str(death)

    def _ask(self, kind: str, **fields: Any) -> Reply:
        left = self.limits.notebook_seconds - self._spent
        try:
            if left <= 0 and self.alive:
                raise TimeoutError(f"the notebook has used up its {duration(self.limits.notebook_seconds)}")
            reply = self._request(kind, min(left, self.limits.call_seconds), **fields)
            try:
                return _as_reply(reply)
            except WireError as error:
                raise self._end(f"was stopped: {error}") from None
        except TimeoutError as late:
            return Reply(raised=Raised("timeout", "TimeoutError", str(late)))
        except _Died as death:
            return Reply(raised=Raised("died", "", str(death)))

    def _request(self, kind: str, seconds: float, outputs: Outputs | None = None, **fields: Any) -> Message:
        """Send a request and wait for its reply. TimeoutError after an interrupt; _Died when the process is gone."""
        if not self.alive:
            raise _Died(self._orders.died)
        nonce = os.urandom(16)
        frame = wire.pack({"kind": kind, "nonce": nonce, **fields}, self._name, self.limits.message_bytes)
        started = time.monotonic()
        self._depth += 1
        try:
            return self._converse(frame, nonce, started + seconds, outputs)
        except TimeoutError:
            self._interrupt(nonce, outputs, seconds)
            raise TimeoutError(f"ran longer than {duration(seconds)} and was interrupted") from None
        except wire.Closed:
            raise self._end() from None
        except WireError as error:
            raise self._end(f"was stopped: {error}") from None
        finally:
            self._depth -= 1
            if not self._depth:
                self._spent += time.monotonic() - started

    def _converse(self, frame: bytes, nonce: bytes, deadline: float, outputs: Outputs | None) -> Message:
        if frame:
            self._channel.send(frame, deadline)
        while True:
            received = self._channel.receive(deadline)
            if received is None:
                raise wire.Closed
            message = wire.unpack(*received, _object)
            if message.get("nonce") != nonce:  # forged, or too late
                continue
            if outputs is not None and "events" in message:
                self._take(outputs, message["events"])
            if message.get("kind") == "reply":
                return message
            if message.get("kind") == "callback" and outputs is None:
                self._call_back(message, deadline)

    def _take(self, outputs: Outputs, events: Any) -> None:
        outputs.take(events)
        if outputs.bytes > 2 * self.limits.output_bytes + 2**16:  # JSON's escapes take room, too
            raise WireError("it sent more output than it was allowed to")

    def _interrupt(self, nonce: bytes, outputs: Outputs | None, seconds: float) -> None:
        """Interrupt the request in progress, so that the notebook can go on; end the notebook when it does not react."""
        if not self._orders.interrupt():
            raise self._end()
        try:
            self._converse(b"", nonce, time.monotonic() + _GRACE, outputs)
        except TimeoutError:
            raise self._end(f"ran longer than {duration(seconds)}, did not react to an interrupt and was stopped") from None
        except wire.Closed:
            raise self._end() from None
        except WireError as error:
            raise self._end(f"was stopped: {error}") from None

    def _call_back(self, message: Message, deadline: float) -> None:
        """Run a function of ours for the student's code; what it is given is data, or references."""
        match message:
            case {"function": int(number), "args": tuple(args), "kwargs": dict(kwargs)} if 0 <= number < len(self._functions) and all(
                type(name) is str for name in kwargs
            ):
                pass
            case _:
                raise WireError("it called a function that does not exist")
        if self._depth > _MAX_NESTED:
            raise WireError("it called back too deeply")
        value, raised = None, tuple[str, ...]()
        # the child warns and raises again, so that a report is the same as in the notebook
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                value = self._functions[number](*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - the function is ours, but what it was given is not
                raised = (type(error).__name__, str(error.args[0] if len(error.args) == 1 else error)[:500])
        warned = tuple(dict.fromkeys(str(item.message)[:200] for item in caught if item.category is RuntimeWarning))
        result = {"kind": "result", "value": value, "raised": raised, "warned": warned}
        self._channel.send(wire.pack(result, self._name, self.limits.message_bytes), deadline)

    def _name(self, value: Any) -> list[Any]:
        if isinstance(value, Ref):
            return ["r", value.key]
        if isinstance(value, Seeded):
            return ["g", value.seed]
        if callable(value):
            if value not in self._functions:
                self._functions.append(value)
            return ["f", self._functions.index(value)]
        raise WireError(f"an object of type {type(value).__name__} cannot be sent to a notebook")

    def _end(self, reason: str = "") -> _Died:
        self._orders.end(reason)
        return _Died(self._orders.died)


def _object(parts: list[Any]) -> Ref:
    match parts:
        case ["r", int(key), str(name), bool(callable_), [*names], [*reaches]] if all(type(word) is str for word in [*names, *reaches]):
            words = [tuple(word[:100] for word in words[:100]) for words in (names, reaches)]
            return Ref(key, name[:100], callable_, *words)
    raise WireError("a message has a part of a strange kind")


def _as_reply(message: Message) -> Reply:
    match message:
        case {"value": value, "changed": dict(changed), "raised": None, "warned": tuple(warned), "printed": str(printed)} if _texts(warned):
            return Reply(value, changed, None, warned, printed[:HEARD])
        case {"changed": dict(changed), "raised": tuple(raised), "warned": tuple(warned), "printed": str(printed)} if (
            _texts(warned) and _texts(raised) and len(raised) == len(Raised._fields)
        ):
            return Reply(None, changed, Raised(*raised), warned, printed[:HEARD])
    if message.get("interrupted") is True:
        return Reply(raised=Raised("error", "KeyboardInterrupt", "it interrupted itself"))
    raise WireError("a reply has a strange form")


def _texts(parts: tuple[Any, ...]) -> bool:
    return len(parts) < 100 and all(type(part) is str and len(part) < 2000 for part in parts)
