"""What the page says of each lab, read from what was released."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from course_utils.checking.declare import load_checks
from course_utils.errors import UserError

_HOURS = re.compile(r"\b(one|two|three|four)( and a half)? hours?\b")
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4}
_LARGE = ("torch",)  # no browser's Python has it
_THROUGH = ("devices", "training")  # of course_utils: these import it


class Shown(NamedTuple):
    """A lab: its folder, the title and the minutes that its notebook names, its exercises, and the points of the checks in it."""

    folder: Path
    title: str
    minutes: int
    exercises: int
    points: float
    needs: str  # what no browser has; "" where it runs in one

    @property
    def name(self) -> str:
        """The lab's name, which is its folder's."""
        return self.folder.name


def shown(folder: Path) -> Shown:
    """What there is to say of a released lab. Raises UserError where the folder holds answers, or no notebook."""
    path = folder / f"{folder.name}.ipynb"
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(f"{path} is no notebook that can be read: build the lab again, with `handgrad build {folder.name}`.") from None
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    text = "".join(cells[0]["source"]) if cells else ""
    if any("### BEGIN SOLUTION" in source for source in code):
        raise UserError(f"{path} has answers in it: a site is built from labs/, which `handgrad build` makes without them.")
    checks = [check for check in load_checks(folder / "checks.py") if not check.hidden]
    title = next((line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")), folder.name)
    points = sum(check.points for check in checks)
    return Shown(folder, title, minutes_in(text), len({check.exercise for check in checks}), points, next(_missing(code), ""))


def minutes_in(text: str) -> int:
    """The minutes that a text names, in minutes or in hours; 0 where it names none."""
    found = re.search(r"\b(\d+) minutes\b", text)
    if found:
        return int(found[1])
    hours = _HOURS.search(" ".join(text.split()))
    return int(60 * (_WORDS[hours[1]] + (0.5 if hours[2] else 0))) if hours else 0


def _missing(cells: list[str]) -> Iterator[str]:
    """What the notebook imports wherever it is run, and no browser has. What only a function of it imports is not needed."""
    for cell in cells:
        for statement in _statements(cell):
            if isinstance(statement, ast.Import):
                yield from (alias.name.split(".")[0] for alias in statement.names if alias.name.split(".")[0] in _LARGE)
            elif isinstance(statement, ast.ImportFrom) and statement.module:
                top = statement.module.split(".")[0]
                through = top == "course_utils" and {alias.name for alias in statement.names} & set(_THROUGH)
                if top in _LARGE or through:
                    yield _LARGE[0] if through else top


def _statements(cell: str) -> list[ast.stmt]:
    try:
        return ast.parse(cell).body
    except SyntaxError:  # magics
        return []
