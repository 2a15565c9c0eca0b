"""What lab 6 says in words and its cells show, held by numbers: run with the lab's own cells and classes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import jupytext
import numpy as np
import pytest

from course_utils.pictures import plots
from course_utils.widgets import schedules

NOTEBOOK = Path(__file__).resolve().parent.parent / "solutions" / "lab06_optimizers" / "notebook.py"
SHOWN = ("check(", "predict(", "explore", "progress(", "charts.", "optimizers.", "plots.matrix", "tables.", "how_far", "on_the_cliff")


@pytest.fixture(scope="module")
def lab():
    """The names that the notebook's cells define; nothing is drawn, and nothing is computed for a picture."""
    names: dict = {}
    plots.drawn = False
    try:
        for cell in jupytext.read(NOTEBOOK).cells:
            if cell.cell_type == "code" and not cell.source.startswith(SHOWN):
                exec(cell.source, names)
    finally:
        plots.drawn = True
    return SimpleNamespace(**names)


def steps(lab, rule, turned=False, start=None, limit=20_000):
    start = lab.start if start is None else start
    places = (lab.turned, lab.R @ start) if turned else (lab.level, start)
    trail = lab.walk(rule, *places, limit)
    return len(trail) - 1 if lab.loss_on(places[0])(trail[-1]) <= 1e-6 else limit


def test_a_walk_that_flies_out_does_not_win(lab):
    with np.errstate(all="ignore"):
        assert lab.steps_down(lab.Plain(1.0), lab.level, lab.start) == 20_000


def test_the_winner_loses_when_the_map_is_turned(lab):
    assert lab.race("plain") == [4010, 4010]
    assert lab.race("Momentum") == [171, 171]
    assert lab.race("Adagrad")[0] == 8
    assert lab.race("Adagrad")[1] == pytest.approx(5880, abs=100)
    level, turned = lab.race("Adam")
    assert level < 200 < 400 < turned < 600


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("name", "low", "high"), [("plain", 1e-3, 2e-3), ("Momentum", 1e-3, 4e-3), ("Adagrad", 0.1, 10.0), ("Adam", 0.01, 10.0)]
)
def test_its_rates_are_about_the_best_of_a_sweep(lab, name, low, high, turned):
    make = lab.races[name][0]
    found = lab.race(name)[turned]
    with np.errstate(all="ignore"):
        assert min(steps(lab, make(lr), turned, limit=found) for lr in np.geomspace(low, high, 14)) >= 0.7 * found


def test_rmsprop_comes_near_and_never_rests(lab):
    trail = lab.walk(lab.RMSProp(0.1), lab.turned, lab.turned_start, 3000)
    assert len(trail) == 3001
    heights = [lab.loss_on(lab.turned)(w) for w in trail]
    assert min(heights[:200]) < 0.02 * heights[0]
    assert max(heights[-100:]) > 0.1


def test_from_a_corner_of_the_level_ravine_one_step_is_enough(lab):
    corner = np.array([1.0, 1.0])
    assert steps(lab, lab.Adagrad(1.0), start=corner) == steps(lab, lab.Adam(1.0), start=corner) == 1


def test_the_axes_given_back(lab):
    class Turned(lab.TurnedAdagrad):
        def step(self, w, dw):
            return lab.R @ self.rule.step(lab.R.T @ w, lab.R.T @ dw)

    assert steps(lab, Turned(5.0), turned=True) == 8


def test_the_plain_walk_creeps(lab):
    assert lab.walk(lab.Plain(0.0018), lab.level, lab.start, 200)[-1][0] < -2.7
    with np.errstate(all="ignore"):
        assert lab.loss_on(lab.level)(lab.walk(lab.Plain(0.0021), lab.level, lab.start)[-1]) > 1e9


def test_first_steps_without_correction():
    t = np.arange(1, 1001)
    factor = (1 - 0.9**t) / np.sqrt(1 - 0.999**t)
    assert factor[0] == pytest.approx(3.162, abs=1e-3)
    assert (factor.argmax() + 1, factor.max()) == (12, pytest.approx(6.57, abs=5e-3))
    assert factor[-1] == pytest.approx(1.26, abs=5e-3)


def test_steps_on_slopes(lab):
    assert lab.moves(lab.Momentum(1.0), np.ones(200))[-1] == pytest.approx(10, rel=1e-3)
    assert lab.moves(lab.Momentum(1.0, 0.99), np.ones(3000))[-1] == pytest.approx(100, rel=1e-3)
    assert lab.moves(lab.Adagrad(0.1), lab.cliff)[-1] == pytest.approx(0.0003, abs=5e-5)
    fallen = lab.moves(lab.RMSProp(0.1), lab.cliff)
    assert fallen[0] == pytest.approx(0.316, abs=1e-3)
    assert 0.08 < fallen[-1] < 0.1
    own = 0.001 * lab.speeds_up()
    assert own[0] == pytest.approx(0.0045, abs=5e-5)
    assert own[-1] / own[0] == pytest.approx(3, abs=0.1)
    assert lab.first_step(1e6) == pytest.approx(1)
    assert lab.first_step(1e-6) == pytest.approx(0.99, abs=1e-3)


def test_two_weights_of_which_one_is_steep(lab):
    ratio = {name: np.divide(*lab.two_weights(rule(0.1))[::-1]) for name, rule in lab.rules.items()}
    ratio["Adadelta"] = np.divide(*lab.two_weights(lab.Adadelta())[::-1])
    assert ratio["plain"] == pytest.approx(1000)
    assert ratio["Momentum"] == pytest.approx(1000)
    assert all(ratio[name] == pytest.approx(1, rel=1e-4) for name in ("Adagrad", "RMSProp", "Adadelta", "Adam"))


def off_the_ridge(rule):
    w, count = np.array([1.0, 0.001]), 0
    while abs(w[1]) <= 1:
        w, count = rule.step(w, np.array([2.0, -2.0]) * w), count + 1
    return count


def test_saddle_and_plateau(lab):
    assert [off_the_ridge(rule(0.1)) for rule in lab.rules.values()] == [38, 19, 17, 4, 11]
    assert [lab.steps_off(rule(1.0)) for rule in lab.rules.values()] == [11034, 1160, 12, 4, 13]


def test_adam_on_the_seesaw(lab):
    assert lab.on_the_seesaw(lab.Adam(0.01, 0, 1 / 17))[-1] > 0.98
    assert max(lab.on_the_seesaw(lab.Plain(0.01))[-1], lab.on_the_seesaw(lab.Adam(0.01))[-1]) < -0.95
    rule, w = lab.Adam(1.0, 0, 1 / 17), np.zeros(1)
    found = []
    for day in range(60):
        before, w = w, rule.step(w, np.array([4.0 if day % 3 == 0 else -1.0]))
        found.append((w - before)[0])
    np.testing.assert_allclose(found[-3:], [-1.03, 0.74, 0.98], atol=0.01)
    assert sum(found[-3:]) == pytest.approx(0.69, abs=0.01)


def test_schedules_calm_the_noise(lab):
    constant = np.array(lab.sgd(lambda k: 0.1))
    assert np.mean((constant > 3) & (constant < 80)) >= 0.9
    assert np.sum(constant < 1) == 1
    assert lab.sgd(lambda k: lab.step_decay(0.1, k // 17, (10, 20)))[-1] < 1
    assert lab.sgd(lambda k: lab.cosine_decay(0.1, k, lab.all_steps))[-1] < 1
    restarts = lab.sgd(lambda k: lab.cosine_restarts(0.1, k, 170))
    assert max(restarts[9], restarts[19], restarts[29]) < 1 < 5 < min(restarts[10], restarts[20])


def test_what_the_schedules_explorer_shows(lab):
    t = np.arange(schedules.STEPS + 1)
    ends = {lr: schedules._mean_loss(np.full(len(t), lr))[-1] for lr in (0.1, 0.5, 1.0)}
    assert ends[0.1] < ends[0.5] < ends[1.0]
    cosine, linear = ([decay(1.0, k, 100) for k in t] for decay in (lab.cosine_decay, lab.linear_decay))
    root = [lab.inverse_sqrt(1.0, k, 10) for k in t]
    assert max(schedules._mean_loss(np.array(rates))[-1] for rates in (cosine, linear)) < 0.1 < 0.3
    assert 0.3 < schedules._mean_loss(np.array(root))[-1] < ends[1.0]


def test_a_warm_up_saves_a_run_that_starts_too_fast(lab):
    means = [np.mean([lab.after_five_epochs(rate, seed) for seed in range(3)]) for rate in lab.ways.values()]
    assert means[0] < 0.65
    assert means[1] > 0.8
    means = [np.mean([calm_run(lab, first, seed) for seed in range(2)]) for first in (100, 0)]
    assert abs(means[1] - means[0]) < 0.03


def calm_run(lab, first, seed):
    """The share of digits that RMSProp reads with a rate of 0.02, whose schedule begins at step `first`."""
    return lab.share_right(lab.fit(lambda: lab.RMSProp(0.02), 16, 5, lambda t: lab.inverse_sqrt(0.02, max(t, first), 100), seed)[1])


def test_the_linear_rule_works_up_to_a_point(lab):
    small, without, scaled = lab.loss_after(0.05, 8, 5), lab.loss_after(0.05, 64, 5), lab.loss_after(0.4, 64, 5)
    assert without == pytest.approx(1.51, abs=0.01)
    assert scaled == pytest.approx(0.22, abs=0.01)
    assert scaled == pytest.approx(small, abs=0.03)
    assert lab.loss_after(1.6, 256, 5) > 1.2


@pytest.mark.stress
def test_larger_batches_allow_larger_rates(lab):
    def largest(batch):
        fine = [lr for lr in (0.125, 0.25, 0.5, 1.0, 2.0) if lab.loss_after(lr, batch, -(-300 * batch // len(lab.ink))) < 0.5]
        return max(fine, default=0)

    assert [largest(batch) for batch in (1, 4, 16, 64)] == [0, 0.5, 1, 1]


@pytest.mark.stress
def test_noise_helps_on_many_valleys_and_not_on_digits(lab):
    shares = [lab.in_the_deepest(noise) for noise in (0, 4, 16)]
    assert shares[1] > 1.8 * shares[0]
    assert shares[2] < shares[0]
    assert lab.loss_of(len(lab.ink), 340) < lab.loss_of(32, 10) < 0.06


def test_is_adam_a_good_default(lab):
    share = {
        name: [lab.share_right(lab.fit(lambda rule=rule, lr=lr: rule(lr), 32, 10)[1]) for lr in lab.rates]
        for name, rule in lab.rules.items()
    }
    assert all(0.935 < max(row) < 0.965 for row in share.values())
    good = {name: sum(right > 0.85 for right in row) for name, row in share.items()}
    assert good == {"plain": 2, "Momentum": 2, "Adagrad": 2, "RMSProp": 3, "Adam": 3}
    assert len(lab.digits.y_valid) == 359
