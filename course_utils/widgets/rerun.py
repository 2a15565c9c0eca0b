"""A cell that runs again replaces its explorers, so that neither kernel nor page keeps the old ones."""

from __future__ import annotations

import weakref
from typing import Any

from course_utils import front

_made: dict[str, tuple[str, weakref.WeakSet[Any]]] = {}  # cell -> the execution it was last run by, and what that made


def made(widget: Any) -> None:
    """Remember which cell made a widget, and close those that an earlier run of the cell made."""
    cell, execution = front.running()
    if not cell:
        return
    before, widgets = _made.get(cell, ("", weakref.WeakSet()))
    if before != execution:
        for old in list(widgets):
            old.layout.close()
            old.close()
        widgets = weakref.WeakSet()
    widgets.add(widget)
    _made[cell] = execution, widgets
