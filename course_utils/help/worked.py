"""The worked answer of an exercise: its derivation from `help.md`, its code from `notebook.py`. Only where solutions are at hand."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import NamedTuple

from course_utils import looks
from course_utils.errors import UserError
from course_utils.help.source import parse

REMEMBERED = Path(".handgrad") / "start.json"
_MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


class Worked(NamedTuple):
    """How one gets to an answer, and the answer itself."""

    derivation: str
    code: str


def remember(folder: Path, solutions: Path | None) -> None:
    """Note in a folder of labs that `handgrad start` made it, and where their solutions are."""
    path = folder / REMEMBERED
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"solutions": str(solutions.resolve()) if solutions else None}) + "\n", encoding="utf-8")


def made_by_start(folder: Path) -> bool:
    """Whether `handgrad start` made this folder of labs."""
    return (folder / REMEMBERED).is_file()


def solutions_of(lab: str, folder: Path, given: str | Path | None = None) -> Path | None:
    """The folder of a lab's solutions: below the one that is given, else below the one that `handgrad start` remembers.

    `folder` is where the notebook lies. None where there are none. Raises UserError when those that are given are not there.
    """
    if given is not None:
        for candidate in (Path(given) / lab, Path(given), Path(given) / "solutions" / lab):
            if candidate.name == lab and (candidate / "notebook.py").is_file():
                return candidate
        raise UserError(f"{given} has no {lab}/notebook.py: name a checkout of Handgrad, or its folder solutions/.")
    for place in (folder, folder.parent):
        remembered = _remembered(place)
        if remembered and (remembered / lab / "notebook.py").is_file():
            return remembered / lab
    return None


def worked(exercise: str, solutions: Path) -> Worked:
    """The worked answer of an exercise, from the folder of its lab's solutions. Raises UserError where it has none."""
    from course_utils.checking.lab import exercise_cells

    cells = exercise_cells(solutions / "notebook.py")
    if exercise not in cells:
        raise UserError(f"{solutions / 'notebook.py'} has no answer to {exercise}: are these the solutions of this lab?")
    path = solutions / "help.md"
    found = parse(path.read_text(encoding="utf-8"), str(path)).exercises.get(exercise) if path.is_file() else None
    return Worked(found.answer if found else "", bare(cells[exercise]))


def bare(source: str) -> str:
    """An exercise's cell with its answer: without the marks around it, and without the docstrings, which the student has read."""
    gone = {number for number, line in enumerate(source.splitlines(), 1) if line.strip() in _MARKERS}
    try:
        tree = ast.parse(source)
    except SyntaxError:  # magics
        tree = ast.Module([], [])
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            text = node.body[0]
            gone |= set(range(text.lineno, (text.end_lineno or text.lineno) + 1))
    return "\n".join(line for number, line in enumerate(source.splitlines(), 1) if number not in gone).strip()


@looks.once_where_dear
def _remembered(place: Path) -> Path | None:
    try:
        stored = json.loads((place / REMEMBERED).read_text(encoding="utf-8"))
        return Path(stored["solutions"]) if stored["solutions"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
