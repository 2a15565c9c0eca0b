"""Pictures of fitting too little and too much: curves through points, and a ward of learning curves to be diagnosed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.pictures.charts import end_labels
from course_utils.pictures.plots import FORWARD, GRADIENT, HIGHLIGHT, INK, REFERENCE, Picture, panels, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Losses = Sequence[float]
STYLES = ((REFERENCE, "-."), (FORWARD, "-"), (GRADIENT, "--"), (HIGHLIGHT, ":"))
WARD = (2.2, 1.55)  # inches, one patient


@styled
def curves_through(points: tuple[Any, Any], curves: Mapping[str, Any], truth: Callable[..., Any], title: str) -> Picture:
    """Points (x, y), a grey line truth(x), and polynomials by name, each as its coefficients, lowest power first."""
    figure, (ax,) = panels([title])
    figure.set_size_inches(4.8, 2.6)
    ax.set_position((0.09, 0.17, 0.70, 0.71))
    x = np.linspace(-1, 1, 401)
    reach = 2.2
    ax.plot(x, truth(x), color="#999999", linewidth=3, alpha=0.5)
    ax.set(xlim=(-1, 1), ylim=(-reach, reach), xlabel="x", ylabel="y")
    labels = []
    for (name, w), (color, line) in zip(curves.items(), STYLES, strict=False):
        y = np.polynomial.polynomial.polyval(x, w)
        ax.plot(x, y, line, color=color, linewidth=1.4)
        labels.append((name, (1.0, float(np.clip(y[-1], -reach, reach))), color))
    ax.plot(*points, "o", color=INK, markersize=4, zorder=4)
    end_labels(ax, labels)
    return Picture(figure, title)


@styled
def ward(runs: Sequence[tuple[Losses, Losses]], level: tuple[str, float]) -> Picture:
    """A small panel for each run (training losses, validation losses), numbered from 1; `level` is a line with its name.

    All have one scale, so that a curve that is high looks high.
    """
    columns = 4
    rows = -(-len(runs) // columns)
    figure, axes = panels([f"curve {number}" for number in range(1, len(runs) + 1)], columns)
    width, height = WARD[0] * columns, WARD[1] * rows + 0.3
    figure.set_size_inches(width, height)
    for place, (ax, run) in enumerate(zip(axes, runs, strict=True)):
        row, column = divmod(place, columns)
        bottom = height - 0.3 - WARD[1] * (row + 1) + 0.36
        ax.set_position(((0.36 + WARD[0] * column) / width, bottom / height, (WARD[0] - 0.46) / width, (WARD[1] - 0.62) / height))
        _patient(ax, run, level[1])
    figure.text(0.36 / width, 1 - 0.16 / height, "— training", color=FORWARD, va="center")
    figure.text(1.3 / width, 1 - 0.16 / height, "- - validation", color=GRADIENT, va="center")
    figure.text(2.5 / width, 1 - 0.16 / height, f"grey: {level[0]}", color=INK, va="center")
    return Picture(figure, f"{len(runs)} learning curves, to be diagnosed")


def _patient(ax: Axes, run: tuple[Losses, Losses], level: float) -> None:
    ax.axhline(level, color="#999999", linewidth=0.8)
    for losses, color, line in zip(run, (FORWARD, GRADIENT), ("-", "--"), strict=True):
        ax.plot(np.arange(1, len(losses) + 1), losses, line, color=color, linewidth=1.5)
    ax.set(xlim=(1, len(run[0])), ylim=(0, 3), yticks=(0, 1, 2, 3), xlabel="epoch")
