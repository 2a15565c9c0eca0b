"""Python as bytecode: what a browser would have to compile at each visit is compiled once, when the site is built.

Bytecode belongs to one version of Python, that of Pyodide. So another program compiles: a Python of that version where there is one,
otherwise Node, which runs Pyodide itself. What was compiled is kept in the user's cache, by the digest of what it was made from.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Container, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from grader.site.pyodide import CORE, LOCK, Pyodide

PYTHON = (3, 12)  # Pyodide's
STDLIB = "python_stdlib.zip"
_SECONDS = 900  # a slow machine takes a minute


class Compiler:
    """Makes bytecode. commands: what may run the script `compiled.py.txt`; the first that can is taken.

    `trouble` says in a sentence why nothing was compiled, and is empty as long as all went well.
    """

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self._commands = commands
        self._script = _part("compiled.py.txt")
        self.trouble = "" if commands else "neither Python 3.12 nor Node is installed here"

    def __call__(self, packed: Mapping[str, bytes], keep: Container[str] = ()) -> dict[str, bytes]:
        """Packed files, by name, with bytecode in the place of Python's text; for the names in `keep` beside it.

        Where it cannot be made, the files as they were.
        """
        places = {name: self._place(name, data, name in keep) for name, data in packed.items()}
        missing = {name: data for name, data in packed.items() if not places[name].is_file()}
        if missing and not self.trouble:
            self._compile(missing, keep, places)
        return dict(packed) if self.trouble else {name: place.read_bytes() for name, place in places.items()}

    def _place(self, name: str, data: bytes, kept: bool) -> Path:
        """Where the bytecode of a file is kept between two builds."""
        digest = hashlib.sha256(f"{self._script}{_told(name, kept)}".encode() + data).hexdigest()
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "handgrad" / "bytecode" / digest[:32]

    def _compile(self, packed: Mapping[str, bytes], keep: Container[str], places: Mapping[str, Path]) -> None:
        with tempfile.TemporaryDirectory(prefix="handgrad-bytecode-") as scratch:
            source, target, script = Path(scratch, "source"), Path(scratch, "target"), Path(scratch, "compiled.py")
            source.mkdir()
            target.mkdir()
            script.write_text(self._script, encoding="utf-8")
            for name, data in packed.items():
                (source / _told(name, name in keep)).write_bytes(data)
            self.trouble = self._run(str(script), str(source), str(target))
            for name in packed if not self.trouble else ():
                places[name].parent.mkdir(parents=True, exist_ok=True)
                beside = places[name].with_suffix(f".{os.getpid()}")
                shutil.copyfile(target / _told(name, name in keep), beside)
                beside.replace(places[name])  # whole or not at all

    def _run(self, *words: str) -> str:
        """Run the script; what is to be said of it, nothing where all went well."""
        said = ""
        for command in self._commands:
            try:
                ran = subprocess.run([*command, *words], capture_output=True, text=True, timeout=_SECONDS, check=False)
            except (OSError, subprocess.TimeoutExpired) as error:
                said = str(error)
                continue
            if not ran.returncode:
                return ""
            said = f"{command[0]} could not compile it ({' '.join((ran.stderr or ran.stdout).split())[-300:]})"
        return said


def compiler(pyodide: Pyodide, scratch: Path) -> Compiler:
    """What compiles on this machine, for a distribution of Pyodide; `scratch` is a folder to put Pyodide's core in, where Node runs it."""
    commands = []
    python = sys.executable if sys.version_info[:2] == PYTHON else shutil.which("python{}.{}".format(*PYTHON))
    if python:
        commands.append([python, "-I"])
    node = shutil.which("node")
    if node:
        for name in (*CORE, LOCK):
            (scratch / name).write_bytes(pyodide.read(name))
        driver = scratch / "compiled.cjs"
        driver.write_text(_part("compiled.cjs.txt"), encoding="utf-8")
        commands.append([node, str(driver), str(scratch)])
    return Compiler(commands)


def _told(name: str, kept: bool) -> str:
    """A file's name as the script understands it: whether to keep Python's text, and which file it is."""
    return f"{'keep' if kept else 'less'}-{'stdlib' if name == STDLIB else name}"


def _part(name: str) -> str:
    return files("grader.site").joinpath(name).read_text(encoding="utf-8")
