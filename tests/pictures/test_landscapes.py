"""Maps are true to the eye: one scale on both axes, the cross at the lowest point, the angle that is written is the one that is drawn."""

import numpy as np
import pytest

from course_utils.pictures import landscapes, plots, sampling

SPANS = ((-40.0, 240.0), (-50.0, 125.0))
BOTTOM = np.array([157.3, 44.1])  # between the places where the heights are computed
TURN = np.array([[np.cos(0.4), -np.sin(0.4)], [np.sin(0.4), np.cos(0.4)]])
SLANTED = TURN @ np.diag([1.0, 25.0]) @ TURN.T


def height(w):
    return (w - BOTTOM) @ SLANTED @ (w - BOTTOM)


def slope(w):
    return 2 * SLANTED @ (w - BOTTOM)


def unwritten(w):
    raise NotImplementedError


def crosses(picture):
    return [line.get_xydata()[0] for line in picture.figure.axes[0].lines if line.get_marker() == "+"]


def map_of(f):
    return landscapes.maps([("a map", f, lambda: np.zeros((2, 2)))], SPANS)


def test_the_cross_stands_at_the_lowest_point_between_the_grid():
    (cross,) = crosses(map_of(height))
    np.testing.assert_allclose(cross, BOTTOM, atol=1e-6)


def test_the_cross_of_a_valley_that_is_no_bowl_is_nearer_than_the_grid():
    (cross,) = crosses(map_of(lambda w: np.sum(np.cosh((w - BOTTOM) / 60))))
    np.testing.assert_allclose(cross, BOTTOM, atol=0.05)


def test_a_bottom_outside_of_the_map_is_marked_at_its_edge():
    (cross,) = crosses(map_of(lambda w: w[0]))
    assert cross[0] == SPANS[0][0]


@pytest.mark.parametrize("picture", [map_of(height), landscapes.slopes(height, slope, SPANS, "slopes")], ids=["maps", "slopes"])
def test_right_angles_are_right_angles(picture):
    assert picture.figure.axes[0].get_aspect() == 1


@pytest.mark.parametrize("place", [(0.0, 100.0), (200.0, 0.0)])
def test_the_angle_between_downhill_and_the_goal_is_written(place):
    picture = landscapes.slopes(height, slope, SPANS, "slopes", place=place)
    down, goal = -slope(np.array(place)), BOTTOM - place
    angle = np.degrees(np.arccos(down @ goal / np.linalg.norm(down) / np.linalg.norm(goal)))
    assert f"{angle:.0f}°" in picture.figure.axes[0].get_xlabel()


def test_slopes_that_are_not_written_yet_leave_the_map():
    picture = landscapes.slopes(height, unwritten, SPANS, "slopes", place=(0.0, 0.0))
    assert plots.WAITING in [text.get_text() for text in picture.figure.axes[0].texts]
    assert crosses(picture)


def test_a_yardstick_has_its_name():
    picture = landscapes.curves([("yours", lambda: [(0, 1.0), (1, 2.0)], 1)], "a curve", ("step", "loss"), level=("a constant", 1.5))
    named = {text.get_text(): text.xy for text in picture.figure.axes[0].texts}
    assert named["a constant"][1] == 1.5


def test_the_cross_of_clouds_lies_above_the_dots():
    rng = np.random.default_rng(0)
    picture = sampling.clouds({"ones": lambda: rng.normal(size=(50, 2))}, lambda: np.zeros(2), "clouds", ("a", "b"))
    dots, cross = picture.figure.axes[0].lines
    assert cross.get_zorder() > dots.get_zorder()
