"""An example of a mistake: the definition alone, nobody's words in it, and what most wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.batch import run_errands
from grader.desk.examples import LINES, definition, read_definitions, typical


def test_comments_docstrings_and_long_texts_stay_away():
    cell = '''
# I am Ada
helper = 1
def f(x, mode="same"):
    """Ada's own."""
    print(f"Ada got {x}", "this is Ada, hello to all")  # Ada
    return x if mode == 'same' else helper
'''
    told = definition(cell, "f")
    assert "Ada" not in told
    assert told.startswith("def f(x, mode='same'):\n    print('…', '…')\n")
    assert "helper = 1" not in told


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("f = None\nf = {'a'}", "f = {'a'}"),
        ("class f:\n    'mine'", "class f:\n    pass"),
        ("def g(): pass", ""),
        ("def f(:", ""),
        ("def f():\n" + "    x = 1\n" * LINES, ""),
        ("f = " + "-" * 5000 + "1", ""),
        ("%matplotlib inline\ndef f(): pass", ""),
    ],
)
def test_the_last_definition_is_shown_and_what_is_none_or_too_long_is_not(cell, told):
    assert definition(cell, "f") == told


@pytest.mark.parametrize("cell", ["\x00", "f = '\ud800'", "f = " + "(" * 300, "f = lambda: (yield)", "\N{BOM}f = 1", "f = 1" * 10_000])
def test_no_cell_is_too_strange(cell):
    assert isinstance(definition(cell, "f"), str)


def test_what_most_wrote_is_typical_whatever_their_variables_are_called():
    codes = [
        "def f(x):\n    return x + x + 0",
        "def f(number):\n    return number * 2",
        "def f(a):\n    return a * 2",
        "def f(x): return 1",
    ]
    assert typical(codes) == "def f(a):\n    return a * 2"


def test_notebooks_are_read_in_a_worker_and_a_broken_one_costs_itself(tmp_path: Path):
    cell = {"cell_type": "code", "metadata": {"nbgrader": {"solution": True, "grade_id": "f"}}, "source": ["f = 1\n", "f = 2"]}
    good, bad, link = (tmp_path / f"{name}.ipynb" for name in ("good", "bad", "link"))
    good.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    bad.write_text("[" * 100_000, encoding="utf-8")
    link.symlink_to(good)
    asked = [json.dumps({"f": str(path)}).encode() for path in (bad, good, link, tmp_path / "none.ipynb")]
    assert run_errands(read_definitions, asked) == [None, b'{"f": "f = 2"}', b"{}", b"{}"]
