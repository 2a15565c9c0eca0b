"""`explore_dropout(dropout)`: one mask of the student's dropout, and the mean of a layer over 200 of them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, label, line, panel, polygon, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice, Slider
from course_utils.widgets.subjects import WAITING, NotWritten, trial

NEURONS, DRAWS = 48, 200
P = Slider("p", 0.0, 0.9, start=0.2, steps=19, label="probability of dropping p", play=True)
WHEN = Choice("when", ["training", "testing"], "training")
EDGES = np.linspace(0, 2, 41)
Array = np.ndarray


def explore_dropout(dropout: Callable[..., Any] | None) -> Explorer:
    """48 neurons after one draw, and the mean of the layer in 200 draws. Turn p; choose training or testing.

    dropout: the student's, dropout(X, p, rng, training) -> (Y, mask).
    """
    return Explorer(_drawing(dropout), [P, WHEN], label="dropout")


@functools.cache
def _layer() -> Array:
    """Positive numbers with mean 1, as they come out of a ReLU."""
    numbers = np.random.default_rng(1).uniform(0.4, 1.6, size=NEURONS)
    return np.asarray(numbers / numbers.mean())


def _bars(heights: Array, width: float = 0.8) -> tuple[Array, Array]:
    """The outlines of bars at 1, 2, …, parted by NaN."""
    x, y = np.full((len(heights), 5), np.nan), np.full((len(heights), 5), np.nan)
    middle = np.arange(1, len(heights) + 1)
    x[:, 0] = x[:, 1] = middle - width / 2
    x[:, 2] = x[:, 3] = middle + width / 2
    y[:, 0] = y[:, 3] = 0
    y[:, 1] = y[:, 2] = heights
    return x.ravel(), y.ravel()


def _drawing(dropout: Callable[..., Any] | None) -> Callable[..., list[Element]]:
    X = _layer()

    @functools.cache
    def draws(p: float, training: bool) -> Array | None:
        """200 draws of the layer (DRAWS, NEURONS)."""
        many = np.tile(X, (DRAWS, 1))
        try:
            Y, _ = trial(dropout, many, p, np.random.default_rng(0), training, want=(many, many))
        except NotWritten:
            return None
        return np.asarray(Y, dtype=float)

    def draw(p: float, when: str) -> list[Element]:
        found = draws(p, when == "training")
        left = [panel("one draw: the 48 neurons of a layer", (0, NEURONS + 1), (0, 4), "neuron", "output", whole=True)]
        right = panel("the layer's mean in 200 draws", (0, 2), (0, 80), "mean of the 48 outputs", "draws", whole=True)
        if found is None:
            return [*left, label(WAITING, NEURONS / 2, 2, role="muted", size=14), right, say(f"Not written yet: {WAITING}.")]
        means = found.mean(axis=1)
        counts = np.histogram(np.clip(means, 0, 2), EDGES)[0]
        middle, spread = float(means.mean()), float(means.std())
        steps = np.repeat(np.minimum(counts, 80), 2)
        sides = np.repeat(EDGES, 2)[1:-1]
        return [
            *left,
            line(*_bars(X), role="muted", width=1, faded=True),
            polygon(*_bars(np.clip(found[0], 0, 4)), role="forward", strength=0.6),
            right,
            polygon(np.append(sides, [2, 0]), np.append(steps, [0, 0]), role="forward", strength=0.5),
            line([1, 1], [0, 80], role="reference", dash="dotted", width=1.5),
            label("without dropout", 1.04, 74, role="reference", align="left"),
            say(
                f"{when}, p = {p:.2g}: {np.count_nonzero(found[0])} of {NEURONS} neurons speak in this draw. "
                f"Over 200 draws the mean of the layer is {middle:.2f} ± {spread:.2f}; without dropout it is 1."
            ),
        ]

    return draw
