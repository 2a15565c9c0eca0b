"""JupyterLab as a student is to see it: without the tools of authors and without news, and without a change to anybody's settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

# what Jupyter reads before the reader's own settings, for this one server: which extensions stay away
SETTINGS = Path(__file__).resolve().parents[1] / "jupyter"


def open_lab(folder: Path, notebook: Path) -> int:
    """Become a JupyterLab that serves `folder` and shows one of its notebooks.

    On Windows no program can become another one: there it is waited for. Returns its exit code.
    """
    opened = quote(notebook.resolve().relative_to(folder.resolve()).as_posix())
    places = os.pathsep.join(filter(None, [str(SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH", "")]))
    command = ["-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}", f"--LabApp.default_url=/lab/tree/{opened}"]
    sys.stdout.flush()
    command, settings = [sys.executable, *command], {**os.environ, "JUPYTER_CONFIG_PATH": places}
    if sys.platform == "win32":
        return subprocess.run(command, env=settings, check=False).returncode
    else:  # on Windows mypy takes what follows an `if` for unreachable
        return os.execve(sys.executable, command, settings)
