"""`explore_softmax(softmax)`: three scores, a temperature and a common shift, and what the student's softmax makes of them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, handle, label, line, panel, polygon, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice, Knob, Point, Slider
from course_utils.widgets.losses import number
from course_utils.widgets.subjects import WAITING, NotWritten, trial

LOW, HIGH, START = -2.0, 4.0, (3.0, 2.0)
FULL, EMPTY = 709.78, -745.13  # above the one e^z is infinite, below the other it is 0
WIDE = 0.36  # half of a bar
Array = np.ndarray


def explore_softmax(softmax: Callable[..., Any] | None = None) -> Explorer:
    """Drag two scores (the third is 0), turn the temperature, and add the same to all: which probabilities follow?

    softmax: scores (N, C) -> probabilities (N, C), row by row. It is asked for one row: (scores + shift) / temperature.
    """

    @functools.cache
    def ready() -> bool:
        example = np.array([[2.0, 1.0, -1.0]])
        try:
            trial(softmax, example, want=example)
        except NotWritten:
            return False
        return True

    @functools.cache
    def shares(scores: tuple[float, ...]) -> Array:
        assert softmax is not None
        with np.errstate(all="ignore"):  # what it does to large scores is what is to be seen
            return np.asarray(softmax(np.array([scores])), dtype=float)[0]

    def draw(scores: tuple[float, float], temperature: float, shift: int) -> list[Element]:
        raw = (*scores, 0.0)
        asked, plain = (tuple((z + more) / temperature for z in raw) for more in (shift, 0.0))
        p = shares(asked) if ready() else None
        said = f"softmax is not written yet: {WAITING}." if p is None else _sentence(p, shares(plain), asked, temperature, shift)
        return [*_plane(), handle("scores", *scores, role="muted" if p is None else "highlight"), *_bars(p, asked), say(said)]

    knobs: list[Knob] = [
        Point("scores", (LOW, HIGH), (LOW, HIGH), START, steps=(7, 7)),
        Slider("temperature", 0.05, 20, start=1, steps=7, label="temperature T", log=True),
        Choice("shift", [-1000, 0, 1000], 0, label="added to all scores"),
    ]
    return Explorer(draw, knobs, label="softmax")


@functools.cache
def _plane() -> list[Element]:
    """The plane of two scores, and the borders between the places where one class or another has the largest."""
    return [
        panel("drag the scores (the third is 0)", (LOW - 0.5, HIGH + 0.5), (LOW - 0.5, HIGH + 0.5), "score 0", "score 1", wide=0.9),
        line([0, HIGH + 1, np.nan, 0, LOW - 1, np.nan, 0, 0], [0, HIGH + 1, np.nan, 0, 0, np.nan, 0, LOW - 1], role="muted", width=1),
        *(label(f"{k} is largest", x, y, role="muted", size=11) for k, (x, y) in enumerate([(2.5, -1.4), (-1.2, 2.6), (-1.3, -1.4)])),
    ]


def _bars(p: Array | None, asked: tuple[float, ...]) -> list[Element]:
    drawing = [panel("probabilities", (-0.6, 2.6), (-0.36, 1.16), bare=True), line([-0.5, 2.5], [0, 0], role="muted", width=1)]
    heights = np.full(3, 1 / 3) if p is None else p
    x = np.array([-WIDE, -WIDE, WIDE, WIDE])
    for k, (height, score) in enumerate(zip(heights, asked, strict=True)):
        drawn = float(np.clip(height, 0, 1.05)) if np.isfinite(height) else 0.0
        drawing.append(polygon(k + x, np.array([0, drawn, drawn, 0]), role="forward", strength=0.12 if p is None else 0.55))
        drawing.append(label("" if p is None else _share(height), k, drawn + 0.07, size=13))
        drawing.append(label(f"class {k}", k, -0.1, size=12))
        drawing.append(label(f"score/T: {number(score)}", k, -0.25, role="muted", size=12))
    if p is None:
        drawing.append(label(WAITING, 1, 0.7, role="muted", size=14))
    return drawing


def _share(p: float) -> str:
    return "< 0.001" if 0 < p < 0.0005 else f"{p:.3f}".replace("-", "−")


def _sentence(p: Array, plain: Array, asked: tuple[float, ...], temperature: float, shift: float) -> str:
    scores = f"({', '.join(number(z) for z in asked)})"
    if not np.isfinite(p).all():
        return f"Your softmax gives {', '.join(_share(one) for one in p)} for {scores}{_cause(asked)}."
    parts = [f"Your softmax of {scores}: {', '.join(_share(one) for one in p)}, together {number(float(p.sum()))}."]
    if abs(p.sum() - 1) > 1e-6:
        parts[0] = f"{parts[0][:-1]} ✗, not 1."
    elif p.max() > 0.999:
        parts.append("One class takes all.")
    elif np.ptp(p) < 0.1:
        parts.append("All classes get nearly the same.")
    if shift:
        same = np.isfinite(plain).all() and np.allclose(p, plain, rtol=1e-6, atol=1e-9)
        parts.append(f"Adding {number(shift)} to all scores {'changes nothing ✓' if same else 'changes them ✗'}.")
    return f"T = {number(temperature)}. {parts[0]}\n{' '.join(parts[1:])}".rstrip()


def _cause(asked: tuple[float, ...]) -> str:
    """Why there may be no number: what e^z is for such scores."""
    if max(asked) > FULL:
        return f".\ne^{number(max(asked))} is more than the computer can hold"
    return f".\neven e^{number(max(asked))} is rounded to 0, and so is their sum" if max(asked) < EMPTY else ""
