"""Where the labs are: beside the notebook, or inside the installed package."""

from __future__ import annotations

import functools
from pathlib import Path

from course_utils.checking.lab import Lab
from course_utils.errors import UserError


def packaged_labs() -> Path:
    """The folder of the labs that came with the package: in a wheel, or beside the sources of a checkout."""
    here = Path(__file__).resolve().parent
    return next((folder for folder in (here / "_labs", here.parent / "labs") if folder.is_dir()), here / "_labs")


def packaged_solutions() -> Path | None:
    """The solutions of those labs, where the package is a checkout's."""
    folder = Path(__file__).resolve().parent.parent / "solutions"
    return folder if folder.is_dir() and packaged_labs().parent == folder.parent else None


def is_lab(folder: Path) -> bool:
    """Whether a folder holds a released lab."""
    return (folder / "cases.npz").is_file()


def lab_folders(root: Path) -> list[Path]:
    """The folders below `root` that hold a released lab, in the order of their names."""
    return sorted(path.parent for path in root.glob("*/cases.npz")) if root.is_dir() else []


def find_lab(exercise: str, folder: Path) -> tuple[Lab, Path]:
    """The lab that checks an exercise and its folder: the one in `folder`, else a packaged one."""
    candidates = [folder] if is_lab(folder) else []
    known: list[str] = []
    for candidate in [*candidates, *lab_folders(packaged_labs())]:
        lab = open_lab(candidate, (candidate / "cases.npz").stat().st_mtime_ns)
        if exercise in lab.checks:
            return lab, candidate
        known += lab.checks if candidate == folder or not candidates else ()
    raise UserError(_unknown(exercise, known))


@functools.lru_cache(maxsize=16)
def open_lab(folder: Path, _changed: int = 0) -> Lab:
    """A released lab, read once for as long as its cases stay the same."""
    return Lab.from_release(folder)


def _unknown(exercise: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(exercise, known, 1)
    if near:
        return f"No check is called {exercise!r}: do you mean {near[0]!r}?"
    beside = "its lab's checks.py and cases.npz have to lie beside the notebook, as in the folder that was handed out"
    return f"No check is called {exercise!r}: {beside}. Take all of that folder."
