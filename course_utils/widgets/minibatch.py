"""`explore_minibatch()`: what the gradient of a small batch looks like, and where its steps lead."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, arrows, handle, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice, Knob, Point
from course_utils.widgets.subjects import WAITING, NotWritten, trial

N, BATCHES, EPOCHS, RATE = 64, 24, 8, 0.08
SIZES = (1, 2, 4, 8, 16, 32, 64)
REACH = ((-3.0, 3.0), (-2.0, 2.0))
LENGTH = 0.25  # an arrow's length for a gradient of length 1
Grad = Callable[..., Any]


def explore_minibatch(grad: Grad | None = None, X: np.ndarray | None = None, y: np.ndarray | None = None) -> Explorer:
    """Drag w: the gradients of small batches beside the gradient of all examples, and the walks that both make.

    grad: the student's gradient of a mean squared error, grad(X, y, w) -> (2,) for X (N, 1) and w = (w0, w1) with the bias
    first, such as linear_regression_grad; without it the pull of each example is a matrix and a vector that were multiplied
    out beforehand. X (N, 1), y (N,): data of one's own.
    """
    if X is None or y is None:
        X, y = _data()
    pull = _pull(grad, X, y)
    design = np.hstack([np.ones((len(X), 1)), X])
    lowest = np.linalg.lstsq(design, y, rcond=None)[0]
    level = _contours(design, lowest)
    written = functools.cache(lambda: _is_written(grad, X, y))

    def draw(batch: int, w: tuple[float, float]) -> list[Element]:
        here = np.array(w)
        ground = [
            panel("each arrow: minus the gradient of one batch", *REACH, "w₀", "w₁", equal=True),
            line(*level, role="muted", width=1, faded=True),
        ]
        if not written():
            return [
                *ground,
                label(WAITING, 0, 1.2, role="muted", size=14),
                handle("w", *w, role="muted"),
                say(f"The gradient is not written yet: {WAITING}."),
            ]
        rng = np.random.default_rng(0)
        rows = [rng.choice(len(X), size=min(batch, len(X)), replace=False) for _ in range(BATCHES)]
        found = np.array([pull(row, here) for row in rows])
        whole = pull(np.arange(len(X)), here)
        return [
            *ground,
            arrows(here[0], here[1], *(-LENGTH * found.T), role="gradient", width=1.1),
            arrows(here[0], here[1], *(-LENGTH * whole), role="reference", width=3.2, label="all"),
            points(*lowest, role="reference", marker="cross", size=5),
            handle("w", *w, label="w"),
            *_walks(pull, batch, here, lowest, len(X), level),
            say(_sentence(batch, len(X))),
        ]

    knobs: list[Knob] = [
        Choice("batch", [size for size in SIZES if size <= len(X)], 4, label="batch size", play=True),
        Point("w", *REACH, (-2.0, 1.0), steps=(3, 3), blend=True),
    ]
    return Explorer(draw, knobs, label="mini-batches", height=300)


def _data() -> tuple[np.ndarray, np.ndarray]:
    """64 made-up examples around the line y = 1 - 0.5 x."""
    rng = np.random.default_rng(3)
    X = rng.normal(0.4, 1.0, size=(N, 1))
    return X, 1 - 0.5 * X[:, 0] + rng.normal(0, 1.2, size=N)


def _is_written(grad: Grad | None, X: np.ndarray, y: np.ndarray) -> bool:
    try:
        if grad is not None:
            trial(grad, X.copy(), y.copy(), np.zeros(2), want=np.zeros(2))
    except NotWritten:
        return False
    return True


def _pull(grad: Grad | None, X: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """The gradient (2,) of a batch, given by its rows, at w."""
    if grad is not None:
        return lambda rows, w: np.asarray(grad(X[rows], y[rows], w.copy()), dtype=float)
    design = np.hstack([np.ones((len(X), 1)), X])
    moments = 2 * np.einsum("ni,nj->nij", design, design)
    sides = 2 * np.einsum("ni,n->ni", design, y)
    return lambda rows, w: moments[rows].mean(axis=0) @ w - sides[rows].mean(axis=0)


def _walks(pull: Callable[..., np.ndarray], batch: int, start: np.ndarray, lowest: np.ndarray, n: int, level: Any) -> list[Element]:
    """As many looks at examples each: a step per batch, and a step per look at all of them."""
    rng = np.random.default_rng(1)
    some, every = [start], [start]
    for _ in range(EPOCHS):
        for rows in np.split(rng.permutation(n), range(batch, n, batch)):
            some.append(some[-1] - RATE * pull(rows, some[-1]))
        every.append(every[-1] - RATE * pull(np.arange(n), every[-1]))
    kept = np.unique(np.linspace(0, len(some) - 1, 129).round().astype(int))
    path = np.array(some)[kept]
    return [
        panel(f"{EPOCHS} epochs, step by step", *REACH, "w₀", "w₁", equal=True),
        line(*level, role="muted", width=1, faded=True),
        line(*path.T, role="gradient", width=1.2),
        points(*path[-1], role="gradient", marker="diamond", size=4, label="batches" if batch < n else ""),
        line(*np.array(every).T, role="reference", dash="dashed", width=2),
        points(*np.array(every).T, role="reference", size=3),
        points(*every[-1], role="reference", marker="square", size=5, label="all"),
        points(*lowest, role="reference", marker="cross", size=5),
        handle("w", *start),
    ]


def _sentence(batch: int, n: int) -> str:
    steps = -(-n // batch) * EPOCHS
    if batch >= n:
        return f"A batch of all {n} examples: every arrow is the same, and both walks make {EPOCHS} steps."
    noise = np.sqrt((n - batch) / (n - 1) / batch)
    return (
        f"Batches of {batch} make {steps} steps while all examples together make {EPOCHS}. "
        f"Their arrows vary {noise:.2f} times as much as those of single examples."
    )


def _contours(X: np.ndarray, lowest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ellipses of equal loss around the lowest point, in one line with breaks."""
    values, vectors = np.linalg.eigh(2 * X.T @ X / len(X))
    turn = np.append(np.linspace(0, 2 * np.pi, 91), np.nan)
    circle = np.array([np.cos(turn), np.sin(turn)])
    rings = [lowest[:, None] + radius * vectors @ (circle / np.sqrt(values)[:, None]) for radius in np.arange(0.6, 7, 0.6)]
    joined = np.concatenate(rings, axis=1)
    return joined[0], joined[1]
