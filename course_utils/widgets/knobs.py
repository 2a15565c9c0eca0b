"""What a student turns: at most three knobs, each a set of values over which the drawing is evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import traitlets


@dataclass(frozen=True)
class Axis:
    """One direction of the grid: what a student knows it by, its values, and how the page shows and moves it."""

    name: str
    values: Sequence[Any]
    kind: str  # "linear", "log" or "choice"
    start: int  # the index of the value that the text speaks of
    blend: bool = False

    def thinned(self, stride: int) -> list[int]:
        """The indices that are left when only every `stride`-th value is kept; the start and both ends stay, and every choice."""
        last = len(self.values) - 1
        if self.kind == "choice" or self.blend or stride == 1:
            return list(range(last + 1))
        return sorted({*range(0, last, stride), self.start, last})


@dataclass(frozen=True)
class Slider:
    """A number from `low` to `high`.

    `blend`: numbers between three neighbouring grid values lie on the parabola through theirs. That is exact for drawings
    that depend linearly or quadratically on the knob, so that a grid of three values is enough for these.
    """

    arity = 1
    name: str
    low: float
    high: float
    start: float
    steps: int = 41
    label: str = ""
    log: bool = False
    play: bool = False
    blend: bool = False

    def axes(self) -> list[Axis]:
        spaced = np.geomspace if self.log else np.linspace
        # the start is one of the values, so that the first picture is of it
        values = sorted({float(f"{value:.6g}") for value in [*spaced(self.low, self.high, self.steps), self.start]})
        return [_axis(self.label or self.name, values, "log" if self.log else "linear", self.start, self.blend)]

    def trait(self) -> traitlets.TraitType:
        return traitlets.CFloat(self.start, min=self.low, max=self.high)

    def value(self, parts: Sequence[Any]) -> Any:
        return parts[0]


@dataclass(frozen=True)
class Choice:
    """One of a few options, numbers or words."""

    arity = 1
    blend = False
    name: str
    options: Sequence[Any]
    start: Any
    label: str = ""
    play: bool = False

    def axes(self) -> list[Axis]:
        return [Axis(self.label or self.name, list(self.options), "choice", list(self.options).index(self.start))]

    def trait(self) -> traitlets.TraitType:
        return traitlets.Enum(list(self.options), self.start)

    def value(self, parts: Sequence[Any]) -> Any:
        return parts[0]


@dataclass(frozen=True)
class Point:
    """A place in a panel that is dragged with the pointer or moved with the arrow keys."""

    arity = 2
    play = False
    name: str
    x: tuple[float, float]
    y: tuple[float, float]
    start: tuple[float, float]
    steps: tuple[int, int] = (9, 9)
    label: str = ""
    blend: bool = False

    def axes(self) -> list[Axis]:
        sides = zip((self.x, self.y), self.steps, strict=True)
        grids = [[float(v) for v in np.linspace(*side, steps)] for side, steps in sides]
        shown = self.label or self.name
        ways = zip("xy", grids, self.start, strict=True)
        return [_axis(f"{shown} {way}", grid, "linear", start, self.blend) for way, grid, start in ways]

    def trait(self) -> traitlets.TraitType:
        return traitlets.List(traitlets.CFloat(), list(self.start), minlen=2, maxlen=2)

    def value(self, parts: Sequence[Any]) -> Any:
        return tuple(parts)


def _axis(name: str, values: Sequence[float], kind: str, start: float, blend: bool) -> Axis:
    nearest = min(range(len(values)), key=lambda i: abs(values[i] - start))
    return Axis(name, values, kind, nearest, blend)


Knob = Slider | Choice | Point
MOST = 3
