"""`explore_crops(tta_predict, model, images, size)`: ten crops of a digit, what the model says of each, and the student's mean."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, image, label, line, panel, polygon, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Knob, Slider
from course_utils.widgets.subjects import WAITING, NotWritten, trial

BAR = 0.36  # half of a bar
Array = np.ndarray


def explore_crops(tta_predict: Callable[..., Any] | None, model: Callable[[Array], Array], images: Array, size: int) -> Explorer:
    """Choose a digit: the crops that tta_predict shows to the model, what it says of each, and what comes back.

    tta_predict(model, image, size) -> (C,). model: (N, size, size) -> probabilities (N, C). images: (K, H, W), ink from 0 to 1.
    """

    @functools.cache
    def asked(number: int) -> tuple[Array, Array, Array] | None:
        """The crops that the model was shown (N, size, size), its answers (N, C), and the result (C,); None where it is not written yet."""
        crops: list[Array] = []

        def listening(shown: Any) -> Array:
            crops.extend(np.asarray(shown, dtype=float))
            return model(np.asarray(shown))

        want = model(np.asarray(images[number][None, :size, :size]))[0]
        try:
            found = np.asarray(trial(tta_predict, listening, images[number].copy(), size, want=want), dtype=float)
        except NotWritten:
            return None
        return np.array(crops), np.asarray(model(np.array(crops))), found

    def draw(digit: float) -> list[Element]:
        found = asked(round(digit) - 1)
        if found is None:
            return [
                panel("ten crops", (0, 1), (0, 1), bare=True),
                label(WAITING, 0.5, 0.5, role="muted", size=14),
                say(f"Not written yet: {WAITING}."),
            ]
        crops, answers, mean = found
        said = ", ".join(str(int(answer)) for answer in answers.argmax(axis=1))
        together = f"Together: {int(np.argmax(mean))}, with {mean.max():.2f}."
        return [*_pictures(crops[:10], answers), *_bars(mean), say(f"Crop by crop the model says {said}.\n{together}")]

    knobs: list[Knob] = [Slider("digit", 1, len(images), start=1, steps=len(images), label="digit")]
    return Explorer(draw, knobs, label="crops")


def _pictures(crops: Array, answers: Array) -> list[Element]:
    """Two rows of five crops; under each what the model says, and how surely."""
    drawing = [panel("what the model was shown, and what it said", (0, 5), (2.6, 0), bare=True, wide=1.7)]
    for number, (crop, p) in enumerate(zip(crops, answers, strict=False)):
        row, column = divmod(number, 5)
        drawing.append(image(255 * (1 - crop), (column + 0.05, column + 0.95), (1.3 * row, 1.3 * row + 0.95)))
        drawing.append(label(f"{int(np.argmax(p))} ({p.max():.2f})", column + 0.5, 1.3 * row + 1.1, size=12))
    return drawing


def _bars(mean: Array) -> list[Element]:
    """The probability of every class in the mean."""
    x = np.array([-BAR, -BAR, BAR, BAR])
    drawing = [
        panel("your mean", (-0.6, len(mean) - 0.4), (-0.12, 1.08), bare=True),
        line([-0.5, len(mean) - 0.5], [0, 0], role="muted", width=1),
    ]
    for c, height in enumerate(np.clip(mean, 0, 1.05)):
        drawing.append(polygon(c + x, np.array([0, height, height, 0]), role="forward", strength=0.55))
        drawing.append(label(str(c), c, -0.07, size=12))
    return drawing
