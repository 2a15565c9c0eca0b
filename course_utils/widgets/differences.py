"""`xray(mine, reference)`: a gradient beside the one it should be, entry by entry, with what the diagnosis finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from course_utils.checking.compare import as_numbers, close_enough, compare
from course_utils.checking.diagnose import from_values
from course_utils.widgets.elements import Element, handle, heat, label, panel, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.grid import Scene
from course_utils.widgets.knobs import Point
from course_utils.widgets.subjects import Unusable

MOST_NUMBERS = 64  # more entries than this stay without a number in them


class Pair(NamedTuple):
    """Two arrays of one shape as matrices, and what can be said of them."""

    mine: np.ndarray
    wanted: np.ndarray
    finding: str


def xray(mine: Any, reference: Any) -> Explorer:
    """Heat-maps of mine, of the reference, and of their difference; point at an entry to read it.

    mine, reference: arrays of one shape, or dicts of them by name, such as all gradients of a network. The reference may
    be a numerical gradient. Arrays with more than two axes are laid out with the first one as rows.
    """
    if not isinstance(reference, Mapping):
        mine, reference = {"mine": mine}, {"mine": reference}
    scenes = {name: _scene(name, mine if isinstance(mine, Mapping) else {}, reference) for name in reference}
    return Explorer(scenes=scenes, choice="array", label="gradient X-ray", height=270)


def _scene(name: str, mine: Mapping[str, Any], reference: Mapping[str, Any]) -> Scene:
    rows, columns = _matrix(np.asarray(reference[name], dtype=float)).shape
    found: list[Pair] = []

    knob = f"entry_{name}"

    def draw(**knobs: tuple[float, float]) -> list[Element]:
        if not found:
            found.append(_pair(name, mine, reference))
        pair, entry = found[0], knobs[knob]
        column, row = (int(np.clip(round(place), 0, most - 1)) for place, most in zip(entry, (columns, rows), strict=True))
        return _drawing(name, pair, row, column, knob)

    span = ((0.0, max(columns - 1, 1e-3)), (0.0, max(rows - 1, 1e-3)))
    worst = _worst(name, mine, reference)
    return Scene(draw, [Point(knob, *span, worst, steps=(columns, rows), label="entry")])


def _matrix(array: np.ndarray) -> np.ndarray:
    return array.reshape(1, -1) if array.ndim < 2 else array.reshape(len(array), -1)


def _worst(name: str, mine: Mapping[str, Any], reference: Mapping[str, Any]) -> tuple[float, float]:
    """Column and row of the largest difference: where the look should begin."""
    got, want = as_numbers(mine.get(name)), np.asarray(reference[name], dtype=float)
    if got is None or got.shape != want.shape:
        return 0.0, 0.0
    gap = np.nan_to_num(np.abs(_matrix(got.astype(float)) - _matrix(want)), nan=np.inf)
    row, column = np.unravel_index(int(gap.argmax()), gap.shape)
    return float(column), float(row)


def _pair(name: str, mine: Mapping[str, Any], reference: Mapping[str, Any]) -> Pair:
    want = np.asarray(reference[name], dtype=float)
    difference = compare(name, mine.get(name), want)
    if difference and difference.stage in ("kind", "shape"):
        raise Unusable("\n".join(filter(None, [difference.sentence, from_values(name, dict(mine), dict(reference), {})])))
    got = np.asarray(as_numbers(mine[name]), dtype=float)
    if difference is None:
        return Pair(_matrix(got), _matrix(want), f"✓ {name} agrees in all {want.size} entries.")
    why = from_values(name, dict(mine), dict(reference), {})
    return Pair(_matrix(got), _matrix(want), f"✗ {difference.sentence}." + (f"\n{why}." if why else ""))


def _drawing(name: str, pair: Pair, row: int, column: int, knob: str) -> list[Element]:
    limit = float(np.abs(pair.wanted).max()) or 1.0
    gap = pair.mine - pair.wanted
    finite = np.abs(gap[np.isfinite(gap)])
    good = close_enough(pair.mine, pair.wanted)
    gap = np.where(good, 0.0, gap)
    scale = float(finite.max()) if not good.all() and finite.size and finite.max() > 0 else 1.0
    drawing: list[Element] = []
    for title, values, most in ((f"yours: {name}", pair.mine, limit), ("wanted", pair.wanted, limit), ("yours minus wanted", gap, scale)):
        drawing += _map(title, values, most, good if values is gap else None)
        drawing.append(handle(knob, column, row, hollow=True))
    place = f"[{row}, {column}]" if len(pair.mine) > 1 else f"[{column}]"
    mine, wanted = float(pair.mine[row, column]), float(pair.wanted[row, column])
    here = f"{name}{place}: yours {mine:.4g}, wanted {wanted:.4g} {'✓' if good[row, column] else '✗'}"
    return [*drawing, say(f"{here}\n{pair.finding}".replace("-", "−"))]


def _map(title: str, values: np.ndarray, limit: float, good: np.ndarray | None) -> list[Element]:
    rows, columns = values.shape
    x, y = (-0.5, columns - 0.5), (-0.5, rows - 0.5)
    drawing = [panel(title, x, y[::-1], "column", "row"), heat(values, x, y, limit=limit, smooth=False, strength=0.85)]
    if values.size <= MOST_NUMBERS and columns <= 8:
        for (i, j), value in np.ndenumerate(values):
            words = "✓" if good is not None and good[i, j] else f"{value:.2g}".replace("-", "−")
            drawing.append(label(words, j, i, role="text", size=10))
    return drawing
