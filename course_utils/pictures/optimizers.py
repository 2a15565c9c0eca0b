"""Pictures of walks that several rules take: their trails over a landscape, how long they need, and curves seen through noise.

Every rule keeps its colour and line style through one picture, by its place in the list. Like everything in `plots`, the
pictures show the student's own classes, and say so where there is nothing yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.pictures.charts import ROLES, end_labels
from course_utils.pictures.plots import FORWARD, GRADIENT, HIGHLIGHT, INK, REFERENCE, Picture, attempt, note, panels, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Span = tuple[float, float]
Path = Callable[[], Any]
STYLES = ((REFERENCE, "-."), (FORWARD, "-"), (GRADIENT, "--"), (HIGHLIGHT, ":"), (INK, "-"), (INK, "--"))


@styled
def trails(
    rows: Sequence[tuple[str, Callable[..., Any], Mapping[str, Path]]],
    spans: tuple[Span, Span],
    names: tuple[str, str] = ("$w_1$", "$w_2$"),
    columns: int = 2,
) -> Picture:
    """A panel per (title, f, paths): contour lines of f, a function of an array (2,), and the trail (K, 2) of every rule.

    Both axes have one scale, so that a landscape that was turned looks turned, and not stretched.
    """
    figure, axes = panels([title for title, _, _ in rows], columns)
    for ax, (_, f, paths) in zip(axes, rows, strict=True):
        _ground(ax, f, spans)
        ax.set(xlabel=names[0], xlim=spans[0], ylim=spans[1], aspect="equal")
        ax.set_ylabel(names[1], labelpad=0)
        _walk_all(ax, paths)
    return Picture(figure, "; ".join(title for title, _, _ in rows))


def _ground(ax: Axes, f: Callable[..., Any], spans: tuple[Span, Span]) -> None:
    first, second = (np.linspace(*span, 81) for span in spans)
    Z = np.array([[float(f(np.array([a, b]))) for a in first] for b in second])
    # lines at equal steps of the root: close together where it is steep, yet some near the bottom
    levels = Z.min() + np.ptp(Z) * np.linspace(0.06, 0.95, 10) ** 2
    ax.contour(first, second, Z, levels=levels, colors="#999999", linewidths=0.6, alpha=0.6)
    row, column = np.unravel_index(np.argmin(Z), Z.shape)
    ax.plot(first[column], second[row], "+", color=REFERENCE, markersize=8, markeredgewidth=2, zorder=4)


def _walk_all(ax: Axes, paths: Mapping[str, Path]) -> None:
    """The trails, a list of their names in their own style, and a diamond where they all begin."""
    shown, problem, begin = [], "", None
    for (name, path), (color, line) in zip(paths.items(), STYLES, strict=False):
        places = attempt(path)
        if isinstance(places, str):
            problem = places
            continue
        ax.plot(*places.T, line, color=color, linewidth=1.2, label=name)
        ax.plot(*places.T, "o", color=color, markersize=2)
        shown.append(name)
        begin = places[0]
    if begin is not None:
        ax.plot(*begin, "D", color=HIGHLIGHT, markersize=5, zorder=4)
        ax.annotate("start", begin, xytext=(-2, 6), textcoords="offset points", color=HIGHLIGHT)
    if shown:
        ax.legend(frameon=False, labelcolor="linecolor", loc="lower right", handlelength=1.6, borderpad=0, labelspacing=0.2)
    else:
        note(ax, problem)


@styled
def before_and_after(rows: Mapping[str, Path], title: str, xlabel: str, states: tuple[str, str]) -> Picture:
    """A line per rule from a circle to a diamond: the two numbers that rows[name]() returns, on a logarithmic axis.

    `states` names the two. A rule that does not care has both marks in one place.
    """
    figure, (ax,) = panels([title])
    figure.set_size_inches(4.8, 0.9 + 0.3 * len(rows))
    ax.set_position((0.17, 0.42 / figure.get_figheight(), 0.8, 1 - 0.95 / figure.get_figheight()))
    ax.set_title(title, x=-0.2, y=1, pad=16)
    ax.set(xlabel=xlabel, xscale="log", ylim=(-0.6, len(rows) - 0.4))
    ax.set_yticks(range(len(rows)), list(rows)[::-1])
    ax.tick_params(axis="y", length=0)
    for height, (_, compute) in enumerate(reversed(list(rows.items()))):
        pair = attempt(compute, shape=(2,))
        if isinstance(pair, str):
            ax.annotate(pair, (0.5, height), xycoords=("axes fraction", "data"), ha="center", va="center", style="italic")
            continue
        _pair(ax, pair, height)
    ax.margins(x=0.14)
    ax.text(0.5, 1.02, f"○ {states[0]}", transform=ax.transAxes, color=FORWARD, ha="right", va="bottom")
    ax.text(0.54, 1.02, f"◆ {states[1]}", transform=ax.transAxes, color=GRADIENT, ha="left", va="bottom")
    return Picture(figure, title)


def _pair(ax: Axes, pair: np.ndarray, height: float) -> None:
    ax.plot(pair, [height, height], color="#999999", linewidth=1)
    ax.plot(pair[0], height, "o", color=FORWARD, markersize=7, markerfacecolor="none")
    ax.plot(pair[1], height, "D", color=GRADIENT, markersize=4)
    near = bool(abs(np.log(pair[1] / pair[0])) < 0.2)
    left = pair[0] <= pair[1]
    for value, color, before in ((pair[0], FORWARD, left), (pair[1], GRADIENT, not left))[near:]:
        shift, side = ((-7, 0), "right") if before and not near else ((7, 0), "left")
        ax.annotate(f"{value:.0f}", (value, height), shift, textcoords="offset points", color=color, va="center", ha=side)


@styled
def over_noise(
    noisy: Any, rows: Sequence[tuple[str, Path, str]], title: str, names: tuple[str, str], level: tuple[str, float] | None = None
) -> Picture:
    """A noisy curve (K,) in grey, and lines (label, compute, role) over it, each with a value per entry of the curve."""
    figure, (ax,) = panels([title])
    figure.set_size_inches(4.8, 2.5)
    ax.set_position((0.115, 0.18, 0.66, 0.70))
    ax.set(xlabel=names[0], ylabel=names[1])
    ax.plot(np.arange(1, len(noisy) + 1), noisy, color="#999999", linewidth=0.6, alpha=0.7)
    labels, problem = [], ""
    for label, compute, role in rows:
        values = attempt(compute, shape=(len(noisy),))
        if isinstance(values, str):
            problem = values
            continue
        color, line = ROLES[role]
        ax.plot(np.arange(1, len(values) + 1), values, line, color=color)
        labels.append((label, (float(len(values)), float(values[-1])), color))
    if problem:
        note(ax, problem)
    if level:
        ax.axhline(level[1], color="#999999", linewidth=0.8)
        ax.annotate(level[0], (0, level[1]), xytext=(3, 3), textcoords="offset points", color=INK)
    ax.set_xlim(0, len(noisy))  # only now: labels need the limits of both axes
    end_labels(ax, labels)
    return Picture(figure, title)
