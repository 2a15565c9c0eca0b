"""A kernel spoken to as a page speaks to it: what VS Code and Colab send and expect, by their sources and documents.

VS Code names cells by addresses, sets `__vsc_ipynb_file__` before the first one, and shows one output for a cell's result. Colab has a
shell of its own, names no cells, runs in /content with no lab beside the notebook, and draws a widget of others only where the
message names a manager. Neither shows what JupyterLab hides by a style sheet.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 120
VIEW = "application/vnd.jupyter.widget-view+json"
COLAB = (ROOT / "tests" / "fixtures" / "fronts", "--IPKernelApp.kernel_class=google.colab.kernel.Kernel")


class Front:
    """A page with a kernel. `cells` counts the runs of each cell that `run` was given."""

    def __init__(self, client: BlockingKernelClient, address: str) -> None:
        self._client, self._address = client, address

    def run(self, code: str, cell: str = "", *, startup: bool = False) -> list[dict[str, Any]]:
        """Run code as a cell of this name; what came back on the way to idle. `startup`: as a page does before the first cell."""
        content = {"code": code, "silent": False, "store_history": not startup, "user_expressions": {}, "allow_stdin": False}
        metadata = {"cellId": self._address + (cell or code)} if self._address and not startup else {}
        return self._sent("execute_request", content, metadata)

    def turn(self, model: str, **state: Any) -> list[dict[str, Any]]:
        """Set what a widget on the page sets."""
        return self._sent("comm_msg", {"comm_id": model, "data": {"method": "update", "state": state, "buffer_paths": []}}, {})

    def _sent(self, kind: str, content: dict[str, Any], metadata: dict[str, Any]) -> list[dict[str, Any]]:
        message = self._client.session.msg(kind, content, metadata=metadata)
        self._client.shell_channel.send(message)
        found: list[dict[str, Any]] = []
        while True:
            try:
                told = self._client.get_iopub_msg(timeout=SECONDS)
            except queue.Empty:
                raise AssertionError(f"the kernel did not end {content}") from None
            if told["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                if told["content"].get("execution_state") == "idle":
                    return found
                found.append(told)


def shown(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outputs of a cell, in their order: their contents, an error as an exception."""
    for message in messages:
        if message["msg_type"] == "error":
            raise AssertionError("\n".join(message["content"]["traceback"]))
    return [message["content"] for message in messages if message["msg_type"] in ("display_data", "execute_result", "stream")]


def closed(messages: list[dict[str, Any]]) -> set[str]:
    """The models that the kernel took from the page."""
    return {message["content"]["comm_id"] for message in messages if message["msg_type"] == "comm_close"}


@contextmanager
def front(
    folder: Path, address: str = "", path: Path | None = None, *words: str, python: str = "", environment: dict[str, str] | None = None
) -> Iterator[Front]:
    """A kernel in `folder`, with `path` among what Python imports. `address` is how its page begins to name a cell; none: it does not."""
    manager = KernelManager()
    spec = manager.kernel_spec
    assert spec
    spec.argv = [python or spec.argv[0], *spec.argv[1:], *words]
    paths = os.pathsep.join(str(each) for each in (ROOT, path) if each)
    told = {name: value for name, value in os.environ.items() if not name.startswith("VSCODE_")}
    manager.start_kernel(cwd=str(folder), env={**told, "PYTHONPATH": paths, **(environment or {})})
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS)
        yield Front(client, address)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
