"""IPython without a kernel: the shell that a notebook's cells run in, and where their outputs go.

The shell is made once, in the warm process; every child inherits it. It differs from a Jupyter kernel's in nothing that a
notebook shows: the same classes format results, errors and figures.
"""

from __future__ import annotations

import ast
import asyncio
import base64
import builtins
import json
import numbers
import os
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets import Type
from traitlets.config import Config

from grader.sandbox.capture import Sink, Stream

_INTERRUPTS = str(Path(__file__).with_name("child.py"))  # where a cell that takes too long is interrupted


class _Publisher(DisplayPublisher):
    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **more: Any,
    ) -> None:
        display_id = (transient or {}).get("display_id")
        kind = "update" if update else "display"
        _sink(self).add(kind, _json(data), _json(metadata or {}), display_id)

    def clear_output(self, wait: bool = False) -> None:
        _sink(self).add("clear", bool(wait))


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        """A notebook shows the number beside the output."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        _sink(self).add("result", _json(format_dict), _json(md_dict or {}), self.prompt_count)

    def finish_displayhook(self) -> None:
        sys.stdout.flush()


def _sink(part: Any) -> Sink:
    sink: Sink = part.shell.sink
    return sink


class _Compiler(CachingCompiler):
    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """A file that does not exist, as in a kernel: tracebacks are shown otherwise, and faster, than for other names."""
        return f"/tmp/ipykernel_{os.getpid()}/{zlib.crc32(raw_code.encode(errors='replace'))}.py"


class _Transformer(TransformerManager):
    """Leaves a cell as it is that is plain Python: to look for magics and prompts takes as long as all the rest of a cell."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._usual, self._plain = self._steps(), ""

    def transform_cell(self, cell: str) -> str:
        if not cell.endswith("\n"):
            cell += "\n"
        if self._steps() == self._usual and self._is_plain(cell):
            return cell
        return str(super().transform_cell(cell))

    def _steps(self) -> list[Any]:
        return [*self.cleanup_transforms, *self.line_transforms, *self.token_transformers]

    def _is_plain(self, cell: str) -> bool:
        """Whether no step changes a cell: margins and empty lines go at its beginning, prompts also in texts, the rest is no Python."""
        if cell != self._plain:
            # an odd escape in a text would be warned of here, too
            if cell[0].isspace() or any(part in cell for part in (">>>", "...:", "In [", "\\")):
                return False
            try:
                ast.parse(cell)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return False
            self._plain = cell
        return True


class NotebookShell(InteractiveShell):
    """The shell of one notebook."""

    compiler_class = Type(_Compiler)
    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)

    def __init__(self, **settings: Any) -> None:
        self.sink = Sink()
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        self.input_transformer_manager = _Transformer()
        # help texts go to a pager, which a notebook has not
        self.set_hook("show_in_pager", lambda *args, **more: None, 99)  # type: ignore[no-untyped-call]

    def _get_exc_info(self, exc_tuple: Any = None) -> Any:
        """An exception, without the frame in which this package interrupted a cell."""
        found = super()._get_exc_info(exc_tuple)  # type: ignore[no-untyped-call]
        step = found[2]
        while step is not None and step.tb_next is not None:
            if step.tb_next.tb_frame.f_code.co_filename == _INTERRUPTS:
                step.tb_next = None
            step = step.tb_next
        return found

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
        np.random.seed()  # numpy.random is imported when it is first used
        self.run("import numpy\n0.5")
        _event_loop().close()
        self.reset(new_session=True)  # type: ignore[no-untyped-call]
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
            transformed = self.transform_cell(code)  # type: ignore[no-untyped-call]
        except Exception:  # noqa: BLE001 - shown by the cell, as in a kernel
            transformed, problem = code, sys.exc_info()
        if not self.should_run_async(code, transformed_cell=transformed, preprocessing_exc_tuple=problem):
            done: ExecutionResult = self.run_cell(code, store_history=True)  # type: ignore[no-untyped-call]
            return done
        result = None
        try:
            result = await self.run_cell_async(code, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=problem)
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
