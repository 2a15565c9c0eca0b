"""Charts of training and of speed: lines that are named where they end, learning curves, bars, throughput, the roofline.

Like `plots`, every chart survives a function that is not written yet: the panel says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.pictures.plots import FORWARD, GRADIENT, HIGHLIGHT, INK, REFERENCE, Picture, computed, note, panels, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Place = tuple[float, float]
LINE = 10  # points from one label of a line to the next
ROLES = {
    "forward": (FORWARD, "-"),
    "gradient": (GRADIENT, "--"),
    "reference": (REFERENCE, "-."),
    "highlight": (HIGHLIGHT, ":"),
}


@styled
def lines(
    rows: Sequence[tuple[str, Any, str]],
    title: str,
    *,
    xlabel: str,
    ylabel: str,
    log: bool = False,
    start: float = 0,
    every: float = 1,
    level: tuple[str, float] | None = None,
) -> Picture:
    """Lines (label, values or the reason why there are none, role), labelled where they end; one value per `every` on x.

    The role is "forward", "gradient", "reference" or "highlight" and decides colour and line style. `level` is a
    horizontal line with its name.
    """
    figure, ax = _panel(title, xlabel, ylabel)
    ax.set_yscale("log" if log else "linear")
    longest, labels = start + every, []
    for label, values, role in rows:
        if isinstance(values, str) or not len(values):
            note(ax, values or "there is nothing to draw")
            continue
        color, line = ROLES[role]
        x = start + every * np.arange(len(values))
        ax.plot(x, values, line, color=color)
        labels.append((label, (float(x[-1]), float(values[-1])), color))
        longest = max(longest, float(x[-1]))
    if not labels:  # ticks of no numbers would only push the axis' name out of the picture
        ax.set_yscale("linear")
        ax.set(xticks=[], yticks=[])
    elif float(every).is_integer():
        ax.locator_params(axis="x", integer=True)  # there is no layer 2.5
    if labels and level:
        ax.axhline(level[1], color="#999999", linewidth=0.8)
        ax.margins(y=0.12)  # room for its name, where it is the highest of all
        ax.annotate(level[0], (start, level[1]), xytext=(3, 3), textcoords="offset points", color=INK)
    ax.set_xlim(start, longest)
    end_labels(ax, labels)
    return Picture(figure, title)


def learning(compute: Callable[[], Mapping[str, Sequence[float]] | str], title: str, xlabel: str = "epoch", **options: Any) -> Picture:
    """The losses that compute() returns by name, one per epoch from the first; `options` are those of `lines`."""
    found = computed(lambda: _numbers(compute()))
    rows = [("", found, "forward")] if isinstance(found, str) else [(*row, role) for row, role in zip(found.items(), ROLES, strict=False)]
    return lines(rows, title, xlabel=xlabel, ylabel="loss", start=1, **options)


def _numbers(losses: Mapping[str, Sequence[Any]] | str | None) -> Mapping[str, Sequence[float]] | str | None:
    """Losses as numbers, also those that are still tensors; a line that says why there are none stays as it is."""
    if isinstance(losses, str):
        return losses
    return losses and {
        name: [float(loss.detach() if hasattr(loss, "detach") else loss) for loss in values] for name, values in losses.items()
    }


@styled
def bars(compute: Callable[[], Sequence[tuple[str, float]]], title: str, xlabel: str) -> Picture:
    """A horizontal bar per (name, value) that compute() returns, the first on top, with its value at its end."""
    figure, ax = _panel(title, xlabel, "")
    rows = computed(compute)
    if isinstance(rows, str) or not rows:
        note(ax, rows or "there is nothing to draw")
        ax.set(xticks=[], yticks=[])
        return Picture(figure, title)
    places = range(len(rows), 0, -1)
    ax.barh(places, [value for _, value in rows], color=FORWARD, height=0.6)
    for place, (_, value) in zip(places, rows, strict=True):
        ax.annotate(f"{value:,.3g}" if value < 999.5 else f"{value:,.0f}", (value, place), (3, 0), textcoords="offset points", va="center")
    names = 0.075 * max(len(name) for name, _ in rows) / figure.get_figwidth()  # at 0.075 inches a letter
    height = 0.8 + 0.28 * len(rows)  # inches
    figure.set_size_inches(4.8, height)
    left, width = names + 0.02, 0.93 - names
    ax.set_position((left, 0.48 / height, width, 1 - 0.8 / height))
    ax.set_title(title, x=(0.02 - left) / width, y=1, pad=4)  # from the left edge of the figure: names may be as long as the bars
    ax.set_yticks(places, [name for name, _ in rows])
    ax.set_ylim(0.4, len(rows) + 0.6)
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.15)
    return Picture(figure, title)


@styled
def scaling(
    compute: Callable[[], Mapping[str, tuple[Sequence[float], Sequence[float]]]], title: str, *, xlabel: str, ylabel: str
) -> Picture:
    """A line per name that compute() returns as (x values, y values); both axes are logarithmic."""
    figure, ax = _panel(title, xlabel, ylabel)
    found = computed(compute)
    if isinstance(found, str):
        note(ax, found)
        ax.set(xticks=[], yticks=[])
        return Picture(figure, title)
    ax.set(xscale="log", yscale="log")
    labels = []
    for (name, (x, y)), (color, line) in zip(found.items(), ROLES.values(), strict=False):
        ax.plot(x, y, line, color=color, marker="o", markersize=4)
        labels.append((name, (float(x[-1]), float(y[-1])), color))
    ticks = sorted({value for x, _ in found.values() for value in x})
    ax.set_xticks(ticks, map(str, ticks))
    ax.minorticks_off()
    rates = [value for _, y in found.values() for value in y]
    _plain_decades(ax, min(rates) / 1.5, max(rates) * 1.5)
    ax.set_position((0.16, 0.18, 0.60, 0.70))  # five digits and more on the left
    end_labels(ax, labels)
    return Picture(figure, title)


@styled
def roofline(
    points: Callable[[], Mapping[str, tuple[float, float, str]]], roofs: Mapping[str, float], bandwidth: float, title: str
) -> Picture:
    """What points() returns by name, (operations per byte, operations per second, roof), under the roofs of a device.

    `roofs` are its arithmetic limits by name in operations/s, `bandwidth` its memory limit in bytes/s. Every point is named
    with its share of its roof. Williams, Waterman and Patterson (2009), "Roofline: an insightful visual performance model
    for multicore architectures".
    """
    figure, ax = _panel(title, "operations per byte moved", "GFLOP/s")
    figure.set_size_inches(5.6, 2.5)
    ax.set_position((0.165, 0.18, 0.815, 0.70))  # a million on the left
    ax.set(xscale="log", yscale="log")
    found = computed(points)
    marks = {} if isinstance(found, str) else found
    rates = [rate for _, rate, _ in marks.values()] or [min(roofs.values()) / 10]
    low, high = min(rates) / 8e9, 2 * max(roofs.values()) / 1e9  # names may stand below the lowest dot
    near, far = low * 1e9 / bandwidth, 20 * max(roofs.values()) / bandwidth
    for name, peak in roofs.items():
        ax.plot([near, peak / bandwidth, far], [low, peak / 1e9, peak / 1e9], "-.", color=REFERENCE, linewidth=1.2)
        ax.annotate(f"{name} products", (far, peak / 1e9), (-3, 3), textcoords="offset points", color=REFERENCE, ha="right")
    rise = (min(roofs.values()) / bandwidth / near) ** 0.2  # a fifth of the way up to the lower roof
    ax.annotate("memory", (near * rise, low * rise), (9, -3), textcoords="offset points", color=REFERENCE, va="top")
    ax.set_xlim(near, far)
    _plain_decades(ax, low, high)
    if isinstance(found, str):
        note(ax, found)
    dots = []
    for name, (intensity, rate, roof) in marks.items():
        ax.plot(intensity, rate / 1e9, "o", color=FORWARD, markersize=4)
        dots.append((f"{name}: {rate / min(roofs[roof], bandwidth * intensity):.0%}", (intensity, rate / 1e9)))
    _dot_labels(ax, dots)
    return Picture(figure, title)


def _panel(title: str, xlabel: str, ylabel: str) -> tuple[Figure, Axes]:
    """A panel with room on its right for the names of lines."""
    figure, (ax,) = panels([title])
    figure.set_size_inches(4.8, 2.5)
    ax.set_position((0.115, 0.18, 0.62, 0.70))
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return figure, ax


def _plain_decades(ax: Axes, low: float, high: float) -> None:
    """A logarithmic y axis with 1, 2 and 5 in every decade, more of a part of one, or 1 in each of many, as ordinary numbers."""
    steps = (1, 2, 3, 4, 5, 6, 8) if high < 5 * low else (1, 2, 5) if high < 300 * low else (1,)
    ticks = [step * 10.0**decade for decade in range(-12, 15) for step in steps if low <= step * 10.0**decade <= high]
    ax.minorticks_off()
    ax.set_yticks(ticks, [f"{tick:,g}" if tick < 1 else f"{tick:,.0f}" for tick in ticks])
    ax.set_ylim(low, high)


def _dot_labels(ax: Axes, dots: Sequence[tuple[str, Place]]) -> None:
    """Each label right of all dots and joined to its own by a thin line, from the highest down; none covers another."""
    places = [(label, dot, *(ax.transData.transform(dot) * 72 / ax.figure.dpi)) for label, dot in dots]  # x and y in points
    column, free = max((x for _, _, x, _ in places), default=0.0) + 14, np.inf
    line = {"arrowstyle": "-", "color": INK, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3, "relpos": (0, 0.5)}
    for label, dot, x, y in sorted(places, key=lambda row: -row[3]):
        height = min(y, free)
        shift, free = (column - x, height - y), height - 10
        ax.annotate(label, dot, shift, textcoords="offset points", color=FORWARD, va="center", arrowprops=line)


def end_labels(ax: Axes, labels: Sequence[tuple[str, Place, str]]) -> None:
    """Each label beside the end of its line, from the lowest up; none covers another, and none stands above the axes."""
    to_points = 72 / ax.figure.dpi
    rows = sorted(labels, key=lambda row: row[1][1])
    ends = [float(ax.transData.transform(end)[1]) * to_points for _, end, _ in rows]
    heights, lowest = [], -np.inf
    for height in ends:
        lowest = max(height, lowest + LINE)
        heights.append(lowest)
    top = float(ax.bbox.y1) * to_points
    for row in reversed(range(len(rows))):
        heights[row] = min(heights[row], top)
        top = heights[row] - LINE
    for (label, end, color), height, level in zip(rows, heights, ends, strict=True):
        ax.annotate(label, end, (4, height - level), textcoords="offset points", color=color, va="center", annotation_clip=False)
