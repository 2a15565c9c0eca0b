"""A notebook that somebody named: read from its file, and run in a kernel of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from rich.console import Console

from course_utils.errors import UserError
from course_utils.extras import lacks

CELL_SECONDS = 300  # a student's own machine may be slow; a loop that never ends is stopped all the same


def read_notebook(path: Path) -> Any:
    """The notebook in a file. Raises UserError where the file holds none."""
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise UserError(
            f"{path} cannot be read as a notebook: was it saved whole? "
            "An earlier state may lie in .ipynb_checkpoints beside it. If you move it away, `handgrad start` makes a new one."
        ) from error


def run_notebook(read: Any, path: Path, **settings: str) -> None:
    """Run all cells where the notebook lies, past those that fail; outputs and widgets are put into `read`, the file stays as it is.

    `settings` are added to the kernel's environment. Raises UserError where its kernel, or what its set-up cell imports, is not
    installed, or where Python dies.
    """
    missing = lacks(path)
    if missing:
        raise UserError(missing)
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    told = {"metadata": {"path": str(path.resolve().parent)}}
    client = NotebookClient(read, timeout=CELL_SECONDS, interrupt_on_timeout=True, allow_errors=True, resources=told)
    with Console(stderr=True).status(f"running {path.name} …"):
        try:
            client.execute(
                env={**os.environ, **settings}, stderr=subprocess.DEVNULL
            )  # the kernel's own log; what cells write on stderr is in the outputs
        except NoSuchKernel as error:
            raise UserError(
                f"{path} asks for the kernel {error.name!r}, which is not installed here: choose another in JupyterLab."
            ) from None
        except DeadKernelError:
            raise UserError(f"Python ended while it ran {path}: a cell may have used up the memory, or called exit().") from None
