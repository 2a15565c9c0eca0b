"""A notebook's process as the grader sees it: cells to execute, and a session for checks.

All that comes from there is data to be judged. A message that breaks the rules ends the process, and so does one too many.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self

from course_utils.checking.session import Raised, Ref, Reply, Seeded
from grader.sandbox import files, made, wire
from grader.sandbox.budget import Budget, Exchange
from grader.sandbox.cards import Card
from grader.sandbox.codec import WireError
from grader.sandbox.functions import Functions, failed
from grader.sandbox.guard import Guard
from grader.sandbox.limits import KERNEL_SECONDS, Limits, cut_off, duration
from grader.sandbox.orders import Orders, Usage
from grader.sandbox.outputs import Displays, Output, Outputs
from grader.sandbox.replies import as_call, as_object, as_reply, refused

_GRACE = 2.0  # seconds that an interrupted cell has to come to its end
_MAX_NESTED = 20
_ESCAPES, _SLACK = 2, 2**12  # JSON's escapes take room, too, and so does the sentence that outputs were cut off
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
    """One notebook's process; with `kernel`, its cells run in one, which starts before the first. Not for use by two threads at once."""

    def __init__(self, end: socket.socket, orders: socket.socket, limits: Limits, card: Card | None = None, kernel: bool = False) -> None:
        self._limits, self._kernel_waits = limits, kernel
        self._orders = Orders(orders)
        self._channel = wire.Channel(end, limits.message_bytes, also=orders.fileno())
        self._budget = Budget(limits)
        self._functions = Functions()
        self._displays: Displays = {}
        self._depth = 0
        self._spent, self._shown = 0.0, 0
        self._closed = False
        self._guard = Guard(card, limits.card_bytes, self._orders.stop) if card and limits.card_bytes else None

    @property
    def limits(self) -> Limits:
        """What it may use."""
        return self._limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self._limits = self._budget.limits = limits

    # What graders call

    def put_file(self, relative_path: str, data: bytes) -> str:
        """Write a file into the notebook's folder. A sentence when that does not work there; ValueError for a path that leads out."""
        if not files.leads_inside(relative_path):
            raise ValueError(f"{relative_path} is not a path below the notebook's folder")
        return next(iter(self.put_files({relative_path: data})), "")

    def put_files(self, contents: Mapping[str, bytes]) -> list[str]:
        """Write files into the notebook's folder; for each that is not there now a sentence that says why."""
        problems: list[str] = []
        failed = ""  # the large file of which a part could not be written
        for batch in files.batches(contents, self.limits.message_bytes, self.limits.file_bytes, problems):
            if batch.at and failed in batch.contents:
                continue
            try:
                reply = self._request("put", self.limits.call_seconds, None, **files.request(batch))
            except (_Died, TimeoutError):
                break  # whoever uses the child next is told
            said = files.told(reply, batch)
            problems += said
            failed = next(iter(batch.contents)) if said else ""
        return problems

    def made_files(self) -> tuple[dict[str, bytes], list[str]]:
        """What the notebook has made or changed in its folder since files were put there; and the names of what was too much."""
        try:
            return made.taken(self._request("made", self.limits.call_seconds))
        except (_Died, TimeoutError):
            return {}, []

    def bind(self, name: str, function: Callable[..., Any]) -> None:
        """Give a name of the notebook a function of ours, which is called here until the child is closed."""
        self._functions.keep(function)
        try:
            self._request("bind", self.limits.call_seconds, name=name, value=function)
        except (_Died, TimeoutError):
            return  # whoever uses the child next is told

    def forget(self) -> None:
        """A check is over: call its functions no more, whoever kept them, and count what is answered anew."""
        self._functions.forget()
        self._budget.next_check()

    def execute(self, code: str, *, keep_chance: bool = False) -> CellResult:
        """Run one cell. With `keep_chance`, the random numbers that all cells share are afterwards as they were before."""
        started = time.monotonic()
        left = self.limits.notebook_seconds - self._spent
        if left <= 0 and self.alive:
            whole = duration(self.limits.notebook_seconds)
            return CellResult([], "interrupted", f"was not run: the notebook had used up its {whole}", 0.0)
        room = max(0, min(self.limits.output_bytes, self.limits.outputs_bytes - self._shown))
        outputs = Outputs(self._displays, _ESCAPES * room + _SLACK)
        cut = cut_off(room, whole=self.limits.outputs_bytes if room < self.limits.output_bytes else None)
        request = {"code": code, "keep_chance": keep_chance, "room": room, "cut": cut}
        status, reason = self._execute(request, min(left, self.limits.cell_seconds), outputs, cut)
        self._shown += max(outputs.bytes, outputs.received)
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

    def _have_kernel(self) -> None:
        """Start the kernel where one waits for its first cell. _Died when it does not start."""
        waited, self._kernel_waits = self._kernel_waits, False
        if waited and (problem := self._request("start", KERNEL_SECONDS).get("problem")) != "":
            raise self._end(f"could not start its kernel: {str(problem)[:1000]}")

    def _execute(self, request: Mapping[str, Any], seconds: float, outputs: Outputs, cut: str) -> tuple[str, str]:
        try:
            self._have_kernel()
            reply = self._request("execute", seconds, outputs, **request)
        except TimeoutError as late:
            return "interrupted", str(late)
        except _Died as death:
            return "died", str(death)
        except WireError as error:
            return "error", f"was not run: {error}"
        if outputs.cut:  # the process said nothing of it
            outputs.close(cut)
        return "ok" if reply.get("ok") else "error", cut if reply.get("cut") or outputs.cut else ""

    def _ask(self, kind: str, **fields: Any) -> Reply:
        left = self.limits.notebook_seconds - self._spent
        try:
            if left <= 0 and self.alive:
                raise TimeoutError(f"the notebook has used up its {duration(self.limits.notebook_seconds)}")
            reply = self._request(kind, min(left, self.limits.call_seconds), **fields)
            try:
                return as_reply(reply)
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
        exchange = Exchange(kind, os.urandom(16), outputs)
        request = {"kind": "request", "nonce": exchange.nonce, "what": kind, **fields}
        frame = wire.pack(request, self._name, self.limits.message_bytes)
        started = time.monotonic()
        self._depth += 1
        try:
            return self._by_the_rules(frame, exchange, started + seconds)
        except TimeoutError as late:
            did = str(late) or f"ran longer than {duration(seconds)}"
            self._interrupt(exchange, did)
            raise TimeoutError(f"{did} and was interrupted") from None
        finally:
            self._depth -= 1
            if not self._depth:
                self._spent += time.monotonic() - started

    def _by_the_rules(self, frame: bytes, exchange: Exchange, deadline: float) -> Message:
        """Converse with a process that is ended when it breaks the rules of the wire, or leaves it."""
        try:
            return self._converse(frame, exchange, deadline)
        except wire.Closed:
            raise self._end() from None
        except WireError as error:
            raise self._end(f"was stopped: {error}") from None

    def _interrupt(self, exchange: Exchange, did: str) -> None:
        """Interrupt the request in progress, so that the notebook can go on; end the notebook when it does not react."""
        if not self._orders.interrupt():
            raise self._end()
        exchange.interrupted = True
        try:
            self._by_the_rules(b"", exchange, time.monotonic() + _GRACE)
        except TimeoutError:
            raise self._end(f"{did}, did not react to an interrupt and was stopped") from None

    def _converse(self, frame: bytes, exchange: Exchange, deadline: float) -> Message:
        """Send, and listen until the reply is there. The clock is looked at after every frame, whatever it was."""
        wanted = partial(self._budget.wanted, exchange=exchange)
        if frame:
            self._channel.send(frame, deadline)
        while True:
            received = self._channel.receive(deadline, wanted)
            if received is None:
                raise wire.Closed
            if exchange.allows(received.head):
                reply = self._heed(received, exchange, deadline)
                if reply is not None:
                    return reply
            if wire.late(deadline):
                raise TimeoutError

    def _heed(self, frame: wire.Frame, exchange: Exchange, deadline: float) -> Message | None:
        """Do what a frame asks for; the message when it is the reply."""
        message = self._unpacked(frame, exchange)
        if exchange.outputs is not None and message is not None and "events" in message:
            exchange.outputs.take(message["events"])
        if frame.head.kind == "reply":
            return refused(self._budget.spent) if message is None else message
        if frame.head.kind == "callback" and not exchange.interrupted:  # who is interrupted does not listen any more
            self._call_back(message, exchange, deadline)
        return None

    def _unpacked(self, frame: wire.Frame, exchange: Exchange) -> Message | None:
        """A frame's message; None when it is more than there is room for."""
        if frame.body is None:
            return None
        message, nodes = wire.unpack_counted(frame.body, frame.head.tree, as_object)
        fits = exchange.outputs is not None or self._budget.unpacked(nodes)
        return message if fits else None

    def _call_back(self, message: Message | None, exchange: Exchange, deadline: float) -> None:
        """Run a function of ours for the student's code; what it is given is data, or references."""
        exchange.callbacks += 1
        if exchange.callbacks > self.limits.callbacks:
            raise TimeoutError(f"called functions of the check more than {self.limits.callbacks} times")
        if self._depth > _MAX_NESTED:
            raise WireError("it called back too deeply")
        if message is None:
            result = failed("ValueError", self._budget.spent)
        else:
            call = as_call(message)
            if call is None or not self._functions.known(call[0]):
                raise WireError("it called a function that does not exist")
            result = self._functions.call(*call)
        self._channel.send(wire.pack({**result, "nonce": exchange.nonce}, self._name, self.limits.message_bytes), deadline)

    def _name(self, value: Any) -> list[Any]:
        if isinstance(value, Ref):
            return ["r", value.key]
        if isinstance(value, Seeded):
            return ["g", value.seed]
        if callable(value):
            return ["f", self._functions.number(value)]
        raise WireError(f"an object of type {type(value).__name__} cannot be sent to a notebook")

    def _end(self, reason: str = "") -> _Died:
        self._orders.end(reason)
        return _Died(self._orders.died)
