"""`explore_broadcasting(add_bias)`: two shapes, how NumPy stretches them, and whether the student's guard goes along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, label, line, panel, polygon, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice
from course_utils.widgets.subjects import WAITING

ZS = {"(2, 3)": (2, 3), "(4, 3)": (4, 3), "(3, 3)": (3, 3)}
BS = {"(3,)": (3,), "(4,)": (4,), "(1,)": (1,), "(1, 3)": (1, 3), "(4, 1)": (4, 1), "(3, 1)": (3, 1), "()": ()}


def explore_broadcasting(add_bias: Callable[..., Any] | None = None) -> Explorer:
    """Choose the shapes of Z and b: what NumPy makes of Z + b, cell by cell, and what add_bias(Z, b), the student's, says."""

    def draw(Z: str, b: str) -> list[Element]:
        left, right = _counted(ZS[Z], 1), _counted(BS[b], 10)
        try:
            total = left + right
        except ValueError:
            total = None
        yours = _yours(add_bias, left, right, total)
        return [*_shapes(ZS[Z], BS[b]), *_cells(left, right, total), say(f"{_numpy(ZS[Z], BS[b], total)}\n{yours}")]

    return Explorer(draw, [Choice("Z", list(ZS), "(4, 3)"), Choice("b", list(BS), "(3,)")], label="broadcasting", height=250)


def _counted(shape: tuple[int, ...], step: int) -> np.ndarray:
    return np.asarray(step * (1 + np.arange(np.prod(shape, dtype=int)).reshape(shape)))


def _aligned(shape: tuple[int, ...]) -> list[int | None]:
    """The lengths of the last two axes; None where there is none."""
    return [*[None] * (2 - len(shape)), *shape]


def _shapes(Z: tuple[int, ...], b: tuple[int, ...]) -> list[Element]:
    """The two shapes below each other from the right, and what becomes of each axis."""
    drawing = [panel("shapes, read from the right", (0, 4), (-3.4, 0.6), bare=True, wide=0.5)]
    for row, (name, shape) in enumerate((("Z", Z), ("b", b))):
        drawing.append(label(name, 0.4, -row, size=15))
        drawing += [label("–" if size is None else str(size), 1.6 + 1.3 * k, -row, size=15) for k, size in enumerate(_aligned(shape))]
    for k, (one, other) in enumerate(zip(_aligned(Z), _aligned(b), strict=True)):
        word, role = ("equal", "reference") if one == other else ("stretched", "highlight") if other in (1, None) else ("clash", "gradient")
        drawing.append(label(word, 1.6 + 1.3 * k, -2, role=role, size=13))
    return drawing


def _cells(Z: np.ndarray, b: np.ndarray, total: np.ndarray | None) -> list[Element]:
    drawing = [panel("Z + b, cell by cell", (0, 13.2), (-4.2, 0.7), bare=True)]
    drawing += block(Z, 0.2, "forward", Z.shape)
    drawing.append(label("+", 3.9, -len(Z) / 2, size=18))
    if total is None:
        own = b.reshape(1, -1) if b.ndim < 2 else b
        return [*drawing, *block(own, 4.5, "gradient", own.shape), label("✗", 9.5, -len(Z) / 2, role="gradient", size=26)]
    drawing += block(np.broadcast_to(b, total.shape), 4.5, "highlight", _aligned(b.shape))
    return [*drawing, label("=", 8.2, -len(Z) / 2, size=18), *block(total, 8.8, "reference", total.shape)]


def block(values: np.ndarray, left: float, role: str, own: Any) -> list[Element]:
    """A matrix as cells; those beyond `own` lengths are copies, and paler."""
    rows, columns = values.shape
    high, wide = ((size if size is not None and size > 1 else 1) for size in own)
    width = 1.1
    drawing = [
        polygon(left + width * np.array([0, columns, columns, 0]), np.array([0, 0, -rows, -rows]), role=role, strength=0.1),
        polygon(left + width * np.array([0, wide, wide, 0]), np.array([0, 0, -high, -high]), role=role, strength=0.25),
    ]
    drawing += [line([left, left + width * columns], [-k, -k], role=role, width=1) for k in range(rows + 1)]
    drawing += [line([left + width * k] * 2, [0, -rows], role=role, width=1) for k in range(columns + 1)]
    for (i, j), value in np.ndenumerate(values):
        copy = i >= high or j >= wide
        drawing.append(label(str(value), left + width * (j + 0.5), -i - 0.5, role="muted" if copy else "text", size=13))
    return drawing


def _numpy(Z: tuple[int, ...], b: tuple[int, ...], total: np.ndarray | None) -> str:
    if total is None:
        one, other = next((one, other) for one, other in zip(_aligned(Z), _aligned(b), strict=True) if other not in (1, None, one))
        return f"NumPy refuses {Z} + {b}: {one} meets {other}."
    said = f"NumPy adds {Z} + {b} and gives {total.shape}."
    if b == Z[1:] and Z[0] == Z[1]:
        return f"{said} It would say the same if this b was meant for the {Z[0]} rows."
    return said if b == Z[1:] else f"{said} Nobody is told that b was stretched."


def _yours(add_bias: Callable[..., Any] | None, Z: np.ndarray, b: np.ndarray, total: np.ndarray | None) -> str:
    """What the student's function makes of it."""
    if add_bias is None:
        return ""
    try:
        found = np.asarray(add_bias(Z.copy(), b.copy()))
    except NotImplementedError:
        return f"add_bias: {WAITING}."
    except Exception as error:  # noqa: BLE001 - a guard may raise, and other errors are told
        word = "refuses it" if isinstance(error, ValueError) else f"stops with {type(error).__name__}"
        return f"Your add_bias {word} {'✗: this b is one number for each column' if b.shape == Z.shape[1:] else '✓'}"
    if b.shape != Z.shape[1:]:
        return "Your add_bias adds it without a word ✗"
    right = total is not None and np.array_equal(found, total)
    return f"Your add_bias {'adds it ✓' if right else 'gives something else ✗'}"
