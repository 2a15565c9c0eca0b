"""Kernels of other languages: which folders of this machine one needs to see inside the sandbox. All others stay hidden."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grader
from grader.sandbox import visible

_OF_A_PROGRAM = ("bin", "sbin", "lib", "lib32", "lib64", "libexec", "include", "pyvenv.cfg")
_SETTINGS = Path("/etc")
_COURSES = tuple(
    f"{above}{name}" for above in ("", "*/") for name in ("nbgrader_config.py", "nbgrader_config.json", "gradebook.db", ".handgrad")
)


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
        there = [path for path in found if path.exists() and not _too_much(path) and not visible.is_shown(path)]
        shown = [path for path in there if not _holds_a_course(path)]
        return sorted(path for path in shown if not any(path != other and path.is_relative_to(other) for other in shown))

    def _installed_with(self, program: Path) -> Iterator[Path]:
        yield from _around(program)
        prefixes = {program.parent.parent, *visible.ROOTS}
        for word in {self.language, self.language.lower(), program.name}:
            if not word or word.lower().startswith("python"):
                continue
            yield from (prefix / part / word for prefix in prefixes for part in ("share", "etc"))
            yield _SETTINGS / word

    def _named(self) -> Iterator[Path]:
        """The paths that the kernelspec names, such as a library of the instructor's."""
        texts = [*self.words, *(part for value in self.env.values() for part in value.split(os.pathsep))]
        yield from (Path(text) for text in texts if text.startswith("/"))


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


def _holds_a_course(path: Path) -> bool:
    """Whether a folder is a course, or courses lie in it, as where a script that a kernelspec names lies beside them."""
    return path.is_dir() and any(True for pattern in _COURSES for _ in path.glob(pattern))
