"""Figures show a student's own functions, and never stop a notebook when these are missing or wrong."""

import subprocess
import sys

import matplotlib
import numpy as np
import pytest

from course_utils.pictures import plots

TITLE = "the curve is steep"


def unwritten(*args):
    raise NotImplementedError


def texts(picture):
    drawn = [text.get_text() for ax in picture.figure.axes for text in [*ax.texts, ax.xaxis.label]]
    return drawn + [ax.get_title(loc="left") for ax in picture.figure.axes]


def lines(picture):
    return [line.get_color() for ax in picture.figure.axes for line in ax.lines]


def cube(z):
    return z**3


def cube_grad(z):
    return 3 * z**2


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (unwritten, "yours will appear here"),
        (lambda z: None, "yours returned None"),
        (lambda z: z[:-1], "yours has shape (239,), not (240,)"),
        (lambda z: ["a"] * len(z), "yours did not return numbers"),
        (lambda z: z / undefined, "yours raised NameError"),  # noqa: F821 - a student's slip
    ],
)
def test_a_missing_or_broken_function_leaves_a_panel_that_says_so(function, line):
    assert line in texts(plots.activations((TITLE, function, cube_grad)))
    assert any(line in text for text in texts(plots.activations((TITLE, cube, function))))


def test_an_activation_is_drawn_with_its_slope_and_the_measured_one():
    picture = plots.activations((TITLE, cube, cube_grad), reach=2)
    assert lines(picture)[1:] == [plots.FORWARD, plots.REFERENCE, plots.GRADIENT]
    measured, slope = picture.figure.axes[0].lines[2:]
    np.testing.assert_allclose(measured.get_ydata(), slope.get_ydata()[::8], rtol=1e-6)


def test_half_planes_show_the_line_and_the_point():
    picture = plots.half_planes(lambda X: X[:, 0] - X[:, 1], TITLE, point=(-1, 2), line=lambda x1: x1)
    assert lines(picture) == [plots.FORWARD, plots.HIGHLIGHT]
    assert {"+", "−", "(−1, 2)", TITLE} <= set(texts(picture))


def test_half_planes_wait_for_what_is_not_written():
    assert plots.WAITING in texts(plots.half_planes(unwritten, TITLE, point=(-1, 2)))
    waiting = plots.half_planes(lambda X: X[:, 0], TITLE, point=(-1, 2), line=unwritten)
    assert "yours gives 2 numbers for 3721 points" in texts(plots.half_planes(lambda X: X[0], TITLE, point=(-1, 2)))
    assert any(f"the line: {plots.WAITING}" in text for text in texts(waiting))


def test_decisions_count_what_is_wrong():
    X, green = np.array([[1.0, 0.0], [2.0, 0.0], [-1.0, 0.0]]), np.array([True, False, False])
    picture = plots.decisions([("right of 0", lambda X: X[:, :1]), ("later", unwritten)], X, green)
    assert any("wrong: 1 of 3" in text for text in texts(picture))
    assert plots.WAITING in texts(picture)


def test_a_matrix_has_its_numbers_written_in():
    labels = {"rows": ["example 1"], "columns": ["neuron 1", "neuron 2"]}
    assert {"−1.500", "2.000"} <= set(texts(plots.matrix(lambda: [[-1.5, 2.0]], TITLE, **labels)))
    assert {"3", "−2"} <= set(texts(plots.matrix(lambda: [[3, -2]], TITLE, **labels)))
    assert plots.WAITING in texts(plots.matrix(unwritten, TITLE, **labels))
    assert "yours has shape (2, 1), not (1, 2)" in texts(plots.matrix(lambda: [[1], [2]], TITLE, **labels))
    waiting, drawn = (plots.matrix(compute, TITLE, **labels).figure.axes[0] for compute in (unwritten, lambda: [[-1.5, 2.0]]))
    assert (waiting.get_ylim(), waiting.get_xlim()) == (drawn.get_ylim(), drawn.get_xlim()), "the first row is on top at once"


def test_a_picture_is_a_png_of_its_size_with_words_for_those_who_cannot_see_it():
    picture = plots.points(np.zeros((2, 2)), np.array([True, False]), TITLE)
    png, about = picture._repr_png_()
    assert png.startswith(b"\x89PNG")
    assert about == {"width": 350, "alt": TITLE}


def test_the_readers_settings_stay_as_they_were():
    before = {name: matplotlib.rcParams[name] for name in plots.STYLE}
    plots.points(np.zeros((2, 2)), np.array([True, False]), TITLE)
    assert {name: matplotlib.rcParams[name] for name in plots.STYLE} == before != plots.STYLE


def test_matplotlib_is_not_imported_before_the_first_figure():
    code = "import sys; from course_utils import plots; plots.SIZE; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
