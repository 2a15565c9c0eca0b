"""Kernels of other languages: which are installed on this machine, and which folders one needs to see inside the sandbox.

A kernel is asked for by the name of its kernelspec, the folder with a `kernel.json` that `jupyter kernelspec list` shows.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grader
from course_utils.errors import UserError
from grader.sandbox import visible

_INSTALL = {
    "r": "in R, `install.packages('IRkernel')` and `IRkernel::installspec()`",
    "bash": "`pip install bash_kernel` and `python -m bash_kernel.install --sys-prefix`",
    "julia": "in Julia, `using Pkg; Pkg.add(\"IJulia\")`",
    "octave": "`pip install octave_kernel`, and Octave itself",
    "scheme": "`pip install calysto_scheme`",
    "sagemath": "your system's package `sagemath-jupyter`",
}
_PYTHON = re.compile(r"i?python[\d.]*", re.IGNORECASE)
_OWN_PYTHON = re.compile(r"python(3(\.\d+)?)?")  # what jupyter_client takes for its own interpreter
_OF_A_PROGRAM = ("bin", "sbin", "lib", "lib32", "lib64", "libexec", "include", "pyvenv.cfg")
_SETTINGS = Path("/etc")


@dataclass(frozen=True)
class Kernel:
    """An installed kernel; `folder` holds its kernel.json, `program` is what starts it, `words` are the rest of its command."""

    name: str
    language: str
    folder: Path
    program: Path
    words: tuple[str, ...]
    env: Mapping[str, str]

    def for_the_inside(self) -> dict[str, Any]:
        """What the process that starts it needs to know, as JSON can hold it."""
        return {"name": self.name, "folder": str(self.folder), "bin": str(self.program.parent)}

    def places(self) -> list[Path]:
        """What it needs to see beside the system and this Python: read-only, and nothing that would show a home or the grader."""
        found = {self.folder: None}
        for program in _steps(self.program):
            found |= dict.fromkeys(self._installed_with(program))
        for named in self._named():
            found |= dict.fromkeys(_around(named))
        shown = [path for path in found if path.exists() and not _too_much(path) and not visible.is_shown(path)]
        return sorted(path for path in shown if not any(path != other and path.is_relative_to(other) for other in shown))

    def _installed_with(self, program: Path) -> Iterator[Path]:
        yield from _around(program)
        prefixes = {program.parent.parent, *visible.ROOTS}
        for word in {self.language, self.language.lower(), program.name}:
            if not word or is_python(word):
                continue
            yield from (prefix / part / word for prefix in prefixes for part in ("share", "etc"))
            yield _SETTINGS / word

    def _named(self) -> Iterator[Path]:
        """The paths that the kernelspec names, such as a library of the instructor's."""
        texts = [*self.words, *(part for value in self.env.values() for part in value.split(os.pathsep))]
        yield from (Path(text) for text in texts if text.startswith("/"))


def find_kernel(name: str, language: str, notebook: str) -> Kernel | None:
    """The kernel that a notebook names; None when that one is Python's. UserError, with what to do, when it is not installed.

    `language` is the notebook's, as far as it says so; `notebook` is what a sentence calls it.
    """
    if is_python(language) or (not name and not language):
        return None
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    specs = KernelSpecManager()
    try:
        spec = specs.get_kernel_spec(name or "no kernel")
    except NoSuchKernel:
        if not language and "python" in name.lower():
            return None
        raise UserError(_missing(name, language, notebook, sorted(specs.find_kernel_specs()))) from None
    if is_python(spec.language or language):
        return None
    program = _program(spec.argv[0]) if spec.argv else None
    if program is None:
        asked = spec.argv[0] if spec.argv else "nothing"
        raise UserError(f"The kernel {name} of {notebook} starts {asked}, which is not here: install it, or mend {spec.resource_dir}/kernel.json.")
    folder = Path(spec.resource_dir)
    words = tuple(word.replace("{resource_dir}", str(folder)) for word in spec.argv[1:])
    return Kernel(name, spec.language or language, folder, program, words, dict(spec.env))


def is_python(language: str) -> bool:
    """Whether a notebook of this language runs in the shell that is here for all of Handgrad's."""
    return _PYTHON.fullmatch(language) is not None


def _missing(name: str, language: str, notebook: str, installed: list[str]) -> str:
    of = f" ({language})" if language else ""
    here = ", ".join(installed) or "none"
    if not name:
        return f"{notebook} is written in {language} and names no kernel: open its source in Jupyter, choose one and save; installed are {here}."
    how = _INSTALL.get(language.lower(), "see the kernel's own manual")
    return (
        f"{notebook} runs in the kernel {name}{of}, which is not installed here, so nothing was graded. Install it ({how}) until "
        f"`jupyter kernelspec list` shows {name}, and grade again; it shows {here} now."
    )


def _program(word: str) -> Path | None:
    """Where the program of a kernelspec lies."""
    if _OWN_PYTHON.fullmatch(word):
        return Path(sys.executable)
    found = shutil.which(word)
    return Path(found).absolute() if found else None


def _steps(program: Path) -> list[Path]:
    """A program and what it is a link to: both have libraries beside them."""
    return list(dict.fromkeys([program, program.resolve()]))


def _around(path: Path) -> Iterator[Path]:
    """A folder, or what is installed around a program; of another file the folder it is in."""
    if path.name == "bin" or path.parent.name == "bin":
        prefix = path.parent if path.name == "bin" else path.parent.parent
        if not _too_much(prefix):
            yield from (prefix / part for part in _OF_A_PROGRAM)
    elif path.is_file():
        yield path.parent
    yield path


def _too_much(path: Path) -> bool:
    """Whether a path would show what has to stay hidden: all of a disk, a home, or the grader itself."""
    hidden = (Path.home(), Path.home().resolve(), Path(str(grader.__file__)).resolve().parent)
    return len(path.parts) <= 2 or any(place.is_relative_to(path) for place in hidden) or path.is_relative_to(hidden[-1])
