"""`explore_schedules(…)`: the student's schedules, and how near a walker in noise comes to the lowest point under each of them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course_utils.widgets.elements import Element, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.grid import Scene
from course_utils.widgets.knobs import Knob, Slider
from course_utils.widgets.subjects import WAITING, NotWritten, trial

STEPS, WALKERS, NOISE = 100, 200, 2.0
Array = np.ndarray
Schedule = Callable[..., Any]


class Way(NamedTuple):
    """How a schedule is asked at step t when it is `length` steps long; what that length is called, and where it begins."""

    ask: Callable[[Schedule, float, int, int], Any]
    knob: str
    label: str
    start: int


WAYS: dict[str, Way] = {
    "step": Way(lambda f, lr0, t, length: f(lr0, t, (length, 2 * length), 0.1), "milestone", "steps to a milestone", 30),
    "cosine": Way(lambda f, lr0, t, length: f(lr0, t, length), "T", "steps to the end, T", 100),
    "linear": Way(lambda f, lr0, t, length: f(lr0, t, length), "T", "steps to the end, T", 100),
    "inverse sqrt": Way(lambda f, lr0, t, length: f(lr0, t, length), "warmup", "steps of warm-up", 10),
    "restarts": Way(lambda f, lr0, t, length: f(lr0, t, length), "period", "period", 25),
}


def explore_schedules(
    step_decay: Schedule | None = None,
    cosine_decay: Schedule | None = None,
    linear_decay: Schedule | None = None,
    inverse_sqrt: Schedule | None = None,
    cosine_restarts: Schedule | None = None,
) -> Explorer:
    """The rate by steps, and beside it the mean loss ½ w² of many walkers whose gradient is noisy, for each of the schedules.

    Every schedule is the student's: f(lr0, t, length), step_decay f(lr0, epoch, milestones, factor). Turn the first rate
    and the length.
    """
    given = zip(WAYS, (step_decay, cosine_decay, linear_decay, inverse_sqrt, cosine_restarts), strict=True)
    scenes = {}
    for name, schedule in given:
        way = WAYS[name]
        knobs: list[Knob] = [
            Slider("rate", 0.02, 1.5, start=0.5, steps=12, label="first rate", log=True),
            Slider(way.knob, 5, STEPS, start=way.start, steps=12, label=way.label, play=True),
        ]
        scenes[name] = Scene(_scene(name, _rates(schedule, way.ask)), knobs)
    return Explorer(scenes=scenes, choice="schedule", label="schedules")


def _rates(schedule: Schedule | None, ask: Callable[[Schedule, float, int, int], Any]) -> Callable[[float, int], Array | None]:
    """A function from first rate and length to the rates (STEPS + 1,); None where the schedule is not written yet."""

    @functools.cache
    def rates(lr0: float, length: int) -> Array | None:
        if schedule is None:
            return None
        try:
            trial(lambda lr0, t, length: ask(schedule, lr0, t, length), lr0, 1, length, want=1.0, name=_name_of(schedule))
            return np.array([float(ask(schedule, lr0, t, length)) for t in range(STEPS + 1)])
        except (NotWritten, NotImplementedError):
            return None

    return rates


def _name_of(schedule: Schedule) -> str:
    return getattr(schedule, "__name__", "your schedule")


@functools.cache
def _noise() -> Array:
    return NOISE * np.random.default_rng(0).normal(size=(STEPS, WALKERS))


def _mean_loss(rates: Array) -> Array:
    """½ w² of WALKERS walkers on average, from w = 10, after 0, 1, …, STEPS steps against w + noise."""
    w = np.full(WALKERS, 10.0)
    loss = [50.0]
    for rate, noise in zip(rates[:-1], _noise(), strict=True):
        w = w - rate * (w + noise)
        loss.append(float(0.5 * np.mean(w * w)))
    return np.clip(loss, 1e-6, 1e6)


def _scene(name: str, rates: Callable[[float, int], Array | None]) -> Callable[..., list[Element]]:
    t = np.arange(STEPS + 1)
    constant = functools.cache(lambda lr0: _mean_loss(np.full(STEPS + 1, lr0)))

    def draw(rate: float, **knob: float) -> list[Element]:
        (length,) = knob.values()
        left = [
            panel("the learning rate", (0, STEPS), (0, 1.05 * rate), "step t", "rate"),
            line([0, STEPS], [rate, rate], role="reference", dash="dotted", width=1.3),
        ]
        right = [
            panel("½ w² of walkers in noise, on average", (0, STEPS), (1e-3, 1e2), "step t", "mean loss", log=True),
            line(t, constant(rate), role="reference", dash="dotted", width=1.3),
            label("constant rate", 0.97 * STEPS, 50, role="reference", align="right"),
        ]
        found = rates(rate, round(length))
        if found is None:
            return [*left, label(WAITING, STEPS / 2, 0.5 * rate, role="muted", size=14), *right, say(f"Not written yet: {WAITING}.")]
        loss = _mean_loss(found)
        return [
            *left,
            line(t, found, role="forward"),
            *right,
            line(t, loss, role="gradient"),
            label(name, 0.97 * STEPS, 25, role="gradient", align="right"),
            points(STEPS, loss[-1], role="gradient", size=4),
            say(f"{name}, first rate {rate:.2g}: the mean loss ends at {loss[-1]:.2g}, with a constant rate at {constant(rate)[-1]:.2g}."),
        ]

    return draw
