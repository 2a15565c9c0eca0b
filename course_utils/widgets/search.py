"""`explore_search(random_search)`: the student's random search beside a grid, on a ridge that can be turned."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, heat, label, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice, Knob, Slider
from course_utils.widgets.subjects import WAITING, NotWritten, Unusable, trial

SIDE = 25  # cells along a side of the picture of the ridge
SPACE = {"x": (0.0, 1.0, "linear"), "y": (0.0, 1.0, "linear")}
PEAK, WIDTH = (0.37, 0.68), 0.13  # where the best params are, and how wide the ridge is in the direction that matters
Array = np.ndarray


def explore_search(random_search: Callable[..., Any] | None = None) -> Explorer:
    """Nine, sixteen or twenty-five trials on a ridge: how much the second knob counts, and how far the ridge is turned.

    random_search(train, space, trials, rng): a list of (score, params), best first. It is asked with one seed for each number of trials.
    """

    @functools.cache
    def drawn(trials: int) -> Array | None:
        """The places that the student's search tries, (trials, 2); None where it is not written yet."""
        try:
            trial(random_search, lambda params: 0.0, dict(SPACE), 1, np.random.default_rng(0), want=[(0.0, {"x": 0.5, "y": 0.5})])
        except NotWritten:
            return None
        assert random_search is not None
        found = random_search(lambda params: 0.0, dict(SPACE), trials, np.random.default_rng(7))
        try:
            places = np.array([[float(params["x"]), float(params["y"])] for _, params in found])
        except (TypeError, ValueError, KeyError, IndexError):
            raise Unusable("random_search does not return pairs of a score and params") from None
        if len(places) != trials:
            raise Unusable(f"random_search returned {len(places)} pairs for {trials} trials")
        return places

    def draw(trials: int, importance: float, angle: float) -> list[Element]:
        side = round(trials**0.5)
        centres = (np.arange(side) + 0.5) / side
        grid = np.array([[x, y] for x in centres for y in centres])
        left, best_of_grid = _side(f"a grid of {side} × {side}", grid, importance, angle)
        places = drawn(trials)
        if places is None:
            right = [
                panel("yours", (0, 1), (0, 1), "first knob", "second knob", equal=True),
                label(WAITING, 0.5, 0.5, role="muted", size=14),
            ]
            return [*left, *right, say(f"random_search is not written yet: {WAITING}.")]
        right, best = _side(f"yours: {trials} at random", places, importance, angle)
        better = (
            "Random search is better."
            if best > best_of_grid + 0.005
            else "The grid is better."
            if best < best_of_grid - 0.005
            else "A draw."
        )
        return [*left, *right, say(f"Best score of the grid: {best_of_grid:.2f}, of yours: {best:.2f}; the top is 1. {better}")]

    knobs: list[Knob] = [
        Choice("trials", [9, 16, 25], 9),
        Slider("importance", 0, 1, start=0, steps=6, label="importance of the second knob"),
        Slider("angle", 0, 90, start=0, steps=7, label="turned by (degrees)"),
    ]
    return Explorer(draw, knobs, label="search")


def score(x: Array, y: Array, importance: float, angle: float) -> Array:
    """1 at the best place, and less the further away; across the ridge it falls fast, along it by `importance` as fast."""
    turn = np.deg2rad(angle)
    dx, dy = x - PEAK[0], y - PEAK[1]
    across, along = np.cos(turn) * dx + np.sin(turn) * dy, np.cos(turn) * dy - np.sin(turn) * dx
    return np.asarray(np.exp(-(across**2 + (importance * along) ** 2) / (2 * WIDTH**2)))


@functools.cache
def _ridge(importance: float, angle: float) -> Element:
    middle = (np.arange(SIDE) + 0.5) / SIDE
    return heat(score(*np.meshgrid(middle, middle), importance, angle), (0, 1), (0, 1), limit=1.0, strength=0.6)


def _side(title: str, places: Array, importance: float, angle: float) -> tuple[list[Element], float]:
    scores = score(places[:, 0], places[:, 1], importance, angle)
    best = places[int(np.argmax(scores))]
    drawing = [
        panel(title, (0, 1), (0, 1), "first knob", "second knob", equal=True),
        _ridge(importance, angle),
        points(places[:, 0], places[:, 1], role="gradient", size=4),
        points(best[:1], best[1:], role="highlight", marker="circle", size=9, label=f"{scores.max():.2f}"),
    ]
    return drawing, float(scores.max())
