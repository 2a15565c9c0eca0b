"""`explore_fit(l2)`: a polynomial through noisy points, with the student's own price on its coefficients."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Slider
from course_utils.widgets.subjects import WAITING, NotWritten, trial

DEGREE = Slider("degree", 1, 14, start=14, steps=14, label="degree", play=True)
PRICE = Slider("price", 1e-14, 1.0, start=1e-14, steps=29, label="price λ", log=True, play=True)
Array = np.ndarray


def explore_fit(l2: Callable[..., Any] | None) -> Explorer:
    """15 points, a polynomial with the least squared error plus l2(w, λ), and its errors on these points and on 200 others.

    l2: the student's, l2(W, lam) -> (penalty, dW), of which dW is used. The constant term has no price.
    """
    return Explorer(_drawing(l2), [DEGREE, PRICE], label="degree and price")


@functools.cache
def _points() -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """The lab's 15 points and its 200 others: a sine with noise."""
    rng = np.random.default_rng(0)
    return _some(15, rng), _some(200, rng)


def _some(n: int, rng: np.random.Generator) -> tuple[Array, Array]:
    x = np.sort(rng.uniform(-1, 1, size=n))
    return x, np.sin(3 * x) + rng.normal(0, 0.2, size=n)


def _powers(x: Array, degree: int) -> Array:
    return np.vander(x, degree + 1, increasing=True)


def _price(l2: Callable[..., Any] | None, degree: int, lam: float) -> Array:
    """What each coefficient adds to the gradient when it is 1, by the student's dW: (degree + 1,), with 0 for the constant."""
    ones = np.ones(degree)
    _, slopes = trial(l2, ones, lam, want=(0.0, ones))
    return np.append(0.0, np.asarray(slopes, dtype=float))


def _drawing(l2: Callable[..., Any] | None) -> Callable[..., list[Element]]:
    (x, y), others = _points()
    grid = np.linspace(-1, 1, 201)

    @functools.cache
    def fitted(degree: int, lam: float) -> Array | None:
        try:
            price = _price(l2, degree, lam)
        except NotWritten:
            return None
        A = _powers(x, degree)
        # the gradient is linear in w: where it is 0, w solves these equations
        root = np.sqrt(np.maximum(price, 0) / 2)
        rows, wanted = np.vstack([A / np.sqrt(len(x)), np.diag(root)]), np.append(y / np.sqrt(len(x)), np.zeros(degree + 1))
        return np.asarray(np.linalg.lstsq(rows, wanted, rcond=None)[0])

    @functools.cache
    def errors(degree: int, lam: float) -> tuple[float, float]:
        w = fitted(degree, lam)
        if w is None:
            return np.nan, np.nan
        pairs = ((x, y), others)
        seen, unseen = (float(np.mean((_powers(a, degree) @ w - b) ** 2)) for a, b in pairs)
        return seen, unseen

    degrees = np.arange(1, 15)

    def draw(degree: float, price: float) -> list[Element]:
        k = round(degree)
        w = fitted(k, price)
        left = [
            panel("the points, and the polynomial", (-1, 1), (-2.2, 2.2), "x", "y"),
            line(grid, np.sin(3 * grid), role="muted", width=3, faded=True),
            points(x, y, role="text", size=3.5),
        ]
        right = panel("squared error for every degree, with this λ", (1, 14), (1e-3, 1e3), "degree", "error", log=True)
        if w is None:
            return [*left, label(WAITING, 0, 1.8, role="muted", size=14), right, say(f"Not written yet: {WAITING}.")]
        curve = np.clip(_powers(grid, k) @ w, -50, 50)
        seen, unseen = np.clip([errors(int(d), price) for d in degrees], 1e-3, 1e3).T
        here = errors(k, price)
        return [
            *left,
            line(grid, curve, role="forward"),
            right,
            line(degrees, seen, role="forward"),
            line(degrees, unseen, role="gradient", dash="dashed"),
            label("200 others", 1.5, 400, role="gradient", align="left"),
            label("these 15 points", 1.5, 150, role="forward", align="left"),
            points(k, np.clip(here[0], 1e-3, 1e3), role="forward", size=5),
            points(k, np.clip(here[1], 1e-3, 1e3), role="gradient", size=5),
            say(
                f"Degree {k}, λ = {price:.2g}: error {here[0]:.3g} on the 15 points, {here[1]:.3g} on 200 others; "
                f"the largest coefficient is {abs(w).max():.3g}."
            ),
        ]

    return draw
