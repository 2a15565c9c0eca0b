"""An example of code for others to see: what a student wrote about, and by whom, is not in it."""

from __future__ import annotations

import pytest

from grader.desk.nameless import LINES, example_in, nameless

NAMES = ("stud17", "Ada", "Løve-Lace", "ada@x.org")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('"""Ada"""\n# Ada\ndef f(x):\n    """By Ada."""\n    return x  # stud17', "def f(x):\n    return x"),
        ("def f(x):\n    ada_sum = x\n    return 'ADA ' + Adas", "def f(x):\n    student_sum = x\n    return 'student ' + Adas"),
        ("w = 'Løve-Lace, ada@x.org'", "w = 'student, student'"),
        ("class A:\n    '''Ada'''", "class A:\n    pass"),
        ("def f(x)\n\treturn x # Ada\n#Ada", "def f(x)\n    return x"),
        ("x = '\x1b[31m\x07red'", "x = '\\x1b[31m\\x07red'"),
        ("x = \x1b[31m 1 +", "x = 1 +"),
        ("", ""),
    ],
)
def test_code_without_anybodys_name(source, shown):
    assert nameless(source, NAMES) == shown


def test_a_name_that_numpy_has_as_well_stays():
    assert nameless("y = np.max(x)", ("Max", "")) == "y = np.max(x)"


@pytest.mark.parametrize("source", ["(" * 5000, "x = 1\n" * 10**5, "-" * 15_000 + "1", "\0"])
def test_code_that_is_made_to_be_slow_ends_soon(source):
    assert len(nameless(source, NAMES).split("\n")) <= LINES + 1


def test_the_cell_of_the_exercise_is_found():
    def cell(name: str, source: object, **more: object) -> dict[str, object]:
        return {"cell_type": "code", "source": source, "metadata": {"nbgrader": {"grade_id": name, "solution": True} | more}}

    cells = [cell("f_check", "no", solution=False), {"cell_type": "code"}, cell("g", " "), cell("f", ["a = 1\n", "b = 2"])]
    assert example_in({"cells": cells}, "f", NAMES) == "a = 1\nb = 2"
    assert example_in({"cells": cells}, "g", NAMES) is None
    assert example_in({}, "f", NAMES) is None
