"""What lab 7 says in words and its cells show, held by numbers: run with the lab's own cells and functions."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from types import SimpleNamespace

import jupytext
import numpy as np
import pytest

from course_utils.pictures import plots
from course_utils.widgets import fitting, signals

SOURCE = Path(__file__).resolve().parent.parent / "solutions" / "lab07_regularization"
SHOWN = ("check(", "predict(", "explore", "progress(", "charts.", "generalising.", "plots.matrix", "tables.")
HEAVY = ("lies = ", "dropped = ", "def patients", "def from_constant")


def run(cells, names):
    plots.drawn = False
    try:
        for cell in cells:
            source = cell.source.split("\nplots.matrix")[0].split("\ncharts.")[0].split("\ntables.")[0]
            exec(source, names)
    finally:
        plots.drawn = True


@pytest.fixture(scope="module")
def cells():
    return [cell for cell in jupytext.read(SOURCE / "notebook.py").cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def lab(cells):
    """The names that the notebook's cells define; nothing is drawn, and no network is trained but for early stopping."""
    names: dict = {}
    run([cell for cell in cells if not cell.source.startswith((*SHOWN, *HEAVY))], names)
    return SimpleNamespace(**names)


def train(lab, cells, beginning):
    """Runs one of the cells that train networks."""
    run([cell for cell in cells if cell.source.startswith(beginning)], vars(lab))
    return lab


# --- generalising


@pytest.mark.stress
def test_lies_are_learnt_by_heart(lab, cells):
    train(lab, cells, "lies = ")
    assert lab.share_right(lab.liar, lab.ink, lab.lies) == 1
    assert lab.share_right(lab.reader, lab.ink, lab.labels) == 1
    assert lab.share_right(lab.liar, lab.unseen, lab.truth) == pytest.approx(0.1, abs=0.05)
    assert lab.share_right(lab.reader, lab.unseen, lab.truth) == pytest.approx(0.96, abs=0.01)
    assert sum(W.size + b.size for W, b in lab.begin(64, 256, 10)) == pytest.approx(19_000, abs=300)


def test_polynomials(lab):
    seen = [lab.squared_error(lab.polynomial(k), lab.few) for k in lab.degrees]
    others = [lab.squared_error(lab.polynomial(k), lab.many) for k in lab.degrees]
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] < 1e-4
    assert int(np.argmin(others)) == lab.degrees.index(5)
    assert others[-1] > 1e6
    x = np.linspace(-1, 1, 2001)
    assert np.abs(np.polynomial.polynomial.polyval(x, lab.polynomial(14))).max() > 1000


@pytest.mark.stress
def test_double_descent(lab):
    found = {size: np.mean([lab.random_features(size, seed) for seed in range(10)]) for size in lab.sizes}
    assert {size: round(found[size], 2) for size in (50, 100, 2000)} == pytest.approx({50: 0.77, 100: 0.51, 2000: 0.90}, abs=0.02)
    assert min(found, key=found.get) == 105
    assert max(found, key=found.get) == 2000


def test_a_price_makes_degree_14_a_good_model(lab):
    draw = fitting._drawing(lab.l2)

    def error(degree, price):
        (sentence,) = (element.texts["text"] for element in draw(degree, price) if element.kind == "say")
        return float(sentence.split("15 points, ")[1].split(" on 200")[0])

    assert error(14, 1e-14) > 1000
    assert max(error(14, 10.0**-k) for k in range(3, 7)) < 0.2
    assert min((error(14, 10.0**-k), k) for k in range(15))[1] == 3
    assert error(14, 0.1) > 0.3


def test_l1_hits_no_zero_and_the_threshold_does(lab):
    nothing = lab.descend(lambda w: w - 0.05 * lab.without_penalty(w))
    gradient, threshold = lab.descend(lab.with_gradient), lab.descend(lab.with_threshold)
    assert nothing[0] == gradient[0] == 0
    assert nothing[2] > 0.15 > 0.05 > gradient[2] > 0.01
    assert threshold[:2] == [1, 1]


@pytest.mark.stress
def test_a_price_in_a_network(lab):
    training, unseen, size = np.array([lab.priced(lam) for lam in lab.prices]).T
    assert sorted(training) == list(training)
    assert sorted(size, reverse=True) == list(size)
    assert int(np.argmin(unseen)) == 2


# --- dropout


@pytest.mark.stress
def test_accuracy_hides_a_wrong_scale_and_the_loss_shows_it(lab, cells):
    train(lab, cells, "def unscaled")
    right, loss = (
        [measure(lab.dropped, lab.unseen, lab.truth, drop=lab.times(k)) for k in (0.2, 0.8)] for measure in (lab.share_right, lab.loss_of)
    )
    assert abs(right[0] - right[1]) < 0.01
    assert loss[0] == pytest.approx(4.2 * loss[1], rel=0.15)


@pytest.mark.stress
def test_dropout_helps_against_lies(lab):
    training, unseen, loss = np.array([lab.with_dropout(p) for p in (0, 0.2, 0.5, 0.8)]).T
    assert training[-1] < 0.95 < training[0]
    assert sorted(unseen) == list(unseen)
    assert sorted(loss, reverse=True) == list(loss)
    assert unseen[-1] - unseen[0] > 0.04


# --- how to begin


def test_sizes_behind_ten_layers(lab):
    last = {name: lab.sizes_behind_layers(start, lab.relu)[-1] for name, start in (lab.starts | lab.yours).items()}
    assert 1e15 < last["rand"] < 1e17
    assert 1e-13 < last["N(0, 0.01²)"] < 1e-11
    assert 0.5 < last["He"] < 2
    assert 0.01 < last["Glorot"] < 0.05
    growth = np.diff(np.log(lab.sizes_behind_layers(lab.starts["rand"], lab.relu)))
    assert np.exp(growth[1:]) == pytest.approx(50, rel=0.05)


def test_what_the_explorer_of_signals_shows(lab):
    draw = signals._drawing({"Glorot": lab.glorot_uniform, "He": lab.he_normal, **signals.GIVEN})

    def said(*knobs):
        return next(element.texts["text"] for element in draw(*knobs) if element.kind == "say")

    share = int(said("N(0, 1)", "tanh", 10).split("% of them are beyond")[0].split()[-1])
    assert share > 70
    assert "0% of them are beyond" in said("Glorot", "tanh", 10)
    assert float(said("He", "ReLU", 10).split("size ")[1].split(". ")[0]) > 0.4


@pytest.mark.stress
def test_only_the_start_differs(lab):
    found = {name: lab.trained_from(start) for name, start in (lab.starts | lab.yours).items()}
    assert found["He"] > 0.9 > found["Glorot"] > 0.3
    assert max(found[name] for name in lab.starts) < 0.15


@pytest.mark.stress
def test_equal_neurons_stay_equal(lab, cells):
    train(lab, cells, "def from_constant")
    assert lab.from_constant(0.0)[0] == lab.from_constant(0.1)[0] == 1
    assert lab.from_constant(0.1)[1] < 0.5
    assert lab.share_right(lab.random_start, lab.unseen, lab.truth) > 0.94


# --- batch norm


def test_the_column_of_four(lab):
    running = {"mean": np.zeros(1), "var": np.ones(1)}
    Y, cache = lab.batchnorm(np.array([[1.0], [3], [5], [7]]), np.array([2.0]), np.array([1.0]), running, True)
    assert Y.ravel() == pytest.approx([-1.683, 0.106, 1.894, 3.683], abs=1e-3)
    assert cache[0].ravel() == pytest.approx([-1.342, -0.447, 0.447, 1.342], abs=1e-3)
    assert [running["mean"][0], running["var"][0]] == pytest.approx([0.4, 1.567], abs=1e-3)
    dX = lab.batchnorm_backward(np.array([[1.0], [0], [0], [0]]), cache)[0]
    assert dX[0, 0] == pytest.approx(0.894 - 0.224 - 0.402, abs=2e-3)


def test_running_statistics_find_mean_and_variance(lab):
    mean, var = lab.drift(60)[:, -1]
    assert [mean, var] == pytest.approx([3, 4], rel=0.15)


def test_a_batch_of_equal_rows_leaves_beta(lab):
    assert np.array([lab.of_a_pair(digit, True) for digit in (0, 1)]) == pytest.approx(5)
    assert np.abs(lab.of_a_pair(0, False) - lab.of_a_pair(1, False)).max() > 0.3


@pytest.mark.stress
def test_batch_norm_learns_from_every_start(lab):
    plain = [lab.scaled_start(scale) for scale in lab.scales]
    normed = [lab.scaled_start(scale, norm=lab.normal(32)) for scale in lab.scales]
    assert [share > 0.5 for share in plain] == [False] * 4 + [True] + [False] * 2
    assert min(normed) > 0.5


def test_small_batches_are_noisy(lab):
    found = [lab.spread_of_one(batch) for batch in (2, 4, 16, 64, 256)]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.7
    assert found[-1] < 0.1


# --- stopping, and the ward


def test_a_first_rise_says_nothing(lab):
    first_rise = next(k for k in range(1, 120) if lab.valid_losses[k] > lab.valid_losses[k - 1])
    lowest = int(np.argmin(lab.valid_losses))
    assert first_rise + 1 == 4
    assert 15 < lowest < 40
    assert lab.valid_losses[first_rise] > 1.3 * lab.valid_losses[lowest]
    assert lab.valid_losses[-1] > 1.4 * lab.valid_losses[lowest]
    assert lab.train_losses[-1] < 0.1


def stopped(lab, patience, min_delta=0.0):
    stopping = lab.EarlyStopping(patience, min_delta)
    for epoch, loss in enumerate(lab.valid_losses, start=1):
        if stopping.update(loss, {"epoch": np.array(epoch)}):
            return epoch, int(stopping.best["epoch"])
    return None, int(stopping.best["epoch"])


def test_patience_finds_the_lowest_point(lab):
    lowest = int(np.argmin(lab.valid_losses)) + 1
    assert stopped(lab, 1)[0] < 10
    found = {patience: stopped(lab, patience) for patience in (10, 20, 40)}
    assert {kept for _, kept in found.values()} == {lowest}
    assert [stop for stop, _ in found.values()] == sorted(stop for stop, _ in found.values())
    assert stopped(lab, 10, 0.1)[0] < found[10][0]


@pytest.mark.stress
def test_the_ward(lab, cells):
    """Every curve looks like what its word says, and the exercise's answers are these words."""
    train(lab, cells, "def patients")
    words = ["nothing", "overfit", "underfit", "rate too large", "rate too small", "equal weights", "other data", "nothing"]
    order = np.random.default_rng(25).permutation(8)
    assert {number: words[k] for number, k in enumerate(order, start=1)} == lab.diagnoses
    runs = {(word, k): np.array(run) for k, (word, run) in enumerate(zip(words, lab.runs, strict=True))}
    ends = {key: run[:, -1] for key, run in runs.items()}
    assert ends["nothing", 0].max() < 0.2
    assert ends["overfit", 1][1] > 1.3 * min(runs["overfit", 1][1])
    assert min(ends["underfit", 2]) > 0.7
    assert np.ptp(runs["underfit", 2][:, 20:], axis=1).max() < 0.1
    assert np.abs(np.diff(runs["rate too large", 3][0])).mean() > 0.25
    small = runs["rate too small", 4][0]
    assert small[0] - small[-1] < 0.4
    assert small[-11] - small[-1] > 0.04
    assert np.abs(runs["equal weights", 5] - np.log(10)).max() < 0.05
    assert (runs["other data", 6][1] - runs["other data", 6][0]).min() > 0.9
    training, validation = runs["nothing", 7]
    assert (validation < training).all()
    assert validation[-1] < 0.3


def test_seals_are_of_the_answers(lab):
    spec = importlib.util.spec_from_file_location("checks_of_lab07", SOURCE / "checks.py")
    checks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checks)
    for curve, word in lab.diagnoses.items():
        assert [other for other in checks.WORDS if checks.seal(curve, other) == checks.SEAL[curve]] == [word]
    assert hashlib.sha256(b"curve 1: other data").hexdigest()[:4] == checks.SEAL[1]


@pytest.mark.stress
def test_width_helps_most(lab):
    assert lab.after_forty(64, 100, 10) < lab.after_forty(64, 10, 10) < lab.after_forty(64, 3, 10) < lab.after_forty(64, 1, 10)
    assert lab.after_forty(64, 3, 3, 10) > lab.after_forty(64, 3, 10)
