"""Repair: whatever a student did to the cells, the required ones are there once and in order, and no own code is lost."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from course_utils.cells import checked_exercise
from grader.intake.matching import longest_rising
from grader.intake.notebook import StudentCell
from grader.intake.repairing import as_handed_in, repair
from grader.intake.template import Template, defined_names

Cells = list[StudentCell]


def released(template: Template) -> Cells:
    return list(as_handed_in(repair(template, [StudentCell(c.kind, c.source, c.grade_id, c.node.id) for c in template.cells]).notebook))


def grade_ids(repaired: Any) -> list[str]:
    return [role.grade_id for role in repaired.roles if role and role.required]


def wanted_ids(template: Template) -> list[str]:
    return [cell.grade_id for cell in template.cells if cell.required]


EDITS = ("delete", "copy", "move", "retype", "edit", "forget", "split", "swap ids", "own code", "empty")


def disturb(cells: Cells, edit: str, chance: random.Random) -> Cells:  # noqa: C901 - a list of things that happen
    """One thing that students do to notebooks."""
    cells = list(cells)
    if not cells:
        return [StudentCell("code", "x = 1")]
    at, other = chance.randrange(len(cells)), chance.randrange(len(cells))
    cell = cells[at]
    if edit == "delete":
        del cells[at]
    elif edit == "copy":
        cells.insert(other, cell)
    elif edit == "move":
        cells.insert(min(other, len(cells) - 1), cells.pop(at))
    elif edit == "retype":
        cells[at] = replace(cell, kind=chance.choice(["code", "markdown", "raw"]))
    elif edit == "edit":
        cells[at] = replace(
            cell, source=chance.choice(["", "pass", "def double(x):\n    return 2 * x", "check('center')", cell.source + "\n1"])
        )
    elif edit == "forget":
        cells = [replace(cell, grade_id="", id="") for cell in cells]
    elif edit == "split":
        half = len(cell.source) // 2
        cells[at : at + 1] = [replace(cell, source=cell.source[:half]), replace(cell, source=cell.source[half:])]
    elif edit == "swap ids":
        cells[at], cells[other] = replace(cell, grade_id=cells[other].grade_id), replace(cells[other], grade_id=cell.grade_id)
    elif edit == "own code":
        cells.insert(at, StudentCell("code", f"own_{at} = {chance.random()}", chance.choice(["", "nobody", cell.grade_id]), "same"))
    else:
        cells[at] = replace(cell, source="")
    return cells


@given(st.lists(st.sampled_from(EDITS), max_size=8), st.integers(0, 2**32))
def test_the_laws_of_repair(template: Template, edits: list[str], seed: int) -> None:
    cells = released(template)
    chance = random.Random(seed)
    for edit in edits:
        cells = disturb(cells, edit, chance)
    repaired = repair(template, cells)
    assert grade_ids(repaired) == wanted_ids(template)
    locked = {role.grade_id: role for role in repaired.roles if role and role.locked}
    for cell, role in zip(repaired.notebook.cells, repaired.roles, strict=True):
        if role and role.grade_id in locked:
            assert cell.source == role.source
        if role and role.grade_id:
            assert cell.metadata.nbgrader == role.node.metadata.nbgrader
            assert cell.cell_type == role.kind
    kept = [cell.source for cell in repaired.notebook.cells]
    for cell in cells:
        if cell.kind == "code" and cell.source.startswith("own_"):
            assert cell.source in kept
    ids = [cell.id for cell in repaired.notebook.cells]
    assert len(ids) == len(set(ids))


@given(st.lists(st.sampled_from(EDITS), max_size=8), st.integers(0, 2**32))
def test_repair_is_idempotent(template: Template, edits: list[str], seed: int) -> None:
    cells = released(template)
    chance = random.Random(seed)
    for edit in edits:
        cells = disturb(cells, edit, chance)
    once = repair(template, cells)
    twice = repair(template, as_handed_in(once.notebook))
    assert twice.notebook == once.notebook


def test_an_untouched_notebook_needs_no_repair(template: Template) -> None:
    repaired = repair(template, released(template))
    assert repaired.sentences == ()
    assert [cell.source for cell in repaired.notebook.cells] == [cell.source for cell in template.cells]


def change(cells: Cells, grade_id: str, **changes: Any) -> Cells:
    return [replace(cell, **changes) if cell.grade_id == grade_id else cell for cell in cells]


def without(cells: Cells, grade_id: str) -> Cells:
    return [cell for cell in cells if cell.grade_id != grade_id]


def test_check_cell_deleted(template: Template) -> None:
    repaired = repair(template, without(released(template), "center_check"))
    assert repaired.sentences == ("The check cell center_check was missing and has been put back.",)
    ids = [role.grade_id if role else "" for role in repaired.roles]
    assert ids.index("center_check") == ids.index("center") + 1


def test_check_cell_edited_copied_and_retyped(template: Template) -> None:
    cells = released(template)
    check = next(cell for cell in cells if cell.grade_id == "double_check")
    edited = repair(template, change(cells, "double_check", source="print('4.0')"))
    assert "The check cell double_check was edited and has been restored." in edited.sentences
    copied = repair(template, [*cells, check, check])
    assert "The check cell double_check was there 3 times; one of them counts." in copied.sentences
    retyped = repair(template, change(cells, "double_check", kind="markdown"))
    assert "The check cell double_check had become a markdown cell and is a code cell again." in retyped.sentences


def test_a_check_cell_of_an_earlier_release_is_nobodys_edit(template: Template) -> None:
    role = next(cell for cell in template.cells if cell.grade_id == "double_check")
    earlier = 'check("double")  # before it was mended'
    checksum = compute_checksum(NotebookNode(role.node, source=earlier))
    given = repair(template, change(released(template), "double_check", source=earlier, checksum=checksum))
    assert given.sentences == ("The check cell double_check is of an earlier release and has been brought up to date.",)
    edited = repair(template, change(released(template), "double_check", source=earlier + "\n", checksum=checksum))
    assert edited.sentences == ("The check cell double_check was edited and has been restored.",)


def test_metadata_lost_in_another_editor(template: Template) -> None:
    cells = [replace(cell, grade_id="", id="") for cell in released(template)]
    answered = [
        replace(c, source="import numpy\ndef center(X):\n    return X - X.mean(0)") if "def center" in c.source else c for c in cells
    ]
    repaired = repair(template, answered)
    assert repaired.sentences == ("The notebook has lost nbgrader's metadata: its cells were recognised by their content.",)
    answer = next(cell for cell, role in zip(repaired.notebook.cells, repaired.roles, strict=True) if role and role.grade_id == "center")
    assert "import numpy" in answer.source


def test_code_written_into_a_check_cell_is_kept(template: Template) -> None:
    cells = change(released(template), "double_check", source="def double(x):\n    return x + x\ncheck('double')")
    repaired = repair(template, cells)
    sources = [cell.source for cell in repaired.notebook.cells]
    assert sources.index("def double(x):\n    return x + x\ncheck('double')") < sources.index('check("double")')
    assert any("held code of the student's own" in sentence for sentence in repaired.sentences)


def test_a_check_follows_the_answer_that_was_moved_below_it(template: Template) -> None:
    cells = released(template)
    stub = next(cell for cell in cells if cell.grade_id == "double")
    cells.remove(stub)
    cells.insert(next(i for i, cell in enumerate(cells) if cell.grade_id == "double_check") + 2, stub)
    roles = [role.grade_id if role else "" for role in repair(template, cells).roles]
    assert roles.index("double") < roles.index("double_check")


def test_nothing_handed_in_is_a_whole_notebook(template: Template) -> None:
    assert grade_ids(repair(template, ())) == wanted_ids(template)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ('check("double")', "double"),
        ('from course_utils import check\ncheck("double")', "double"),
        ("# a remark\ncheck('double')", "double"),
        ('x = check("double")', None),
        ('check("double"); x = 1', None),
        ("check(name)", None),
        ("%matplotlib inline\ncheck('double')", None),
        ("check(" * 500, None),
        ("", None),
    ],
)
def test_what_a_check_cell_is(source: str, name: str | None) -> None:
    assert checked_exercise(source) == name


def test_names_are_found_beside_magics() -> None:
    assert defined_names("%time x\n!ls\ndef f():\n    g = 1\nclass C: pass\ny: int = 3\nz == 4") == {"f", "C", "y"}


@given(st.lists(st.integers(0, 50), unique=True))
def test_longest_rising(values: list[int]) -> None:
    chosen = [values[i] for i in sorted(longest_rising(values))]
    assert chosen == sorted(chosen)
    assert len(chosen) >= (len(values) > 0)
