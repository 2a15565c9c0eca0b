"""`explore_loss(mse, mse_grad, …)`: squared error and surprise against p and against the score z, with the student's own slopes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course_utils.widgets.elements import Element, handle, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice, Knob, Slider
from course_utils.widgets.subjects import WAITING, NotWritten, trial

REACH, TOP, LOW = 10.0, 6.0, -0.35
P = np.concatenate([np.geomspace(1e-4, 0.02, 30)[:-1], np.linspace(0.02, 0.98, 97), 1 - np.geomspace(0.02, 1e-4, 30)[1:]])
Z = np.linspace(-REACH, REACH, 161)
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
Function = Callable[..., Any]
Array = np.ndarray


def sigmoid(z: Any) -> Array:
    """1 / (1 + e^-z), for every z."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float))))


class One(NamedTuple):
    """A function of the student's for one example at a time; `call` is None while it is not written."""

    name: str
    call: Callable[[float, float], float] | None

    def curve(self, places: Array, y: float) -> Array | None:
        call = self.call
        return None if call is None else np.array([call(place, y) for place in places])


def one(function: Function | None, name: str, slope: bool) -> One:
    """A loss (`slope` False) or its gradient as a function of two numbers, after a first call that a check could have made."""
    name = getattr(function, "__name__", name)
    example = np.array([0.3])
    try:
        trial(function, example, np.ones(1), want=example if slope else 0.3, name=name)
    except NotWritten:
        return One(name, None)
    assert function is not None
    return One(name, lambda place, y: float(np.asarray(function(np.array([place]), np.array([y])), dtype=float).ravel()[0]))


class Loss(NamedTuple):
    """A loss and its slope along p or z, for the label y; None is what is not written yet."""

    name: str
    role: str
    value: One
    slope: One


def explore_loss(
    mse: Function | None = None,
    mse_grad: Function | None = None,
    bce: Function | None = None,
    bce_grad: Function | None = None,
    bce_with_logits: Function | None = None,
    bce_with_logits_grad: Function | None = None,
) -> Explorer:
    """Drag the score z: what squared error and surprise cost there, and how steep they are along p and along z.

    Losses take arrays (N,) of predictions and labels and return one number, gradients return (N,). They are asked for one
    example at a time. Along z squared error is mse of the sigmoid, and its slope is mse_grad · p(1 − p).
    """

    @functools.cache
    def losses() -> tuple[list[Loss], list[Loss]]:
        """Squared error and surprise, along p and along z."""
        flat, flat_slope = one(mse, "mse", False), one(mse_grad, "mse_grad", True)
        surprise = one(bce, "bce", False), one(bce_grad, "bce_grad", True)
        of_scores = one(bce_with_logits, "bce_with_logits", False), one(bce_with_logits_grad, "bce_with_logits_grad", True)
        on_p = [Loss("squared error", "forward", flat, flat_slope), Loss("surprise", "reference", *surprise)]
        through = Loss("squared error", "forward", _through_sigmoid(flat), _through_sigmoid(flat_slope, chain=True))
        return on_p, [through, Loss("surprise", "reference", *of_scores)]

    @functools.cache
    def curves(y: float) -> tuple[list[Element], list[Element]]:
        """The curves of both panels, which the score does not move."""
        on_p, on_z = losses()
        return _curves(on_p, P, y), _curves(on_z, Z, y)

    def draw(y: int, z: float) -> list[Element]:
        (on_p, on_z), (left, right), p = losses(), curves(y), float(sigmoid(z))
        height = on_z[0].value.call
        return [
            panel(f"against p (label {y})", (-0.03, 1.03), (LOW, TOP), "p", "loss"),
            *left,
            *_tangents(on_p, p, y, 1.0),
            *_marks(on_p, p, y),
            panel(f"against the score z (label {y})", (-REACH - 0.4, REACH + 0.4), (LOW, TOP), "score z"),
            *right,
            *_tangents(on_z, z, y, 2 * REACH),
            *_marks(on_z[1:], z, y),
            handle("z", z, height(z, y) if height else 0.0, role="highlight" if height else "muted"),
            say(_sentence(on_p, on_z, y, z)),
        ]

    knobs: list[Knob] = [Choice("y", [1, 0], 1, label="label"), Slider("z", -REACH, REACH, start=-5, steps=81, label="score z", play=True)]
    return Explorer(draw, knobs, label="two losses")


def _through_sigmoid(function: One, chain: bool = False) -> One:
    """A function of p as one of z; `chain`: it is a slope, and along z it is p(1 − p) times as steep."""
    inner = function.call
    if inner is None:
        return function

    def call(z: float, y: float) -> float:
        p = float(sigmoid(z))
        return inner(p, y) * (p * (1 - p) if chain else 1.0)

    return One(function.name, call)


def _curves(losses: list[Loss], places: Array, y: float) -> list[Element]:
    drawing: list[Element] = []
    low, span = (0.0, 1.0) if places is P else (-REACH, 2 * REACH)
    for row, loss in enumerate(losses):
        curve = loss.value.curve(places, y)
        if curve is None:
            drawing.append(label(f"{loss.name}: {WAITING}", low + 0.5 * span, 4.6 - 0.8 * row, role="muted"))
            continue
        drawing.append(line(places, curve, role=loss.role, width=2.5))
        # the names stand where there is no curve: high up on the side on which both are low
        side = 0.97 if y else 0.03
        drawing.append(label(loss.name, low + side * span, TOP - 0.5 - 0.6 * row, role=loss.role, align="right" if y else "left"))
    return drawing


def _tangents(losses: list[Loss], place: float, y: float, span: float) -> list[Element]:
    """Lines as steep as the student's slopes, of about one length on the page."""
    drawing: list[Element] = []
    for loss in losses:
        if loss.value.call and loss.slope.call:
            height, slope = loss.value.call(place, y), loss.slope.call(place, y)
            reach = np.array([-1.0, 1.0]) * 0.22 * span / np.hypot(1, 0.7 * slope * span / (TOP - LOW))
            drawing.append(line(place + reach, height + slope * reach, role="gradient", dash="dashed", width=2))
    return drawing


def _marks(losses: list[Loss], place: float, y: float) -> list[Element]:
    """A point on each curve; one that lies above the picture stands at its upper edge."""
    heights = [min(loss.value.call(place, y), TOP) for loss in losses if loss.value.call]
    return [points(place, height, role="gradient", marker="diamond", size=5) for height in heights]


def _sentence(on_p: list[Loss], on_z: list[Loss], y: float, z: float) -> str:
    p = float(sigmoid(z))
    missing = dict.fromkeys(f.name for loss in (*on_p, *on_z) for f in (loss.value, loss.slope) if f.call is None)
    if missing:
        return f"{', '.join(missing)}: {WAITING}."
    height, steep, flat = (f.call(place, y) for f, place in ((on_p[0].value, p), (on_p[0].slope, p), (on_z[0].slope, z)) if f.call)
    high, sheer, along = (f.call(place, y) for f, place in ((on_z[1].value, z), (on_p[1].slope, p), (on_z[1].slope, z)) if f.call)
    return (
        f"z = {number(z)}, p = {number(p)}. Squared error {number(height)}: slope {number(steep)} along p, "
        f"times σ′(z) = {number(p * (1 - p))}: {number(flat)} along z.\n"
        f"Surprise {number(high)}: slope {number(sheer)} along p, {number(along)} along z."
    )


def number(value: float) -> str:
    """Three digits, five where three would say that it is whole and it is not; few powers of ten, and a minus as wide as a plus."""
    if value and 1e-7 < abs(value) < 1e-3:
        return np.format_float_positional(value, precision=3, fractional=False, trim="-").replace("-", "−")
    short = f"{value:.3g}"
    if abs(value) >= 1000:
        short = f"{value:.0f}"
    elif abs(value) < 3 and float(short) in (-2, -1, 1, 2):
        short = f"{value:.5g}"
    if "e" in short:  # as on paper: students may not have met e-09; two digits, as the sentence has to fit in its line
        digits, _, power = f"{value:.2g}".partition("e")
        short = f"{digits}·10{str(int(power)).translate(RAISED)}"
    return short.replace("-", "−")
