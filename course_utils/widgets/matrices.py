"""`explore_picture(photo, rgb_to_gray)`: a photograph as matrices: walk over it, read the numbers, follow a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.widgets.elements import Element, handle, image, label, line, panel, points, say
from course_utils.widgets.explorer import Explorer
from course_utils.widgets.knobs import Choice, Point
from course_utils.widgets.subjects import WAITING, NotWritten, trial

COLOURS = ("red", "green", "blue")
ROLES = {"red": "gradient", "green": "reference", "blue": "forward", "grey": "muted"}
WEIGHTS = (0.299, 0.587, 0.114)
ASIDE = 20  # dots to each side of it that are drawn as lines
REACH = 2  # dots to each side of the one in the middle whose numbers are shown


def explore_picture(photo: np.ndarray, rgb_to_gray: Callable[..., Any] | None = None) -> Explorer:
    """Drag over one of a photograph's matrices: its numbers around a dot, and all matrices along the dot's row.

    photo: (H, W, 3), red first, from 0 to 255.  rgb_to_gray: the student's, from (H, W, 3) to (H, W).
    """
    rows, columns = photo.shape[:2]
    matrices: dict[str, np.ndarray] = {}

    def draw(matrix: str, dot: tuple[float, float]) -> list[Element]:
        if not matrices:
            matrices.update(zip(COLOURS, np.moveaxis(photo.astype(float), 2, 0), strict=True), grey=_grey(photo, rgb_to_gray))
        column, row = (round(place) for place in dot)
        return [
            *_whole(matrix, matrices[matrix], dot),
            *_numbers(matrices[matrix], row, column),
            *_along(matrices, row, column),
            say(_sentence(matrices, row, column)),
        ]

    step = max(1, columns // 24)
    across, down = range(REACH, columns - REACH, step), range(REACH, rows - REACH, step)
    start = float(across[len(across) // 3]), float(down[len(down) // 2])  # in our photograph, a red column
    sides = (float(across[0]), float(across[-1])), (float(down[0]), float(down[-1]))
    dots = Point("dot", *sides, start=start, steps=(len(across), len(down)), label="dot")
    return Explorer(draw, [Choice("matrix", [*COLOURS, "grey"], "red"), dots], label="a photograph as matrices", height=270)


def _grey(photo: np.ndarray, rgb_to_gray: Callable[..., Any] | None) -> np.ndarray:
    """The student's grey picture; NaN where it is not written yet."""
    try:
        return np.asarray(trial(rgb_to_gray, photo.copy(), want=np.zeros(photo.shape[:2])), dtype=float)
    except NotWritten:
        return np.full(photo.shape[:2], np.nan)


def _whole(name: str, matrix: np.ndarray, dot: tuple[float, float]) -> list[Element]:
    rows, columns = matrix.shape
    spans = (-0.5, columns - 0.5), (-0.5, rows - 0.5)
    drawing = [panel(f"the {name} matrix{' (yours)' if name == 'grey' else ''}", spans[0], spans[1][::-1], equal=True, whole=True)]
    if np.isnan(matrix).any():
        drawing.append(label(WAITING, columns / 2, rows / 2, role="muted", size=14))
    else:
        drawing.append(image(np.clip(matrix, 0, 255), *spans))
    return [*drawing, handle("dot", *dot, hollow=True)]


def _numbers(matrix: np.ndarray, row: int, column: int) -> list[Element]:
    around = matrix[row - REACH : row + REACH + 1, column - REACH : column + REACH + 1]
    spans = (column - REACH - 0.5, column + REACH + 0.5), (row - REACH - 0.5, row + REACH + 0.5)
    drawing = [panel("25 numbers of it", spans[0], spans[1][::-1], equal=True, whole=True)]
    if np.isnan(around).any():
        return drawing
    drawing.append(image(np.clip(around, 0, 255), *spans, strength=0.45))  # pale, so that the numbers can be read
    for (i, j), value in np.ndenumerate(around):
        drawing.append(label(f"{value:.0f}", column - REACH + j, row - REACH + i, size=13))
    return drawing


def _along(matrices: dict[str, np.ndarray], row: int, column: int) -> list[Element]:
    middle = min(max(column, ASIDE), matrices["red"].shape[1] - 1 - ASIDE)
    columns = np.arange(middle - ASIDE, middle + ASIDE + 1)
    drawing = [panel("all four along its row", (columns[0], columns[-1]), (0, 255), "column", "number", wide=0.9, whole=True)]
    drawing.append(line([column, column], [0, 255], role="highlight", dash="dotted", width=1.4))
    for name, matrix in matrices.items():
        look: dict[str, Any] = {"dash": "dashed", "width": 2.5} if name == "grey" else {"width": 1.8}
        drawing.append(line(columns, matrix[row, columns], role=ROLES[name], label=name, **look))
    return [*drawing, *(points(column, matrix[row, column], role=ROLES[name]) for name, matrix in matrices.items())]


def _sentence(matrices: dict[str, np.ndarray], row: int, column: int) -> str:
    numbers = [float(matrices[colour][row, column]) for colour in COLOURS]
    said = ", ".join(f"{colour} {value:.0f}" for colour, value in zip(COLOURS, numbers, strict=True))
    wanted, grey = float(np.dot(WEIGHTS, numbers)), float(matrices["grey"][row, column])
    total = " + ".join(f"{weight:g}·{value:.0f}" for weight, value in zip(WEIGHTS, numbers, strict=True))
    verdict = "✓" if abs(grey - wanted) < 0.01 else "✗ differs"
    mine = f". Grey: {WAITING}" if np.isnan(grey) else f"; your grey {grey:.2f} {verdict}"
    return f"Row {row}, column {column}: {said}.\n{total} = {wanted:.2f}{mine}."
