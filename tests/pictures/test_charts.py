"""Charts of training and speed put every number under its name, and wait for functions that are not written."""

import itertools

import numpy as np
import pytest
import torch
from matplotlib.text import Text

from course_utils.pictures import charts, diagrams, plots

TITLE = "the fast loop is fast"
ROOFS = {"float32": 100e9, "bfloat16": 400e9}  # operations per second
BANDWIDTH = 10e9  # bytes per second: the edges lie at 10 and at 40 operations per byte


def unwritten():
    raise NotImplementedError


def texts(picture):
    return [text.get_text() for ax in picture.figure.axes for text in ax.texts]


def ends(picture):
    """Where the labels of a chart point to."""
    return {text.get_text(): text.xy for text in picture.figure.axes[0].texts}


def learning(compute, **options):
    return charts.learning(compute, TITLE, **options)


def bars(compute):
    return charts.bars(compute, TITLE, "images per second")


def scaling(compute):
    return charts.scaling(compute, TITLE, xlabel="batch size", ylabel="images per second")


def roofline(compute):
    return charts.roofline(compute, ROOFS, BANDWIDTH, TITLE)


def captioned(compute):
    return diagrams.captioned(compute, TITLE)


def test_axes_without_a_line_have_no_ticks():
    """Ticks of no numbers are wide, and push the axis' name out of the picture."""
    (ax,) = charts.lines(
        [("yours", plots.WAITING, "forward")], TITLE, xlabel="steps", ylabel="loss", log=True, level=("goal", 1.0)
    ).figure.axes
    assert [*ax.get_xticks(), *ax.get_yticks(), *ax.get_yticks(minor=True)] == []
    assert [text.get_text() for text in ax.texts] == [plots.WAITING]


@pytest.mark.parametrize("chart", [learning, bars, scaling, roofline, captioned])
@pytest.mark.parametrize(
    ("function", "line"),
    [(unwritten, plots.WAITING), (lambda: None, "yours returned None"), (lambda: 1 / 0, "yours raised ZeroDivisionError")],
)
def test_a_chart_without_numbers_says_why(chart, function, line):
    picture = chart(function)
    assert line in texts(picture)
    assert picture.alt == TITLE


@pytest.mark.parametrize(
    ("chart", "values"),
    [
        (learning, {"training": [2.3, 1.2], "validation": [2.2, 1.5]}),
        (bars, [("cpu", 5000.0), ("cuda", 400_000.0)]),
        (scaling, {"cpu": ((16, 64), [2000.0, 5000.0])}),
        (roofline, {"plain": (4.0, 10e9, "float32")}),
        (captioned, (np.zeros((2, 1, 28, 28)), ["3", "8"])),
    ],
)
def test_every_chart_can_be_shown_in_a_notebook(chart, values):
    png, about = chart(lambda: values)._repr_png_()
    assert png.startswith(b"\x89PNG")
    assert about["alt"] == TITLE


def test_losses_are_counted_from_the_first_epoch():
    picture = learning(lambda: {"training": [2.3, 1.2, 0.7], "validation": [2.2, 1.5]})
    ax = picture.figure.axes[0]
    assert [line.get_xdata().tolist() for line in ax.lines] == [[1, 2, 3], [1, 2]]
    assert ax.get_xlim() == (1, 3)
    assert ends(picture) == {"training": (3, 0.7), "validation": (2, 1.5)}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")


def test_lines_differ_in_colour_and_in_style():
    lines = learning(lambda: {name: [2.0, 1.0] for name in "abcd"}).figure.axes[0].lines
    assert len({line.get_color() for line in lines}) == len({line.get_linestyle() for line in lines}) == 4


def test_a_level_is_drawn_with_its_name():
    picture = learning(lambda: {"softmax": [2.3, 1.6]}, level=("no way below", 1.461))
    assert ends(picture)["no way below"][1] == 1.461
    assert [1.461, 1.461] in [list(line.get_ydata()) for line in picture.figure.axes[0].lines]


def test_a_loss_that_falls_by_decades_has_a_logarithmic_axis():
    values = {"scores": [2.3, 0.02, 0.0001]}
    axes = [learning(lambda: values, log=log).figure.axes[0] for log in (False, True)]
    assert [ax.get_yscale() for ax in axes] == ["linear", "log"]


def test_bars_show_every_name_and_value_with_the_first_on_top():
    picture = bars(lambda: [("plain loop", 12345.6), ("fast", 0.0456), ("compiled", 78.91)])
    picture.figure.canvas.draw()
    ax = picture.figure.axes[0]
    heights = [bar.get_window_extent().y0 for bar in ax.patches]
    assert [bar.get_width() for bar in ax.patches] == [12345.6, 0.0456, 78.91]
    assert heights == sorted(heights, reverse=True)
    assert texts(picture) == ["12,346", "0.0456", "78.9"]
    names = {label.get_text(): label.get_window_extent() for label in ax.get_yticklabels()}
    for name, bar in zip(["plain loop", "fast", "compiled"], ax.patches, strict=True):
        box = bar.get_window_extent()
        assert box.y0 < (names[name].y0 + names[name].y1) / 2 < box.y1


def test_names_of_bars_stay_inside_the_figure():
    picture = bars(lambda: [("convolution_backward_overrideable", 3.0), ("mm", 2.0)])
    picture.figure.canvas.draw()
    left, bottom, right, top = picture.figure.bbox.extents
    boxes = [text.get_window_extent() for ax in picture.figure.axes for text in [*ax.get_yticklabels(), *ax.texts]]
    assert all(left <= box.x0 and box.x1 <= right and bottom <= box.y0 and box.y1 <= top for box in boxes)


def test_scaling_has_two_logarithmic_axes_and_a_name_at_the_end_of_each_line():
    found = {"cpu": ((16, 64, 256), [2000.0, 4100.0, 5000.0]), "cuda": ((64, 4096), [9000.0, 800_000.0])}
    picture = scaling(lambda: found)
    ax = picture.figure.axes[0]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ends(picture) == {"cpu": (256, 5000.0), "cuda": (4096, 800_000.0)}
    assert [label.get_text() for label in ax.get_xticklabels()] == ["16", "64", "256", "4096"]


def test_a_scaling_that_waits_has_no_numbers_of_its_own():
    ax = scaling(unwritten).figure.axes[0]
    assert len(ax.get_xticks()) == len(ax.get_yticks()) == 0



@pytest.mark.parametrize(("rates", "some"), [([900.0, 9000.0], "2,000"), ([0.3, 30.0], "0.5"), ([10.0, 1e6], "10,000")])
def test_rates_are_written_as_ordinary_numbers(rates, some):
    ax = scaling(lambda: {"cpu": ((1, 2), rates)}).figure.axes[0]
    labels = {label.get_text(): place for label, place in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)}
    assert all(float(label.replace(",", "")) == pytest.approx(place) for label, place in labels.items())
    assert some in labels
    low, high = ax.get_ylim()
    assert low < min(rates) < max(rates) < high


POINTS = {
    "left of the edge": (2.0, 5e9, "float32"),  # of 2·10 = 20
    "right of the edge": (50.0, 75e9, "float32"),  # of 100, not of 50·10
    "left of the other": (20.0, 100e9, "bfloat16"),  # of 20·10 = 200
    "right of the other": (80.0, 36e9, "bfloat16"),  # of 400
}


def test_a_roofline_names_the_share_of_the_nearer_limit():
    labels = {"left of the edge: 25%", "right of the edge: 75%", "left of the other: 50%", "right of the other: 9%"}
    assert labels <= set(texts(roofline(lambda: POINTS)))


def test_a_roof_is_the_lower_of_two_limits():
    lines = [line for line in roofline(lambda: POINTS).figure.axes[0].lines if len(line.get_xdata()) > 1]
    assert len(lines) == len(ROOFS)
    for line, peak in zip(lines, ROOFS.values(), strict=True):
        # straight between these points, on axes that are both logarithmic
        x, y = line.get_data()
        assert np.asarray(y) * 1e9 == pytest.approx(np.minimum(peak, BANDWIDTH * np.asarray(x)))
        assert x[1] == pytest.approx(peak / BANDWIDTH)
        assert x[0] < x[1] < x[2]


def test_points_under_a_roof_lie_inside_the_panel():
    ax = roofline(lambda: POINTS).figure.axes[0]
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    marks = {(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if len(line.get_xdata()) == 1}
    assert marks == {(intensity, rate / 1e9) for intensity, rate, _ in POINTS.values()}
    assert all(left < x < right and low < y < high for x, y in marks)


def test_points_that_lie_together_are_named_one_below_another_beside_them():
    crowd = {f"version {number}": (10.0, (20 + number) * 1e9, "float32") for number in range(4)} | {"far": (3.0, 5e9, "float32")}
    picture = roofline(lambda: crowd)
    picture.figure.canvas.draw()  # an annotation has its place from then on
    [ax] = picture.figure.axes
    named = {each.get_text().partition(":")[0]: each for each in ax.texts if ":" in each.get_text()}
    assert named.keys() == crowd.keys()
    for name, (intensity, rate, _) in crowd.items():
        assert named[name].xy == (intensity, rate / 1e9)
    boxes = [Text.get_window_extent(each) for each in named.values()]  # without the lines
    assert not any(one.overlaps(other) for one, other in itertools.combinations([box.shrunk(1, 0.6) for box in boxes], 2))
    assert len({round(box.x0) for box in boxes}) == 1


def test_a_roofline_shows_the_limits_before_there_are_points():
    assert {"float32 products", "bfloat16 products", "memory", plots.WAITING} <= set(texts(roofline(unwritten)))


def test_every_image_stands_under_its_own_caption():
    images = torch.arange(5.0).reshape(5, 1, 1, 1).expand(5, 1, 4, 4) / 4
    picture = diagrams.captioned(lambda: (images, ["0", "1", "2", "3", "4"]), TITLE, columns=3)
    shown = {ax.get_title(loc="center"): ax.images[0].get_array() for ax in picture.figure.axes}
    assert {caption: 4 * float(image.mean()) for caption, image in shown.items()} == {str(i): i for i in range(5)}
    places = [ax.get_position() for ax in picture.figure.axes]
    assert places[0].y0 == places[2].y0 > places[3].y1
    assert picture.figure.get_suptitle() == TITLE


def test_no_images_are_called_none():
    picture = captioned(lambda: (np.zeros((0, 1, 28, 28)), []))
    assert texts(picture) == ["none"]
    assert picture.alt == TITLE


def test_losses_that_are_still_tensors_are_drawn():
    losses = [torch.tensor(2.0, requires_grad=True) * 2, torch.tensor(1.0)]
    assert charts.learning(lambda: {"mine": losses}, "title").figure.axes[0].lines[0].get_ydata().tolist() == [4.0, 1.0]


def test_a_loop_that_returns_none_is_named():
    assert "yours raised TypeError" in texts(charts.learning(lambda: {"mine": [1.0, None]}, "title"))


@pytest.mark.parametrize("chart", [lambda: charts.learning(lambda: {"mine": []}, "title"), lambda: charts.bars(list, "title", "x")])
def test_nothing_to_draw_is_said(chart):
    assert "there is nothing to draw" in texts(chart())
