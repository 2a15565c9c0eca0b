"""A cell that runs again replaces its explorers, so that neither kernel nor page keeps the old ones."""

from __future__ import annotations

import sys
import weakref
from typing import Any

_made: dict[str, tuple[str, weakref.WeakSet[Any]]] = {}  # cell -> the execution it was last run by, and what that made


def made(widget: Any) -> None:
    """Remember which cell made a widget, and close those that an earlier run of the cell made."""
    cell, execution = _now()
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


def _now() -> tuple[str, str]:
    """The cell that runs and the number of its run, as the front end names them; empty outside a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or not hasattr(shell, "kernel"):
        return "", ""
    # ipykernel's shell has it; in a browser, Pyodide's kernel
    home: Any = shell if hasattr(shell, "get_parent") else shell.kernel
    told = home.get_parent() or {}
    return told.get("metadata", {}).get("cellId", ""), told.get("header", {}).get("msg_id", "")
