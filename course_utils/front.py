"""Where a notebook is open: in whose page, in which folder, and which of its cells runs.

A page names the cell in the metadata of what it asks the kernel: JupyterLab and Notebook by an id, VS Code by an address of its own,
Colab not at all. VS Code also leaves the notebook's path in a name of the notebook, as it may start the kernel in another folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

_VSCODE = "vscode-"  # how its cells' addresses begin
_VSCODE_FILE = "__vsc_ipynb_file__"


class Run(NamedTuple):
    """One run of a cell, as the page names it; empty where it names none."""

    cell: str = ""
    number: str = ""


def shell() -> Any:
    """IPython's shell; None where no notebook runs. Imports nothing."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def running() -> Run:
    """The run of a cell that goes on; empty outside a notebook."""
    own = shell()
    if not hasattr(own, "kernel"):
        return Run()
    # ipykernel's shell has it; in a browser, Pyodide's kernel
    home = own if hasattr(own, "get_parent") else own.kernel
    told = home.get_parent() or {}
    return Run(told.get("metadata", {}).get("cellId", ""), told.get("header", {}).get("msg_id", ""))


def is_jupyters() -> bool:
    """Whether the page is one of Jupyter's own, whose outputs our style sheets know."""
    return hasattr(shell(), "kernel") and "google.colab" not in sys.modules and not _in_vscode()


def folder() -> Path:
    """The folder of the notebook, else the one in which Python runs.

    VS Code's setting `jupyter.notebookFileRoot` starts kernels in another one; the path it tells may be one of another machine.
    """
    told = getattr(shell(), "user_ns", {}).get(_VSCODE_FILE)
    if isinstance(told, str) and Path(told).is_file():
        return Path(told).resolve().parent
    return Path.cwd()


def _in_vscode() -> bool:
    """By the cell that runs: a JupyterLab that was started in VS Code's terminal has the same environment."""
    return running().cell.startswith(_VSCODE) or _VSCODE_FILE in getattr(shell(), "user_ns", {})
