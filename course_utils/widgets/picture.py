"""One frame of an explorer as a matplotlib picture: what GitHub, paper and nbconvert show."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from course_utils.pictures.plots import FORWARD, GRADIENT, HIGHLIGHT, INK, REFERENCE, STYLE
from course_utils.widgets.elements import Element

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {
    "forward": FORWARD,
    "gradient": GRADIENT,
    "reference": REFERENCE,
    "highlight": HIGHLIGHT,
    "muted": "#777777",
    "text": INK,
}
DASHES = {"solid": "-", "dashed": "--", "dotted": ":"}
MARKERS = {"dot": "o", "circle": "o", "cross": "x", "square": "s", "diamond": "D"}
INCH = 85  # the page's pixels that become one inch


def png(drawing: list[Element], height: int, dpi: int = 110) -> bytes:
    """The drawing as PNG."""
    file = io.BytesIO()
    with matplotlib.rc_context(STYLE):
        figure(drawing, height).savefig(file, format="png", dpi=dpi)
    return file.getvalue()


def figure(drawing: list[Element], height: int) -> Figure:
    """The drawing as a matplotlib figure, its panels side by side and the sentence below them."""
    panels = [(panel, [element for element in group if element.kind in PAINT]) for panel, group in _panels(drawing)]
    said = "\n".join(element.texts["text"] for element in drawing if element.kind == "say")
    lines = said.count("\n") + 1
    width, tall = 720 / INCH, (height + 30) / INCH
    # fixed margins, in inches: a layout engine would draw every picture twice
    margins = {"left": 0.6 / width, "right": 1 - 0.35 / width, "top": 1 - 0.3 / tall, "bottom": (0.5 + 0.18 * lines) / tall}
    with matplotlib.rc_context(STYLE):
        made = Figure(figsize=(width, tall))
        FigureCanvasAgg(made)
        ratios = [panel.style["wide"] for panel, _ in panels]
        grid = made.add_gridspec(1, len(panels), width_ratios=ratios, wspace=0.28, **margins)
        for place, (panel, elements) in enumerate(panels):
            _draw_panel(made.add_subplot(grid[0, place]), panel, elements)
        made.text(0.01, 0.06 / tall, said, ha="left", va="bottom", fontsize=9)
    return made


def _panels(drawing: list[Element]) -> list[tuple[Element, list[Element]]]:
    found: list[tuple[Element, list[Element]]] = []
    for element in drawing:
        if element.kind == "panel":
            found.append((element, []))
        elif found:
            found[-1][1].append(element)
    return found


def _draw_panel(ax: Axes, panel: Element, elements: list[Element]) -> None:
    style = panel.style
    ax.set_title(panel.texts["text"])
    ax.set_anchor("W")
    ax.set(xlabel=style["xlabel"], ylabel=style["ylabel"], yscale="log" if style["log"] else "linear")
    ax.set(xlim=panel.arrays["x"], ylim=panel.arrays["y"], aspect="equal" if style["equal"] else "auto")
    if not style["log"]:
        ax.locator_params(nbins=5, integer=style["whole"])
    if style["bare"]:
        ax.set_axis_off()
    # arrows between boxes ask where these are
    for element in sorted(elements, key=lambda element: element.style.get("boxed", False)):
        arrays = {name: np.where(np.isfinite(values), values, np.nan) for name, values in element.arrays.items()}
        PAINT[element.kind](ax, arrays, element)


def _line(ax: Axes, a: dict[str, Any], element: Element) -> None:
    style = element.style
    look = {"linestyle": DASHES[style["dash"]], "linewidth": style["width"] * 0.9, "alpha": 0.35 if style["faded"] else 1}
    ax.plot(a["x"], a["y"], color=COLOURS[style["role"]], **look)
    _tag(ax, a, element)


def _points(ax: Axes, a: dict[str, Any], element: Element) -> None:
    style = element.style
    hollow = style["marker"] in ("circle", "square")
    face = "none" if hollow else COLOURS[style["role"]]
    look = {"markersize": 1.6 * style["size"], "markerfacecolor": face}
    ax.plot(a["x"], a["y"], MARKERS[style["marker"]], color=COLOURS[style["role"]], **look)
    _tag(ax, a, element)


def _handle(ax: Axes, a: dict[str, Any], element: Element) -> None:
    color = COLOURS[element.style["role"]]
    if element.style["hollow"]:
        ax.plot(a["x"], a["y"], "o", color=color, zorder=5, markerfacecolor="none", markersize=20, markeredgewidth=2)
    else:
        ax.plot(a["x"], a["y"], "o", color=color, zorder=5, markersize=9, markeredgecolor="white")
    _tag(ax, a, element)


def _polygon(ax: Axes, a: dict[str, Any], element: Element) -> None:
    breaks = np.flatnonzero(np.isnan(a["x"]))
    for x, y in zip(np.split(a["x"], breaks), np.split(a["y"], breaks), strict=True):
        ax.fill(x[~np.isnan(x)], y[~np.isnan(x)], color=COLOURS[element.style["role"]], alpha=element.style["strength"], linewidth=0)


def _arrows(ax: Axes, a: dict[str, Any], element: Element) -> None:
    style = element.style
    color, alpha = COLOURS[style["role"]], 0.35 if style["faded"] else 1
    for x, y, dx, dy in zip(a["x"], a["y"], a["dx"], a["dy"], strict=True):
        look = {"arrowstyle": "-|>", "color": color, "linewidth": style["width"] * 0.8, "alpha": alpha, "shrinkA": 0, "shrinkB": 0}
        ends = {"patchA": _box(ax, x, y), "patchB": _box(ax, x + dx, y + dy)} if style["boxed"] else {}
        # drawn after the words: only then is it known how large their boxes are
        ax.annotate("", (x + dx, y + dy), (x, y), arrowprops=look | ends, zorder=4)
    if len(a["x"]):
        _tag(ax, {"x": a["x"] + a["dx"], "y": a["y"] + a["dy"]}, element)


def _box(ax: Axes, x: float, y: float) -> Any:
    """The box of the words at a place, which an arrow is not to cover; None where there is none."""
    boxes = [text for text in ax.texts if text.get_bbox_patch()]
    nearest = min(boxes, key=lambda text: np.hypot(*np.subtract(text.get_position(), (x, y))), default=None)
    return nearest.get_bbox_patch() if nearest else None


def _heat(ax: Axes, a: dict[str, Any], element: Element) -> None:
    style, limit = element.style, float(a["limit"][0])
    kept = ax.get_xlim(), ax.get_ylim()
    if not style["smooth"]:
        ax.set_facecolor("white")  # single cells, often with numbers on them: these are to be read on any page
    look: dict[str, Any] = {"cmap": _signed(style["low"]), "vmin": -limit, "vmax": limit, "alpha": style["strength"]}
    look |= {"interpolation": "bilinear" if style["smooth"] else "nearest", "aspect": ax.get_aspect(), "origin": "lower"}
    ax.imshow(a["values"].reshape(-1, style["columns"]), extent=(*a["x"], *a["y"]), **look)
    ax.set(xlim=kept[0], ylim=kept[1])


def _image(ax: Axes, a: dict[str, Any], element: Element) -> None:
    style = element.style
    kept = ax.get_xlim(), ax.get_ylim()
    if style["strength"] < 1:
        ax.set_facecolor("white")  # pale, so that numbers can stand on it
    values = a["values"].reshape(-1, style["columns"], style["colours"]).astype(int)
    look: dict[str, Any] = {"alpha": style["strength"], "interpolation": "nearest", "aspect": ax.get_aspect(), "origin": "lower"}
    ax.imshow(values if style["colours"] == 3 else np.repeat(values, 3, axis=2), extent=(*a["x"], *a["y"]), **look)
    ax.set(xlim=kept[0], ylim=kept[1])


def _label(ax: Axes, a: dict[str, Any], element: Element) -> None:
    style = element.style
    color = COLOURS[style["role"]]
    box = {"boxstyle": "round", "facecolor": "white", "edgecolor": color} if style["box"] else None
    on_cells = style["role"] == "text" and matplotlib.colors.to_rgba(ax.get_facecolor())[3] == 1
    ink = "black" if box or on_cells else color
    ax.text(a["x"][0], a["y"][0], element.texts["text"], color=ink, ha=style["align"], va="center", fontsize=0.68 * style["size"], bbox=box)


def _tag(ax: Axes, a: dict[str, Any], element: Element) -> None:
    shown = np.flatnonzero(np.isfinite(a["x"]) & np.isfinite(a["y"]))
    if not element.texts["text"] or not len(shown):
        return
    at = (a["x"][shown[-1]], a["y"][shown[-1]])
    shift = (5, 0) if element.kind == "line" else (7, 5)
    ax.annotate(element.texts["text"], at, xytext=shift, textcoords="offset points", color=COLOURS[element.style["role"]], weight="bold")


@functools.cache
def _signed(low: str) -> matplotlib.colors.Colormap:
    return matplotlib.colors.LinearSegmentedColormap.from_list("signed", [COLOURS[low], "white", FORWARD])


PAINT: dict[str, Callable[[Axes, dict[str, Any], Element], None]] = {
    "line": _line,
    "points": _points,
    "handle": _handle,
    "polygon": _polygon,
    "arrows": _arrows,
    "heat": _heat,
    "image": _image,
    "label": _label,
}
