"""Do something in a process of its own: strangers' code leaves nothing behind, and may end or hang what it runs in."""

from __future__ import annotations

import contextlib
import json
import math
import os
import resource
import select
import signal
import time
import warnings
from collections.abc import Callable
from typing import Any

ENDED, NEVER_ENDS, BROKE = "it ended its process", "it never ends", "the engine broke"


def in_fork(work: Callable[[], Any], seconds: float) -> tuple[Any, str]:
    """What `work` returns, as JSON keeps it, and a word on why there is nothing. `seconds` are of the processor."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns where there are threads; none of them is used in there
        pid = os.fork()
    if pid == 0:
        os.close(reading)
        _live(work, writing, seconds)
    os.close(writing)
    with open(reading, "rb", buffering=0) as pipe:  # noqa: PTH123 - a descriptor
        text = _read(pipe.fileno(), time.monotonic() + 10 * seconds)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if text.endswith(b"\n"):
        value, trouble = json.loads(text)
        return value, trouble
    slow = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGKILL, signal.SIGXCPU)
    return None, NEVER_ENDS if slow else ENDED


def _read(pipe: int, until: float) -> bytes:
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        part = os.read(pipe, 2**16) if ready else b""
        if not part:
            break
        text += part
    return text


def _live(work: Callable[[], Any], pipe: int, seconds: float) -> None:
    """The life of the forked process; never returns."""
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        limit = math.ceil(seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        try:
            told = json.dumps([work(), ""])
        except Exception as error:  # noqa: BLE001 - what the engine itself raises is what is measured
            told = json.dumps([None, f"{BROKE}: {type(error).__name__}: {error}"[:300]])
        with open(pipe, "wb") as end:
            end.write(told.encode() + b"\n")
    finally:
        os._exit(1)
