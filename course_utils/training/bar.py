"""How far a loop is."""

from __future__ import annotations

import html
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any


class _Bar:
    """One line that says how far a loop is; a notebook shows it in place, as output and never on stderr."""

    def __init__(self, label: str, total: int) -> None:
        self.label, self.total, self.done, self.started = label, total, 0, time.monotonic()

    def __repr__(self) -> str:
        return f"{self.label}: {self.done} of {self.total}, {time.monotonic() - self.started:.1f} s"

    def _repr_html_(self) -> str:
        return f'<progress value="{self.done}" max="{self.total}"></progress> {html.escape(repr(self))}'


def progress(steps: Iterable[Any], label: str) -> Iterator[Any]:
    """The steps themselves, with a bar in the notebook that follows them; silent outside one."""
    steps = list(steps)
    bar, handle = _Bar(label, len(steps)), _display()
    shown = time.monotonic()
    show = handle(bar) if handle else lambda: None
    for step in steps:
        yield step
        bar.done += 1
        # ten times a second is all that an eye can use
        if bar.done == bar.total or time.monotonic() - shown > 0.1:
            shown = time.monotonic()
            show()


def _display() -> Callable[[Any], Callable[[], None]] | None:
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return None

    def begin(bar: Any) -> Callable[[], None]:
        handle = ipython.display.display(bar, display_id=True)
        return lambda: handle.update(bar)

    return begin
