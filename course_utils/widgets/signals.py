"""`explore_signals(glorot_uniform, he_normal)`: how numbers fare on their way through ten layers, by the weights they begin with."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, label, line, panel, points, polygon, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice, Knob, Slider
from course_utils.widgets.subjects import WAITING, NotWritten, trial

ROWS, WIDTH, LAYERS, BINS = 200, 100, 10, 41
LOW, HIGH = 1e-13, 1e17  # what the axis of sizes shows
Array = np.ndarray
Start = Callable[[int, int, np.random.Generator], Any]
SQUASH: dict[str, Callable[[Array], Array]] = {"tanh": np.tanh, "ReLU": lambda Z: np.maximum(Z, 0)}
GIVEN: dict[str, Start] = {
    "N(0, 0.01²)": lambda D, H, rng: rng.normal(0, 0.01, size=(D, H)),
    "N(0, 1)": lambda D, H, rng: rng.normal(size=(D, H)),
    "rand": lambda D, H, rng: rng.uniform(size=(D, H)),
}
LAYER = Slider("layer", 1, LAYERS, start=LAYERS, steps=LAYERS, label="layer", play=True)


def explore_signals(glorot_uniform: Callable[..., Any] | None, he_normal: Callable[..., Any] | None) -> Explorer:
    """The size of the numbers behind each of ten layers of 100, and how they are spread behind one of them.

    Both are the student's, f(fan_in, fan_out, rng) -> (fan_in, fan_out). Choose the start and the activation; turn the layer.
    """
    starts = {"Glorot": glorot_uniform, "He": he_normal, **GIVEN}
    knobs: list[Knob] = [Choice("start", list(starts), "Glorot"), Choice("activation", list(SQUASH), "tanh"), LAYER]
    return Explorer(_drawing(starts), knobs, label="ten layers")


def _drawing(starts: dict[str, Start | None]) -> Callable[..., list[Element]]:
    @functools.cache
    def behind(start: str, activation: str) -> list[Array] | None:
        """The numbers (ROWS, WIDTH) behind each layer; None where the start is not written yet."""
        begin = starts[start]
        rng = np.random.default_rng(0)
        H, found = rng.normal(size=(ROWS, WIDTH)), []
        try:
            trial(begin, WIDTH, WIDTH, np.random.default_rng(1), want=np.zeros((WIDTH, WIDTH)))
        except NotWritten:
            return None
        assert begin is not None  # else trial had raised
        for _ in range(LAYERS):
            W: Any = begin(WIDTH, WIDTH, rng)
            H = SQUASH[activation](H @ np.asarray(W, dtype=np.float64))
            found.append(H)
        return found

    number = np.arange(1, LAYERS + 1)

    def draw(start: str, activation: str, layer: float) -> list[Element]:
        k = round(layer)
        found = behind(start, activation)
        left = panel("size of the numbers behind each layer", (1, LAYERS), (LOW, HIGH), "layer", "standard deviation", log=True)
        if found is None:
            right = panel(f"all numbers behind layer {k}", (-1, 1), (0, 0.6), "number / largest", "share")
            return [left, label(WAITING, 5, 1, role="muted", size=14), right, say(f"{start} is not written yet: {WAITING}.")]
        sizes = np.clip([H.std() for H in found], LOW, HIGH)
        H = found[k - 1]
        reach = float(np.abs(H).max()) or 1.0
        counts = np.histogram(H, BINS, (-reach, reach))[0] / H.size
        sides = np.repeat(np.linspace(-1, 1, BINS + 1), 2)[1:-1]
        at_the_ends, silent = np.mean(np.abs(H) > 0.99), np.mean(H == 0)
        ends = f"{at_the_ends:.0%} of them are beyond ±0.99." if activation == "tanh" else f"{silent:.0%} of them are 0."
        return [
            left,
            line([1, LAYERS], [1, 1], role="reference", dash="dotted", width=1.3),
            line(number, sizes, role="forward"),
            points(number, sizes, role="forward", size=3),
            points(k, sizes[k - 1], role="highlight", size=6),
            panel(f"all numbers behind layer {k}", (-1, 1), (0, 0.6), "number / largest", "share"),
            polygon(np.append(sides, [1, -1]), np.append(np.minimum(np.repeat(counts, 2), 0.6), [0, 0]), role="forward", strength=0.5),
            say(f"{start}, {activation}: behind layer {k} the numbers have the size {H.std():.2g}. {ends}"),
        ]

    return draw
