"""Pictures that filters make, and filters as pictures: small panels side by side.

Like `plots`, every panel survives a function that is not written yet: it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.pictures.plots import Picture, attempt, note, signed_colours, styled
from course_utils.pictures.tensors import _grid


@styled
def side_by_side(
    rows: Sequence[tuple[str, Any]],
    columns: int,
    *,
    size: tuple[float, float] = (1.2, 1.2),
    signed: bool = False,
    paper: bool = False,
) -> Picture:
    """A panel per (title, matrix or a function that returns one), each with its own darkest and lightest value.

    `signed`: colours are centred at 0, blue above it and grey below. `paper`: 1 is ink and 0 paper. `size`: of a panel, in inches.
    """
    titled = any(title for title, _ in rows)
    figure, axes = _grid([title for title, _ in rows], columns, size, (0.12, 0.3 if titled else 0.1))
    for ax, (_, given) in zip(axes, rows, strict=True):
        ax.set_axis_off()
        matrix = attempt(given if callable(given) else lambda given=given: given)
        if isinstance(matrix, str) or matrix.ndim != 2:
            note(ax, matrix if isinstance(matrix, str) else f"yours has {matrix.ndim} axes")
            continue
        ax.imshow(matrix, interpolation="nearest", **_look(matrix, signed, paper))
    return Picture(figure, "; ".join(title for title, _ in rows if title) or "filters")


def _look(matrix: np.ndarray, signed: bool, paper: bool) -> dict[str, Any]:
    if signed:
        largest = float(np.abs(matrix).max()) or 1.0
        return {"cmap": signed_colours(), "vmin": -largest, "vmax": largest}
    return {"cmap": "gray_r", "vmin": 0, "vmax": 1} if paper else {"cmap": "gray"}
