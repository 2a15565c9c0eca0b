"""What lab 2 says in words and its cells show, held by numbers: run with the lab's own cells."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import jupytext
import numpy as np
import pytest

from course_utils.pictures.losses import walk

NOTEBOOK = Path(__file__).resolve().parent.parent / "solutions" / "lab02_losses" / "notebook.py"
SHOWS = ("check(", "predict(", "explore", "progress(", "losses.", "charts.")


@pytest.fixture(scope="module")
def lab():
    """The names that the notebook's cells define, without the cells that check or only show."""
    names: dict = {}
    for cell in jupytext.read(NOTEBOOK).cells:
        if cell.cell_type == "code" and not cell.source.startswith(SHOWS):
            exec(cell.source, names)
    return SimpleNamespace(**names)


def one(value: float) -> np.ndarray:
    return np.array([float(value)])


def test_two_ways_to_measure_one_mistake(lab):
    assert lab.mse(one(0.1), one(1)) == pytest.approx(0.81)
    assert lab.bce(one(0.1), one(1)) == pytest.approx(2.303, abs=5e-4)
    assert lab.bce(one(0.1), one(0)) == pytest.approx(0.105, abs=5e-4)
    assert lab.bce(one(0.5), one(1)) == pytest.approx(0.693, abs=5e-4)
    assert lab.mse(one(0.001), one(1)) == pytest.approx(0.998, abs=5e-4)
    assert lab.bce(one(0.001), one(1)) == pytest.approx(6.91, abs=5e-3)
    assert -np.log2(0.1) == pytest.approx(3.32, abs=5e-3)
    assert lab.bce_grad(one(0.1), one(1))[0] == pytest.approx(-10)
    assert lab.bce_grad(one(0.1), one(0))[0] == pytest.approx(1.111, abs=5e-4)
    assert lab.bce_grad(one(0.5), one(1))[0] == pytest.approx(-2)


@pytest.mark.parametrize(("start", "squared", "surprise"), [(-3, 17, 4), (-5, 85, 6), (-10, 11034, 11), (-1, 4, 2)])
def test_the_race(lab, start, squared, surprise):
    assert [len(walk(slope, start)) - 1 for slope in lab.slopes.values()] == [squared, surprise]
    assert len(walk(lab.bce_with_logits_grad, start)) - 1 == surprise


def test_a_larger_rate_hardly_helps(lab):
    assert [len(walk(slope, -10, 10)) - 1 for slope in lab.slopes.values()] == [1107, 2]


def test_the_slope_decides_not_the_value(lab):
    p = lab.sigmoid(one(-10))
    assert p[0] == pytest.approx(0.0000454, rel=1e-3)
    assert lab.mse(p, one(1)) == pytest.approx(0.9999, abs=5e-5)
    assert lab.bce(p, one(1)) == pytest.approx(10.00, abs=5e-3)
    assert lab.mse_grad(p, one(1))[0] == pytest.approx(-1.9999, abs=5e-5)
    assert lab.bce_grad(p, one(1))[0] == pytest.approx(-22_027, abs=1)
    slopes = {name: slope(one(-10), one(1))[0] for name, slope in lab.slopes.items()}
    assert slopes["squared error"] == pytest.approx(-0.0000908, abs=5e-8)
    assert slopes["surprise"] == pytest.approx(-0.99995, abs=6e-6)


def test_squared_error_is_steepest_where_p_is_a_third(lab):
    z = np.linspace(-10, 10, 20_001)
    slope = np.array([lab.slopes["squared error"](one(at), one(1))[0] for at in z[::10]])
    steepest = z[::10][np.argmin(slope)]
    assert steepest == pytest.approx(-0.693, abs=0.01)
    assert lab.sigmoid(one(steepest))[0] == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.parametrize(("z", "if_one", "if_zero"), [(-3, 3.049, 0.049), (2, 0.127, 2.127), (800, 0, 800)])
def test_the_columns_of_the_logits(lab, z, if_one, if_zero):
    assert lab.bce_with_logits(one(z), one(1)) == pytest.approx(if_one, abs=5e-4)
    assert lab.bce_with_logits(one(z), one(0)) == pytest.approx(if_zero, abs=5e-4)


def test_a_score_of_40_is_rounded_to_certainty(lab):
    assert 1 / (1 + np.exp(-40.0)) == 1
    assert lab.bce_with_logits(one(40), one(0)) == pytest.approx(40)
    assert lab.sigmoid(one(2))[0] == pytest.approx(0.881, abs=5e-4)


def test_the_missing_minus(lab):
    right, wrong = lab.row(1), lab.row(-1)
    assert len(lab.students.X_train) == 240
    assert right[3] == pytest.approx(0.917, abs=5e-4)
    assert wrong[3] == pytest.approx(0.104, abs=5e-4)
    assert right[4] == pytest.approx(4.3, abs=0.05)
    assert wrong[4] == pytest.approx(242, abs=0.5)
    assert right[1] == -wrong[1] == pytest.approx(np.log(2))
    assert right[2] == pytest.approx(0.244, abs=5e-4)
    assert wrong[2] < -100


def test_the_three_classes_of_the_derivation(lab):
    assert np.exp([2, 1, -1]) == pytest.approx([7.389, 2.718, 0.368], abs=5e-4)
    assert np.exp([2, 1, -1]).sum() == pytest.approx(10.475, abs=5e-4)
    Z, label = np.array([[2.0, 1.0, -1.0]]), np.array([1])
    assert lab.softmax(Z)[0] == pytest.approx([0.705, 0.259, 0.035], abs=5.1e-4)
    assert np.log(np.exp([2, 1, -1]).sum()) == pytest.approx(2.349, abs=5e-4)
    assert lab.cross_entropy(Z, label) == pytest.approx(1.349, abs=5e-4)
    gradient = lab.cross_entropy_grad(Z, label)[0]
    assert gradient == pytest.approx([0.705, -0.741, 0.035], abs=5.1e-4)
    assert gradient / 2 == pytest.approx([0.353, -0.370, 0.018], abs=5e-4)
    assert gradient.sum() == pytest.approx(0, abs=1e-12)


def test_the_patch_teaches_nothing(lab):
    assert -np.log(1e-8) == pytest.approx(18.42, abs=5e-3)
    patched = {margin: lab.patched(margin)[4] for margin in (15, 20, 25)}
    assert patched[15] == pytest.approx(-0.968, abs=5e-4)
    assert patched[20] == pytest.approx(-0.171, abs=5e-4)
    assert patched[25] == pytest.approx(-0.0014, abs=5e-5)
    assert all(lab.patched(margin)[3] == pytest.approx(-1, abs=1e-6) for margin in patched)
    assert lab.patched(1000.0) == pytest.approx([1000, 1000, 18.42, -1, 0], abs=5e-3)


def test_one_column_is_always_right(lab):
    assert (lab.softmax(lab.one_column) == 1).all()
    assert lab.cross_entropy(lab.one_column, lab.nothing) == 0
    assert (lab.cross_entropy_grad(lab.one_column, lab.nothing) == 0).all()


def test_accuracy_and_loss_disagree(lab):
    (right_a, loss_a), (right_b, loss_b) = map(lab.told, (lab.models["A"], lab.models["B"]))
    loss_coin = lab.bce_with_logits(np.zeros(80), lab.y_new)
    assert len(lab.y_new) == 80
    assert [right_a * 80, right_b * 80] == pytest.approx([74, 65])
    assert loss_a > 1.9 * loss_b
    assert loss_b < loss_coin < loss_a
    assert loss_coin == pytest.approx(0.693, abs=5e-4)


def test_ten_digits(lab):
    Z, found = lab.read_digits(lab.digits.X_valid)
    assert found[0] == pytest.approx(np.log(10))
    assert found[-1] < 0.2
    assert len(Z) == 359
    assert lab.accuracy(Z, lab.digits.y_valid) > 0.94
