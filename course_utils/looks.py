"""Looks at files, where each is dear: in a browser's Python, one at what lies beside a notebook takes 3 to 15 ms, longer than a check.

So what does not change while a notebook runs is looked at once there, and what is to be written waits until the cell has said all.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def dear() -> bool:
    """Whether Python runs in a browser."""
    return sys.platform == "emscripten"


def once_where_dear(look: Callable[P, T]) -> Callable[P, T]:
    """What a function finds is remembered in a browser; what it raises is not."""
    remembered = functools.cache(look)

    @functools.wraps(look)
    def looked(*args: P.args, **kwargs: P.kwargs) -> T:
        return remembered(*args, **kwargs) if dear() else look(*args, **kwargs)  # type: ignore[arg-type]

    return looked


@once_where_dear
def changed(path: Path) -> int:
    """When a file was last changed, in ns. Raises OSError where there is none."""
    return path.stat().st_mtime_ns


def later(work: Callable[[], None]) -> bool:
    """Do something once the cell that runs has ended; False where it has to be done now: outside of a browser, or of its loop."""
    if not dear():
        return False
    import asyncio  # which nobody else has to wait for

    try:
        asyncio.get_running_loop().call_soon(work)
    except RuntimeError:
        return False
    return True
