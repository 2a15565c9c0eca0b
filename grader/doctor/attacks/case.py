"""What a case is: how a submission is made from the honest one, and what it may gain at most and has to keep at least."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LAB = "lab_besieged"
NOTEBOOK = f"{LAB}.ipynb"
POINTS: Mapping[str, float] = dict.fromkeys(("slope", "sigmoid", "relu", "center", "evens"), 20.0)
WHOLE = sum(POINTS.values())
Cell = dict[str, Any]

SCORE = "tampering with the score"
STEALING = "stealing"
DENIAL = "denying service"
BROKEN = "broken input"
READER = "the reader's side"
MACHINERY = "machinery"
SEEN = "seen to fail"
ROWS = (SCORE, STEALING, DENIAL, BROKEN, READER, MACHINERY, SEEN)

PLACES = ("hidden", "solutions", "gradebook", "journal", "environment", "neighbour", "machine", "home")


@dataclass
class Draft:
    """A submission in the making: the notebook as JSON, what replaces its bytes, and what is done to its folder."""

    released: Cell
    right: Mapping[str, str]
    student: str
    words: Mapping[str, str]  # what `@WORD@` in a case stands for in this run
    notebook: Cell = field(init=False)
    raw: bytes | None = None
    whole: bool = True  # whether the folder and the notebook are written at all
    afterwards: list[Callable[[Path], object]] = field(default_factory=list)  # each gets the lab's folder of the student

    def __post_init__(self) -> None:
        self.notebook = copy.deepcopy(self.released)
        for name, code in self.right.items():
            self.answer(name, code)

    @property
    def cells(self) -> list[Cell]:
        """The cells of the notebook."""
        return self.notebook["cells"]  # type: ignore[no-any-return]

    def cell(self, grade_id: str) -> Cell:
        """The cell with this id of nbgrader's."""
        return next(cell for cell in self.cells if grade_id_of(cell) == grade_id)

    def answer(self, exercise: str, code: str) -> None:
        """Write an answer."""
        self.cell(exercise)["source"] = self.fill(code)

    def insert(self, code: str, before: str = "slope", kind: str = "code") -> Cell:
        """A cell of the student's own, above one of the template's; at the end where `before` is empty."""
        cell: Cell = {"cell_type": kind, "id": f"own-{len(self.cells)}", "metadata": {}, "source": self.fill(code)}
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        at = self.cells.index(self.cell(before)) if before else len(self.cells)
        self.cells.insert(at, cell)
        return cell

    def beside(self, name: str, text: str | bytes) -> None:
        """A file beside the notebook."""
        data = text if isinstance(text, bytes) else self.fill(text).encode()
        self.afterwards.append(lambda folder: _write(folder / name, data))

    def fill(self, text: str) -> str:
        """A text with the words of this run in it."""
        for word, value in self.words.items():
            text = text.replace(f"@{word}@", value)
        return text

    def data(self) -> bytes:
        """The notebook's bytes."""
        return self.raw if self.raw is not None else json.dumps(self.notebook, indent=1).encode()

    def hand_in(self, submitted: Path) -> None:
        """Write it below `submitted/`."""
        folder = submitted / self.student / LAB
        if self.whole:
            _write(folder / NOTEBOOK, self.data())
        for act in self.afterwards:
            act(folder)


@dataclass(frozen=True)
class Case:
    """One attack or mishap.

    `most` is what its honest part deserves, `least` what it has to keep of that. `wants` names the secrets that it is after, where
    these stand in everybody's pages already; every other secret counts whatever the case was after.
    """

    name: str
    row: str
    tries: str
    make: Callable[[Draft], object]
    most: float = WHOLE
    least: float = 0.0
    wants: tuple[str, ...] = ()
    student: str = ""  # the folder's name, where it matters
    alone: bool = False  # whether what it starts would keep others waiting where no sandbox ends it

    @property
    def called(self) -> str:
        """The name of the folder in `submitted/`."""
        return self.student or self.name


def code(name: str, row: str, tries: str, source: str, *, before: str = "slope", without: str = "", **bounds: Any) -> Case:
    """Honest answers but for the exercises named in `without`, and one cell more."""
    left_out = without.split()

    def make(draft: Draft) -> None:
        for exercise in left_out:
            draft.answer(exercise, _unanswered(exercise))
        draft.insert(source, before)

    bounds.setdefault("most", WHOLE - sum(POINTS[exercise] for exercise in left_out))
    return Case(name, row, tries, make, **bounds)


def answers(
    name: str, row: str, tries: str, *, most: float | None = None, least: float = 0.0, wants: tuple[str, ...] = (), **given: str
) -> Case:
    """These answers deserve nothing, all others are right."""

    def make(draft: Draft) -> None:
        for exercise, source in given.items():
            draft.answer(exercise, source)

    deserved = WHOLE - sum(POINTS[exercise] for exercise in given) if most is None else most
    return Case(name, row, tries, make, deserved, least, wants)


def keeps(name: str, row: str, tries: str, make: Callable[[Draft], object], **more: Any) -> Case:
    """Something odd is done to an honest submission, which keeps all its points."""
    return Case(name, row, tries, make, WHOLE, WHOLE, **more)


def grade_id_of(cell: Cell) -> str:
    """nbgrader's id of a cell, if it has one."""
    return str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))


def _unanswered(exercise: str) -> str:
    return "evens = None" if exercise == "evens" else f"def {exercise}(*args):\n    raise NotImplementedError()"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
