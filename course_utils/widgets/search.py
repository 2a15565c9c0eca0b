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
WIDTH = 0.06  # of the ridge, in the direction that matters
PEAK = (0.37, 0.68)  # where the best params are in the picture
SEARCHES = 6  # of the student's, for each number of trials: the picture shows the first
Array = np.ndarray


def explore_search(random_search: Callable[..., Any] | None = None) -> Explorer:
    """Nine, sixteen or twenty-five trials on a ridge: how much the second knob counts, and how far the ridge is turned.

    random_search(train, space, trials, rng): a list of (score, params), best first. It is asked with one seed for each number of trials.
    """

    @functools.cache
    def drawn(trials: int) -> Array | None:
        """The places that some searches of the student's try, (SEARCHES, trials, 2); None where it is not written yet."""
        try:
            trial(random_search, lambda params: 0.0, dict(SPACE), 1, np.random.default_rng(0), want=[(0.0, {"x": 0.5, "y": 0.5})])
        except NotWritten:
            return None
        assert random_search is not None
        return np.array([_places(random_search, trials, np.random.default_rng(7 + number)) for number in range(SEARCHES)])

    def draw(trials: int, importance: float, angle: float) -> list[Element]:
        grid = _grid(trials)
        left, best_of_grid = _side(f"a grid of {len(grid) ** 0.5:.0f} × {len(grid) ** 0.5:.0f}", grid, importance, angle)
        places = drawn(trials)
        if places is None:
            empty = panel("yours", (0, 1), (0, 1), "first knob", "second knob", equal=True)
            waiting = label(WAITING, 0.5, 0.5, role="muted", size=14)
            return [*left, empty, waiting, say(f"random_search is not written yet: {WAITING}.")]
        right, best = _side(f"yours: {trials} at random", places[0], importance, angle)
        means = _mean_best(grid[None], importance, angle), _mean_best(places, importance, angle)
        said = f"Best score here: grid {best_of_grid:.2f}, yours {best:.2f}; the top is 1."
        return [*left, *right, say(f"{said}\nOn average, wherever the top lies: grid {means[0]:.2f}, yours {means[1]:.2f}.")]

    knobs: list[Knob] = [
        Choice("trials", [9, 16, 25], 9),
        Slider("importance", 0, 1, start=0, steps=6, label="importance of the second knob"),
        Slider("angle", 0, 90, start=0, steps=7, label="turned by (degrees)"),
    ]
    return Explorer(draw, knobs, label="search")


def _places(random_search: Callable[..., Any], trials: int, rng: np.random.Generator) -> Array:
    """Where one search tries, (trials, 2)."""
    found = random_search(lambda params: 0.0, dict(SPACE), trials, rng)
    try:
        places = np.array([[float(params["x"]), float(params["y"])] for _, params in found])
    except (TypeError, ValueError, KeyError, IndexError):
        raise Unusable("random_search does not return pairs of a score and params") from None
    if len(places) != trials:
        raise Unusable(f"random_search returned {len(places)} pairs for {trials} trials")
    return places


@functools.cache
def _grid(trials: int) -> Array:
    side = round(trials**0.5)
    centres = (np.arange(side) + 0.5) / side
    return np.array([[x, y] for x in centres for y in centres])


@functools.cache
def _peaks() -> Array:
    """Many places where the top may lie, (2, 100)."""
    return np.random.default_rng(0).uniform(0.05, 0.95, size=(2, 100))


def _mean_best(searches: Array, importance: float, angle: float) -> float:
    """The best score of each search (S, K, 2) for each place of the top, on average."""
    x, y = np.moveaxis(searches, 2, 0)[..., None]  # (S, K, 1)
    return float(score(x, y, importance, angle, tuple(_peaks())).max(axis=1).mean())


def score(x: Array, y: Array, importance: float, angle: float, peak: tuple[Any, ...] = PEAK) -> Array:
    """1 at the peak, and less the further away; across the ridge it falls fast, along it by `importance` as fast."""
    turn = np.deg2rad(angle)
    dx, dy = x - peak[0], y - peak[1]
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
