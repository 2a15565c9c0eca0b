"""What lab 5 says in words and its cells show, held by numbers: run with the lab's own cells."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import jupytext
import numpy as np
import pytest

NOTEBOOK = Path(__file__).resolve().parent.parent / "solutions" / "lab05_autograd" / "notebook.py"
PICTURES = ("autograd.", "tables.", "charts.", "diagrams.", "plots.")
SHOWN = (*PICTURES, "check(", "predict(", "explore", "hint(", "progress(", "walked", "begin", "angles")


@pytest.fixture(scope="module")
def lab():
    """The names that the notebook's cells define, without the cells that check or only show."""
    names: dict = {}
    for cell in jupytext.read(NOTEBOOK).cells:
        if cell.cell_type == "code" and not cell.source.startswith(SHOWN):
            exec(cell.source, names)
    return SimpleNamespace(**names)


@pytest.mark.stress
def test_a_wrong_order_gives_3_where_9_is_right(lab):
    assert lab.in_this_order("dbc")[-1] == 3
    assert lab.in_this_order("dcb")[-1] == 9


def test_one_of_three_orders_is_none(lab):
    nodes = lab.six()
    names = {id(value): name for name, value in nodes.items()}
    parents = {name: [names[id(parent)] for parent in value.parents if id(parent) in names] for name, value in nodes.items()}

    def allowed(order):
        return all(order.index(parent) < order.index(name) for name in order for parent in parents[name])

    assert [allowed(order) for order in ("qprtsu", "pqsrtu", "pqrstu")] == [True, False, True]


def test_visits_double_with_every_doubling(lab):
    assert lab.visits(lab.doubled(12)) == 2**13 - 1
    assert len(lab.topological_order(lab.doubled(20))) == 21
    assert 2**21 - 1 == 2_097_151


@pytest.mark.parametrize("seed", range(5))
def test_the_engine_finds_the_gradients_of_lab_4(lab, seed):
    found, wanted = (function(*lab.small_net(5, 2, seed)) for function in (lab.two_layer_with_values, lab.by_formula))
    for name, gradient in wanted.items():
        np.testing.assert_allclose(found[name], gradient, rtol=1e-12, atol=1e-12)


def broken(lab, examples, outputs, seed):
    """By name, how far the gradients of the engine that overwrites are from the right ones."""
    space = lab.two_layer_with_values.__globals__
    right = space["backward"]
    space["backward"] = lab.forgetful
    try:
        found = lab.two_layer_with_values(*lab.small_net(examples, outputs, seed))
    finally:
        space["backward"] = right
    wanted = lab.two_layer_with_values(*lab.small_net(examples, outputs, seed))
    return {name: float(np.abs(found[name] - wanted[name]).max()) for name in wanted}


@pytest.mark.parametrize("seed", range(5))
def test_an_engine_that_overwrites_is_exactly_right_for_one_example_and_one_output(lab, seed):
    assert set(broken(lab, 1, 1, seed).values()) == {0.0}
    two_outputs = broken(lab, 1, 2, seed)
    assert two_outputs["W2"] == two_outputs["b2"] == 0.0
    assert min(two_outputs["W1"], two_outputs["b1"]) > 0.001
    assert min(broken(lab, 2, 1, seed).values()) > 0.001


@pytest.mark.stress
def test_twenty_digits_make_more_than_a_hundred_thousand_values(lab):
    assert 130_000 < lab.counted(lab.two_layer_with_values, *lab.digit_net()) < 160_000


def test_a_node_takes_many_times_the_bytes_of_a_number(lab):
    assert lab.bytes_of_a_node() > 20 * np.zeros(1).itemsize


@pytest.mark.stress
def test_two_moons_are_parted(lab):
    weights, losses = lab.learn()
    answers = np.tanh(lab.X @ weights[:16].reshape(2, 8) + weights[16:24]) @ weights[24:32] + weights[32]
    assert np.mean((answers > 0) == lab.upper) >= 0.97
    assert np.mean(losses[-50:]) < 0.5 * np.mean(losses[:50])
