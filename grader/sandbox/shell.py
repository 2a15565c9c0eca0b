"""IPython without a kernel: the shell that a notebook's cells run in, and where their outputs go.

The shell is made once, in the warm process; every child inherits it. It differs from a Jupyter kernel's in nothing that a
notebook shows: the same classes format results, errors and figures.
"""

from __future__ import annotations

import asyncio
import base64
import builtins
import io
import json
import numbers
import os
import sys
import threading
import time
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets import Type
from traitlets.config import Config

from grader.sandbox.limits import cut_off

_SEND_EVERY = 0.05  # seconds: what a cell wrote is not lost when the process dies later
_AT_A_TIME = 2**16


class Sink:
    """Collects one cell's outputs as events, in order, up to a number of bytes; drops what comes between cells."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._events: list[list[Any]] = []
        self._read = {1: 0, 2: 0}
        self._open = False
        self._send: Callable[[list[list[Any]]], None] = lambda events: None
        self._pid = self._left = self._limit = 0
        self._sent_at = 0.0

    def begin(self, limit: int, send: Callable[[list[list[Any]]], None]) -> None:
        """Start a cell; `send` takes events early while the cell goes on."""
        self._skip_files()
        self._events, self._open, self._send, self._sent_at = [], True, send, time.monotonic()
        self._pid, self._limit, self._left = os.getpid(), limit, limit

    def end(self) -> tuple[list[list[Any]], bool]:
        """The events that are still to be sent, and whether some were dropped for their size."""
        with self._lock:
            self._read_files()
            self._open = False
            return self._events, self._left < 0

    def write(self, name: str, text: str) -> None:
        """Text for a stream."""
        if os.getpid() != self._pid:  # a fork of the notebook: its text goes where its parent reads
            os.write(1 if name == "stdout" else 2, text.encode(errors="replace"))
            return
        with self._lock:
            self._read_files()
            self._stream(name, text)

    def add(self, *event: Any) -> None:
        """Anything but text."""
        if os.getpid() != self._pid:
            return
        with self._lock:
            self._read_files()
            self._put(list(event), len(json.dumps(event, default=str)))

    def _stream(self, name: str, text: str) -> None:
        room = max(0, self._left)
        cut = text[:room]  # characters, not bytes: near enough for a limit
        if cut and self._events and self._events[-1][:2] == ["stream", name] and self._open:
            self._events[-1][2].append(cut)
            self._spend(len(text))
        elif text:
            self._put(["stream", name, [cut]], len(text), keep=bool(cut))

    def _put(self, event: list[Any], length: int, *, keep: bool = False) -> None:
        if self._open and self._left >= 0 and (keep or length <= self._left):
            self._events.append(event)
        self._spend(length)

    def _spend(self, length: int) -> None:
        if not self._open or self._left < 0:
            return
        self._left -= length
        if self._left < 0:
            self._events.append(["stream", "stderr", [f"\n{cut_off(self._limit)}\n"]])
        if time.monotonic() - self._sent_at > _SEND_EVERY and threading.current_thread() is threading.main_thread():
            self._send(self._events)
            self._events, self._sent_at = [], time.monotonic()

    def _read_files(self) -> None:
        """Take in what C code and child processes wrote to descriptors 1 and 2."""
        for fd, name in ((1, "stdout"), (2, "stderr")):
            while self._read[fd] < os.fstat(fd).st_size and self._left >= 0:
                data = os.pread(fd, _AT_A_TIME, self._read[fd])
                self._read[fd] += len(data)
                self._stream(name, data.decode(errors="replace"))

    def _skip_files(self) -> None:
        for fd in self._read:
            self._read[fd] = 0
            os.ftruncate(fd, 0)


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a notebook."""

    encoding = "UTF-8"  # type: ignore[assignment]
    errors = "strict"  # type: ignore[assignment]

    def __init__(self, sink: Sink, name: str, descriptor: int) -> None:
        self._sink, self.name, self._descriptor = sink, f"<{name}>", descriptor
        self._stream = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._sink.write(self._stream, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor


class _Publisher(DisplayPublisher):
    def publish(self, data: Any, metadata: Any = None, **more: Any) -> None:
        display_id = (more.get("transient") or {}).get("display_id")
        kind = "update" if more.get("update") else "display"
        self.shell.sink.add(kind, _json(data), _json(metadata or {}), display_id)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.sink.add("clear", bool(wait))


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        """A notebook shows the number beside the output."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.sink.add("result", _json(format_dict), _json(md_dict or {}), self.prompt_count)

    def finish_displayhook(self) -> None:
        sys.stdout.flush()


class _Compiler(CachingCompiler):
    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """A file that does not exist, as in a kernel: tracebacks are shown otherwise, and faster, than for other names."""
        return f"/tmp/ipykernel_{os.getpid()}/{zlib.crc32(raw_code.encode(errors='replace'))}.py"


class NotebookShell(InteractiveShell):
    """The shell of one notebook."""

    compiler_class = Type(_Compiler)

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)

    def __init__(self, **settings: Any) -> None:
        self.sink = Sink()
        super().__init__(**settings)
        self.set_hook("show_in_pager", lambda *args, **more: None, 99)  # help texts are no output of a notebook

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.sink.add("error", str(etype.__name__), str(evalue), stb)

    def enable_gui(self, gui: Any = None) -> None:
        """A notebook that is run by nobody has no windows."""

    def ask_exit(self) -> None:
        """`exit` and `quit` end nothing, as in Jupyter."""

    def warm_up(self) -> None:
        """Do once, before any fork, what the first cell would do."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            pyplot.switch_backend(os.environ["MPLBACKEND"])
            pyplot.figure().canvas.draw()
            pyplot.close("all")
        np.random.seed()  # noqa: NPY002 - numpy.random is imported when it is first used
        self.run("import numpy\n0.5")
        _event_loop().close()
        self.reset(new_session=True)
        self.execution_count = 1

    def run(self, code: str) -> bool:
        """Run one cell; whether it went well. An event loop is running meanwhile, as in a kernel."""
        loop = _event_loop()
        task = loop.create_task(self._run(code))
        try:
            result = loop.run_until_complete(task)
        except KeyboardInterrupt:  # it hit the loop, not the cell
            task.cancel()
            result = loop.run_until_complete(task)
        return bool(result.success)

    async def _run(self, code: str) -> ExecutionResult:
        problem = None
        try:
            transformed = self.transform_cell(code)
        except Exception:
            transformed, problem = code, sys.exc_info()
        if not self.should_run_async(code, transformed_cell=transformed, preprocessing_exc_tuple=problem):
            return self.run_cell(code, store_history=True)
        result = None
        try:
            result = await self.run_cell_async(
                code, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=problem
            )
        finally:
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)
        return result


def make_shell() -> NotebookShell:
    """The one shell of this process, with its outputs caught."""
    settings = Config()
    settings.HistoryManager.enabled = False  # it would write to a file, from a thread
    settings.InteractiveShell.colors = "neutral"
    shell = NotebookShell.instance(config=settings)
    sys.stdout = Stream(shell.sink, "stdout", 1)
    sys.stderr = Stream(shell.sink, "stderr", 2)
    builtins.input = _no_input
    return shell


def _no_input(prompt: object = "") -> str:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def _event_loop() -> asyncio.AbstractEventLoop:
    """The notebook's loop, which outlives its cells; a new one when the notebook closed it."""
    global _loop
    if _loop is None or _loop.is_closed():
        _loop = asyncio.new_event_loop()
    asyncio.set_event_loop(_loop)
    return _loop


_loop: asyncio.AbstractEventLoop | None = None


def _json(value: Any) -> Any:
    """A bundle of formatted data as JSON can hold it; bytes become base64 as in Jupyter's protocol."""
    return json.loads(json.dumps(value, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.encodebytes(value).decode("ascii")
    if isinstance(value, numbers.Integral):
        return int(value)
    return float(value) if isinstance(value, numbers.Real) else repr(value)
