"""`explore_learning_rate(step)`: the student's own descent on three landscapes, from any start, at any rate."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course_utils.widgets.elements import Element, handle, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.grid import Scene
from course_utils.widgets.knobs import Knob, Point, Slider
from course_utils.widgets.subjects import WAITING, NotWritten, Unusable, trial

STEPS = 40
FAR = 1e12  # a walker that is this far out has left every picture
RATE = Slider("rate", 10**-2.5, 10**0.5, start=0.1, steps=25, label="learning rate η", log=True, play=True)
Array = np.ndarray


class Landscape(NamedTuple):
    """A function of w (D,), its gradient, and its lowest value; `hills` is the rest of what a verdict must know."""

    height: Callable[[Array], Any]
    grad: Callable[[Array], Array]
    lowest: float
    hills: bool = False


def _quadratic(curvature: float) -> Landscape:
    c = np.array([1.0, curvature])
    return Landscape(lambda w: 0.5 * (w * w) @ c, lambda w: c * w, 0.0)


VALLEYS = Landscape(lambda w: 0.1 * w[..., 0] ** 2 + np.sin(2 * w[..., 0]), lambda w: 0.2 * w + 2 * np.cos(2 * w), -0.94169, hills=True)
START = (-4.0, 1.5)
CURVATURES = {"bowl": 1.0, "ravine": 25.0}
W = np.linspace(-6.5, 6.5, 261)


def explore_learning_rate(step: Callable[..., Any] | None) -> Explorer:
    """Walk downhill with the student's own function: too small, stable, oscillating or diverging?

    step: gradient_descent(grad, w0, lr, eps, max_steps), of which every place where it asks for the gradient is drawn, or
    one update, step(w, dw, lr) -> the next w. Drag the start; turn the rate.
    """
    walk = functools.cache(_walker(step))
    scenes = {"valleys": Scene(_valleys(walk), [RATE, Slider("w", -6.5, 6.5, start=4.0, steps=27, label="start")])}
    for name, curvature in CURVATURES.items():
        # a walk on a quadratic is linear in its start, its loss quadratic: three starts a side are all starts
        knobs: list[Knob] = [RATE, Point("start", (-5, 5), (-3, 3), START, steps=(3, 3), blend=True)]
        scenes[name] = Scene(_quadratic_scene(walk, name, curvature), knobs)
    return Explorer(scenes=scenes, choice="landscape", label="learning rate")


Walk = Callable[[str, tuple[float, ...], float], Array | None]


def _walker(step: Callable[..., Any] | None) -> Walk:
    """A function from landscape, start and rate to the path (STEPS + 1, D) of the student's function; None: not written."""
    landscapes = {"valleys": VALLEYS, **{name: _quadratic(c) for name, c in CURVATURES.items()}}
    try:
        advance = _advance(step)
    except NotWritten:
        return lambda *_: None
    except Unusable as error:
        problem = error
        return lambda *_: _raise(problem)

    def walk(name: str, start: tuple[float, ...], rate: float) -> Array:
        # mixing walks needs all of their steps; the others may stop where it is flat
        eps = 1e-3 if name == "valleys" else 0.0
        return _walk(advance, landscapes[name].grad, np.array(start), rate, eps)

    return walk


def _raise(error: Exception) -> None:
    raise error


def _advance(step: Callable[..., Any] | None) -> Callable[..., Any]:
    """The student's function as `advance(grad, w0, rate, eps)`, after a first call that a check could have made."""
    if step is None:
        raise NotWritten
    w = np.array([1.0, 2.0])
    if len(inspect.signature(step).parameters) > 3:
        trial(step, lambda w: w, w, 0.1, 0.0, 3, want=(w, 3))
        return lambda grad, w0, rate, eps: step(grad, w0, rate, eps, STEPS)[0]
    trial(step, w, w, 0.1, want=w)

    def advance(grad: Callable[[Array], Array], w0: Array, rate: float, eps: float) -> Array:
        w = w0
        for _ in range(STEPS):
            w = step(w, grad(w), rate)
        return w

    return advance


class _LeftThePictureError(Exception):
    """Stops a descent that has gone too far to be drawn."""


def _walk(advance: Callable[..., Any], grad: Callable[[Array], Array], start: Array, rate: float, eps: float) -> Array:
    """Every place where the student's descent asks for the gradient, and the last one, repeated up to (STEPS + 1, D)."""
    path: list[Array] = []

    def watched(w: Array) -> Array:
        path.append(np.array(w, dtype=float))
        if len(path) > 3 * STEPS or not path[-1] @ path[-1] < FAR**2:
            raise _LeftThePictureError
        return grad(w)

    with contextlib.suppress(_LeftThePictureError):  # the places up to there are the picture
        path.append(np.array(advance(watched, start.copy(), rate, eps), dtype=float))
    places = np.array(path)
    fresh = np.append(True, (np.diff(places, axis=0) != 0).any(axis=1))  # some ask twice at one place
    places = places[fresh][: STEPS + 1]
    return np.concatenate([places, np.repeat(places[-1:], STEPS + 1 - len(places), axis=0)])


def _verdict(landscape: Landscape, path: Array, loss: Array) -> str:
    """One word for a walk, and what it is seen by."""
    moves = np.diff(path, axis=0)
    with np.errstate(all="ignore"):
        turns = (moves[1:] * moves[:-1]).min(axis=1) < 0
        moving = np.abs(moves[1:]).max(axis=1) > 1e-3
    back_and_forth = bool(moving.any()) and turns[moving].mean() > 0.4
    if not np.abs(path[-1]).max() < FAR or not loss[-1] <= 4 * loss[0] + 4:
        return "diverging: every step overshoots by more than the one before"
    rests = np.abs(landscape.grad(path[-1])).max() < 0.02
    if back_and_forth:
        return f"oscillating: steps jump across the valley{', and they do come to rest' if rests else f', still after {STEPS} of them'}"
    if not rests:
        return "oscillating: it never comes to rest" if turns.any() else f"too small: still on the slope after {STEPS} steps"
    if landscape.hills and loss[-1] > 0.05:
        return "stable, but in a local minimum: there is a deeper valley"
    return "stable: at the bottom"


def _loss_panel(loss: Array, log: bool) -> list[Element]:
    y = (1e-4, 1e3) if log else (0.0, 7.0)
    steps = np.arange(STEPS + 1)
    loss = np.maximum(loss, 1e-12)  # a logarithmic axis has no zero
    return [
        panel("the loss on the way", (0, STEPS), y, "steps", "loss above the lowest point", log=log, wide=0.8),
        line(steps, loss, role="gradient", width=1.5),
        points(steps, loss, role="gradient", size=2.2),
    ]


def _valleys(walk: Walk) -> Callable[..., list[Element]]:
    hill = VALLEYS.height(W[:, None])

    def draw(rate: float, w: float) -> list[Element]:
        landscape = [panel("a curve with several valleys", (-6.5, 6.5), (-1.6, 5.6), "w", "loss"), line(W, hill, role="forward", width=2.2)]
        at = float(VALLEYS.height(np.array([w])))
        path = walk("valleys", (w,), rate)
        if path is None:
            return [*landscape, *_waiting(0, 2.5), handle("w", w, at, role="muted"), *_faded_loss()]
        heights = VALLEYS.height(path)
        loss = heights - VALLEYS.lowest
        return [
            *landscape,
            line(path[:, 0], heights, role="gradient", dash="dashed", width=1.2),
            points(path[:, 0], heights, role="gradient", size=3),
            points(path[-1, 0], heights[-1], role="gradient", marker="diamond", size=5.5, label="end"),
            handle("w", w, at, label="start"),
            *_loss_panel(loss, log=False),
            say(f"η = {rate:.3g} is {_verdict(VALLEYS, path, loss)}."),
        ]

    return draw


def _quadratic_scene(walk: Walk, name: str, curvature: float) -> Callable[..., list[Element]]:
    landscape = _quadratic(curvature)
    contours = _contours(curvature)

    @functools.cache
    def verdict(rate: float) -> str:
        """Seen from one start with a share of both directions: on a quadratic the rate decides, for all starts but some."""
        path = walk(name, START, rate)
        if path is None:
            return ""
        found = _verdict(landscape, path, landscape.height(path))
        # along the floor the curvature is 1: there a walk may arrive that would diverge from anywhere else
        return f"{found} (but not from the floor, w₂ = 0)" if found.startswith("diverging") and rate < 2 and curvature > 1 else found

    def draw(rate: float, start: tuple[float, float]) -> list[Element]:
        shape = "w₁² + w₂²" if curvature == 1 else f"w₁² + {curvature:g} w₂²"
        ground = [
            panel(f"a {name}, ½ ({shape}), from above", (-5, 5), (-3, 3), "w₁", "w₂", equal=True),
            line(*contours, role="muted", width=1, faded=True),
            points(0, 0, role="reference", marker="cross", size=4, label="lowest"),
        ]
        path = walk(name, start, rate)
        if path is None:
            return [*ground, *_waiting(0, 1), handle("start", *start, role="muted"), *_faded_loss()]
        return [
            *ground,
            line(*path.T, role="gradient", width=1.1),
            points(*path.T, role="gradient", size=2.6),
            handle("start", *start, label="start"),
            *_loss_panel(landscape.height(path), log=True),
            say(f"η = {rate:.3g} is {verdict(rate)}."),
        ]

    return draw


def _contours(curvature: float) -> tuple[Array, Array]:
    """Ellipses of equal height in one line, with breaks between them."""
    turn = np.append(np.linspace(0, 2 * np.pi, 91), np.nan)
    levels = (0.25, 1, 2.25, 4, 6.25, 9, 12.25, 20, 40, 70, 110)
    x = [np.sqrt(2 * level) * np.cos(turn) for level in levels]
    y = [np.sqrt(2 * level / curvature) * np.sin(turn) for level in levels]
    return np.concatenate(x), np.concatenate(y)


def _waiting(x: float, y: float) -> list[Element]:
    return [label(WAITING, x, y, role="muted", size=14)]


def _faded_loss() -> list[Element]:
    """A loss that falls by half in every second step, until there is the student's."""
    steps = np.arange(STEPS + 1)
    return [
        panel("the loss on the way", (0, STEPS), (1e-4, 1e3), "steps", "loss above the lowest point", log=True, wide=0.8),
        line(steps, 10 * 0.5 ** (steps / 2), role="reference", dash="dotted", faded=True),
        say(f"The descent is not written yet: {WAITING}."),
    ]
