"""`explore_loss_race(mse_grad, bce_with_logits_grad)`: how long a neuron that is sure and wrong takes to turn round, with either loss."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course_utils.widgets.elements import Element, handle, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Slider
from course_utils.widgets.losses import number, sigmoid
from course_utils.widgets.subjects import WAITING, NotWritten, trial

LONGEST, SECONDS = 20_000, 2.0  # a race is given up after so many steps, or so much of the processor's time
NOTED = np.unique(np.geomspace(1, LONGEST, 120).astype(int))  # the steps that are drawn
START = Slider("start", -10, -1, start=-5, steps=19, label="start z", play=True)
RATE = Slider("rate", 0.1, 10, start=1, steps=9, label="learning rate", log=True)
STARTS, RATES = (np.array(slider.axes()[0].values) for slider in (START, RATE))
Z0, LR = (side.ravel() for side in np.meshgrid(STARTS, RATES, indexing="ij"))
_spent = getattr(time, "thread_time", time.process_time)  # a browser's Python has no clock of one thread
Array = np.ndarray
Slope = Callable[[Array], Array]


class Race(NamedTuple):
    """Every start at every rate, K of them: steps until p > ½ (K,), 0 for never; p at the noted steps (S, K); p at the end (K,)."""

    steps: Array
    noted: Array
    last: Array
    given_up: int


def explore_loss_race(mse_grad: Callable[..., Any] | None = None, bce_with_logits_grad: Callable[..., Any] | None = None) -> Explorer:
    """One neuron, label 1, walks from a score at which it is sure and wrong: after how many steps is p above ½?

    mse_grad(p, y), bce_with_logits_grad(z, y): slopes (N,) of a mean over N examples, along p and along z. Drag the start;
    turn the rate. Each neuron is alone: what the mean divides by is taken back.
    """

    @functools.cache
    def races() -> list[tuple[str, str, Race | None]]:
        slopes = [("squared error", "forward", mse_grad, True), ("surprise", "reference", bce_with_logits_grad, False)]
        return [(name, role, _race(grad, along_p)) for name, role, grad, along_p in slopes]

    def draw(start: float, rate: float) -> list[Element]:
        with np.errstate(all="ignore"):
            found = races()
        at = int(np.hypot(Z0 - start, np.log(LR / rate)).argmin())
        row = LR[at] == LR
        drawing = [panel("steps until p is above ½", (-10.5, -0.5), (0.7, 60_000), "start z", "steps", log=True)]
        for place, (name, role, race) in enumerate(found):
            drawing += _counts(name, role, race, row, at, place)
        drawing += [
            panel("steps on the way to p", (0, 1.1), (0.7, 60_000), "p", log=True),
            line([0.5, 0.5], [0.7, 60_000], role="muted", width=1, dash="dotted"),
        ]
        for _, role, race in found:
            drawing += _way(role, race, at)
        return [*drawing, say(_sentence(found, at))]

    return Explorer(draw, [START, RATE], label="race of two losses")


def _race(grad: Callable[..., Any] | None, along_p: bool) -> Race | None:
    try:
        slope = _slope(grad, along_p)
    except NotWritten:
        return None
    steps, z, last = np.zeros(len(Z0), dtype=int), Z0.copy(), sigmoid(Z0)
    noted, t, begin = np.full((len(NOTED), len(Z0)), np.nan), 0, _spent()
    row = 0
    while t < LONGEST and not steps.all() and _spent() - begin < SECONDS:
        z, t = z - LR * slope(z), t + 1
        fresh = (z > 0) & (steps == 0)
        if fresh.any():
            steps[fresh], last[fresh] = t, sigmoid(z[fresh])
        if t == NOTED[row]:
            noted[row], row = np.where(steps == 0, sigmoid(z), np.nan), row + 1
    return Race(steps, noted, np.where(steps > 0, last, sigmoid(z)), t)


def _slope(grad: Callable[..., Any] | None, along_p: bool) -> Slope:
    """The slope along z of each neuron alone, (K,) -> (K,)."""
    name = getattr(grad, "__name__", "mse_grad" if along_p else "bce_with_logits_grad")
    begin = sigmoid(Z0) if along_p else Z0.copy()
    y = np.ones(len(Z0))
    alone = trial(grad, begin[:1], y[:1], want=begin[:1], name=name)
    together = trial(grad, begin, y, want=begin, name=name)
    assert grad is not None
    # a mean over N divides by N; a function that does not is drawn as it is
    factor = float(alone[0] / together[0]) if together[0] else float(len(Z0))

    def slope(z: Array) -> Array:
        if not along_p:
            return np.asarray(factor * grad(z, y))
        p = sigmoid(z)
        return np.asarray(factor * grad(p, y) * p * (1 - p))

    return slope


def _counts(name: str, role: str, race: Race | None, row: Array, at: int, place: int) -> list[Element]:
    """Steps against start at one rate, and the chosen start on it: as a handle for the first of the losses."""
    if race is None:
        waiting = [label(f"{name}: {WAITING}", -5.5, 300 / 6**place, role="muted")]
        return waiting if place else [*waiting, handle("start", Z0[at], 1, role="muted")]
    counts = np.where(race.steps > 0, race.steps, np.nan)
    height = counts[at] if race.steps[at] else race.given_up
    drawing = [
        line(Z0[row], counts[row], role=role, width=2.5),
        label(name, -0.8, 20_000 / 4**place, role=role, align="right"),
    ]
    return [*drawing, points(Z0[at], height, marker="diamond", size=5, role="gradient") if place else handle("start", Z0[at], height)]


def _way(role: str, race: Race | None, at: int) -> list[Element]:
    if race is None:
        return []
    seen = np.isfinite(race.noted[:, at])
    end = race.steps[at] or race.given_up
    p, t = np.append(race.noted[seen, at], race.last[at]), np.append(NOTED[seen], end)
    marker = "diamond" if race.steps[at] else "cross"
    return [line(p, t, role=role, width=2), points(p[-1], t[-1], role=role, marker=marker, size=5, label=f"{end}")]


def _sentence(found: list[tuple[str, str, Race | None]], at: int) -> str:
    if any(race is None for _, _, race in found):
        return f"The slope of {' and of '.join(name for name, _, race in found if race is None)} is not written yet: {WAITING}."
    told = [f"{name} {_told(race, at)}" for name, _, race in found if race]
    return f"From z = {number(Z0[at])} at the rate {number(LR[at])}, p is above ½: {', '.join(told)}."


def _told(race: Race, at: int) -> str:
    if not race.steps[at]:
        return f"not after {race.given_up} steps"
    return f"after {race.steps[at]} step{'s' if race.steps[at] > 1 else ''}"
