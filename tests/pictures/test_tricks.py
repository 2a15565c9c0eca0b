"""Pictures of lab 10: misread digits, networks that disagree, ten crops, the rounds of a search; stubs are told."""

from __future__ import annotations

import numpy as np

from course_utils.pictures import plots, tricks

IMAGES = np.random.default_rng(0).uniform(size=(5, 6, 6))
LABELS = np.array([0, 1, 2, 0, 1])


def unwritten():
    raise NotImplementedError


def titles(picture):
    return [ax.get_title(loc="left") or ax.get_title() for ax in picture.figure.axes]


def words(picture):
    return [text.get_text() for ax in picture.figure.axes for text in ax.texts]


def test_the_surest_mistake_comes_first_with_its_label():
    p = np.array([[0.9, 0.1, 0], [0.8, 0.2, 0], [0.5, 0.1, 0.4], [1, 0, 0], [0, 1, 0]])
    assert titles(tricks.misread(IMAGES, LABELS, p, "misread")) == ["1, read as 0\nwith 0.80", "2, read as 0\nwith 0.50"]


def test_nothing_misread_is_told():
    assert titles(tricks.misread(IMAGES, LABELS, np.eye(3)[LABELS], "misread")) == ["none"]


def test_those_that_disagree_most_come_first():
    said = np.array([LABELS, LABELS, [0, 1, 1, 0, 1]])
    picture = tricks.disagreement(IMAGES, LABELS, np.eye(3)[said], "disagree", count=2)
    assert titles(picture)[0] == "2, read as\n2 2 1"


def test_ten_crops_stand_in_their_order():
    assert titles(tricks.crops(lambda: np.zeros((10, 4, 4)), "ten")) == [str(number) for number in range(10)]
    assert words(tricks.crops(unwritten, "ten")) == [plots.WAITING]
    assert words(tricks.crops(lambda: np.zeros((5, 4, 4)), "ten")) == ["yours has shape (5, 4, 4)"]


def test_rounds_of_a_search_and_their_best():
    first = [(0.5, {"lr": 0.1, "mu": 0.3}), (0.2, {"lr": 0.01, "mu": 0.9})]
    second = [(0.7, {"lr": 0.2, "mu": 0.4})]
    picture = tricks.trials(lambda: [first, second], ("lr", "mu"), "search")
    assert words(picture) == ["best of each round: 0.500, 0.700"]
    (ax,) = picture.figure.axes
    assert ax.lines[0].get_xydata().tolist() == [[0.2, 0.4]]


def test_a_search_that_is_not_written_waits():
    for rounds in ([plots.WAITING], plots.WAITING):
        assert words(tricks.trials(lambda rounds=rounds: rounds, ("lr", "mu"), "search")) == [plots.WAITING]
    assert words(tricks.trials(unwritten, ("lr", "mu"), "search")) == [plots.WAITING]
    assert words(tricks.trials(lambda: [[(1.0,)]], ("lr", "mu"), "search")) == ["yours raised ValueError"]
