"""Pictures of chance: who is drawn in which batch, and how far estimates from a few examples scatter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_utils.pictures.plots import FORWARD, GRADIENT, HIGHLIGHT, REFERENCE, Picture, attempt, note, panels, styled

_MARKS = ((GRADIENT, "."), (FORWARD, "s"), (HIGHLIGHT, "D"))


@styled
def seats(compute: Callable[[], Any], title: str, rows: str, columns: str) -> Picture:
    """A table of small whole numbers, each number with its own shade: compute() -> (passes, examples)."""
    figure, (ax,) = panels([title])
    ax.set(xlabel=columns, ylabel=rows, xticks=[], yticks=[])
    table = attempt(compute)
    if isinstance(table, str) or table.ndim != 2:
        note(ax, table if isinstance(table, str) else f"yours has shape {table.shape}")
        return Picture(figure, title)
    # twice the range, on white: the shades stay light enough for black numbers
    ax.set_facecolor("white")
    ax.imshow(-table, cmap="viridis", vmin=-table.max(), vmax=0.2 * table.max(), aspect="auto", alpha=0.5)
    for (i, j), number in np.ndenumerate(table):
        ax.text(j, i, f"{number:g}", ha="center", va="center", fontsize=7, color="black")
    return Picture(figure, title)


@styled
def clouds(rows: Mapping[str, Callable[[], Any]], center: Callable[[], Any], title: str, names: tuple[str, str]) -> Picture:
    """Points (K, 2) of up to three samples around one marked place, each with its measured spread around it."""
    figure, (ax,) = panels([title])
    ax.set_xlabel(names[0])
    # inside the axes: beside them there is no room next to wide numbers
    ax.text(0.01, 0.99, f"↑ {names[1]}", transform=ax.transAxes, va="top")
    middle = attempt(center, shape=(2,))
    for number, ((label, compute), (color, mark)) in enumerate(zip(rows.items(), _MARKS, strict=False)):
        points = attempt(compute)
        if isinstance(points, str) or isinstance(middle, str):
            note(ax, points if isinstance(points, str) else str(middle))
            break
        ax.plot(*points.T, mark, color=color, markersize=3)
        spread = np.sqrt(np.mean(np.sum((points - middle) ** 2, axis=1)))
        ax.text(0.98, 0.02 + 0.09 * number, f"{label}: spread {spread:.0f}", transform=ax.transAxes, color=color, ha="right")
    if not isinstance(middle, str):
        ax.plot(*middle, "+", color=REFERENCE, markersize=13, markeredgewidth=3, zorder=5)
    return Picture(figure, title)
