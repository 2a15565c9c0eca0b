"""What lab 8 says in words and its cells show, held by numbers: run with the lab's own cells and functions."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace

import jupytext
import numpy as np
import pytest

from course_utils.pictures import plots

NOTEBOOK = Path(__file__).resolve().parent.parent / "solutions" / "lab08_convolution" / "notebook.py"
SHOWN = ("check(", "predict(", "explore", "progress(", "charts.", "filters.", "plots.matrix", "tables.", 'f"')
SLOW = ("readers = ", "two = ", "explore_", "filters.", "tables.", "start, W, V = ", "learned = ")  # asked for by the tests that need them


def parts(source):
    """The statements of a cell that define something; what takes long is left to `later`."""
    kept, later = [], []
    for statement in ast.parse(source).body:
        text = ast.unparse(statement)
        (later if text.startswith(SLOW) or text.startswith(("start, W, V", "(start, W, V)")) else kept).append(text)
    return "\n".join(kept), later


@pytest.fixture(scope="module")
def lab():
    """The names that the notebook's cells define; nothing is drawn, and nothing is computed for a picture."""
    names: dict = {}
    plots.drawn = False
    try:
        for cell in jupytext.read(NOTEBOOK).cells:
            if cell.cell_type == "code" and not cell.source.startswith(SHOWN):
                exec(parts(cell.source)[0], names)
    finally:
        plots.drawn = True
    return SimpleNamespace(**names)


@pytest.fixture(scope="module")
def readers(lab):
    found = {name: lab.reader(features, lab.images, lab.labels) for name, features in lab.kinds.items()}
    lab.read_as.__globals__["readers"] = found
    return found


def right(lab, read, change="as written"):
    return lab.share_right(read, lab.changes[change], lab.new_labels)


def test_sizes_and_parameters(lab):
    assert lab.conv_output_size(32, 5) == 28
    assert lab.conv_params(5, 3, 6) == 456
    assert lab.inputs * lab.outputs + lab.outputs == 14_455_392
    assert [lab.conv_output_size(7, 3, s, p) for p, s in ((0, 1), (0, 2), (0, 3), (1, 1), (1, 3))] == [5, 3, 2, 7, 3]


def test_the_examples_on_paper(lab):
    X = np.arange(1.0, 10).reshape(1, 1, 3, 3)
    assert lab.conv2d(X, np.ones((1, 1, 2, 2)), np.array([100.0])).tolist() == [[[[112, 116], [124, 128]]]]
    row, w = np.array([[[[1.0, 2, 3, 4]] * 1]]), np.array([10.0, 1.0])
    dX, dW, db = _in_one_row(lab, row, w, np.array([1.0, 0, 2]))
    assert dX.tolist() == [10, 1, 20, 2]
    assert dW.tolist() == [7, 10]
    assert db == 3
    pooled = lab.max_pool(np.array([[[[1.0, 5, 2, 2, 9], [3, 0, 4, 1, 9], [-8, -1, 7, 7, 9], [-2, -3, 0, 7, 9]]]]), 2)
    assert pooled[0].tolist() == [[[[5, 4], [-1, 7]]]]
    back = lab.max_pool_backward(np.array([[[[10.0, 20], [30, 40]]]]), pooled[1])[0, 0]
    assert [back[0, 1], back[1, 2], back[2, 1], back[2, 2]] == [10, 20, 30, 40]


def _in_one_row(lab, row, w, dy):
    """A filter of one row, as the first row of a square one; a second row of zeros lies below the picture."""
    X = np.concatenate([row, np.zeros_like(row)], axis=2)
    W = np.zeros((1, 1, 2, 2))
    W[0, 0, 0] = w
    dX, dW, db = lab.conv2d_backward(dy[None, None, None], X, W)
    return dX[0, 0, 0], dW[0, 0, 0], db[0]


def test_a_pixel_in_the_middle_is_used_k_times_k_times(lab):
    uses = lab.conv2d_backward(np.ones((1, 1, 4, 4)), np.zeros((1, 1, 6, 6)), np.ones((1, 1, 3, 3)))[0][0, 0]
    np.testing.assert_array_equal(uses, lab.uses(6, 3))
    assert uses.max() == 9
    assert uses[0, 0] == 1


def test_the_fast_way_gives_the_layers_numbers(lab):
    maps = lab.maps_of(lab.four, lab.eight).transpose(0, 3, 1, 2)
    assert abs(lab.yours(lab.four, lab.eight) - maps).max() < 1e-4
    assert abs(lab.by_loops(lab.four[:1], lab.eight[:, :2]).transpose(0, 3, 1, 2) - maps[:1, :2]).max() < 1e-4


def test_a_linear_reader_does_not_care_about_the_order(lab):
    assert lab.share_with(lab.pixels) == pytest.approx(0.842, abs=0.004)
    assert lab.share_with(lab.pixels, lab.shuffled) == pytest.approx(lab.share_with(lab.pixels), abs=0.004)


@pytest.mark.stress
def test_random_filters_read_until_their_neighbourhood_is_gone(lab, readers):
    written = {name: right(lab, read) for name, read in readers.items()}
    assert written["random filters"] == pytest.approx(0.972, abs=0.006)
    assert 0.92 < written["random dense"] < 0.955
    assert 1 - written["random filters"] < (1 - written["pixels"]) / 5
    assert lab.share_with(lab.filtered, lab.shuffled) == pytest.approx(0.93, abs=0.012)
    assert lab.share_with(lab.dense, lab.shuffled) == pytest.approx(0.93, abs=0.015)


@pytest.mark.stress
def test_random_filters_read_with_other_random_numbers(lab):
    for seed in range(1, 4):
        bank = np.random.default_rng(seed).normal(size=(25, 32)).astype(np.float32)

        def features(pictures, bank=bank):
            parts = np.array_split(pictures, max(1, len(pictures) // 250))
            return np.concatenate([np.maximum(lab.pooled(lab.maps_of(part, bank)), 0).reshape(len(part), -1) for part in parts])

        assert lab.share_with(features) > 0.95


@pytest.mark.stress
def test_shifts_mirrors_and_half_turns(lab, readers):
    by_two = {name: right(lab, read, "by 2") for name, read in readers.items()}
    assert by_two["pixels"] < 0.6 < by_two["random dense"] < 0.75 < 0.86 < by_two["random filters"]
    assert lab.read_as(lab.changes["mirrored"], 3, 3) == 0
    assert lab.read_as(lab.changes["mirrored"], 5, 5) < 0.05
    assert lab.read_as(lab.changes["half a turn"], 9, 6) > 0.9
    assert right(lab, readers["random filters"], "mirrored") < 0.5


@pytest.mark.stress
@pytest.mark.parametrize("way", [(0, 1), (0, -1), (1, 0), (-1, 0)])
def test_the_linear_reader_loses_the_explorers_digit_first(lab, readers, way):
    lost = {}
    for name in ("pixels", "random filters"):
        said = [int(np.argmax(readers[name](lab.moved(lab.new_images[9:10], by * way[0], by * way[1])))) for by in range(7)]
        assert said[0] == lab.new_labels[9]
        lost[name] = next((by for by, digit in enumerate(said) if digit != lab.new_labels[9]), 7)
    assert lost["pixels"] < lost["random filters"]


@pytest.mark.stress
def test_moved_copies_help_and_mirrored_ones_cost(lab, readers):
    moved, mirrored = lab.with_more(lab.only_moved), lab.with_more(lab.augment)
    assert right(lab, moved, "by 2 and 2") > right(lab, readers["random filters"], "by 2 and 2") + 0.15
    assert right(lab, moved) == pytest.approx(right(lab, readers["random filters"]), abs=0.012)
    assert right(lab, mirrored) < right(lab, moved) - 0.01
    assert right(lab, mirrored, "mirrored") > 0.8


@pytest.mark.stress
def test_the_edge_is_learned(lab):
    trail = lab.learn_an_edge()
    assert np.abs(trail[-1] - lab.prewitt[0, 0]).max() < 0.35
    assert np.corrcoef(trail[-1].ravel(), lab.prewitt.ravel())[0, 1] > 0.98


@pytest.mark.stress
def test_trained_filters_are_smooth_and_read(lab):
    start, W, V = lab.train(400)
    assert neighbours(start) < 0.1
    assert neighbours(W) > 0.5
    scores = np.maximum(lab.pooled(lab.maps_of(lab.new_images, W)), 0).reshape(500, -1) @ V
    assert np.mean(np.argmax(scores, axis=1) == lab.new_labels) > 0.93


def neighbours(bank):
    """How much a weight is like the one beside it, mean of all filters."""
    found = []
    for column in bank.T:
        f = column.reshape(5, 5)
        here, there = np.r_[f[:, 1:].ravel(), f[1:].ravel()], np.r_[f[:, :-1].ravel(), f[:-1].ravel()]
        found.append(np.corrcoef(here, there)[0, 1])
    return np.mean(found)


def test_the_gradients_of_the_small_network(lab):
    rng = np.random.default_rng(0)
    W, V = rng.normal(0, 0.1, size=(25, 2)), rng.normal(0, 0.1, size=(72, 10))
    pictures, labels = lab.images[:3].astype(float), lab.labels[:3]

    def loss(W, V):
        S = np.maximum(lab.pooled(lab.maps_of(pictures, W)), 0).reshape(3, -1) @ V
        return np.mean(np.logaddexp.reduce(S, axis=1) - S[np.arange(3), labels])

    for number, gradient in enumerate(lab.gradients(pictures, labels, W, V)):
        step = [np.zeros_like(W), np.zeros_like(V)]
        step[number] = rng.normal(size=gradient.shape)
        rise = (loss(W + 1e-6 * step[0], V + 1e-6 * step[1]) - loss(W - 1e-6 * step[0], V - 1e-6 * step[1])) / 2e-6
        assert np.sum(gradient * step[number]) == pytest.approx(rise, rel=1e-5)


def test_a_recurrent_cell(lab):
    _, slope = lab.last_state(1.2)
    assert slope == pytest.approx(lab.rise, rel=1e-6)
    h, w = 0.0, 2.0
    states = [h := w * h + 1.0 for _ in range(3)]
    assert states == [1, 3, 7]
    assert 0 * w * w + states[0] * w + states[1] == 5


def test_a_short_way_back_keeps_the_gradient(lab):
    plain, residual = lab.gradient_lengths(False), lab.gradient_lengths(True)
    assert plain[-1] < 1e-4 * plain[0]
    assert residual[-1] > residual[0]
