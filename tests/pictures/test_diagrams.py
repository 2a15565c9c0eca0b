"""Charts and pictures of gradients say what agrees, what is off and what is missing, and never stop a notebook."""

import numpy as np
import pytest

from course_utils.pictures import charts, diagrams

SLOPES = [np.array([[1.0, 2.0, -4.0]]), np.array([3.0, 5.0])]


def unwritten():
    raise NotImplementedError


def titles(picture):
    return [ax.get_title(loc="left") for ax in picture.figure.axes]


def texts(picture):
    return [text.get_text() for ax in picture.figure.axes for text in ax.texts]


def xray(yours):
    return diagrams.gradient_xray(["dW", "db"], yours, lambda: SLOPES)


def test_an_xray_marks_the_entries_that_are_off():
    picture = xray(lambda: [np.array([[1.0, 4.0, -4.0]]), SLOPES[1] * (1 + 1e-9)])
    assert titles(picture) == ["dW: 1 of 3 entries are off", "db agrees"]
    assert texts(picture) == ["●", "+50%", "●", "●", "●"]


@pytest.mark.parametrize(
    ("yours", "line"),
    [
        (unwritten, "yours will appear here"),
        (lambda: None, "yours raised TypeError"),
        (lambda: SLOPES[:1], "yours has no db"),
        (lambda: [SLOPES[0], np.ones((20, 1))], "has shape (20, 1),\nits variable has (2,)"),
    ],
)
def test_an_xray_says_what_is_missing(yours, line):
    assert texts(xray(yours))[-1] == line


def graph(backward):
    places = {"x": (0, 0), "z": (1, 0), "J": (2, 0)}
    forward = {"x": 2.0, "z": 3.0, "J": 9.0}
    edges = [("x", "z"), ("z", "J")]
    return texts(diagrams.computation_graph(places, edges, "title", forward=forward, backward=backward, measured={"x": 6.5}))


def test_a_graph_carries_numbers_both_ways():
    drawn = graph(lambda: {"x": np.array(6.0)})
    assert {"2", "3", "9", "← 6", "measured 6.5"} <= set(drawn)
    assert not any("yours" in text for text in drawn)


def test_a_graph_waits_for_gradients():
    assert "gradients: yours will appear here" in graph(unwritten)


def test_labels_of_lines_that_end_together_do_not_cover_each_other():
    rows = [(name, [1.0, 2.0], "forward") for name in ("one", "two", "three")]
    picture = charts.lines([*rows, ("four", "yours returned None", "highlight")], "title", xlabel="steps", ylabel="loss")
    ax = picture.figure.axes[0]
    shifts = [text.xyann[1] for text in ax.texts if text.get_text() in ("one", "two", "three")]
    assert np.diff(sorted(shifts)) == pytest.approx([10, 10])
    assert "yours returned None" in texts(picture)


def readings(answers):
    labels = np.array([3, 1, 4, 1])
    picture = diagrams.readings(np.zeros((4, 8, 8)), labels, answers, "Digits")
    return picture.figure.get_suptitle(), [ax.get_xlabel() for ax in picture.figure.axes]


def test_readings_put_errors_first():
    assert readings(lambda: [3, 1, 9, 1]) == ("Digits: 75.0% read right, errors first", ["9, is 4", "3", "1", "1"])


def test_readings_wait_for_answers():
    assert readings(unwritten) == ("Digits: yours will appear here", [""] * 4)


def two_lines(X):
    d_first = 2 * X  # twice
    d_second = X + 1
    return d_first, d_second


def accused(named):
    X = np.array([1.0, 2.0])
    printed = dict(zip(["d_first", "d_second"], two_lines(X), strict=True))
    return diagrams.accused(two_lines, printed, {"d_first": 2 * X, "d_second": np.ones(3)}, named)


def test_accused_lines_are_shown_with_the_evidence():
    picture = accused(["d_second"])
    assert titles(picture) == ["1 of 2 lines are wrong; you named 1 of them"]
    assert [text for text in texts(picture) if "=" in text] == ["d_first = 2 * X", "d_second = X + 1"]
    assert {"✓ agrees with the measured slopes", "✗ shape (2,), its variable has (3,)", "▶"} <= set(texts(picture))


def test_nobody_needs_to_accuse():
    assert titles(accused([])) == ["1 of 2 lines are wrong"]
    assert "▶" not in texts(accused([]))


def test_filters_share_one_scale_and_wait():
    weights = np.arange(40.0).reshape(10, 2, 2) - 20
    shown = diagrams.filters(lambda: weights, "Weights", most=4).figure.axes
    assert len(shown) == 4
    assert {ax.images[0].get_clim() for ax in shown} == {(-20.0, 20.0)}
    assert texts(diagrams.filters(unwritten, "Weights")) == ["yours will appear here"]
