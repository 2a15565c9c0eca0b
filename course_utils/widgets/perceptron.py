"""`explore_perceptron()`: three weights, the line where the neuron changes its mind, and one example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, arrows, clip, heat, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Slider
from course_utils.widgets.losses import sigmoid
from course_utils.widgets.subjects import WAITING, NotWritten, trial

REACH, SIDE = 4.0, 8
CORNERS = [(-REACH, -REACH), (REACH, -REACH), (REACH, REACH), (-REACH, REACH)]
EXAMPLE = np.array([-1.0, 2.0])
Z = np.linspace(-16, 16, 161)
MIDDLES = (np.arange(SIDE) + 0.5) / SIDE * 2 * REACH - REACH
LATTICE = np.column_stack([axis.ravel() for axis in np.meshgrid(MIDDLES, MIDDLES)])  # row by row from below
Answers = tuple[np.ndarray, float]  # at LATTICE (SIDE ** 2,), and at EXAMPLE


def explore_perceptron(perceptron: Callable[..., Any] | None = None) -> Explorer:
    """Turn w₀, w₁ and w₂ of a neuron with two inputs and the sigmoid, and see which half-plane it answers yes to.

    perceptron: the student's perceptron(x, w, w0, g), which then shades the plane and gives the answer at the example.
    """
    asked: dict[str, bool] = {}

    def answers(w0: float, w: np.ndarray) -> Answers | None:
        if perceptron is None:
            return sigmoid(w0 + LATTICE @ w), float(sigmoid(w0 + w @ EXAMPLE))
        try:
            if not asked:
                trial(perceptron, EXAMPLE.copy(), w, w0, sigmoid, want=0.5)
                asked["once"] = True
            *plane, example = [float(perceptron(x, w, w0, sigmoid)) for x in np.vstack([LATTICE, EXAMPLE])]
        except (NotWritten, NotImplementedError):
            return None
        return np.array(plane), example

    def draw(w0: float, w1: float, w2: float) -> list[Element]:
        w = np.array([w1, w2])
        told = answers(w0, w)
        return [*_plane(w0, w, told), *_answer(float(w0 + w @ EXAMPLE), told and told[1], (w0, w1, w2))]

    weights = (("w0", "w₀", 1.0), ("w1", "w₁", 3.0), ("w2", "w₂", -2.0))
    knobs = [Slider(name, -REACH, REACH, start, steps=9, label=shown) for name, shown, start in weights]
    return Explorer(draw, knobs, label="a neuron with two inputs", height=320)


def _plane(w0: float, w: np.ndarray, told: Answers | None) -> list[Element]:
    _, edge = clip(CORNERS, [w0 + float(w[0]) * x1 + float(w[1]) * x2 for x1, x2 in CORNERS])
    drawing = [panel("blue (+): the neuron answers above ½", (-REACH, REACH), (-REACH, REACH), "x₁", "x₂", equal=True)]
    if told:
        lean = 2 * told[0] - 1
        span = (-REACH, REACH)
        drawing.append(heat(lean.reshape(SIDE, SIDE), span, span, limit=1.0, strength=0.3, low="muted"))
        for side, sign in ((lean > 0, "+"), (lean < 0, "−")):
            middle = LATTICE[side].mean(axis=0) if side.any() else np.full(2, np.nan)
            drawing.append(label(sign if side.any() else "", *middle, role="text", size=22))
    drawing.append(line(*edge.T, role="text", width=2))
    # from the line's middle the weights point to the positive side
    foot = edge.mean(axis=0) if len(edge) and w.any() else np.full(2, np.nan)
    drawing += [
        arrows(*foot, *(w / 3), role="text", label="w"),
        points(*EXAMPLE, role="highlight", marker="diamond", size=6, label="(−1, 2)"),
    ]
    return drawing


def _answer(z: float, y_hat: float | None, weights: tuple[float, float, float]) -> list[Element]:
    w0, w1, w2 = weights
    total = f"z = {_plain(w0)} + ({_plain(w1)})·(−1) + ({_plain(w2)})·2 = {_plain(z)}"
    shown = np.nan if y_hat is None else y_hat
    side = "on the line" if z == 0 else f"on the {'+' if z > 0 else '−'} side"
    said = "" if y_hat is None else f", ŷ = g(z) = {y_hat:.4g}"
    waiting = f" ŷ: {WAITING}." if y_hat is None else ""
    return [
        panel("the answer at (−1, 2)", (-16, 16), (-0.05, 1.05), "z", "ŷ = g(z)", wide=0.9),
        line(Z, sigmoid(Z), role="forward", faded=y_hat is None),
        line([z, z, -16], [-0.05, shown, shown], role="highlight", dash="dotted", width=1.5),
        points(z, shown, role="highlight", marker="diamond", size=6),
        say(f"{total}{said}: the example lies {side}.{waiting}"),
    ]


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", "−")
