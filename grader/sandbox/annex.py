"""Packages that take long to import: beside the warm process, another one imports such a package once, for all notebooks that ask for it.

It is forked from the warm process when the first of them comes, and forks their children from then on. All others still get theirs
from the warm process: a child of a process that has torch takes three times as long to start and to end.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

# what notebooks import, and what is imported for it: nobody else chooses what an annexe imports
SLOW = MappingProxyType({"torch": "torch", "sklearn": "sklearn.utils", "pandas": "pandas", "scipy": "scipy.special"})
IMPORT_SECONDS = 40
_READY = b"ready"
_MOST = 2**16


class Annexes:
    """The processes beside this warm one, by package; `live` is the life of one, from its line and what it imports on."""

    def __init__(self, live: Callable[[socket.socket, str], None]) -> None:
        self._live = live
        self._lines: dict[str, socket.socket | None] = {}  # None: it could not be made, or has gone

    def take(self, package: str, order: dict[str, Any], files: Sequence[int]) -> bool:
        """Have the annexe of a package do this order; whether there is one. Files stay open here."""
        if package not in SLOW:
            return False
        if package not in self._lines:
            self._lines[package] = self._made(SLOW[package])
        line = self._lines[package]
        if line is None:
            return False
        try:
            socket.send_fds(line, [json.dumps(order).encode()], files)
        except OSError:
            self._lines[package] = None
            return False
        return True

    def _made(self, module: str) -> socket.socket | None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork() == 0:
            ours.close()
            try:
                self._live(theirs, module)
            finally:
                os._exit(0)
        theirs.close()
        ours.settimeout(IMPORT_SECONDS)
        try:
            ready = ours.recv(_MOST) == _READY
        except OSError:
            ready = False
        ours.settimeout(None)
        if not ready:
            ours.close()
        return ours if ready else None


def say_ready(line: socket.socket) -> None:
    """Tell the warm process that all is imported. RuntimeError when that started threads, which no fork survives."""
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        raise RuntimeError("an import started threads")
    line.send(_READY)
