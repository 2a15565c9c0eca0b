"""The notebook's process where its language has a kernel of its own: it runs the cells there, by nbclient, and answers as `child` does.

The kernel is this process's child and has the same limits. They talk through sockets in a folder of the sandbox: there is no network.
Nothing secret is here either: whoever's code runs in the kernel may say what it wants in the kernel's place.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import IO, Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from course_utils.checking.session import Raised
from grader.sandbox import files, made, wire
from grader.sandbox.capture import Sink
from grader.sandbox.codec import WireError
from grader.sandbox.limits import KERNEL_SECONDS, Limits

Message = dict[str, Any]
# of the environment that Python's notebooks have: another Python would look for its packages in ours
_NOT_ITS_OWN = ("PYTHONPATH", "MPLBACKEND", "MPLCONFIGDIR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR")
_REPLIES_WITHIN = 0.3  # seconds after a kernel says that it is idle
_DEAD = 128  # and the signal's number, as shells say it


def serve(kernel: Mapping[str, str], data: int, limits: Limits, private: Path) -> None:
    """Answer requests until the grader closes its end. `private` is where the kernel's sockets may lie."""
    sys.path[:] = [place for place in sys.path if place]  # what is imported from here on lies beside no notebook
    sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - to the end; what is said here is no notebook's output
    logging.disable()
    warnings.simplefilter("ignore")
    Driver(kernel, socket.socket(fileno=data), limits, private).serve()


class Driver:
    """Holds the kernel and the line to the grader."""

    def __init__(self, kernel: Mapping[str, str], end: socket.socket, limits: Limits, private: Path) -> None:
        self._channel, self._limits = wire.Channel(end, limits.message_bytes), limits
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._sink = Sink()
        self._private = Path(tempfile.mkdtemp(prefix=".kernel-", dir=private))
        self._manager = _manager(kernel, self._private)
        self._client = _Client(nbformat.v4.new_notebook(), self._manager, timeout=None, allow_errors=True, startup_timeout=KERNEL_SECONDS)
        self._client.sink = self._sink
        self._bin = kernel["bin"]
        self._running = False
        self._interrupting: asyncio.Future[None] | None = None
        self._answers: dict[str, Callable[[Message], Message]] = {
            "start": self._start,
            "execute": self._execute,
            "put": self._put,
            "made": lambda request: made.changed(self._state),
        }
        self._state: made.State = {}  # of the files that were put here
        signal.signal(signal.SIGINT, self._on_interrupt)

    def serve(self) -> None:
        while True:
            try:
                frame = self._channel.receive()
            except wire.Closed:
                return
            assert frame is not None
            assert frame.body is not None
            request = wire.unpack(frame.body, frame.head.tree, _nothing_else)
            answer = self._answers.get(request["what"], _refuse)
            head = {"kind": "reply", "nonce": frame.head.nonce}
            request["nonce"] = frame.head.nonce
            self._send({**head, **answer(request)})

    def _start(self, request: Message) -> Message:
        """Start the kernel; what went wrong, if it did."""
        with (self._private / "complaints").open("w+b") as complaints:
            try:
                self._loop.run_until_complete(self._begin(complaints))
            except Exception as error:  # noqa: BLE001 - told to the grader
                return {"problem": f"{str(error)[:500]} {_last_words(complaints)}".strip()}
        return {"problem": ""}

    async def _begin(self, complaints: IO[bytes]) -> None:
        env = {name: value for name, value in os.environ.items() if name not in _NOT_ITS_OWN}
        env["PATH"] = os.pathsep.join(dict.fromkeys([self._bin, *env["PATH"].split(os.pathsep)]))
        env["IPYTHONDIR"] = str(self._private)  # or there would be a folder beside the notebook that no submission brought
        await self._client.async_start_new_kernel(env=env, stdout=complaints, stderr=complaints)
        await self._client.async_start_new_kernel_client()

    def _execute(self, request: Message) -> Message:
        nonce = request["nonce"]
        self._sink.begin(request["room"], request["cut"], lambda events: self._send({"kind": "events", "nonce": nonce, "events": events}))
        self._running = True
        try:
            fine = self._loop.run_until_complete(self._client.ran_well(request["code"]))
        except (DeadKernelError, CellTimeoutError):  # it has gone, or says no more: the grader hears it from the keeper
            self._end(nonce)
        finally:
            self._running = False
        events, cut = self._sink.end()
        return {"ok": fine, "events": events, "cut": cut}

    def _end(self, nonce: bytes) -> None:
        """End this process as the kernel has ended, once all that it wrote is on its way."""
        self._send({"kind": "events", "nonce": nonce, "events": self._sink.end()[0]})
        process = getattr(self._manager.provisioner, "process", None)
        code = process.poll() if process else None
        os._exit(1 if code is None else code if code >= 0 else _DEAD - code)

    def _put(self, request: Message) -> Message:
        del request["what"], request["nonce"]
        problems = files.written(**request)
        self._state = made.state()
        return {"problems": problems}

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._running:  # otherwise it came too late for the cell it was meant for
            self._loop.call_soon_threadsafe(self._interrupt)

    def _interrupt(self) -> None:
        if self._running:
            self._interrupting = asyncio.ensure_future(self._client.interrupt(self._manager.interrupt_kernel), loop=self._loop)

    def _send(self, message: Message) -> None:
        try:
            frame = wire.pack(message, _name, self._limits.message_bytes)
        except (WireError, RecursionError) as error:
            instead = {"events": [["error", "ValueError", str(error), []]], "ok": False, "cut": False}
            frame = wire.pack({**message, **instead}, _name, self._limits.message_bytes)
        self._channel.send(frame)


class _Client(NotebookClient):
    """nbclient's own way to run a cell, with the outputs going to a sink instead of a notebook."""

    sink: Sink

    async def ran_well(self, code: str) -> bool:
        """Run one cell, however long it takes: the grader has the clock."""
        replies: list[Message] = []
        self.on_cell_executed = lambda execute_reply, **more: replies.append(execute_reply["content"])
        self.nb.cells = [nbformat.v4.new_code_cell(code)]
        self._idle, interrupted = asyncio.Event(), asyncio.Event()
        self._interrupted = interrupted
        run = asyncio.ensure_future(self.async_execute_cell(self.nb.cells[0], 0))
        over = asyncio.ensure_future(interrupted.wait())
        await asyncio.wait([run, over], return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if run.done():
            await run
            return all(reply["status"] != "error" for reply in replies)
        run.cancel()
        await asyncio.wait([run])
        return False

    async def interrupt(self, interrupt_kernel: Callable[[], Awaitable[None]]) -> None:
        """Interrupt the cell. Some kernels are done with it then and never reply."""
        over, idle = self._interrupted, self._idle
        await interrupt_kernel()
        await idle.wait()
        await asyncio.sleep(_REPLIES_WITHIN)
        over.set()

    def process_message(self, msg: Message, cell: Any, cell_index: int) -> Any:
        kind, content = msg["msg_type"], msg["content"]
        if kind == "status":
            if content["execution_state"] == "idle":
                self._idle.set()
            return super().process_message(msg, cell, cell_index)
        if kind == "stream":
            self.sink.write("stderr" if content["name"] == "stderr" else "stdout", str(content["text"]))
        elif kind in _EVENTS:
            self.sink.add(*_EVENTS[kind](content))
        return None


def _manager(kernel: Mapping[str, str], private: Path) -> AsyncKernelManager:
    specs = KernelSpecManager(kernel_dirs=[str(Path(kernel["folder"]).parent)], ensure_native_kernel=False)
    where = str(private / "kernel.json")
    return AsyncKernelManager(kernel_name=kernel["name"], kernel_spec_manager=specs, transport="ipc", connection_file=where)


def _shown(kind: str) -> Callable[[Message], list[Any]]:
    return lambda content: [kind, content["data"], content.get("metadata") or {}, (content.get("transient") or {}).get("display_id")]


_EVENTS: dict[str, Callable[[Message], list[Any]]] = {
    "display_data": _shown("display"),
    "update_display_data": _shown("update"),
    "execute_result": lambda content: ["result", content["data"], content.get("metadata") or {}, int(content["execution_count"] or 0)],
    "error": lambda content: ["error", str(content["ename"]), str(content["evalue"]), [str(line) for line in content["traceback"]]],
    "clear_output": lambda content: ["clear", bool(content.get("wait"))],
}


def _refuse(request: Message) -> Message:
    """What is asked of a Python notebook only."""
    raised = tuple(Raised("missing", "NameError", "the kernel of another language has no such objects"))
    return {"value": None, "changed": {}, "raised": raised, "warned": (), "printed": ""}


def _name(value: Any) -> list[Any]:
    raise WireError(f"an object of type {type(value).__name__} is no data")


def _nothing_else(parts: list[Any]) -> Any:
    raise WireError(f"a message has a part of the unknown kind {parts[0]}")


def _last_words(complaints: IO[bytes]) -> str:
    """What the kernel complained about last."""
    complaints.seek(0, os.SEEK_END)
    complaints.seek(max(0, complaints.tell() - 2**12))
    lines = complaints.read().decode(errors="replace").strip().splitlines()
    return f"({' '.join(map(str.strip, lines[-3:]))[:300]})" if lines else ""
