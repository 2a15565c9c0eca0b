"""`explore_optimizers(Momentum, Adam, …)`: the student's own rules beside plain descent, on landscapes that part them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from course_utils.widgets.elements import Element, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.grid import Scene
from course_utils.widgets.knobs import Knob, Slider
from course_utils.widgets.subjects import WAITING, NotWritten, Unusable, trial

STEPS = 200
FAR = 1e12  # a walker that is this far out has left every picture
WIDE = 40.0  # a line to here leaves every picture
PLAIN = "plain"
# colour and dash go together, and no two rules share both
LOOKS = (
    ("reference", "dotted"),
    ("forward", "solid"),
    ("gradient", "dashed"),
    ("highlight", "solid"),
    ("text", "dashed"),
    ("muted", "solid"),
)
Array = np.ndarray


class Landscape(NamedTuple):
    """½ wᵀ A w, seen from `start`; `fate` (2, K) names what the right panel shows: the loss, or how far the saddle is left behind."""

    name: str
    A: Array
    start: tuple[float, float]
    spans: tuple[tuple[float, float], tuple[float, float]]
    saddle: bool = False


def _turned(A: Array, angle: float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    R = np.array([[c, -s], [s, c]])
    return R @ A @ R.T


_RAVINE = np.diag([1.0, 1000.0])
_AT = (-4.0, 1.0)
_HALF = np.sqrt(0.5)
VIEW = ((-5.4, 1.8), (-3.6, 1.6))
LANDSCAPES = (
    Landscape("ravine", _RAVINE, _AT, VIEW),
    Landscape("ravine, turned", _turned(_RAVINE, np.pi / 4), (_HALF * (_AT[0] - _AT[1]), _HALF * (_AT[0] + _AT[1])), VIEW),
    Landscape("saddle", np.diag([2.0, -2.0]), (1.0, 0.001), ((-1.4, 1.4), (-1.05, 1.05)), saddle=True),
)


def explore_optimizers(*rules: type | None) -> Explorer:
    """The student's classes and plain descent, on a ravine that is 1000 times as steep one way, on the same one turned, on a saddle.

    rules: classes, made as rule(lr), with step(w, dw) -> the next w; at most five. Turn the rate and the number of steps.
    """
    written = {PLAIN: _plain, **{name: advance for name, advance in map(_advance, rules) if advance}}
    waiting = [name for name, advance in map(_advance, rules) if not advance]
    scenes = {}
    for landscape in LANDSCAPES:
        scenes[landscape.name] = Scene(_scene(landscape, written, waiting), _knobs(landscape.saddle))
    return Explorer(scenes=scenes, choice="landscape", label="optimizers")


def _knobs(saddle: bool) -> list[Knob]:
    """The saddle has knobs of its own: what is a good rate in a ravine is much too small there."""
    names, rate, steps = (("saddle_rate", "saddle_steps"), 0.1, 20) if saddle else (("rate", "steps"), 0.0015, STEPS)
    return [
        Slider(names[0], 1e-4, 10.0, start=rate, steps=26, label="learning rate", log=True),
        Slider(names[1], 0, STEPS, start=steps, steps=11, label="steps", play=True),
    ]


Advance = Callable[[float], Callable[[Array, Array], Any]]


def _plain(rate: float) -> Callable[[Array, Array], Any]:
    return lambda w, dw: w - rate * dw


def _advance(rule: type | None) -> tuple[str, Advance | None]:
    """A rule's name, and how to begin a walk with it; None where it is not written yet."""
    name = getattr(rule, "__name__", "your class")
    if rule is None:
        return name, None
    w = np.array([1.0, 2.0])
    try:
        rule(0.1).step(w.copy(), w.copy())
    except NotImplementedError:
        return name, None
    except Exception:  # noqa: BLE001 - `trial` asks again, and tells what came out in a check's words
        pass
    try:
        trial(lambda w, dw: rule(0.1).step(w, dw), w, w, want=w, name=f"{name}(0.1).step")
    except NotWritten:
        return name, None
    except Unusable as error:
        problem = error
        return name, lambda _: _raise(problem)
    return name, lambda rate: rule(rate).step


def _raise(error: Exception) -> Callable[[Array, Array], Any]:
    """Where it is drawn, an explorer tells the problem."""
    raise error


def _walk(advance: Advance, landscape: Landscape, rate: float) -> Array:
    """Every place on the way (STEPS + 1, 2); from where it leaves the picture for good, the last place is repeated."""
    step, w = advance(rate), np.array(landscape.start)
    path = np.empty((STEPS + 1, 2))
    path[0] = w
    for k in range(1, STEPS + 1):
        w = np.asarray(step(w, landscape.A @ w), dtype=float)
        if not w @ w < FAR**2:
            path[k:] = path[k - 1]
            break
        path[k] = w
    return path


def _fate(landscape: Landscape, path: Array) -> Array:
    """What the right panel shows, step by step: the loss, or |w₂| on the saddle; never 0, as its axis is logarithmic."""
    if landscape.saddle:
        return np.maximum(np.abs(path[:, 1]), 1e-12)
    return np.maximum(0.5 * np.einsum("ki,ij,kj->k", path, landscape.A, path), 1e-12)


def _scene(landscape: Landscape, rules: dict[str, Advance], waiting: Sequence[str]) -> Callable[..., list[Element]]:
    ground = _contours(landscape)
    (left, right), (low, high) = landscape.spans
    y = (1e-4, 1e2) if landscape.saddle else (1e-6, 1e4)
    legend = [(name, role) for name, (role, _) in zip(rules, LOOKS, strict=False)]
    legend += [(words, "muted") for words in [*waiting, *([WAITING] if waiting else [])]]
    shape = "w₁² − w₂²" if landscape.saddle else "½ (w₁² + 1000 w₂²)" if landscape.A is _RAVINE else "the same, turned by 45°"

    @functools.cache
    def walks(rate: float) -> list[tuple[str, Array, Array]]:
        paths = [(name, _walk(advance, landscape, rate)) for name, advance in rules.items()]
        return [(name, path, _fate(landscape, path)) for name, path in paths]

    def draw(**knobs: float) -> list[Element]:
        rate, steps = knobs.values()
        k = round(steps)
        map_of = [
            panel(f"{shape}, from above", *landscape.spans, "w₁", "w₂", equal=True),
            line(*ground, role="muted", width=1, faded=True),
            points(0, 0, role="reference", marker="cross", size=4),
        ]
        what = "|w₂|: how far it has left the ridge" if landscape.saddle else "loss"
        losses = [panel("the way out" if landscape.saddle else "the loss on the way", (0, STEPS), y, "steps", what, log=True, wide=0.9)]
        for (_, path, fate), (role, dash) in zip(walks(rate), LOOKS, strict=False):
            map_of += [
                line(*_near(path).T, role=role, dash=dash, width=1.3),
                points(*path[k], role=role, size=4),
            ]
            losses += [line(np.arange(STEPS + 1), fate, role=role, dash=dash, width=1.5), points(k, fate[k], role=role, size=4)]
        for row, (words, role) in enumerate(legend):
            x, height = right - 0.02 * (right - left), low + (0.05 + 0.075 * (len(legend) - row)) * (high - low)
            map_of.append(label(words, x, height, role=role, align="right"))
        waits = f" {', '.join(waiting)}: {WAITING}." if waiting else ""
        return [*map_of, *losses, say(_told(landscape, walks(rate), rate, k) + waits)]

    return draw


def _near(path: Array) -> Array:
    """The path without its places far outside of all pictures: to dash a line of 10¹² pixels takes a page very long."""
    return np.where(np.abs(path).max(axis=1, keepdims=True) > WIDE, np.nan, path)


def _told(landscape: Landscape, walks: list[tuple[str, Array, Array]], rate: float, k: int) -> str:
    if landscape.saddle:
        out = {name: int(np.argmax(fate > 1)) for name, _, fate in walks if (fate > 1).any()}
        parts = [f"{name} {out[name]}" if name in out else f"{name} never" for name, _, _ in walks]
        return f"lr = {rate:.2g}. Steps until |w₂| is above 1: {', '.join(parts)}."
    parts = [f"{name} {_short(fate[k])}" for name, _, fate in walks]
    return f"lr = {rate:.2g}. The loss after {k} steps: {', '.join(parts)}."


def _short(loss: float) -> str:
    """A loss in few letters; beyond all pictures there is no number."""
    return "far out" if loss > 1e9 else f"{loss:.0f}" if loss >= 100 else f"{loss:.2g}".replace("e-0", "e-").replace("-", "−")


def _contours(landscape: Landscape) -> tuple[Array, Array]:
    """Lines of equal height of ½ wᵀ A w in one line, with breaks between them."""
    heights, axes = np.linalg.eigh(landscape.A)
    if landscape.saddle:
        t = np.append(np.linspace(-2, 2, 41), np.nan)
        levels = (0.05, 0.2, 0.45, 0.8)
        curves = [np.sqrt(level) * sign * np.stack([np.cosh(t), np.sinh(t)]) for level in levels for sign in (-1, 1)]
        lines = np.concatenate([*curves, *[curve[::-1] for curve in curves]], axis=1)
        return lines[0], lines[1]
    turn = np.append(np.linspace(0, 2 * np.pi, 181), np.nan)
    ellipses = [np.sqrt(2 * level) * np.stack([np.cos(turn), np.sin(turn)]) / np.sqrt(heights)[:, None] for level in (1, 4, 9, 100, 500)]
    lines = axes @ np.concatenate(ellipses, axis=1)
    return lines[0], lines[1]
