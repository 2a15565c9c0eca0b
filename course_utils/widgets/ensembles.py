"""`explore_ensemble(ensemble, probabilities, images, labels)`: what several networks say of a digit, and what they say together."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, image, label, line, panel, points, polygon, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice, Knob, Slider
from course_utils.widgets.subjects import WAITING, NotWritten, trial

SHOWN = 16  # digits: those on which the networks disagree most
BAR = 0.36  # half of a bar
Array = np.ndarray


def explore_ensemble(ensemble: Callable[..., Any] | None, probabilities: Array, images: Array, labels: Array) -> Explorer:
    """Choose a digit among those that the networks disagree on, and how many networks are asked.

    ensemble: M arrays (N, C) -> (N, C). probabilities: (M, N, C); images (N, H, W) with ink from 0 to 1; labels (N,).
    """
    p = np.asarray(probabilities, dtype=float)
    said = p.argmax(axis=2)
    agreeing = np.array([max(np.bincount(column, minlength=p.shape[2])) for column in said.T])
    digits = np.argsort(agreeing, kind="stable")[:SHOWN]

    @functools.cache
    def together(count: int) -> Array | None:
        """What the first `count` networks say of all digits; None where it is not written yet."""
        try:
            return np.asarray(trial(ensemble, p[:count].copy(), want=p[0]), dtype=float)
        except NotWritten:
            return None

    def draw(networks: int, digit: float) -> list[Element]:
        n = int(digits[round(digit) - 1])
        drawing = [
            panel(f"a {labels[n]}", (0, 1), (1, 0), bare=True, equal=True, wide=0.6),
            image(255 * (1 - images[n]), (0, 1), (0, 1)),
            *_bars(p[:networks, n], None if (found := together(networks)) is None else found[n], int(labels[n])),
        ]
        if found is None:
            return [*drawing, say(f"ensemble is not written yet: {WAITING}.")]
        alone = ", ".join(str(answer) for answer in said[:networks, n])
        right = np.sum(found.argmax(axis=1) == labels)
        return [
            *drawing,
            say(f"Alone: {alone}. Together: {int(np.argmax(found[n]))}.\nTogether they read {right} of {len(labels)} digits."),
        ]

    knobs: list[Knob] = [
        Choice("networks", list(range(1, len(p) + 1)), len(p)),
        Slider("digit", 1, SHOWN, start=1, steps=SHOWN, label="digit"),
    ]
    return Explorer(draw, knobs, label="ensemble")


def _bars(alone: Array, mean: Array | None, truth: int) -> list[Element]:
    """A dot per network and class, and a bar for what they say together."""
    classes = alone.shape[1]
    x = np.array([-BAR, -BAR, BAR, BAR])
    drawing = [
        panel("probability of each class; dots: networks", (-0.6, classes - 0.4), (-0.12, 1.08), bare=True, wide=1.4),
        line([-0.5, classes - 0.5], [0, 0], role="muted", width=1),
    ]
    for c in range(classes):
        height = 0.0 if mean is None else float(np.clip(mean[c], 0, 1.05))
        drawing.append(polygon(c + x, np.array([0, height, height, 0]), role="reference" if c == truth else "forward", strength=0.5))
        drawing.append(label(str(c), c, -0.07, size=12))
    shift = np.linspace(-0.2, 0.2, len(alone)) if len(alone) > 1 else np.zeros(1)
    drawing.append(points((np.arange(classes) + shift[:, None]).ravel(), alone.ravel(), role="gradient", size=3))
    if mean is None:
        drawing.append(label(WAITING, (classes - 1) / 2, 0.6, role="muted", size=14))
    return drawing
