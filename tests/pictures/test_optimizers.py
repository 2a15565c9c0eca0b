"""Pictures of walks: one scale on a map, a style for every rule, both numbers of a rule, lines over noise; stubs are told."""

from __future__ import annotations

import numpy as np

from course_utils.pictures import optimizers, plots

SPANS = ((-5.0, 3.0), (-3.0, 2.0))


def height(w):
    return w @ np.diag([1.0, 10.0]) @ w


def straight():
    return np.array([[-4.0, 1.0], [-2.0, 0.5], [0.0, 0.0]])


def unwritten():
    raise NotImplementedError


def test_every_rule_has_a_style_of_its_own_and_a_map_one_scale():
    picture = optimizers.trails([("a map", height, {"plain": straight, "ball": straight, "none": unwritten})], SPANS)
    (ax,) = picture.figure.axes
    assert ax.get_aspect() == 1
    named = {line.get_label(): (line.get_color(), line.get_linestyle()) for line in ax.lines if not line.get_label().startswith("_")}
    assert set(named) == {"plain", "ball"}
    assert len(set(named.values())) == 2
    assert [line.get_xydata()[0].tolist() for line in ax.lines if line.get_marker() == "+"] == [[0.0, 0.0]]


def test_a_map_without_any_walk_waits():
    picture = optimizers.trails([("a map", height, {"none": unwritten})], SPANS)
    assert plots.WAITING in [text.get_text() for text in picture.figure.axes[0].texts]


def test_both_numbers_are_written_and_equal_ones_once():
    rows = {"same": lambda: [171, 171], "other": lambda: [8, 5900], "none": unwritten}
    picture = optimizers.before_and_after(rows, "steps", "steps", ("level", "turned"))
    words = [text.get_text() for text in picture.figure.axes[0].texts]
    assert words.count("171") == words.count("8") == words.count("5900") == words.count(plots.WAITING) == 1


def test_lines_over_noise_are_named_at_their_ends():
    noisy = np.array([3.0, 1.0, 2.0])
    rows = [("yours", lambda: noisy / 2, "forward"), ("none", unwritten, "gradient")]
    picture = optimizers.over_noise(noisy, rows, "noise", ("step", "loss"))
    (ax,) = picture.figure.axes
    named = {text.get_text(): text.xy for text in ax.texts if hasattr(text, "xy")}
    assert named["yours"] == (3.0, 1.0)
    assert plots.WAITING in [text.get_text() for text in ax.texts]
