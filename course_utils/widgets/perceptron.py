"""`explore_perceptron()`: three weights, the line where the neuron changes its mind, and one example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit  # type: ignore[import-untyped]

from course_utils.widgets.elements import Element, arrows, clip, label, line, panel, points, polygon, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Slider
from course_utils.widgets.subjects import WAITING, NotWritten, trial

REACH = 4.0
CORNERS = [(-REACH, -REACH), (REACH, -REACH), (REACH, REACH), (-REACH, REACH)]
EXAMPLE = np.array([-1.0, 2.0])
Z = np.linspace(-16, 16, 161)


def explore_perceptron(perceptron: Callable[..., Any] | None = None) -> Explorer:
    """Turn w₀, w₁ and w₂ of a neuron with two inputs and the sigmoid, and see which half-plane it answers yes to.

    perceptron: the student's perceptron(x, w, w0, g), which then gives the answer at the example.
    """
    asked: dict[str, bool] = {}

    def answer(w0: float, w: np.ndarray) -> float | None:
        if perceptron is None:
            return float(expit(w0 + w @ EXAMPLE))
        try:
            if not asked:
                trial(perceptron, EXAMPLE.copy(), w, w0, expit, want=0.5)
                asked["once"] = True
            return float(perceptron(EXAMPLE.copy(), w, w0, expit))
        except (NotWritten, NotImplementedError):
            return None

    def draw(w0: float, w1: float, w2: float) -> list[Element]:
        w = np.array([w1, w2])
        return [*_plane(w0, w), *_answer(float(w0 + w @ EXAMPLE), answer(w0, w), (w0, w1, w2))]

    weights = (("w0", "w₀", 1.0), ("w1", "w₁", 3.0), ("w2", "w₂", -2.0))
    knobs = [Slider(name, -4, 4, start, steps=9 if name == "w0" else 17, label=shown) for name, shown, start in weights]
    return Explorer(draw, knobs, label="a neuron with two inputs", height=320)


def _plane(w0: float, w: np.ndarray) -> list[Element]:
    at_corners = [w0 + float(w[0]) * x1 + float(w[1]) * x2 for x1, x2 in CORNERS]
    yes, edge = clip(CORNERS, at_corners)
    no, _ = clip(CORNERS, [-value for value in at_corners])
    drawing = [panel("where z is positive (+)", (-REACH, REACH), (-REACH, REACH), "x₁", "x₂", equal=True)]
    for outline, role, sign, strength in ((yes, "forward", "+", 0.22), (no, "muted", "−", 0.1)):
        drawing.append(polygon(*outline.T, role=role, strength=strength))
        middle = outline.mean(axis=0) if len(outline) else np.full(2, np.nan)
        drawing.append(label(sign if len(outline) else "", *middle, role="text", size=22))
    drawing.append(line(*edge.T, role="forward", width=2.5))
    # from the line's middle the weights point to the positive side
    foot = edge.mean(axis=0) if len(edge) and w.any() else np.full(2, np.nan)
    drawing += [
        arrows(*foot, *(w / 3), role="gradient", label="w"),
        points(*EXAMPLE, role="highlight", marker="diamond", size=6, label="(−1, 2)"),
    ]
    return drawing


def _answer(z: float, y_hat: float | None, weights: tuple[float, float, float]) -> list[Element]:
    w0, w1, w2 = weights
    total = f"z = {_plain(w0)} + ({_plain(w1)})·(−1) + ({_plain(w2)})·2 = {_plain(z)}"
    shown = np.nan if y_hat is None else y_hat
    side = "on the line" if z == 0 else f"on the {'+' if z > 0 else '−'} side"
    said = f"ŷ: {WAITING}" if y_hat is None else f"ŷ = g(z) = {y_hat:.4g}"
    return [
        panel("the answer at (−1, 2)", (-16, 16), (-0.05, 1.05), "z", "ŷ = g(z)", wide=0.9),
        line(Z, expit(Z), role="forward", faded=y_hat is None),
        line([z, z, -16], [-0.05, shown, shown], role="highlight", dash="dotted", width=1.5),
        points(z, shown, role="highlight", marker="diamond", size=6),
        say(f"{total}, {said}: the example lies {side}."),
    ]


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", "−")
