"""Evaluate a drawing over its knobs' grid, coarse first and finer while time and space allow, and pack it for the page.

Every distinct array and text is stored once. A frame is a row of whole numbers: which template it follows, then which
array or text fills each of the template's slots.
"""

from __future__ import annotations

import itertools
import math
import os
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from course_utils.widgets.elements import Element
from course_utils.widgets.knobs import Axis, Knob

SECONDS = float(os.environ.get("HANDGRAD_EXPLORER_SECONDS", "2"))  # more where a page is made that stays
BYTES = 8_000_000
STRIDES = (32, 16, 8, 4, 2, 1)
Draw = Callable[..., list[Element]]


class Scene(NamedTuple):
    """A drawing and its knobs."""

    draw: Draw
    knobs: Sequence[Knob]

    def size(self) -> int:
        """How many frames its knobs ask for."""
        return math.prod(len(axis.values) for knob in self.knobs for axis in knob.axes())


class Store:
    """All that frames point to, each thing once."""

    def __init__(self) -> None:
        self.floats = bytearray()
        self.spans: list[tuple[int, int]] = []
        self.texts: list[str] = []
        self.table: list[int] = []
        self._arrays: dict[bytes, int] = {}
        self._words: dict[str, int] = {}

    def array(self, values: np.ndarray) -> int:
        data = values.tobytes()
        number = self._arrays.setdefault(data, len(self.spans))
        if number == len(self.spans):
            self.spans.append((len(self.floats) // 4, len(data) // 4))
            self.floats += data
        return number

    def text(self, words: str) -> int:
        number = self._words.setdefault(words, len(self.texts))
        if number == len(self.texts):
            self.texts.append(words)
        return number

    @property
    def size(self) -> int:
        """Bytes that the page has to receive."""
        return len(self.floats) + 8 * len(self.spans) + 4 * len(self.table) + sum(map(len, self.texts))


class Templates:
    """What never changes between frames, by kind of frame."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.found: list[list[dict[str, Any]]] = []
        self._known: dict[Any, int] = {}

    def row(self, drawing: list[Element]) -> list[int]:
        """A frame as whole numbers."""
        key = tuple((kind, *arrays, *texts, *style.items()) for kind, arrays, texts, style in drawing)
        number = self._known.setdefault(key, len(self.found))
        if number == len(self.found):
            self.found.append(_template(drawing))
        row = [number]
        for element in drawing:
            row += map(self.store.array, element.arrays.values())
            row += map(self.store.text, element.texts.values())
        return row


def _template(drawing: list[Element]) -> list[dict[str, Any]]:
    slots = itertools.count(1)
    return [
        {
            "kind": element.kind,
            **element.style,
            "arrays": {name: next(slots) for name in element.arrays},
            "text": next((next(slots) for _ in element.texts), 0),
        }
        for element in drawing
    ]


def evaluate(scene: Scene, store: Store, seconds: float = SECONDS, size: float = BYTES) -> dict[str, Any]:
    """The scene for the page; its note says how many positions are drawn where time or space was too short for all."""
    axes = [axis for knob in scene.knobs for axis in knob.axes()]
    templates = Templates(store)
    rows: dict[tuple[int, ...], list[int]] = {}
    kept: list[list[int]] = []
    begin, before, pace = time.perf_counter(), store.size, 0.0
    for stride in STRIDES:
        finer = [axis.thinned(stride) for axis in axes]
        fresh = [index for index in itertools.product(*finer) if index not in rows]
        grown = 1 + len(fresh) / max(1, len(rows))
        spent = time.perf_counter() - begin
        late = spent + pace * len(fresh) > seconds
        if rows and (late or (store.size - before) * grown > size):
            return _packed(scene, axes, kept, rows, templates, pace if late else 0.0)
        for index in fresh:
            rows[index] = templates.row(scene.draw(**settings(scene.knobs, axes, index)))
            if kept and time.perf_counter() - begin > seconds:
                return _packed(scene, axes, kept, rows, templates, pace)
        kept, pace = finer, (time.perf_counter() - begin - spent) / max(1, len(fresh))
    return _packed(scene, axes, kept, rows, templates, pace)


def settings(knobs: Sequence[Knob], axes: Sequence[Axis], index: Sequence[int]) -> dict[str, Any]:
    """Knob values at a place of the grid."""
    parts = iter([axis.values[i] for axis, i in zip(axes, index, strict=True)])
    return {knob.name: knob.value([next(parts) for _ in range(knob.arity)]) for knob in knobs}


def _packed(
    scene: Scene,
    axes: Sequence[Axis],
    kept: Sequence[Sequence[int]],
    rows: dict[tuple[int, ...], list[int]],
    templates: Templates,
    pace: float,
) -> dict[str, Any]:
    store = templates.store
    first, width = len(store.table), max(map(len, rows.values()))
    for index in itertools.product(*kept):
        row = rows[index]
        store.table += row + [0] * (width - len(row))
    places = iter(range(len(axes)))
    return {
        "axes": [
            {"values": [axis.values[i] for i in indices], "kind": axis.kind, "blend": axis.blend}
            for axis, indices in zip(axes, kept, strict=True)
        ],
        "knobs": [
            {
                "name": knob.name,
                "label": knob.label or knob.name,
                "play": knob.play,
                "start": knob.start,
                "axes": [next(places) for _ in range(knob.arity)],
            }
            for knob in scene.knobs
        ],
        "templates": templates.found,
        "first": first,
        "width": width,
        "note": _note(axes, kept, pace),
    }


def _note(axes: Sequence[Axis], kept: Sequence[Sequence[int]], pace: float) -> str:
    """The sentence for a student on what a thinned grid leaves out; `pace`: the seconds a picture that are the reason, else 0."""
    pairs = zip(axes, kept, strict=True)
    parts = [f"{len(few)} positions of {axis.name} instead of {len(axis.values)}" for axis, few in pairs if len(few) < len(axis.values)]
    if not parts:
        return ""
    seconds = pace * math.prod(len(axis.values) for axis in axes)
    why = f"all of them would take {seconds:.2g} s to compute here" if pace else "all of them would be too much for the page"
    return f"This explorer shows {' and '.join(parts)}, because {why}."
