"""Pictures of losses say what a function answered, wait for it, and never stop a notebook; what they claim is measured."""

import numpy as np
import pytest

from course_utils.pictures import losses
from course_utils.pictures.plots import attempt

Y, X = np.array([1.0, 0.0, 1.0]), np.zeros((3, 2))
FORWARD = {
    "tangents": lambda f: losses.tangents(f, f),
    "costs": lambda f: losses.costs({"yours": f}),
    "on_z": lambda f: losses.on_z({"yours": f}, {"yours": f}),
    "race": lambda f: losses.race({"yours": f}, start=-3),
    "shares": lambda f: losses.shares(f, {"scores": [1, 2, 3]}),
    "gradient_rows": lambda f: losses.gradient_rows(f, np.zeros((2, 3)), np.array([0, 2])),
    "disagreement": lambda f: losses.disagreement({"yours": f}, X, Y, f),
    "worst_digits": lambda f: losses.worst_digits(f, np.zeros((3, 64)), lambda: np.zeros((3, 10)), np.arange(3)),
}


def unwritten(*args):
    raise NotImplementedError


def squared(p, y):
    return np.mean((p - y) ** 2)


def squared_grad(p, y):
    return 2 * (p - y) / len(p)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def words(picture):
    axes = picture.figure.axes
    labels = [text for ax in axes for text in (ax.get_title(loc="left"), ax.get_xlabel())]
    return " ".join([*labels, *(text.get_text() for ax in axes for text in ax.texts)])


@pytest.mark.parametrize("name", FORWARD)
def test_a_picture_waits_for_a_function_that_is_not_written(name):
    assert "yours will appear here" in words(FORWARD[name](unwritten))


@pytest.mark.parametrize("name", FORWARD)
@pytest.mark.parametrize("answer", [None, 3.0, (1, 2), np.zeros((7, 7)), [[1], [2, 3]]], ids=repr)
def test_a_picture_bears_whatever_comes_back(name, answer):
    assert FORWARD[name](lambda *args: answer)._repr_png_()[0].startswith(b"\x89PNG")


def test_a_loss_below_zero_is_in_view():
    def unsigned(p, y):
        return np.mean(np.log(np.where(y == 1, p, 1 - p)))

    costs = losses.costs({"squared": squared, "surprise": unsigned})
    assert all(ax.get_ylim() == (-4, 4) for ax in costs.figure.axes)
    assert all(ax.get_ylim() == (0, 4) for ax in losses.costs({"squared": squared, "surprise": unwritten}).figure.axes)


def test_two_functions_that_are_not_written_share_one_note():
    both = {"squared error": unwritten, "surprise": unwritten}
    for picture in (losses.costs(both), losses.on_z(both, both)):
        for ax in picture.figure.axes:
            (note,) = ax.texts
            assert all(name in note.get_text() for name in both)
            assert "yours" not in ax.get_xlabel()


def test_tangents_are_named_by_their_slopes():
    said = words(losses.tangents(squared, squared_grad))
    for slope in ("−3", "−1.8", "0", "1.2"):
        assert slope in said.split()


def test_costs_say_the_numbers_at_the_mark():
    said = words(losses.costs({"squared error": squared}))
    assert "at p = 0.1: 0.81" in said
    assert "at p = 0.1: 0.01" in said


def test_a_race_counts_the_steps_of_both_losses():
    slopes = {"squared error": lambda z, y: 2 * (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)), "surprise": lambda z, y: sigmoid(z) - y}
    assert [len(losses.walk(slope, -10)) - 1 for slope in slopes.values()] == [11034, 11]
    said = words(losses.race(slopes, start=-10))
    assert "squared error\n11034" in said
    assert "surprise\n11" in said


def test_who_never_arrives_is_given_up():
    assert "not after 20000" in words(losses.race({"flat": lambda z, y: 0.0 * z}, start=-1))
    away = attempt(lambda: losses.walk(lambda z, y: 1e7 * np.ones(1), -10))
    assert away == "yours raised ArithmeticError"


def test_the_sum_of_a_row_stands_beside_it():
    said = words(losses.gradient_rows(lambda Z, labels: np.array([[0.5, -0.75, 0.25]]), np.zeros((1, 3)), np.array([1])))
    assert said.split()[-5:] == ["0.500", "−0.750", "0.250", "sum", "0.000"]


def test_the_worst_digits_come_first():
    Z = np.eye(10)[[1, 2, 3]] * np.array([[1.0], [9.0], [5.0]])
    picture = losses.worst_digits(
        lambda Z, labels: np.log(np.exp(Z).sum()) - Z[0, labels[0]], np.zeros((3, 64)), lambda: Z, np.array([7, 7, 7]), count=2
    )
    titles = [ax.get_title(loc="left") for ax in picture.figure.axes]
    assert [title.partition("\n")[0] for title in titles] == ["7, read as 2", "7, read as 3"]
