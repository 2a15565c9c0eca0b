"""Explorers of lab 5 walk through the student's own engine, and tell what its order does."""

import math
from pathlib import Path
from types import SimpleNamespace

import jupytext
import numpy as np
import pytest

from course_utils import explore_autograd, explore_unbroadcast

NOTEBOOK = Path(__file__).resolve().parents[2] / "solutions" / "lab05_autograd" / "notebook.py"


@pytest.fixture(scope="module")
def lab():
    names: dict = {"math": math, "np": np}
    for cell in jupytext.read(NOTEBOOK).cells:
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
            exec(cell.source, names)
    return SimpleNamespace(**names)


def said(explorer):
    return explorer.text()


@pytest.mark.parametrize(("expression", "slope"), [("tree", 3), ("x·x", 4), ("diamond", 15), ("skip", 9)])
def test_at_its_end_the_walk_agrees_with_the_measured_slope(lab, expression, slope):
    explorer = explore_autograd(lab.Value, lab.topological_order)
    assert not explorer.problem
    explorer.expression, explorer.step = expression, 6
    assert f"is {slope} ✓" in said(explorer)


@pytest.mark.parametrize(("expression", "end"), [("tree", 4), ("x·x", 2), ("diamond", 6), ("skip", 6)])
def test_a_short_walk_says_that_it_has_ended(lab, expression, end):
    explorer = explore_autograd(lab.Value, lab.topological_order)
    explorer.expression, explorer.step = expression, end
    assert "The end was" not in said(explorer)
    explorer.step = 6
    assert (f"The end was step {end}." in said(explorer)) == (end < 6)


def test_an_order_that_is_wrong_is_told_at_the_step_where_it_hurts(lab):
    def levels(root):
        found, ahead = [], [root]
        while ahead:
            value = ahead.pop(0)
            if value not in found:
                found.append(value)
                ahead += value.parents
        return found[::-1]

    explorer = explore_autograd(lab.Value, levels)
    explorer.expression, explorer.step = "skip", 6
    assert "Too late: b stepped back before ✗" in said(explorer)


def test_an_order_that_is_too_short_is_told(lab):
    explorer = explore_autograd(lab.Value, lambda root: [root])
    explorer.expression, explorer.step = "skip", 6
    assert "too short" in said(explorer)


def test_what_is_not_written_waits():
    def stub(*_):
        raise NotImplementedError

    assert explore_autograd(stub, stub).problem == explore_unbroadcast(stub).problem == "yours will appear here"


@pytest.mark.parametrize(("shape", "total"), [("(3,)", 35), ("(1, 3)", 35), ("(5, 1)", 6)])
def test_copies_are_added_up(lab, shape, total):
    explorer = explore_unbroadcast(lab.unbroadcast)
    explorer.shape = shape
    assert f"= {total}.\nYours is {total} ✓" in said(explorer)


def test_a_wrong_sum_and_a_wrong_shape_are_told():
    mean, same = explore_unbroadcast(lambda grad, shape: np.full(shape, 7.0)), explore_unbroadcast(lambda grad, shape: grad)
    assert "Yours is 7 ✗" in said(mean)
    assert "Yours has the shape (5, 3) ✗" in said(same)
