"""Pictures of fits and of learning curves: one scale for all, every run with its number, wild curves inside their panel."""

from __future__ import annotations

import numpy as np

from course_utils.pictures import generalising


def test_every_patient_has_a_number_and_all_have_one_scale():
    runs = [([2.0, 1.0, 0.5], [2.1, 1.5, 1.2]), ([2.3, 2.3, 2.3], [2.3, 2.3, 2.3])]
    axes = generalising.ward(runs, level=("guessing", 2.3)).figure.axes
    assert [ax.get_title(loc="left") for ax in axes] == ["curve 1", "curve 2"]
    assert {ax.get_ylim() for ax in axes} == {(0.0, 3.0)}
    assert all(len(ax.lines) == 3 for ax in axes)


def test_a_wild_curve_is_named_inside_the_picture():
    points = (np.linspace(-1, 1, 5), np.zeros(5))
    picture = generalising.curves_through(points, {"flat": [0.0], "wild": [0.0, 1e6]}, np.sin, "two curves")
    (ax,) = picture.figure.axes
    low, high = ax.get_ylim()
    ends = {text.get_text(): text.xy[1] for text in ax.texts}
    assert ends["flat"] == 0
    assert low <= ends["wild"] <= high
