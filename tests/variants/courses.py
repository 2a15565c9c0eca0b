"""Courses as ten years of nbgrader have left them: formats, schemas, delimiters, kinds of cells, and what students hand in.

All of it is made from a `Variant` and from nothing else, so that two graders can be given the very same course.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbgrader

Cell = dict[str, Any]
Notebook = dict[str, Any]
AUTOTESTS = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "autotests.yml"
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
LAB = "ps"


@dataclass(frozen=True)
class Delimiters:
    """How an instructor marks what students do not see; `options` are the lines of nbgrader_config.py that say so."""

    solution: tuple[str, str] = ("### BEGIN SOLUTION", "### END SOLUTION")
    hidden: tuple[str, str] = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
    marks: tuple[str, str] = ("=== BEGIN MARK SCHEME ===", "=== END MARK SCHEME ===")
    options: tuple[str, ...] = ()


DELIMITERS: Mapping[str, Delimiters] = {
    "usual": Delimiters(),
    "plain": Delimiters(
        ("# BEGIN SOLUTION", "# END SOLUTION"),
        ("# BEGIN HIDDEN TESTS", "  # END HIDDEN TESTS here"),
        ("BEGIN MARK SCHEME", "END MARK SCHEME"),
    ),
    "configured": Delimiters(
        ("#<answer>", "#</answer>"),
        ("#<secret>", "#</secret>"),
        ("<!-- marks", "marks -->"),
        (
            'c.ClearSolutions.begin_solution_delimeter = "#<answer>"',
            'c.ClearSolutions.end_solution_delimeter = "#</answer>"',
            'c.ClearHiddenTests.begin_test_delimeter = "#<secret>"',
            'c.ClearHiddenTests.end_test_delimeter = "#</secret>"',
            'c.ClearMarkScheme.begin_mark_scheme_delimeter = "<!-- marks"',
            'c.ClearMarkScheme.end_mark_scheme_delimeter = "marks -->"',
            'c.ClearSolutions.code_stub = {"python": "# write here\\nraise NotImplementedError"}',
            'c.ClearSolutions.text_stub = "Write here."',
        ),
    ),
}  # fmt: skip
SECRETS = ("square(-3) == 9", "two points for the axis")  # of hidden tests and mark schemes: no page may show them


@dataclass(frozen=True)
class Variant:
    """One course: nbformat 4.`minor`, nbgrader's metadata of `schema`, and what its notebooks have."""

    minor: int = 5
    schema: int = 3
    delimiters: str = "usual"
    tasks: bool = False
    autotests: bool = False
    notebooks: int = 1

    def __str__(self) -> str:
        extras = [name for name in ("tasks", "autotests") if getattr(self, name)]
        return f"4.{self.minor} schema {self.schema} {self.delimiters} {self.notebooks} nb {' '.join(extras)}".rstrip()


def make_course(root: Path, variant: Variant) -> None:
    """The course's settings and its sources, with a file of data, a module, and files named as a lab's own."""
    marks = DELIMITERS[variant.delimiters]
    source = root / "source" / LAB
    source.mkdir(parents=True)
    config = ["c = get_config()", 'c.CourseDirectory.course_id = "old"', *marks.options]
    (root / "nbgrader_config.py").write_text("\n".join(config) + "\n", encoding="utf-8")
    (source / "data.csv").write_text("3,4\n", encoding="utf-8")
    (source / "checks.py").write_text("LIMIT = 7\n", encoding="utf-8")
    (source / "helper.py").write_text("def twice(x):\n    return 2 * x\n", encoding="utf-8")
    if variant.autotests:
        (root / "autotests.yml").write_bytes(AUTOTESTS.read_bytes())
    for name, cells in _notebooks(variant, marks).items():
        write(source / f"{name}.ipynb", as_notebook(cells, variant.minor))


def as_notebook(cells: list[Cell], minor: int) -> Notebook:
    """A notebook of format 4.`minor`; only 4.5 knows ids of cells."""
    named = [{**cell, **({"id": f"cell-{number}"} if minor == 5 else {})} for number, cell in enumerate(cells)]
    return {"cells": named, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": minor}


def write(path: Path, notebook: Notebook) -> None:
    """A notebook's file, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")


def _notebooks(variant: Variant, marks: Delimiters) -> dict[str, list[Cell]]:
    made = {"p1": [*_code(variant, marks), *_written(variant, marks)]}
    if variant.notebooks > 1:
        made["p2"] = _files(variant, marks)
    if variant.autotests:
        made["p1"] += _autotests(variant, marks)
    return made


class _Maker:
    """Cells with nbgrader's metadata of one schema."""

    def __init__(self, schema: int) -> None:
        self._schema = schema

    def code(self, source: str, grade_id: str = "", **role: Any) -> Cell:
        return {**self._cell("code", source, grade_id, role), "outputs": [], "execution_count": None}

    def text(self, source: str, grade_id: str = "", **role: Any) -> Cell:
        return self._cell("markdown", source, grade_id, role)

    def _cell(self, kind: str, source: str, grade_id: str, role: Mapping[str, Any]) -> Cell:
        metadata: dict[str, Any] = {}
        if grade_id:
            flags = {"grade": False, "solution": False, "locked": False, **({"task": False} if self._schema == 3 else {})}
            metadata["nbgrader"] = {"grade_id": grade_id, **flags, **role}
            if self._schema:
                metadata["nbgrader"]["schema_version"] = self._schema
            elif "points" in role:
                metadata["nbgrader"]["points"] = str(role["points"])  # the first forms kept what was typed
        return {"cell_type": kind, "metadata": metadata, "source": source.splitlines(keepends=True)}


def _between(marks: tuple[str, str], source: str, indent: str = "    ") -> str:
    lines = "\n".join(indent + line for line in source.splitlines())
    return f"{indent}{marks[0]}\n{lines}\n{indent}{marks[1]}"


def _code(variant: Variant, marks: Delimiters) -> list[Cell]:
    make = _Maker(variant.schema)
    hidden = _between(marks.hidden, "assert square(-3) == 9, 'a negative one'", "")
    return [
        make.text("# Squares"),
        make.code("import math\nimport numpy as np\nwith open('p1.txt', 'w') as stream:\n    stream.write('of p1');"),
        make.code(f"def square(x):\n{_between(marks.solution, 'return x * x')}", "square", solution=True),
        make.code("print(square(2))"),
        make.code(f"assert square(2) == 4\n{hidden}", "square_tests", grade=True, locked=True, points=2),
        make.code("0.5 if square(3) == 9 else 0", "half", grade=True, locked=True, points=1),
        make.code(f"def area(r):\n{_between(marks.solution, 'return math.pi * square(r)')}", "area", solution=True),
        make.code("np.testing.assert_allclose(area(1), math.pi)", "area_tests", grade=True, locked=True, points=3),
        make.code(_between(marks.solution, "answer = 42", ""), "answer", solution=True),
        make.code("assert answer == 42\nanswer / 42", "answer_tests", grade=True, locked=True, points=1),
        make.code("limit = 7", "read_only", locked=True),
        make.code("assert limit == 7", "limit_tests", grade=True, locked=True, points=1),
        make.code(_between(marks.solution, "print('a picture')", ""), "picture", grade=True, solution=True, points=4),
    ]


def _written(variant: Variant, marks: Delimiters) -> list[Cell]:
    make = _Maker(variant.schema)
    cells = [
        make.text(_between(marks.solution, "Because it is.", ""), "why", grade=True, solution=True, points=5),
        make.text("Only read this.", "note", locked=True),
    ]
    if variant.tasks:
        scheme = f"{marks.marks[0]}\ntwo points for the axis\n{marks.marks[1]}"
        cells.append(make.text(f"Draw a plot below.\n\n{scheme}", "draw", locked=True, task=True, points=6))
        cells.append(make.code("", ""))
    return cells


def _autotests(variant: Variant, marks: Delimiters) -> list[Cell]:
    make = _Maker(variant.schema)
    hidden = _between(marks.hidden, "### HASHED AUTOTEST square(6)", "")
    return [make.code(f"### AUTOTEST square(5); [square(1), 2]\n{hidden}", "square_auto", grade=True, locked=True, points=2)]


def _files(variant: Variant, marks: Delimiters) -> list[Cell]:
    """A second notebook, which reads, writes and imports what lies beside it."""
    make = _Maker(variant.schema)
    return [
        make.code("import helper\nfrom checks import LIMIT\nfrom pathlib import Path"),
        make.code(f"def total(text):\n{_between(marks.solution, 'return sum(map(int, text.split(chr(44))))')}", "total", solution=True),
        make.code("assert total(Path('data.csv').read_text()) == LIMIT", "total_tests", grade=True, locked=True, points=2),
        make.code("Path('made.txt').write_text(str(helper.twice(LIMIT)));"),
        make.code("assert Path('made.txt').read_text() == '14'", "made_tests", grade=True, locked=True, points=1),
        make.code("%run helper.py\nassert twice(2) == 4", "run_tests", grade=True, locked=True, points=1),
        make.code("%run p1.ipynb"),
        make.code("assert square(4) == 16", "sibling_tests", grade=True, locked=True, points=1),
        make.code("assert Path('p1.txt').read_text() == 'of p1'", "kept_tests", grade=True, locked=True, points=1),
        make.code("import os\nassert os.environ['NBGRADER_EXECUTION'] == 'autograde'", "where_tests", grade=True, locked=True, points=1),
    ]


# What students hand in


Change = Callable[[str, Notebook], Notebook | None]  # of a released notebook, by its name; None: it is not handed in

RIGHT = {
    "square": "def square(x):\n    return x * x",
    "area": "def area(r):\n    return math.pi * square(r)",
    "answer": "answer = 42",
    "picture": "print('mine')",
    "why": "So it is.",
    "total": "def total(text):\n    return sum(int(one) for one in text.split(','))",
}


def answering(**answers: str) -> Change:
    """The right answers, but for these; None in place of an answer leaves it as it was released."""
    wanted: Mapping[str, str] = {**RIGHT, **answers}

    def change(name: str, notebook: Notebook) -> Notebook:
        for cell in notebook["cells"]:
            source = wanted.get(id_of(cell))
            if source is not None:
                cell["source"] = source
        return notebook

    return change


def id_of(cell: Cell) -> str:
    """nbgrader's name of a cell; "" without one."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _then(first: Change, second: Change) -> Change:
    def change(name: str, notebook: Notebook) -> Notebook | None:
        made = first(name, notebook)
        return None if made is None else second(name, made)

    return change


def _with_cells(change: Callable[[list[Cell]], list[Cell]]) -> Change:
    return lambda name, notebook: {**notebook, "cells": change(notebook["cells"])}


def _edited(cells: list[Cell]) -> list[Cell]:
    for cell in cells:
        role = cell["metadata"].get("nbgrader", {})
        if role.get("grade") and not role.get("solution"):
            cell["source"] = "pass"
            role["points"] = 100
            role["locked"] = False
    return cells


def _turned(cells: list[Cell]) -> list[Cell]:
    """Answers in Markdown become code, as when a student presses Y."""
    for cell in cells:
        if id_of(cell) == "why":
            cell |= {"cell_type": "code", "outputs": [], "execution_count": None, "source": "'So it is.'"}
        if id_of(cell) == "square":
            cell["cell_type"] = "markdown"
            cell.pop("outputs")
            cell.pop("execution_count")
    return cells


def _own(cells: list[Cell]) -> list[Cell]:
    """Cells of the student's own between the others, one of which goes wrong."""
    own = [("code", "%%time\nsum(range(10))"), ("code", "1 / 0"), ("code", "!echo hello"), ("markdown", "A note."), ("code", "square(")]
    more: list[Cell] = [
        {"cell_type": kind, "metadata": {}, "source": source, **({"outputs": [], "execution_count": None} if kind == "code" else {})}
        for kind, source in own
    ]
    at = len(cells) // 2
    return [*cells[:at], *more, *cells[at:]]


def _only(wanted: str, change: Change) -> Change:
    return lambda name, notebook: change(name, notebook) if name == wanted else None


STUDENTS: Mapping[str, Change] = {
    "right": answering(),
    "untouched": lambda name, notebook: notebook,
    "wrong": answering(square="def square(x):\n    return x + 2", answer="answer = '42'", total="def total(text):\n    return 8"),
    "negative": answering(square="def square(x):\n    return x * abs(x)"),
    "loud": answering(square="import sys\ndef square(x):\n    print('hm', file=sys.stderr)\n    return x * x"),
    "warns": answering(area="import warnings\ndef area(r):\n    warnings.warn('old')\n    return math.pi * r * r"),
    "broken": answering(square="def square(x)\n    return x * x", answer="raise ValueError('no')"),
    "asks": answering(answer="answer = input('How much? ')"),
    "numbers": answering(answer="answer = 42.0", square="def square(x):\n    return np.float64(x) ** 2"),
    "edits": _then(answering(square="def square(x):\n    return 0"), _with_cells(_edited)),
    "turns": _then(answering(), _with_cells(_turned)),
    "own": _then(answering(), _with_cells(_own)),
    "first only": _only("p1", answering()),
    "o'brien": answering(why="See <b>below</b>."),
    "a&b": answering(picture=""),
}
# Handed in in another way than nbgrader knows: each is an intended difference. At the last ones nbgrader ends the whole class.
STRANGE: Mapping[str, Change] = {
    "deletes": _then(answering(), _with_cells(lambda cells: [cell for cell in cells if id_of(cell) not in ("half", "area_tests")])),
    "zz bare": _then(answering(), _with_cells(lambda cells: [{**cell, "metadata": {}} for cell in cells])),
    "zz twice": _then(answering(), _with_cells(lambda cells: [*cells, *[dict(cell) for cell in cells if id_of(cell) == "square"]])),
}


def hand_in(released: Path, root: Path, student: str, change: Change) -> None:
    """Put what a student makes of the released notebooks into `submitted/`, with the files that were released beside them."""
    folder = root / "submitted" / student / LAB
    folder.mkdir(parents=True)
    for path in sorted(released.iterdir()):
        if path.suffix != ".ipynb":
            (folder / path.name).write_bytes(path.read_bytes())
            continue
        notebook = change(path.stem, json.loads(path.read_text(encoding="utf-8")))
        if notebook is not None:
            write(folder / path.name, notebook)
