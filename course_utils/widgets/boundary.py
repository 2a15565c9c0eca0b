"""`explore_boundary()`: green and red points, and the border that a network with so many hidden units can draw."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course_utils import data
from course_utils.widgets.elements import Element, clip, heat, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice
from course_utils.widgets.subjects import WAITING, NotWritten, trial

REACH, SIDE = 3.0, 40
CORNERS = [(-REACH, -REACH), (REACH, -REACH), (REACH, REACH), (-REACH, REACH)]
UNITS = (1, 2, 3, 4, 6)
ROUNDS = (0, 1, 2, 3, 5, 8, 12, 20, 30)
Array = np.ndarray


class Fit(NamedTuple):
    """The parameters of a network with one hidden layer."""

    W1: Array
    b1: Array
    W2: Array
    b2: Array

    @classmethod
    def of(cls, flat: Array) -> Fit:
        """From one vector; the inputs are two, the output is one."""
        units = (len(flat) - 1) // 4
        cuts = np.split(flat, [2 * units, 3 * units, 4 * units])
        return cls(cuts[0].reshape(2, units), cuts[1], cuts[2][:, None], cuts[3])


def explore_boundary(deep_forward: Callable[..., Any] | None = None) -> Explorer:
    """Hidden units, with and without a non-linearity, fitted to points that no straight line separates.

    deep_forward: the student's deep_forward(X, params, g), which then draws the plane.
    """
    X, green = data.green_and_red()
    fits = functools.cache(lambda hidden, units: _fit(X, green, hidden == "tanh", units))

    @functools.cache
    def answers(hidden: str, units: int, fitted: int) -> tuple[Array, Array]:
        fit = Fit.of(fits(hidden, units)[fitted])
        g = np.tanh if hidden == "tanh" else _identity
        return _forward(deep_forward, _grid(), fit, g).reshape(SIDE, SIDE), _forward(deep_forward, X, fit, g)

    def draw(hidden: str, units: int, fitted: int) -> list[Element]:
        try:
            plane, at_points = answers(hidden, units, fitted)
        except NotWritten:
            return [
                *_ground(),
                *_samples(X, green),
                label(WAITING, 0, -2.5, role="muted", size=14),
                say(f"deep_forward is not written yet: {WAITING}."),
            ]
        wrong = (at_points > 0) != green
        return [
            *_ground(),
            heat(plane, (-REACH, REACH), (-REACH, REACH), limit=1.5, strength=0.35, low="muted"),
            *_samples(X, green),
            *_signs(plane),
            points(*X[wrong].T, role="highlight", marker="square", size=7),
            *_units(Fit.of(fits(hidden, units)[fitted]), hidden == "tanh"),
            say(_sentence(hidden, units, int(wrong.sum()), len(X), fitted)),
        ]

    knobs = [
        Choice("hidden", ["linear", "tanh"], "linear", label="hidden layer"),
        Choice("units", UNITS, 3, label="hidden units"),
        Choice("fitted", ROUNDS, ROUNDS[-1], label="rounds of fitting", play=True),
    ]
    return Explorer(draw, knobs, label="linear and non-linear networks on red and green points", height=340)


def _identity(z: Array) -> Array:
    return z


def _forward(deep_forward: Callable[..., Any] | None, X: Array, fit: Fit, g: Callable[[Array], Array]) -> Array:
    """The network's answers (N,): by the student's function, or where there is none as sums over the hidden units."""
    if deep_forward is None:
        return sum((g(X @ fit.W1[:, k] + fit.b1[k]) * fit.W2[k, 0] for k in range(len(fit.b1))), np.full(len(X), fit.b2[0]))
    layers = [(fit.W1.copy(), fit.b1.copy()), (fit.W2.copy(), fit.b2.copy())]
    return np.asarray(trial(deep_forward, X.copy(), layers, g, want=np.zeros((len(X), 1))), dtype=float)[:, 0]


def _fit(X: Array, green: Array, curved: bool, units: int) -> dict[int, Array]:
    """Parameters after each of ROUNDS rounds of Levenberg's and Marquardt's method, from the same start every time.

    The slopes that it needs are measured: all parameters are moved a little, each in a copy of the network of its own.
    """
    target = np.where(green, 1.0, -1.0)
    w = np.random.default_rng(2).normal(0, 0.7, size=4 * units + 1)

    def residuals(many: Array) -> Array:
        """(K, P) parameter vectors -> (K, N + P): what is missing at every point, and a pull of the weights to zero."""
        z = np.einsum("nd,kdh->knh", X, many[:, : 2 * units].reshape(-1, 2, units)) + many[:, None, 2 * units : 3 * units]
        out = np.einsum("knh,kh->kn", np.tanh(z) if curved else z, many[:, 3 * units : 4 * units]) + many[:, -1:]
        return np.hstack([np.tanh(out) - 0.9 * target, 0.02 * many])

    kept, damping, h = {0: w}, 1.0, 1e-6
    for turn in range(1, ROUNDS[-1] + 1):
        r = residuals(w[None])[0]
        J = (residuals(w + h * np.eye(len(w))) - r).T / h
        for _ in range(6):
            tried = w - np.linalg.solve(J.T @ J + damping * np.eye(len(w)), J.T @ r)
            if np.sum(residuals(tried[None]) ** 2) < np.sum(r**2):
                w, damping = tried, damping / 3
                break
            damping *= 4
        kept[turn] = w
    return {turn: kept[turn] for turn in ROUNDS}


def _grid() -> Array:
    """The middles of SIDE x SIDE cells (SIDE ** 2, 2), row by row from below."""
    middles = (np.arange(SIDE) + 0.5) / SIDE * 2 * REACH - REACH
    return np.column_stack([axis.ravel() for axis in np.meshgrid(middles, middles)])


def _ground() -> list[Element]:
    return [panel("where the network says green (+)", (-REACH, REACH), (-REACH, REACH), "x₁", "x₂", equal=True)]


def _signs(plane: Array) -> list[Element]:
    """A + and a − where the network is surest, away from the border of the picture."""
    inner = slice(3, -3)
    grid = _grid().reshape(SIDE, SIDE, 2)[inner, inner].reshape(-1, 2)
    sure = plane[inner, inner].ravel()
    marks = ((sure.argmax(), "+", sure.max() > 0), (sure.argmin(), "−", sure.min() < 0))
    return [label(sign if there else "", *grid[place], role="text", size=22) for place, sign, there in marks]


def _samples(X: Array, green: Array) -> list[Element]:
    return [
        points(*X[green].T, role="reference", marker="circle", size=4),
        points(*X[~green].T, role="gradient", marker="cross", size=3.5),
    ]


def _units(fit: Fit, curved: bool) -> list[Element]:
    """The line of each hidden unit, where its sum is zero, and the unit's weight beyond it."""
    ends = []
    for k in range(len(fit.b1)):
        at_corners = [float(fit.b1[k] + np.dot(fit.W1[:, k], corner)) for corner in CORNERS]
        _, edge = clip(CORNERS, at_corners)
        ends += [*edge, (np.nan, np.nan)]
    x, y = np.array(ends).T
    weights = fit.W2[:, 0]
    reach = max(1.0, float(np.abs(weights).max()) * 1.1)
    numbers = np.arange(1, len(weights) + 1)
    bars = [np.column_stack([[k, k, np.nan], [0, weight, np.nan]]) for k, weight in zip(numbers, weights, strict=True)]
    span = (0.4, UNITS[-1] + 0.6)
    bx, by = np.concatenate(bars).T
    return [
        line(x, y, role="text", dash="dashed", width=1.3),
        panel("how much each hidden unit counts", span, (-reach, reach), "hidden unit", "its weight", wide=0.7),
        line(span, [0, 0], role="muted", width=1),
        line(bx, by, role="forward" if curved else "muted", width=9),
    ]


def _sentence(hidden: str, units: int, wrong: int, n: int, fitted: int) -> str:
    count = f"{units} hidden unit{'s' if units > 1 else ''}"
    right = f"{wrong} of {n} points are on the wrong side (squares)" if wrong else f"all {n} points are on the right side"
    if hidden == "linear":
        return f"{count} without a non-linearity, {fitted} rounds: {right}.\nThe border is one straight line, however many units there are."
    return f"{count} with tanh, {fitted} rounds: {right}.\nOn its dashed line, the sum of a unit is 0."
