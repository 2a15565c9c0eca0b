"""Tables show what a student's function does in numbers, and wait for what is not written."""

import numpy as np
import pytest

from course_utils.pictures import tables


def unwritten(z):
    raise NotImplementedError


def test_slopes_are_measured_on_the_function():
    table = tables.slopes(np.square, [-1, 0.5, 3], "z²")
    assert table.heads == ["z", "z²", "slope"]
    assert table.rows == [["−1", "1", "−2"], ["0.5", "0.25", "1"], ["3", "9", "6"]]


def test_in_a_corner_half_of_each_side_is_measured():
    assert tables.slopes(np.abs, [-2, 0, 2]).rows[1] == ["0", "0", "0"]
    assert tables.slopes(lambda z: np.maximum(z, 0), [0]).rows == [["0", "0", "0.5"]]


@pytest.mark.parametrize(
    ("g", "line"),
    [
        (unwritten, "g(z): yours will appear here"),
        (lambda z: None, "g(z): yours returned None"),
        (lambda z: 3, "g(z): yours has shape (), not (2,)"),
        (lambda z: z / 0 if z[0] else undefined, "g(z): yours raised NameError"),  # noqa: F821 - a student's slip
    ],
)
def test_what_cannot_be_measured_is_told_in_one_line(g, line):
    table = tables.slopes(g, [0, 1])
    assert repr(table) == line
    assert line in table._repr_html_()


def test_a_table_reads_well_without_a_browser_and_escapes_in_one():
    table = tables.columns(**{"a < b": [1, 10.5], "c": [-0.00001, 2 / 3]})
    assert repr(table).splitlines() == ["a < b       c", "    1       0", " 10.5  0.6667"]
    assert "<th>a &lt; b</th>" in table._repr_html_()
    assert "<td>0.6667</td>" in table._repr_html_()


@pytest.mark.parametrize(("value", "text"), [(-1.0, "−1"), (1e-9, "0"), (-1e-9, "0"), (1000, "1000"), (np.inf, "inf"), (np.nan, "nan")])
def test_numbers_are_as_short_as_they_can_be(value, text):
    assert tables.number(value) == text


def test_rows_wait_for_what_is_not_written():
    assert tables.rows(["x", "slope"], lambda: [[1, -0.5]]).rows == [["1", "−0.5"]]
    assert repr(tables.rows(["x", "slope"], lambda: [unwritten(0)])) == "yours will appear here"
