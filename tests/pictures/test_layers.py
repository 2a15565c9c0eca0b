"""A hidden layer's space is drawn from the student's own layer, and what is wrong there is counted."""

import numpy as np

from course_utils.pictures import layers, plots

X, GREEN = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]]), np.array([True, False, False])


def picture(hidden, cut=0.1):
    return layers.hidden_space(hidden, X, GREEN, "two neurons", cut=cut)


def relu_of_each_input():
    return np.maximum(X - 1, 0)


def test_a_point_stands_at_the_sum_in_the_row_of_the_largest_answer():
    after = picture(relu_of_each_input).figure.axes[1]
    green, red = after.lines[:2]
    assert (list(green.get_xdata()), list(green.get_ydata())) == ([0], [0])
    assert (list(red.get_xdata()), list(red.get_ydata())) == ([1, 1], [1, 2])
    assert [label.get_text() for label in after.get_yticklabels()] == ["none", "1", "2"]
    assert "wrong: 0 of 3" in after.get_xlabel()


def test_points_on_the_wrong_side_of_the_cut_are_counted():
    drawn = picture(relu_of_each_input, cut=1.5)
    assert "wrong: 2 of 3" in drawn.figure.axes[1].get_xlabel()
    assert drawn.alt == "two neurons; 2 of 3 points are on the wrong side"


def test_a_layer_that_is_missing_or_odd_leaves_a_panel_that_says_so():
    def unwritten():
        raise NotImplementedError

    for hidden, line in ((unwritten, plots.WAITING), (lambda: X[0], "yours has shape (2,), not (3, number of neurons)")):
        assert line in [text.get_text() for text in picture(hidden).figure.axes[1].texts]
