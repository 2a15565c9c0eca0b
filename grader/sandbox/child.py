"""The notebook's process, inside the sandbox: runs cells and does what checks ask, one request at a time.

Nothing secret is here: a student's code may read and change all of it, and can so only spoil its own answers.
"""

from __future__ import annotations

import builtins
import contextlib
import fcntl
import os
import random
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import numpy as np

from course_utils.checking.names import find
from course_utils.checking.perform import OPERATIONS, describe_error, perform_local, reference_to
from course_utils.checking.session import FORGOTTEN, Raised, Reply, Seeded
from grader.sandbox import files, made, wire
from grader.sandbox.codec import WireError
from grader.sandbox.limits import Limits
from grader.sandbox.shell import NotebookShell

Message = dict[str, Any]


def capture_files() -> tuple[int, int]:
    """Two files in memory that stand behind descriptors 1 and 2: unlike a pipe, nobody has to drain them."""
    out, err = os.memfd_create("stdout"), os.memfd_create("stderr")
    for fd in (out, err):
        fcntl.fcntl(fd, fcntl.F_SETFL, os.O_APPEND)
    return out, err


def serve(shell: NotebookShell, data: int, limits: Limits) -> None:
    """Answer requests until the grader closes its end."""
    np.random.seed()  # a fork starts with the state of its parent, and all forks with the same
    random.seed()
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.seed()
    Child(shell, socket.socket(fileno=data), limits).serve()


class Child:
    """Holds the notebook's shell and the objects that the grader has references to."""

    def __init__(self, shell: NotebookShell, end: socket.socket, limits: Limits) -> None:
        self._shell, self._limits, self._pid = shell, limits, os.getpid()
        self._channel = wire.Channel(end, limits.message_bytes)
        self._objects: list[Any] = []
        self._keys: dict[int, int] = {}
        self._working: list[Message] = []  # the requests in progress, the innermost last
        self._sending = self._late = False
        self._state: made.State = {}  # of the files that were put here
        self._answers: dict[str, Callable[[Message], Message]] = {
            "execute": self._execute,
            "lookup": self._lookup,
            "perform": self._perform,
            "put": self._put,
            "made": self._made,
            "bind": self._bind,
        }

    def serve(self) -> None:
        while True:
            try:
                request = self._receive()
                if request["kind"] == "request":  # and not the result for a function that was interrupted
                    self._answer(request)
            except KeyboardInterrupt:  # came too late for the request it was meant for
                continue
            except wire.Closed:
                return

    def _answer(self, request: Message) -> None:
        signal.signal(signal.SIGINT, self._on_interrupt)
        self._working.append(request)
        head = {"kind": "reply", "nonce": request["nonce"]}
        try:
            frame = self._frame({**head, **self._answers[request["what"]](request)})
        except KeyboardInterrupt:
            frame = self._frame({**head, "interrupted": True})
        except BaseException as error:  # noqa: BLE001 - a student's object may do anything when it is looked at
            frame = self._frame({**head, **_as_message(Reply(raised=describe_error(error)))})
        finally:
            self._working.pop()
        if os.getpid() != self._pid:  # a fork that ran out of its cell: the notebook itself will answer
            os._exit(0)
        self._deliver(frame)

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._sending:  # half a message would put the grader out of step
            self._late = True
        elif self._working:
            raise KeyboardInterrupt

    def _execute(self, request: Message) -> Message:
        sink, nonce = self._shell.sink, request["nonce"]
        sink.begin(
            request["room"],
            request["cut"],
            lambda events: self._send({"kind": "events", "nonce": nonce, "events": events}),
        )
        fine = False
        try:
            with chance_kept() if request["keep_chance"] else contextlib.nullcontext():
                fine = self._shell.run(request["code"])
        except SystemExit:  # raised where IPython does not look, such as in a callback of the event loop
            fine = False
        finally:
            events, cut = sink.end()
        return {"ok": fine, "events": events, "cut": cut}

    def _lookup(self, request: Message) -> Message:
        try:
            return _as_message(Reply(find(request["name"], self._shell.user_ns)))
        except LookupError as error:
            return _as_message(Reply(raised=Raised("missing", "NameError", str(error))))

    def _perform(self, request: Message) -> Message:
        op, target = request["op"], self._objects[request["target"]]
        if op not in OPERATIONS:
            return _as_message(Reply(raised=Raised("error", "ValueError", f"there is no operation {op}")))
        return _as_message(
            perform_local(op, target, request["args"], request["kwargs"], by_hand=request["by_hand"], quiet=request["quiet"])
        )

    def _put(self, request: Message) -> Message:
        problems = files.written(request["names"], request["contents"], request["at"])
        self._state = made.state()
        return {"problems": problems}

    def _made(self, request: Message) -> Message:
        return made.changed(self._state)

    def _bind(self, request: Message) -> Message:
        self._shell.user_ns[request["name"]] = request["value"]
        return {}

    # Messages

    def _send(self, message: Message) -> None:
        self._deliver(self._frame(message))

    def _deliver(self, frame: bytes) -> None:
        self._sending = True
        try:
            self._channel.send(frame)
        finally:
            self._sending = False
        late, self._late = self._late, False
        if late and self._working:
            raise KeyboardInterrupt

    def _frame(self, message: Message) -> bytes:
        try:
            return wire.pack(message, self._name, self._most())
        except (WireError, RecursionError) as error:
            raised = Reply(raised=Raised("error", "ValueError", str(error)))
            short = {**message, "events": [], **_as_message(raised)}
            return wire.pack(short, self._name, self._limits.message_bytes)

    def _most(self) -> int:
        """What one message may have: outputs have a limit of their own."""
        executes = self._working and self._working[-1]["what"] == "execute"
        return self._limits.message_bytes if executes else min(self._limits.message_bytes, self._limits.answer_bytes)

    def _receive(self) -> Message:
        frame = self._channel.receive()
        assert frame is not None
        assert frame.body is not None
        message = wire.unpack(frame.body, frame.head.tree, self._object)
        return {"kind": frame.head.kind, "nonce": frame.head.nonce, **message}

    def _name(self, value: Any) -> list[Any]:
        """Anything that is no data stays here and travels as a reference; the same object always as the same."""
        key = self._keys.get(id(value))
        if key is None:
            key = self._keys[id(value)] = len(self._objects)
            self._objects.append(value)
        _, kind, called, parameters, reaches = reference_to(value, key)
        return ["r", key, kind, called, list(parameters), list(reaches)]

    def _object(self, parts: list[Any]) -> Any:
        match parts:
            case ["r", int(key)]:
                return self._objects[key]
            case ["g", int(seed)]:
                return Seeded(seed)
            case ["f", int(number)]:
                return self._callback(number)
        raise WireError(f"a message has a part of the unknown kind {parts[0]}")

    def _callback(self, number: int) -> Callable[..., Any]:
        """A function that stands for one of the grader's."""

        def function(*args: Any, **kwargs: Any) -> Any:
            result = self._call_back(number, args, kwargs)
            for message in result["warned"]:
                warnings.warn(message, RuntimeWarning, stacklevel=2)
            if result["raised"]:
                raise _error(*result["raised"])
            return result["value"]

        # reports leave out the frames of frozen modules: the line at fault is the student's
        function.__code__ = function.__code__.replace(co_filename="<frozen handgrad>")
        return function

    def _call_back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Message:
        if not self._working or self._working[-1]["what"] != "perform":
            return {"raised": ("RuntimeError", FORGOTTEN), "warned": ()}
        nonce = self._working[-1]["nonce"]
        self._send({"kind": "callback", "nonce": nonce, "function": number, "args": args, "kwargs": kwargs})
        while True:
            message = self._receive()
            if message["kind"] == "request":
                self._answer(message)
            elif message["nonce"] == nonce:
                return message


def _error(name: str, text: str) -> Exception:
    """The error of this name, where Python has one that takes a text; else a RuntimeError that tells the name."""
    kind = getattr(builtins, name, None)
    with contextlib.suppress(TypeError):  # UnicodeError's kinds want more
        if isinstance(kind, type) and issubclass(kind, Exception):
            return kind(text)
    return RuntimeError(f"{name}: {text}")


def _as_message(reply: Reply) -> Message:
    raised = None if reply.raised is None else tuple(map(str, reply.raised))
    return {
        "value": reply.value,
        "changed": dict(reply.changed),
        "raised": raised,
        "warned": tuple(reply.warned),
        "printed": reply.printed,
    }


@contextlib.contextmanager
def chance_kept() -> Iterator[None]:
    """Leave the random numbers that all cells share as they were: what comes next is the same whether this ran or not."""
    torch = sys.modules.get("torch")
    ours, numpys = random.getstate(), np.random.get_state()
    torchs = torch.get_rng_state() if torch else None
    on_card = torch.cuda.get_rng_state_all() if torch and torch.cuda.is_initialized() else None
    try:
        yield
    finally:
        random.setstate(ours)
        np.random.set_state(numpys)
        if torch:
            torch.set_rng_state(torchs)
            if on_card is not None:
                torch.cuda.set_rng_state_all(on_card)
            elif torch.cuda.is_initialized():  # by this cell: as if it were now
                torch.cuda.manual_seed_all(torch.initial_seed())
