"""Small figures in four colours, each with one role; the line style changes with the colour.

Every figure draws what the student's own functions return. A function that is not written yet leaves a
panel that says so, and one that raises is named, so that a picture never stops a notebook.
Matplotlib is imported when the first figure is drawn, never before.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

FORWARD, GRADIENT, REFERENCE, HIGHLIGHT = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
INK = "#797979"  # words and axes: stands out from a white page as much as from a dark one (4.3 : 1)
SHADES = [(0.5, 0.5, 0.5, 0.15), (0.0, 0.45, 0.7, 0.22)]  # of regions below and above 0: the page's colour shows through
SIZE = (3.5, 2.5)  # inches, one panel
MARGINS = {"left": 0.55, "right": 0.15, "bottom": 0.45, "top": 0.3}  # inches around the axes of a panel
WAITING = "yours will appear here"
STYLE: dict[Any, Any] = {
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "axes.titley": 1.03,  # a fixed place: to find one, matplotlib measures every label
    "axes.titlepad": 0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    # no background: a picture takes that of the page, whatever its theme
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    **dict.fromkeys(("axes.edgecolor", "axes.labelcolor", "text.color", "xtick.color", "ytick.color"), INK),
    "lines.linewidth": 1.8,
}


drawn = True  # set to False, nothing is drawn: for a grader who will look at no pictures


class Undrawn:
    """Stands in a cell for a picture while `drawn` is False."""

    def __repr__(self) -> str:
        return "a picture that was not drawn"


class Picture:
    """A finished figure that a notebook shows when it is the last expression of a cell."""

    def __init__(self, figure: Figure, alt: str):
        self.figure, self.alt = figure, alt

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        import matplotlib

        file, dpi = io.BytesIO(), matplotlib.rcParams["savefig.dpi"]
        # drawn at twice the resolution of the page, so that it is sharp on every screen, unless somebody wants it faster
        dpi = 200 if dpi == "figure" else dpi
        self.figure.savefig(file, format="png", dpi=dpi, pil_kwargs={"compress_level": 3})
        return file.getvalue(), {"width": int(100 * self.figure.get_figwidth()), "alt": self.alt}


def styled(draw: Callable[..., Picture]) -> Callable[..., Picture]:
    """The drawing function, run in the course's style and without touching the reader's settings."""

    @functools.wraps(draw)
    def run(*args: Any, **kwargs: Any) -> Picture:
        if not drawn:
            return cast(Picture, Undrawn())
        import matplotlib

        with matplotlib.rc_context(STYLE):
            return draw(*args, **kwargs)

    return run


def computed(function: Callable[..., Any], *args: Any) -> Any:
    """What the student's function returns, or one line that says why there is nothing to draw."""
    try:
        value = function(*args)
    except NotImplementedError:
        return WAITING
    except Exception as error:  # noqa: BLE001 - a picture never stops a notebook: the check is there to explain
        return f"yours raised {type(error).__name__}"
    return "yours returned None" if value is None else value


def attempt(function: Callable[..., Any], *args: Any, shape: tuple[int, ...] | None = None) -> np.ndarray | str:
    """What the student's function returns as a float array, or one line that says why there is none."""
    value = computed(function, *args)
    if isinstance(value, str):
        return value
    try:
        value = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return "yours did not return numbers"
    if shape is not None and value.shape != shape:
        return f"yours has shape {value.shape}, not {shape}"
    return value


def panels(titles: Sequence[str], columns: int = 1) -> tuple[Figure, list[Axes]]:
    """One figure with a panel of 3.5 x 2.5 inches under each title."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = min(columns, len(titles))
    rows = -(-len(titles) // columns)
    width, height = SIZE[0] * columns, SIZE[1] * rows
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    axes = []
    for place, title in enumerate(titles):
        row, column = divmod(place, columns)
        # fixed margins: a layout engine would draw every figure twice
        left, bottom = SIZE[0] * column + MARGINS["left"], height - SIZE[1] * (row + 1) + MARGINS["bottom"]
        inner = SIZE[0] - MARGINS["left"] - MARGINS["right"], SIZE[1] - MARGINS["bottom"] - MARGINS["top"]
        ax = figure.add_axes((left / width, bottom / height, inner[0] / width, inner[1] / height))
        ax.set_title(title)
        ax.set_anchor("W")  # square axes begin where their title does
        ax.locator_params(nbins=4)  # text is what takes the time of a drawing, and what a reader skips
        axes.append(ax)
    return figure, axes


def note(ax: Axes, line: str) -> None:
    """One grey line in the middle of a panel, in place of what cannot be drawn."""
    style: dict[str, Any] = {"ha": "center", "va": "center", "color": INK, "style": "italic"}
    # on a shade, as points may lie under it
    ax.text(0.5, 0.5, line, transform=ax.transAxes, bbox={"facecolor": (0.5, 0.5, 0.5, 0.2), "edgecolor": "none"}, **style)


@styled
def activations(*rows: tuple[str, Callable[..., Any], Callable[..., Any]], reach: float = 6.0) -> Picture:
    """A panel per (title, g, its derivative): the curve, the slope, and the slope measured on the curve."""
    figure, axes = panels([title for title, _, _ in rows], columns=2)
    drawn = [ax for ax, (_, g, g_grad) in zip(axes, rows, strict=True) if _activation(ax, g, g_grad, reach)]
    for ax in drawn[:1]:
        where: dict[str, Any] = {"transform": ax.transAxes, "ha": "right", "va": "top", "color": REFERENCE}
        ax.text(1.05, -0.16, "circles: measured on your g", **where)
    return Picture(figure, "; ".join(title for title, _, _ in rows))


def _activation(ax: Axes, g: Callable[..., Any], g_grad: Callable[..., Any], reach: float) -> bool:
    """Draw g and its slope; whether there is room under it for words on the circles."""
    z, h = np.linspace(-reach, reach, 240), 1e-5  # an even number of points: none falls on a corner at 0
    ax.plot([-reach, reach], [0, 0], color="#bbbbbb", linewidth=0.8)  # it ends before the labels begin
    ax.set_xlabel("z", loc="left")
    ax.set(xlim=(-reach, 1.25 * reach), xticks=[-reach, -reach / 2, 0, reach / 2, reach])
    curve, slope = attempt(g, z, shape=z.shape), attempt(g_grad, z, shape=z.shape)
    if isinstance(curve, str):
        note(ax, curve)
        return False
    ax.plot(z, curve, color=FORWARD)
    _label(ax, z, curve, "g(z)", FORWARD)
    ahead, behind = attempt(g, z + h, shape=z.shape), attempt(g, z - h, shape=z.shape)
    if isinstance(ahead, str) or isinstance(behind, str):
        return False
    ax.plot(z[::8], ((ahead - behind) / (2 * h))[::8], "o", color=REFERENCE, markersize=4, markerfacecolor="none")
    if isinstance(slope, str):
        ax.set_xlabel(f"z        g′(z): {slope}", loc="left")
        return False
    ax.plot(z, slope, "--", color=GRADIENT)
    _label(ax, z, slope, "g′(z)", GRADIENT)
    return True


def _label(ax: Axes, x: np.ndarray, y: np.ndarray, text: str, color: str) -> None:
    ax.annotate(text, (x[-1], y[-1]), xytext=(4, 0), textcoords="offset points", color=color, va="center")


@styled
def points(X: np.ndarray, green: np.ndarray, title: str) -> Picture:
    """Green circles and red crosses: X (N, 2), green (N,) booleans."""
    figure, (ax,) = panels([title])
    _points(ax, X, green)
    return Picture(figure, title)


def _points(ax: Axes, X: np.ndarray, green: np.ndarray) -> None:
    ax.plot(*X[green].T, "o", color=REFERENCE, markersize=4, markerfacecolor="none")
    ax.plot(*X[~green].T, "x", color=GRADIENT, markersize=4)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")


@styled
def half_planes(
    predict: Callable[..., Any],
    title: str,
    *,
    point: tuple[float, float],
    line: Callable[..., Any] | None = None,
    reach: float = 4.0,
) -> Picture:
    """The sign of predict (N, 2) -> (N,) over the plane, one marked point, and x2 = line(x1)."""
    figure, (ax,) = panels([title])
    problem, signs = _shade(ax, predict, reach)
    if problem:
        note(ax, problem)
    for middle, mark in signs:
        ax.text(middle[0], middle[1], mark, fontsize=14, color=INK, ha="center", va="center")
    x1 = np.linspace(-reach, reach, 50)
    x2 = WAITING if line is None else attempt(line, x1, shape=x1.shape)
    if not isinstance(x2, str):
        ax.plot(x1, x2, "--", color=FORWARD)
    elif line is not None and not problem:
        ax.set_xlabel(f"$x_1$        the line: {x2}")
    ax.plot(*point, "D", color=HIGHLIGHT, markersize=6)
    ax.annotate(
        f"({point[0]:g}, {point[1]:g})".replace("-", "−"),
        point,
        xytext=(6, 4),
        textcoords="offset points",
        color=HIGHLIGHT,
        weight="bold",
    )
    ax.set(ylabel="$x_2$", xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.set_xlabel(ax.get_xlabel() or "$x_1$")
    return Picture(figure, title)


def _shade(ax: Axes, predict: Callable[..., Any], reach: float) -> tuple[str, list[tuple[np.ndarray, str]]]:
    """Blue where predict is positive, grey where it is not.

    Returns a line that says what went wrong, mostly empty, and where a + and a − would stand.
    """
    grid = np.linspace(-reach, reach, 61)
    X = np.column_stack([axis.ravel() for axis in np.meshgrid(grid, grid)])
    values = attempt(predict, X)
    if isinstance(values, str):
        return values, []
    if values.size != len(X):
        return f"yours gives {values.size} numbers for {len(X)} points", []
    values = values.reshape(-1)
    Z = values.reshape(len(grid), len(grid))
    ax.contourf(grid, grid, Z, levels=[-np.inf, 0, np.inf], colors=SHADES)
    return "", [(X[sign].mean(axis=0), mark) for sign, mark in ((values > 0, "+"), (values < 0, "−")) if sign.any()]


@styled
def decisions(rows: Sequence[tuple[str, Callable[..., Any]]], X: np.ndarray, green: np.ndarray, reach: float = 3.0) -> Picture:
    """A panel per (title, predict): where predict (N, 2) is positive, under the points; errors are counted."""
    figure, axes = panels([title for title, _ in rows], columns=2)
    for ax, (_, predict) in zip(axes, rows, strict=True):
        problem, _ = _shade(ax, predict, reach)
        _points(ax, X, green)
        if problem:
            note(ax, problem)
            continue
        wrong = (np.asarray(predict(X), dtype=float).reshape(-1) > 0) != green
        ax.plot(*X[wrong].T, "s", color=HIGHLIGHT, markersize=8, markerfacecolor="none")
        ax.set_xlabel(f"$x_1$        wrong: {wrong.sum()} of {len(X)}")
    return Picture(figure, "; ".join(title for title, _ in rows))


def signed_colours() -> Colormap:
    """Blue above 0, grey below it, as half-planes are shaded."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("signed", ["#555555", "white", FORWARD])


@styled
def matrix(compute: Callable[[], Any], title: str, rows: Sequence[str], columns: Sequence[str]) -> Picture:
    """The matrix that compute() returns, its numbers written in, colours centred at 0; a label per row and column."""
    figure, (ax,) = panels([title])
    values = attempt(compute, shape=(len(rows), len(columns)))
    box = ax.get_position()
    labels = 0.078 * max(map(len, rows)) / SIZE[0]  # the width of the longest label, at 0.078 inches a letter
    ax.set_position((labels + 0.03, box.y0, box.x1 - labels - 0.03, box.height))
    ax.set_yticks(range(len(rows)), rows)
    ax.set_xticks(range(len(columns)), columns)
    ax.tick_params(length=0)
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))  # the first row on top, also while nothing is drawn
    if isinstance(values, str):
        ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))  # the labels stand where they will stand
        note(ax, values)
        return Picture(figure, title)
    largest = np.abs(values).max() or 1.0
    # half of the colours' range is left unused at both ends, so that black numbers stay readable
    ax.imshow(values, cmap=signed_colours(), vmin=-2 * largest, vmax=2 * largest, aspect="auto")
    digits = 0 if np.array_equal(values, np.round(values)) else 3  # what was counted has no fractions
    for (i, j), value in np.ndenumerate(values):
        ax.text(j, i, f"{value:.{digits}f}".replace("-", "−"), ha="center", va="center", color="black")
    return Picture(figure, title)
