"""JupyterLab as a page, made by JupyterLite from what is installed here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from course_utils.errors import UserError
from grader.site.wheels import needed

MADE_WITH = ("jupyterlite-core", "0.6")  # the kernel of another one has another Pyodide
KERNEL = "jupyterlite-pyodide-kernel"
WIDGETS = "jupyterlab-widgets"
_WIDGETS_BEFORE = (3, 0, 16)  # from then on it wants JupyterLab 4.4.6, and jupyterlite-core 0.6 has 4.4.5
EXTENSIONS = (KERNEL, "anywidget", WIDGETS)  # the kernel; and what draws explorers
_PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"


def ask_for_tools() -> None:
    """Raises UserError with what to install, where JupyterLite is missing or another one than this was made for."""
    found = needed(MADE_WITH[0]).version
    needed(KERNEL)
    if not found.startswith(MADE_WITH[1] + "."):
        raise UserError(f"jupyterlite-core {found} is installed, and the site is made with {MADE_WITH[1]}: pip install 'handgrad[site]'.")
    widgets = needed(WIDGETS).version
    if tuple(int(part) for part in re.findall(r"\d+", widgets)[:3]) >= _WIDGETS_BEFORE:
        raise UserError(f"{WIDGETS} {widgets} wants a later JupyterLab than the page has: pip install 'handgrad[site]'.")
    if find_spec("jupyter_server") is None:
        raise UserError("jupyter_server is not installed here, and a site needs it: pip install 'handgrad[site]'.")


def make(scratch: Path, labs: Path, target: Path, preloaded: Sequence[str], *, online: bool) -> None:
    """Write JupyterLab with the files of `labs` into `target`; `scratch` is an empty folder.

    preloaded: the packages that a kernel loads first. Raises UserError with what JupyterLite said.
    """
    (scratch / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": _building(scratch, labs, target)}))
    (scratch / "jupyter-lite.json").write_text(json.dumps(_running(preloaded, online)))
    (scratch / "overrides.json").write_text(json.dumps(_SETTINGS))
    environment = {**os.environ, "JUPYTER_NO_CONFIG": "1", "JUPYTER_PREFER_ENV_PATH": "1"}
    told = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build"], cwd=scratch, env=environment, capture_output=True, text=True, check=False
    )
    if told.returncode:
        raise UserError(f"JupyterLite could not build the page: {(told.stderr or told.stdout).strip()[-1500:]}")


def _building(scratch: Path, labs: Path, target: Path) -> dict[str, object]:
    return {
        "lite_dir": str(scratch),
        "cache_dir": str(scratch / "cache"),
        "output_dir": str(target),
        "contents": [str(labs)],
        "apps": ["lab"],
        "ignore_sys_prefix": True,  # what else is installed, such as the tools of authors, stays out
        "federated_extensions": [str(extension(name)) for name in EXTENSIONS],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "source_date_epoch": max(int(path.stat().st_mtime) for path in labs.rglob("*") if path.is_file()),  # not when it was built
    }


def _running(preloaded: Sequence[str], online: bool) -> dict[str, object]:
    kernel = {
        "pyodideUrl": "./static/pyodide/pyodide.js",
        "disablePyPIFallback": not online,
        "loadPyodideOptions": {
            "lockFileURL": "./static/pyodide/pyodide-lock.json",
            "packages": list(preloaded),
            "env": {"PYTHONSTARTUP": "/lib/python3.12/site-packages/handgrad_started.py"},
        },
    }
    data = {"appName": "Handgrad", "litePluginSettings": {_PLUGIN: kernel}, "disabledExtensions": _UNUSED}
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}


# What no lab needs: each takes its share of the time until Python listens, and of a beginner's attention.
_UNUSED = [
    f"@jupyterlab/{name}-extension"
    for name in ("celltags", "csvviewer", "htmlviewer", "running", "terminal")
]

_DOWNLOAD = {"command": "docmanager:download", "rank": 5.9}  # JupyterLite has the command, but not in the menu
_SETTINGS = {
    "@jupyterlab/mainmenu-extension:plugin": {"menus": [{"id": "jp-mainmenu-file", "items": [_DOWNLOAD]}]},
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 20},  # seconds; a browser's tab is soon closed
    # all cells are on the page: an explorer lives on while nobody sees it, and whoever looks for a word or prints finds it all
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}


def extension(name: str) -> Path:
    """The folder of the JupyterLab extension that an installed package brings. Raises UserError where there is none."""
    found = needed(name)
    for path in found.files or ():
        if path.name == "package.json" and "labextensions" in path.parts and "node_modules" not in path.parts:
            return Path(str(found.locate_file(path))).resolve().parent
    raise UserError(f"{name} is installed without its part for JupyterLab: pip install --force-reinstall {name}.")
