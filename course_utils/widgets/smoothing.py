"""`explore_smoothing(smooth, losses)`: a noisy curve through the student's moving average, and what an uncorrected one would show."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, label, line, panel, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Slider
from course_utils.widgets.subjects import WAITING, NotWritten, trial

MEMORY = Slider("memory", 1, 200, start=10, steps=31, label="remembers about n steps", log=True, play=True)


def explore_smoothing(smooth: Callable[..., Any] | None, losses: Sequence[float]) -> Explorer:
    """The curve `losses` (K,), of floats, seen through smooth(losses, beta), with β = 1 − 1/n.

    Turn n. The dotted line is the same average begun at 0 and not corrected: the student's values times 1 − βᵗ.
    """
    curve = np.asarray(losses, dtype=float)
    return Explorer(_drawing(smooth, curve), [MEMORY], label="smoothing")


def _drawing(smooth: Callable[..., Any] | None, curve: np.ndarray) -> Callable[..., list[Element]]:
    t = np.arange(1, len(curve) + 1)
    top = float(np.max(curve)) * 1.05
    raw = [
        panel("the loss of every batch, and its moving average", (0, len(curve)), (0, top), "step", "loss"),
        line(t, curve, role="muted", width=1, faded=True),
    ]

    @functools.cache
    def smoothed(beta: float) -> np.ndarray | None:
        try:
            return np.asarray(trial(smooth, curve.copy(), beta, want=curve), dtype=float)
        except NotWritten:
            return None

    def draw(memory: float) -> list[Element]:
        beta = 1 - 1 / memory
        found = smoothed(beta)
        if found is None:
            return [*raw, label(WAITING, len(curve) / 2, top / 2, role="muted", size=14), say(f"Not written yet: {WAITING}.")]
        late = int(np.argmax(found < curve[0] / 2)) + 1 if (found < curve[0] / 2).any() else 0
        falls = f"It falls below half of the first loss at step {late}." if late else "It never falls below half of the first loss."
        return [
            *raw,
            line(t, found * (1 - beta**t), role="reference", dash="dotted", width=1.5),
            line(t, found, role="forward"),
            label("smooth", 0.72 * len(curve), 0.9 * top, role="forward", align="left"),
            label("not corrected", 0.72 * len(curve), 0.82 * top, role="reference", align="left"),
            say(f"β = {beta:.3g} remembers about {memory:.0f} step{'s' if memory >= 1.5 else ''}. {falls}"),
        ]

    return draw
