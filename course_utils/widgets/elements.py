"""What an explorer draws with: a list of elements, from top to bottom, each in the panel that stands before it.

    [panel("g and its tangent", x=(-6, 6), y=(-1, 1)), line(z, g(z), label="g(z)"), handle("z", 1, g(1)), say("…")]

Every element has arrays, texts and a style. Arrays and texts may change from frame to frame; the page gets each of them once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

ROLES = ("forward", "gradient", "reference", "highlight", "muted", "text")


class Element(NamedTuple):
    """One thing to draw; `style` holds what never changes between frames."""

    kind: str
    arrays: Mapping[str, np.ndarray]
    texts: Mapping[str, str]
    style: Mapping[str, Any]


def panel(
    title: str,
    x: tuple[float, float],
    y: tuple[float, float],
    xlabel: str = "",
    ylabel: str = "",
    *,
    equal: bool = False,
    log: bool = False,
    wide: float = 1.0,
    bare: bool = False,
    whole: bool = False,
) -> Element:
    """Begin a panel. `equal`: one unit is as long on both axes; `log`: y is logarithmic; `bare`: no axes at all;
    `whole`: only whole numbers are written on them.
    """
    style = {"equal": equal, "log": log, "wide": wide, "bare": bare, "whole": whole, "xlabel": xlabel, "ylabel": ylabel}
    return Element("panel", _arrays(x=x, y=y), {"text": title}, style)


def line(x: Any, y: Any, *, role: str = "forward", dash: str = "solid", width: float = 2, label: str = "", faded: bool = False) -> Element:
    """A line through points; NaN breaks it. `dash` is "solid", "dashed" or "dotted"; the label stands at its right end."""
    return Element("line", _arrays(x=x, y=y), {"text": label}, {"role": role, "dash": dash, "width": width, "faded": faded})


def points(x: Any, y: Any, *, role: str = "forward", marker: str = "dot", size: float = 4, label: str = "") -> Element:
    """Marks at points: "dot", "circle", "cross", "square" or "diamond"; `size` is a radius in pixels."""
    return Element("points", _arrays(x=x, y=y), {"text": label}, {"role": role, "marker": marker, "size": size})


def handle(knob: str, x: float, y: float, *, role: str = "highlight", label: str = "", hollow: bool = False) -> Element:
    """A point that is dragged: where the pointer is, is the value of the knob (x alone for a slider).

    `hollow`: a wide ring, around something that has to stay legible.
    """
    return Element("handle", _arrays(x=x, y=y), {"text": label}, {"role": role, "knob": knob, "hollow": hollow})


def area(x: Any, low: Any, high: Any, *, role: str = "forward", strength: float = 0.15) -> Element:
    """The region between two curves over x."""
    x, low, high = (np.broadcast_to(np.asarray(values, dtype=float), np.shape(x)) for values in (x, low, high))
    return polygon(np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]), role=role, strength=strength)


def polygon(x: Any, y: Any, *, role: str = "forward", strength: float = 0.15) -> Element:
    """A filled outline; NaN begins another one."""
    return Element("polygon", _arrays(x=x, y=y), {}, {"role": role, "strength": strength})


def arrows(
    x: Any,
    y: Any,
    dx: Any,
    dy: Any,
    *,
    role: str = "gradient",
    width: float = 2,
    label: str = "",
    faded: bool = False,
    boxed: bool = False,
) -> Element:
    """Arrows from (x, y) to (x + dx, y + dy), in the panel's units; the label stands at the last one's tip.

    `boxed`: an end that lies in a label's box is drawn at the border of the box.
    """
    x, y, dx, dy = np.broadcast_arrays(*(np.atleast_1d(np.asarray(values, dtype=float)) for values in (x, y, dx, dy)))
    style = {"role": role, "width": width, "faded": faded, "boxed": boxed}
    return Element("arrows", _arrays(x=x, y=y, dx=dx, dy=dy), {"text": label}, style)


def heat(
    values: Any,
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    limit: float | None = None,
    smooth: bool = True,
    strength: float = 0.75,
    low: str = "gradient",
) -> Element:
    """A matrix as colours centred at 0, its first row at the bottom, y[0].

    `limit` is the value of the full colour; without one it is the largest size. Above 0 is blue, below it the role `low`.
    """
    values = np.asarray(values, dtype=float)
    finite = np.abs(values[np.isfinite(values)])
    limit = (float(finite.max()) if finite.size else 0.0) if limit is None else limit
    arrays = _arrays(values=values, x=x, y=y, limit=limit or 1.0)
    return Element("heat", arrays, {}, {"columns": values.shape[1], "smooth": smooth, "strength": strength, "low": low})


def image(values: Any, x: tuple[float, float], y: tuple[float, float], *, strength: float = 1.0) -> Element:
    """A picture (H, W) or (H, W, 3) in its own colours, from 0 to 255, its first row at y[0]; every number is a sharp square."""
    values = np.asarray(values, dtype=float)
    colours = values.shape[2] if values.ndim == 3 else 1
    return Element("image", _arrays(values=values, x=x, y=y), {}, {"columns": values.shape[1], "colours": colours, "strength": strength})


def label(text: str, x: float, y: float, *, role: str = "text", align: str = "center", box: bool = False, size: float = 12) -> Element:
    """Words at a point, on several lines if need be; `box` draws a rounded frame around them."""
    return Element("label", _arrays(x=x, y=y), {"text": text}, {"role": role, "align": align, "box": box, "size": size})


def say(text: str) -> Element:
    """The sentence under the picture, which a screen reader reads too."""
    return Element("say", {}, {"text": text}, {})


def clip(corners: Sequence[tuple[float, float]], values: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """The part of a convex outline (K, 2) where a linear function, known at the corners (K,), is positive; and its new edge.

    Returns the clipped outline and the two ends of the edge where the function is zero, either of them with no rows when
    there is none (Sutherland and Hodgman, 1974).
    """
    kept: list[tuple[float, float]] = []
    edge: list[tuple[float, float]] = []
    for k, ((x, y), a) in enumerate(zip(corners, values, strict=True)):
        (x_next, y_next), b = corners[(k + 1) % len(corners)], values[(k + 1) % len(corners)]
        if a >= 0:
            kept.append((x, y))
        if a * b < 0 or (a == 0 and b != 0):
            t = a / (a - b)
            edge.append((x + (x_next - x) * t, y + (y_next - y) * t))
            if a != 0:
                kept.append(edge[-1])
    return np.reshape(kept, (-1, 2)), np.reshape(edge if len(edge) == 2 else [], (-1, 2))


def _arrays(**values: Any) -> dict[str, np.ndarray]:
    return {name: _single(array) for name, array in values.items()}


def _single(values: Any) -> np.ndarray:
    """Flat little-endian float32; what is too large for it becomes infinite, which the page draws as far outside."""
    return np.asarray(values, dtype="<f4").ravel()
