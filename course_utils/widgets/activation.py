"""`explore_activation(g, g_grad)`: a point on the curve, the tangent there, and where the curve is too flat to learn."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course_utils.widgets.elements import Element, area, handle, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice, Knob, Slider
from course_utils.widgets.subjects import WAITING, NotWritten, values

REACH, STEP = 6.0, 1e-4
Z = np.linspace(-REACH, REACH, 241)
FLAT = 0.05  # saturated: the slope is less than this share of the steepest one
Function = Callable[[np.ndarray], Any]

# What is drawn, faded, until the student's function is written: heights at z = -6, -5, ..., 6, to two decimals.
RECORDED = {
    "sigmoid": (0, 0.01, 0.02, 0.05, 0.12, 0.27, 0.5, 0.73, 0.88, 0.95, 0.98, 0.99, 1),
    "relu": (0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6),
    "leaky_relu": (-0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0, 1, 2, 3, 4, 5, 6),
    "elu": (-1, -0.99, -0.98, -0.95, -0.86, -0.63, 0, 1, 2, 3, 4, 5, 6),
    "softplus": (0, 0.01, 0.02, 0.05, 0.13, 0.31, 0.69, 1.31, 2.13, 3.05, 4.02, 5.01, 6),
    "softsign": (-0.86, -0.83, -0.8, -0.75, -0.67, -0.5, 0, 0.5, 0.67, 0.75, 0.8, 0.83, 0.86),
    "hard_tanh": (-1, -1, -1, -1, -1, -1, 0, 1, 1, 1, 1, 1, 1),
}


class Curve(NamedTuple):
    """A function seen at Z: its heights, its slope measured on it, and the slope that the student's derivative gives."""

    heights: np.ndarray
    measured: np.ndarray
    claimed: np.ndarray | None  # None when the derivative is not written yet


def explore_activation(g: Function, g_grad: Function | None = None, **others: tuple[Function, Function]) -> Explorer:
    """Drag along g: its tangent, g′, and the slope measured on g.

    g, g_grad: functions of an array, entry by entry. More functions to choose from are given by name:
    explore_activation(sigmoid, sigmoid_grad, tanh=(np.tanh, tanh_grad)).
    """
    name = getattr(g, "__name__", "g")
    functions = {name: (g, g_grad), **others}
    curve = functools.cache(lambda name: _curve(*functions[name]))

    def draw(z: float, function: str = name) -> list[Element]:
        try:
            return _drawing(function, curve(function), z)
        except NotWritten:
            return _waiting(function, z)

    knobs: list[Knob] = [Slider("z", -REACH, REACH, start=1, steps=len(Z), play=True)]
    if others:
        knobs.append(Choice("function", list(functions), name))
    return Explorer(draw, knobs, label="activation functions" if others else f"activation function {name}")


def _curve(g: Function, g_grad: Function | None) -> Curve:
    measured = (values(g, Z + STEP) - values(g, Z - STEP)) / (2 * STEP)
    try:
        claimed = values(g_grad, Z) if g_grad else None
    except NotWritten:
        claimed = None
    return Curve(values(g, Z), measured, claimed)


def _drawing(name: str, curve: Curve, z: float) -> list[Element]:
    i = int(np.abs(Z - z).argmin())
    height, slope = float(curve.heights[i]), float(curve.measured[i])
    flat = np.abs(curve.measured) < FLAT * np.abs(curve.measured).max()
    y, dy = _range(curve.heights), _range(curve.measured, curve.claimed)
    reach = np.array([-2.0, 2.0])
    drawing = [
        panel(f"{name} and its tangent", (-REACH, REACH), y, "z", "g(z)"),
        *_saturation(flat, y),
        line(Z, curve.heights, width=2.5, label="g"),
        line(z + reach, height + slope * reach, role="highlight", dash="dashed", width=2),
        handle("z", z, height),
        panel("its slope", (-REACH, REACH), dy, "z", "slope", wide=0.85),
        *_saturation(flat, dy, words=False),
        points(Z[::8], curve.measured[::8], role="reference", marker="circle", size=3),
    ]
    if curve.claimed is not None:
        drawing.append(line(Z, curve.claimed, role="gradient", dash="dashed", label="g′"))
    drawing += [handle("z", z, slope), say(_sentence(curve, i, z, bool(flat[i])))]
    return drawing


def _sentence(curve: Curve, i: int, z: float, flat: bool) -> str:
    said = f"g({z:.2f}) = {curve.heights[i]:.3g}. Slope measured on g (circles): {curve.measured[i]:.3g}"
    said += ", nearly flat: saturated. " if flat else ". "
    if curve.claimed is None:
        return f"{said}\ng′: {WAITING}."
    near = np.isclose(curve.claimed, curve.measured, rtol=1e-3, atol=1e-3)
    corner = ~np.isclose(np.roll(curve.measured, 1), np.roll(curve.measured, -1), rtol=0.5, atol=0.2)
    wrong = int((~near & ~corner).sum())
    verdict = "✓ agrees" if near[i] else "at a corner both sides are right" if corner[i] else "✗ differs"
    everywhere = f" It differs at {wrong} of the {len(Z)} places here." if wrong else ""
    return f"{said}\nYour g′ (dashed): {curve.claimed[i]:.3g} {verdict}.{everywhere}"


def _saturation(flat: np.ndarray, y: tuple[float, float], words: bool = True) -> list[Element]:
    """Grey where the curve is flat, with the word in the middle of each stretch."""
    drawing = []
    for stretch in np.split(np.arange(len(Z)), np.flatnonzero(np.diff(flat)) + 1):
        if flat[stretch[0]] and len(stretch) > 1:
            left, right = Z[stretch[0]], Z[stretch[-1]]
            drawing.append(area([left, right], y[0], y[1], role="muted", strength=0.18))
            if words and right - left > 1.4:
                drawing.append(label("saturated", (left + right) / 2, y[0] + 0.06 * (y[1] - y[0]), role="muted", size=10))
    return drawing


def _range(*arrays: np.ndarray | None) -> tuple[float, float]:
    """Limits that hold the arrays with some air; what is not finite does not count."""
    joined = np.concatenate([array[np.isfinite(array)] for array in arrays if array is not None] or [np.zeros(1)])
    low, high = (float(joined.min()), float(joined.max())) if joined.size else (0.0, 1.0)
    air = 0.12 * (high - low) or 1.0
    return low - air, high + air


def _waiting(name: str, z: float) -> list[Element]:
    heights = np.interp(Z, np.linspace(-REACH, REACH, 13), RECORDED.get(name, RECORDED["sigmoid"]))
    y = _range(heights)
    at = float(np.interp(z, Z, heights))
    return [
        panel(name, (-REACH, REACH), y, "z", "g(z)"),
        line(Z, heights, role="reference", faded=True, dash="dotted"),
        label(WAITING, 0, (y[0] + y[1]) / 2, role="muted", size=14),
        handle("z", z, at, role="muted"),
        say(f"{name} is not written yet: {WAITING}."),
    ]
