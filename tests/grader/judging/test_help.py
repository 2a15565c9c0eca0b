"""While a notebook is graded, nobody is stuck: help shows nothing, breaks nothing and reads nothing."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest

from ..conftest import SOLUTIONS, Classroom

pytestmark = pytest.mark.stress

ASKS = """from course_utils import answer, hint, progress, review
hint("double")
answer("double", give_up=True)
progress()
review()
print([hint("double"), answer("double", give_up=True), progress(), review()])"""
FORCES = f"""from course_utils import asking
asking.silent = False
print(asking.hint("double"), asking.answer("double", give_up=True, solutions="{SOLUTIONS}"), sep="\\n")"""


def graded(classroom: Classroom, source: str) -> tuple[Any, str]:
    """The result of a right submission with one more cell, and what that cell showed."""
    notebook = classroom.notebook()
    notebook.cells.append(nbformat.v4.new_code_cell(source))
    classroom.hand_in("ada", notebook)
    result = classroom.grade().results["ada"]
    shown = nbformat.read(classroom.written("autograded", "ada"), as_version=4).cells[-1].outputs
    return result, "".join(output.get("text", output.get("evalue", "shown")) for output in shown)


def test_help_shows_nothing_and_breaks_nothing(classroom: Classroom) -> None:
    result, shown = graded(classroom, ASKS)
    assert (result.status, result.score) == ("graded", 9)
    assert shown == "[None, None, None, None]\n"


def test_help_reads_nothing_even_when_it_is_forced(classroom: Classroom) -> None:
    result, shown = graded(classroom, FORCES)
    assert result.status == "graded"
    assert shown.startswith("There are no hints for 'double'")
    assert "2 * x" not in shown


@pytest.mark.parametrize("name", ["checks.py", "cases.npz", "hints.json"])
def test_what_helps_stays_on_our_side(classroom: Classroom, name: str) -> None:
    assert (classroom.root / "release" / "lab_tiny" / name).is_file()
    _, shown = graded(classroom, f"import os\nprint(os.path.exists({name!r}))")
    assert shown == "False\n"
