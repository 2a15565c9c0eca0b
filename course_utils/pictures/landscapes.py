"""Pictures of functions as landscapes: the curve or the contour lines, the slope, and the paths that somebody walks.

Like everything in `plots`, they draw what the student's own functions return, and say so where there is nothing yet.
A path is a function of no arguments that returns the places in order: (K,) on a curve, (K, 2) on a map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.pictures.plots import FORWARD, GRADIENT, HIGHLIGHT, INK, REFERENCE, SHADES, Picture, attempt, note, panels, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Span = tuple[float, float]
_LINES = ((FORWARD, "-"), (GRADIENT, "--"), (HIGHLIGHT, ":"))


@styled
def walks(f: Callable[..., Any], rows: Sequence[tuple[str, Callable[[], Any]]], span: Span, columns: int = 2) -> Picture:
    """A panel per (title, path): the curve f(w) of one weight, and the walk over it."""
    figure, axes = panels([title for title, _ in rows], columns)
    w = np.linspace(*span, 300)
    for ax, (_, path) in zip(axes, rows, strict=True):
        ax.plot(w, f(w), color=FORWARD)
        ax.set(xlabel="w", ylabel="f(w)", xlim=span)
        ax.set_ylim(ax.get_ylim())
        places = attempt(path)
        if isinstance(places, str):
            note(ax, places)
            continue
        places = places.reshape(-1)
        ax.plot(places, f(places), "-o", color=GRADIENT, linewidth=0.9, markersize=3.5)
        _mark_ends(ax, np.column_stack([places, f(places)]))
        ax.set_xlabel(f"w        after {len(places) - 1} steps: {places[-1]:.3g}".replace("-", "−"))
    return Picture(figure, "; ".join(title for title, _ in rows))


@styled
def maps(
    rows: Sequence[tuple[str, Callable[..., Any], Callable[[], Any]]],
    spans: tuple[Span, Span],
    names: tuple[str, str] = ("$w_1$", "$w_2$"),
    columns: int = 2,
) -> Picture:
    """A panel per (title, f, path): contour lines of f, a function of an array (2,), and the path over them.

    Both axes have one scale, so that a path that goes straight down is seen to cross the lines at right angles.
    """
    figure, axes = panels([title for title, _, _ in rows], columns)
    for ax, (_, f, path) in zip(axes, rows, strict=True):
        _contours(ax, f, spans, names)
        places = attempt(path)
        if isinstance(places, str):
            note(ax, places)
            continue
        ax.plot(*places.T, "-o", color=GRADIENT, linewidth=1, markersize=2.5)
        _mark_ends(ax, places)
        ax.set_xlabel(f"{names[0]}        {len(places) - 1} steps")
    return Picture(figure, "; ".join(title for title, _, _ in rows))


@styled
def slopes(
    f: Callable[..., Any],
    grad: Callable[..., Any],
    spans: tuple[Span, Span],
    title: str,
    names: tuple[str, str] = ("$w_1$", "$w_2$"),
    place: tuple[float, float] | None = None,
) -> Picture:
    """Contour lines of f with arrows along -grad, the way down; both take an array (2,).

    From `place` an arrow of its own goes down and a dotted line to the lowest point; the angle between them, in degrees,
    is written below. Both axes have one scale: a right angle is a right angle.
    """
    figure, (ax,) = panels([title])
    lowest = _contours(ax, f, spans, names)
    places = np.array([(a, b) for a in np.linspace(*spans[0], 9)[1:-1] for b in np.linspace(*spans[1], 9)[1:-1]])
    down = attempt(lambda: [-np.asarray(grad(place), dtype=float) for place in places], shape=places.shape)
    if isinstance(down, str):
        note(ax, down)
    else:
        ax.quiver(*places.T, *down.T, color=GRADIENT, angles="xy", width=0.006, alpha=1 if place is None else 0.45)
        if place is not None:
            way = -np.asarray(grad(np.array(place, dtype=float)), dtype=float)
            _compare_ways(ax, np.array(place, dtype=float), way, lowest, names[0])
    return Picture(figure, title)


def _compare_ways(ax: Axes, place: np.ndarray, down: np.ndarray, lowest: np.ndarray, name: str) -> None:
    """From one place the way down and the way to the lowest point, with the angle between them."""
    goal = lowest - place
    length = 0.55 * np.linalg.norm(goal)
    with np.errstate(invalid="ignore", divide="ignore"):
        down = down / np.linalg.norm(down)
        angle = np.degrees(np.arccos(np.clip(down @ goal / np.linalg.norm(goal), -1, 1)))
    ax.plot(*np.array([place, lowest]).T, ":", color=REFERENCE, linewidth=1.6)
    ax.annotate("", tuple(place + length * down), tuple(place), arrowprops={"arrowstyle": "-|>", "color": HIGHLIGHT, "linewidth": 2})
    ax.set_xlabel(f"{name}        from the large arrow to the dotted line: {angle:.0f}°")


def _lowest(first: np.ndarray, second: np.ndarray, Z: np.ndarray) -> np.ndarray:
    """The lowest point of heights Z (rows along `second`): where a paraboloid through the lowest place's neighbours has its bottom."""
    row, column = (int(i) for i in np.unravel_index(np.argmin(Z), Z.shape))
    place = np.array([first[column], second[row]])
    if not (0 < row < len(second) - 1 and 0 < column < len(first) - 1):
        return place  # at the edge of the map: the bottom lies outside
    steps = np.array([(b, a) for a in (-1, 0, 1) for b in (-1, 0, 1)], dtype=float)  # in steps of the grid
    x, y = steps.T
    design = np.column_stack([np.ones(9), x, y, x * x, x * y, y * y])
    _, gx, gy, xx, xy, yy = np.linalg.lstsq(design, Z[row - 1 : row + 2, column - 1 : column + 2].ravel(), rcond=None)[0]
    move = np.linalg.lstsq(np.array([[2 * xx, xy], [xy, 2 * yy]]), -np.array([gx, gy]), rcond=None)[0]
    return place + np.clip(move, -1, 1) * (first[1] - first[0], second[1] - second[0])


def _contours(ax: Axes, f: Callable[..., Any], spans: tuple[Span, Span], names: tuple[str, str]) -> np.ndarray:
    """Contour lines of f and a cross at its lowest point, which comes back."""
    first, second = (np.linspace(*span, 61) for span in spans)
    Z = np.array([[float(f(np.array([a, b]))) for a in first] for b in second])
    # lines at equal steps of the root: close together where it is steep, yet some near the bottom
    levels = Z.min() + np.ptp(Z) * np.linspace(0.08, 1, 11) ** 2
    ax.contour(first, second, Z, levels=levels, colors=FORWARD, linewidths=0.7, alpha=0.6)
    lowest = _lowest(first, second, Z)
    ax.plot(*lowest, "+", color=REFERENCE, markersize=8, markeredgewidth=2, zorder=4)
    ax.set(xlabel=names[0], xlim=spans[0], ylim=spans[1], aspect="equal")
    ax.set_ylabel(names[1], labelpad=0)
    return lowest


def _mark_ends(ax: Axes, places: np.ndarray) -> None:
    """Name the start, and put a diamond where the path ends."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    ax.plot(*places[-1], "D", color=HIGHLIGHT, markersize=5)
    if left <= places[0][0] <= right and low <= places[0][1] <= high:
        side, shift = ("right", -5) if places[0][0] > 0.2 * left + 0.8 * right else ("left", 4)
        ax.annotate("start", places[0], xytext=(shift, 5), textcoords="offset points", color=GRADIENT, ha=side)


@styled
def curves(
    rows: Sequence[tuple[str, Callable[[], Any], float]],
    title: str,
    names: tuple[str, str],
    log: str = "",
    level: tuple[str, float] | None = None,
) -> Picture:
    """Lines (label, points, where) with points() -> (K, 2); the label stands at a share `where` of the line, 1 is its end.

    `log` names the axes that are logarithmic: "", "y" or "xy". `level` is a yardstick: a horizontal line with its name.
    """
    figure, (ax,) = panels([title])
    ax.set(xlabel=names[0], **{f"{axis}scale": "log" for axis in log})
    ax.set_ylabel(names[1], labelpad=0)
    for (label, compute, where), (color, line) in zip(rows, _LINES, strict=False):
        points = attempt(compute)
        if isinstance(points, str):
            note(ax, points)
            continue
        ax.plot(*points.T, line, color=color, linewidth=1.4)
        _name_line(ax, points, where, label, color)
    if level:
        ax.axhline(level[1], color="#999999", linewidth=0.8)
        ax.annotate(level[0], (0.99, level[1]), xycoords=("axes fraction", "data"), xytext=(0, -2), textcoords="offset points",
                    color=INK, ha="right", va="top")  # fmt: skip
    _make_room(ax, [label for label, _, where in rows if where == 1])
    return Picture(figure, title)


def _make_room(ax: Axes, labels: Sequence[str]) -> None:
    """Widen the picture to the right until labels at the ends of lines fit in."""
    left, right = ax.get_xlim()
    if labels:
        ax.set_xlim(left, right + 0.028 * max(map(len, labels)) * (right - left))


def _name_line(ax: Axes, points: np.ndarray, where: float, label: str, color: str) -> None:
    at = round(where * (len(points) - 1))
    x, y, side, height = 4, 0, "left", "center"
    if at < len(points) - 1:  # on the side where the line is not: left of one that rises, right of one that falls
        rises = np.prod(points[at + 1] - points[at]) > 0
        x, y, side, height = (-5, 3, "right", "bottom") if rises else (5, 3, "left", "bottom")
    ax.annotate(label, points[at], xytext=(x, y), textcoords="offset points", color=color, ha=side, va=height)


@styled
def ruler(rows: Mapping[str, Callable[[], Any]], title: str, xlabel: str) -> Picture:
    """The number that each of rows gives, on a logarithmic scale; zero is drawn at its left end."""
    figure, (ax,) = panels([title])
    ax.set(xlabel=xlabel, xscale="log", xlim=(1e-20, 300), ylim=(-0.4, len(rows) - 0.2), yticks=[])
    ax.set_xticks([1e-14, 1e-10, 1e-6, 1e-2], minor=False)
    ax.minorticks_off()
    for height, (label, compute) in enumerate(reversed(list(rows.items()))):
        ax.text(3e-20, height, label, va="center")
        number = attempt(compute, shape=())
        if isinstance(number, str):
            ax.text(1, height + 0.12, number, color=INK, style="italic", ha="right")
            continue
        place = max(float(number), 1e-14)
        ax.plot([1e-14, place], [height, height], color="#bbbbbb", linewidth=0.8)
        ax.plot(place, height, "D", color=HIGHLIGHT, markersize=5)
        ax.annotate(f"{number:.1g}", (place, height), xytext=(0, 5), textcoords="offset points", ha="center")
    return Picture(figure, title)


@styled
def yes_and_no(
    X: np.ndarray,
    yes: np.ndarray,
    title: str,
    names: tuple[str, str],
    point: tuple[float, float] | None = None,
    predict: Callable[..., Any] | None = None,
) -> Picture:
    """Circles for yes and crosses for no over two features in their own units; blue where predict(X) (N, 2) -> (N,) is true."""
    figure, (ax,) = panels([title])
    reach = 0.05 * np.ptp(X, axis=0)
    (left, low), (right, high) = X.min(axis=0) - reach, X.max(axis=0) + reach
    if predict is not None:
        _shade(ax, predict, (left, right), (low, high))
    ax.plot(*X[yes > 0].T, "o", color=REFERENCE, markersize=3.5, markerfacecolor="none")
    ax.plot(*X[yes <= 0].T, "x", color=GRADIENT, markersize=3.5)
    ax.set(xlabel=names[0], ylabel=names[1], xlim=(left, right), ylim=(low, high))
    if point is not None:
        ax.plot(*point, "D", color=HIGHLIGHT, markersize=6)
        ax.annotate("?", point, xytext=(6, 3), textcoords="offset points", color=HIGHLIGHT, weight="bold", fontsize=12)
    return Picture(figure, title)


def _shade(ax: Axes, predict: Callable[..., Any], across: Span, up: Span) -> None:
    first, second = np.linspace(*across, 81), np.linspace(*up, 81)
    X = np.column_stack([axis.ravel() for axis in np.meshgrid(first, second)])
    answer = attempt(predict, X, shape=(len(X),))
    if isinstance(answer, str):
        note(ax, answer)
        return
    ax.contourf(first, second, answer.reshape(81, 81), levels=[-np.inf, 0.5, np.inf], colors=SHADES)
