"""Pictures of chance: who is drawn in which batch, and how far estimates from a few examples scatter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.plots import GRADIENT, REFERENCE, Picture, attempt, note, panels, styled


@styled
def seats(compute: Callable[[], Any], title: str, rows: str, columns: str) -> Picture:
    """A table of small whole numbers, each number with its own shade: compute() -> (passes, examples)."""
    figure, (ax,) = panels([title])
    ax.set(xlabel=columns, ylabel=rows, xticks=[], yticks=[])
    table = attempt(compute)
    if isinstance(table, str) or table.ndim != 2:
        note(ax, table if isinstance(table, str) else f"yours has shape {table.shape}")
        return Picture(figure, title)
    # twice the range: the shades stay light enough for black numbers
    ax.imshow(-table, cmap="viridis", vmin=-table.max(), vmax=0.2 * table.max(), aspect="auto", alpha=0.5)
    for (i, j), number in np.ndenumerate(table):
        ax.text(j, i, f"{number:g}", ha="center", va="center", fontsize=7)
    return Picture(figure, title)


@styled
def clouds(rows: Sequence[tuple[str, Callable[[], Any]]], center: Callable[[], Any], names: tuple[str, str]) -> Picture:
    """A panel per (title, points) with points() -> (K, 2), around one marked place; the spread is measured."""
    figure, axes = panels([title for title, _ in rows])
    found = [attempt(compute) for _, compute in rows]
    middle = attempt(center, shape=(2,))
    reach = 1.0 if isinstance(middle, str) else _reach(found, middle)
    for ax, points in zip(axes, found, strict=True):
        ax.set(xlabel=names[0], ylabel=names[1])
        if isinstance(points, str) or isinstance(middle, str):
            note(ax, points if isinstance(points, str) else str(middle))
            continue
        ax.plot(*points.T, ".", color=GRADIENT, markersize=3, alpha=0.6)
        ax.plot(*middle, "+", color=REFERENCE, markersize=10, markeredgewidth=2)
        spread = np.sqrt(np.mean(np.sum((points - middle) ** 2, axis=1)))
        ax.set(xlim=(middle[0] - reach, middle[0] + reach), ylim=(middle[1] - reach, middle[1] + reach))
        ax.set_xlabel(f"{names[0]}        spread: {spread:.3g}")
    return Picture(figure, "; ".join(title for title, _ in rows))


def _reach(found: Sequence[np.ndarray | str], middle: np.ndarray) -> float:
    """How far the clouds reach, so that all panels have one scale."""
    return max((float(np.abs(points - middle).max()) for points in found if not isinstance(points, str)), default=1.0) * 1.05
