"""`xray(mine, reference)`: a gradient beside the one it should be, entry by entry, with what the diagnosis finds."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from course_utils.checking.compare import as_numbers, close_enough, compare
from course_utils.checking.diagnose import Facts, from_values, plainly
from course_utils.widgets.elements import Element, handle, heat, label, panel, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.grid import Scene
from course_utils.widgets.knobs import Point
from course_utils.widgets.subjects import WAITING, Unusable, sentence

MOST_NUMBERS = 8  # with more rows or columns than this, entries stay without a number in them


class Pair(NamedTuple):
    """Two arrays as matrices, and what can be said of them; their shapes may differ."""

    mine: np.ndarray
    wanted: np.ndarray
    finding: str


def xray(mine: Any, reference: Any) -> Explorer:
    """Heat-maps of mine, of the reference, and of their difference; point at an entry to read it.

    mine, reference: arrays, or dicts of them by name, such as all gradients of a network, or functions of nothing that
    return these. The reference may be a numerical gradient. Arrays with more than two axes have the first one as rows.
    """
    look: dict[str, Any] = {"choice": "array", "label": "gradient X-ray", "height": 270}
    try:
        mine, reference = (given() if callable(given) else given for given in (mine, reference))
    except NotImplementedError:
        return Explorer(_waiting, **look)
    except Exception as error:  # noqa: BLE001 - the student's functions run in here; what they raise is told, not thrown
        problem = Unusable(sentence(error))
        return Explorer(lambda: _refuse(problem), **look)
    if not isinstance(reference, Mapping):
        mine, reference = {"mine": mine}, {"mine": reference}
    return Explorer(scenes={name: _scene(name, mine if isinstance(mine, Mapping) else {}, reference) for name in reference}, **look)


def _waiting() -> list[Element]:
    return [panel("", (-1, 1), (-1, 1), bare=True), label(WAITING, 0, 0, role="muted", size=14), say(f"Not written yet: {WAITING}.")]


def _refuse(problem: Exception) -> list[Element]:
    raise problem


def _scene(name: str, mine: Mapping[str, Any], reference: Mapping[str, Any]) -> Scene:
    rows, columns = _matrix(np.asarray(reference[name], dtype=float)).shape
    knob = f"entry_{name}"
    pair = functools.cache(lambda: _pair(name, mine, reference))

    def draw(**knobs: tuple[float, float]) -> list[Element]:
        sides = zip(knobs[knob], (columns, rows), strict=True)
        column, row = (int(np.clip(round(place), 0, most - 1)) for place, most in sides)
        found = pair()
        if found.mine.shape != found.wanted.shape:
            return _unlike(name, found)
        return _drawing(name, found, row, column, knob)

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
    got = as_numbers(mine.get(name))
    if difference and (got is None or got.ndim > 2 or not got.size):
        raise Unusable(difference.sentence)
    facts = Facts(dict(mine), dict(reference))
    why = plainly(name, facts) or from_values(name, facts) if difference else None
    if difference and difference.stage == "shape":
        return Pair(_matrix(np.asarray(got, dtype=float)), _matrix(want), f"✗ {difference.sentence}." + (f"\n{why}." if why else ""))
    got = np.asarray(as_numbers(mine[name]), dtype=float)
    if difference is None:
        return Pair(_matrix(got), _matrix(want), f"✓ {name} agrees in all {want.size} entries.")
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


def _unlike(name: str, pair: Pair) -> list[Element]:
    """Two arrays whose entries cannot be compared, each in its own panel."""
    return [
        *_map(f"yours: {name}", pair.mine, float(np.abs(pair.mine[np.isfinite(pair.mine)]).max(initial=0)) or 1.0, None),
        *_map("wanted", pair.wanted, float(np.abs(pair.wanted).max(initial=0)) or 1.0, None),
        say(pair.finding),
    ]


def _map(title: str, values: np.ndarray, limit: float, good: np.ndarray | None) -> list[Element]:
    rows, columns = values.shape
    x, y = (-0.5, columns - 0.5), (-0.5, rows - 0.5)
    drawing = [panel(title, x, y[::-1], "column", "row", whole=True), heat(values, x, y, limit=limit, smooth=False, strength=0.85)]
    if max(rows, columns) <= MOST_NUMBERS:
        for (i, j), value in np.ndenumerate(values):
            words = "✓" if good is not None and good[i, j] else f"{value:.2g}".replace("-", "−")
            drawing.append(label(words, j, i, role="text", size=10))
    return drawing
