"""By what a mark is known to belong to an answer still."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from grader.intake import StudentCell, make_template, repair
from grader.judging.written import digests_of_answers

HIDDEN = "assert square(2) == 4\n### BEGIN HIDDEN TESTS\nassert square(3) == 9\n### END HIDDEN TESTS"
CELLS = {  # of the template, by grade_id: kind, source, role
    "square": ("code", "def square(x):\n    raise NotImplementedError", {"solution": True}),
    "tests": ("code", "assert square(2) == 4", {"grade": True, "locked": True, "points": 2}),
    "why": ("markdown", "YOUR ANSWER HERE", {"solution": True, "grade": True, "points": 1}),
    "draw": ("markdown", "Draw it.", {"task": True, "locked": True, "points": 3}),
}
ANSWERED = [
    StudentCell("code", "def square(x):\n    return x * x", "square"),
    StudentCell("code", "assert square(2) == 4", "tests"),
    StudentCell("markdown", "Because.", "why"),
    StudentCell("markdown", "Draw it.", "draw"),
    StudentCell("markdown", "A parabola.", ""),
]


def template(**hidden: str) -> Any:
    released = nbformat.v4.new_notebook()
    for name, (kind, source, role) in CELLS.items():
        make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        whole = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, "grade_id": name} | role
        released.cells.append(make(source, metadata={"nbgrader": whole}))
    kept = {name: NotebookNode(source=hidden.get(name, source), checksum=None) for name, (_, source, _) in CELLS.items()}
    return make_template("ps1", released, kept)


def digests(cells: list[StudentCell], files: dict[str, bytes] | None = None, **hidden: str) -> dict[str, str]:
    repaired = repair(template(**hidden), cells)
    found = zip(repaired.roles, digests_of_answers(repaired, files or {}), strict=True)
    return {role.grade_id: digest for role, digest in found if role is not None}


def changed(cells: list[StudentCell], files: dict[str, bytes] | None = None, **hidden: str) -> set[str]:
    """The cells whose answers pass for other ones."""
    before, after = digests(ANSWERED), digests(cells, files, **hidden)
    return {name for name in CELLS if before[name] != after[name]}


def edited(at: int, **words: Any) -> list[StudentCell]:
    return [replace(cell, **words) if number == at else cell for number, cell in enumerate(ANSWERED)]


@pytest.mark.parametrize(
    ("cells", "others"),
    [
        (ANSWERED, set()),
        (edited(1, source="pass"), set()),  # it is restored
        (edited(0, source="def square(x):\n    return x**2"), {"square", "tests", "draw"}),
        (edited(2, source="Because it is so."), {"why", "draw"}),
        (edited(2, attachments={"curve.png": {"image/png": "AAAA"}}), {"why", "draw"}),
        (edited(4, source="A line."), {"draw"}),
        ([*ANSWERED, StudentCell("code", "plot(square)", "")], {"draw"}),
        ([StudentCell("code", "x = 1", ""), *ANSWERED], {"tests", "draw"}),
    ],
)
def test_only_what_bears_on_a_cell_makes_its_answer_another_one(cells: list[StudentCell], others: set[str]) -> None:
    assert changed(cells) == others


def test_a_mended_hidden_test_is_no_other_answer() -> None:
    assert changed(ANSWERED, tests=HIDDEN) == set()


def test_a_file_beside_the_notebook_may_answer_a_task() -> None:
    assert changed(ANSWERED, {"curve.csv": b"1,2"}) == {"draw"}


def test_another_picture_under_the_same_name_is_another_answer() -> None:
    cells = [replace(one, source="![s](my%20scan.png)") if one.grade_id == "why" else one for one in ANSWERED]
    png = b"\x89PNG\r\n\x1a\n"
    first, second = (digests(cells, {"my scan.png": png + byte, "other.png": png + byte}) for byte in (b"1", b"2"))
    assert first["why"] != second["why"]
    assert digests(ANSWERED, {"my scan.png": png + b"1"})["why"] == digests(ANSWERED)["why"]
