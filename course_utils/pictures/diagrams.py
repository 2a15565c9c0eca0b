"""Pictures for gradients: a computational graph with its numbers, an X-ray of a gradient, lines of code under suspicion.

Below them images: how they were read, and the weights that look at them. Like `plots`, every picture survives a function
that is not written yet: the panel says so.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.pictures.plots import (
    FORWARD,
    GRADIENT,
    HIGHLIGHT,
    INK,
    REFERENCE,
    Picture,
    attempt,
    computed,
    note,
    panels,
    signed_colours,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Place = tuple[float, float]
Numbers = Mapping[str, float]
AGREES = 1e-6  # of the largest entry: a measured slope is good to about 1e-9 of it


@styled
def computation_graph(
    places: Mapping[str, Place],
    edges: Sequence[tuple[str, str]],
    title: str,
    *,
    forward: Numbers,
    backward: Numbers | Callable[[], Numbers] = MappingProxyType({}),
    measured: Numbers = MappingProxyType({}),
) -> Picture:
    """Nodes at (column, row) and their edges, each with the number that goes along it.

    Forward, an edge carries the value of the node that it leaves, in blue; backward, the gradient of that node, in
    orange; where it was also measured, that number is written below in green.
    """
    figure, (ax,) = panels([title])
    figure.set_size_inches(7.0, 2.4)
    ax.set_position((0.01, 0.02, 0.98, 0.86))
    ax.axis("off")
    gradients, problem = _numbers(backward)
    for start, end in edges:
        _edge(ax, places[start], places[end], back=start in gradients)
        lines = [(f"{forward[start]:.4g}", FORWARD)]
        lines += [(f"← {gradients[start]:.4g}", GRADIENT)] if start in gradients else []
        lines += [(f"measured {measured[start]:.4g}", REFERENCE)] if start in measured else []
        _beside_edge(ax, places[start], places[end], lines)
    for name, (x, y) in places.items():
        box = {"boxstyle": "round,pad=0.35", "fc": "white", "ec": INK}
        ax.text(x, y, name, ha="center", va="center", color="black", bbox=box)
    sink = edges[-1][1]
    ax.annotate(f"{forward[sink]:.4g}", places[sink], (0, 20), textcoords="offset points", color=FORWARD, ha="center")
    if problem:
        ax.text(0.99, 0.02, f"gradients: {problem}", transform=ax.transAxes, ha="right", color="#777777", style="italic")
    columns, rows = zip(*places.values(), strict=True)
    ax.set(xlim=(min(columns) - 0.3, max(columns) + 0.3), ylim=(min(rows) - 0.35, max(rows) + 0.45))
    return Picture(figure, title)


def _numbers(backward: Numbers | Callable[[], Numbers]) -> tuple[Numbers, str]:
    """The gradients by node, and what is to be said where a function that is to compute them does not."""
    if not callable(backward):
        return backward, ""
    found: dict[str, float] = {}

    def collect() -> float:
        found.update({name: float(number) for name, number in backward().items()})
        return 0.0

    problem = attempt(collect)
    return found, problem if isinstance(problem, str) else ""


def _edge(ax: Axes, start: Place, end: Place, back: bool) -> None:
    ways = [("->", FORWARD, "-", 0.08)] + ([("<-", GRADIENT, "--", -0.08)] if back else [])
    for arrow, color, line, bend in ways:
        ax.annotate(
            "",
            end,
            start,
            arrowprops={
                "arrowstyle": arrow,
                "color": color,
                "linestyle": line,
                "connectionstyle": f"arc3,rad={-bend}",
                "shrinkA": 15,
                "shrinkB": 15,
            },
        )


def _beside_edge(ax: Axes, start: Place, end: Place, lines: Sequence[tuple[str, str]]) -> None:
    """Forward on the left of the edge as one goes along it, the rest on its right."""
    (x, y), (u, v) = start, end
    length = float(np.hypot(u - x, v - y))
    across = np.array([-(v - y), u - x]) / length
    for row, (text, color) in enumerate(lines):
        away = np.array([18, 11]) if row == 0 else -np.array([34, 12])
        shift = across * away - np.array([0, 10 * max(row - 1, 0)])
        middle = ((x + u) / 2, (y + v) / 2)
        ax.annotate(text, middle, tuple(shift), textcoords="offset points", color=color, ha="center", va="center")


@styled
def gradient_xray(
    names: Sequence[str], yours: Callable[[], Any], measured: Callable[[], Any], title: str = "yours minus measured"
) -> Picture:
    """A panel per gradient: where it differs from the measured slope, as a share of the largest measured entry."""
    figure, axes = panels([f"{name}: {title}" for name in names], columns=2)
    figure.set_size_inches(7.0, 1.5 * -(-len(names) // 2))
    mine, slopes = _arrays(yours), _arrays(measured)
    for place, (ax, name) in enumerate(zip(axes, names, strict=True)):
        ax.set(xticks=[], yticks=[])
        if isinstance(mine, str) or isinstance(slopes, str):
            note(ax, mine if isinstance(mine, str) else str(slopes))
        elif place >= len(mine):
            note(ax, f"yours has no {name}")
        else:
            _xray(ax, name, mine[place], slopes[place])
    return Picture(figure, f"{', '.join(names)}: {title}")


def _arrays(compute: Callable[[], Any]) -> list[np.ndarray] | str:
    """What compute() returns, as a list of float arrays, or one line that says why there is none."""
    found: list[np.ndarray] = []

    def collect() -> float:
        found.extend(np.asarray(part, dtype=float) for part in compute())
        return 0.0

    problem = attempt(collect)
    return problem if isinstance(problem, str) else found


def _xray(ax: Axes, name: str, mine: np.ndarray, slope: np.ndarray) -> None:
    if mine.shape != slope.shape:
        note(ax, f"has shape {mine.shape},\nits variable has {slope.shape}")
        ax.set_title(f"{name}: wrong shape")
        return
    share = np.atleast_2d((mine - slope) / (np.abs(slope).max() or 1.0))
    wrong = np.abs(share) > AGREES
    ax.imshow(share, cmap=signed_colours(), vmin=-1, vmax=1, aspect="auto")
    for (i, j), value in np.ndenumerate(share):
        text, color = (f"{value:+.0%}", "white" if abs(value) > 0.6 else "black") if wrong[i, j] else ("●", "#999999")
        ax.text(j, i, text, ha="center", va="center", color=color, fontsize=7)
    ax.set(xlabel="columns" if slope.ndim > 1 else "entries", ylabel="rows" if slope.ndim > 1 else "")
    ax.set_title(f"{name}: {wrong.sum()} of {wrong.size} entries are off" if wrong.any() else f"{name} agrees")


@styled
def accused(code: Callable[..., Any], arrays: Mapping[str, Any], measured: Mapping[str, Any], named: Sequence[str]) -> Picture:
    """The lines of a function that make gradients, each with what measured slopes say of it; those that were named are marked.

    arrays: what the lines compute, by the name on their left; measured: the slopes, in the shapes of the variables.
    """
    lines = dict(re.findall(r"^ *(\w+) = (.*?)(?:  #.*)?$", inspect.getsource(code), re.MULTILINE))
    shown = [name for name in lines if name in arrays]
    told = {name: _evidence(np.asarray(arrays[name], dtype=float), measured[name]) for name in shown}
    wrong = {name for name in shown if told[name][1] == GRADIENT}
    hits = len(wrong & set(named))
    title = f"{len(wrong)} of {len(shown)} lines are wrong" + (f"; you named {hits} of them" if named else "")
    figure, (ax,) = panels([title])
    height = 0.5 + 0.24 * len(shown)  # inches
    figure.set_size_inches(7.0, height)
    ax.set_position((0.01, 0.02, 0.98, 1 - 0.4 / height))
    ax.axis("off")
    ax.set(xlim=(0, 1), ylim=(len(shown) - 0.5, -0.5))
    for row, name in enumerate(shown):
        finding, color = told[name]
        ax.text(0.04, row, f"{name} = {lines[name]}", va="center", family="monospace")
        ax.text(0.62, row, finding, va="center", color=color)
        if name in named:
            ax.text(0, row, "▶", va="center", color=HIGHLIGHT)
    return Picture(figure, f"{title}. " + "; ".join(f"{name}: {finding}" for name, (finding, _) in told.items()))


def _evidence(array: np.ndarray, slope: np.ndarray) -> tuple[str, str]:
    """What a measured slope says of an array, and the colour to say it in."""
    if array.shape != slope.shape:
        return f"✗ shape {array.shape}, its variable has {slope.shape}", GRADIENT
    wrong = np.sum(np.abs(array - slope) / (np.abs(slope).max() or 1.0) > AGREES)
    return (f"✗ {wrong} of {slope.size} entries are off", GRADIENT) if wrong else ("✓ agrees with the measured slopes", REFERENCE)


@styled
def filters(compute: Callable[[], Any], title: str, most: int = 16) -> Picture:
    """The first of the weights (N, H, W) that compute() returns as small pictures: blue above 0, grey below, one scale for all."""
    values = attempt(compute)
    if isinstance(values, str):
        figure, (ax,) = panels([title])
        figure.set_size_inches(7.0, 2.0)
        ax.axis("off")
        note(ax, values)
        return Picture(figure, title)
    shown = values[:most]
    figure, axes = panels([""] * len(shown), columns=8)
    width, height = 7.0, 0.87 * -(-len(shown) // 8) + 0.3  # inches
    figure.set_size_inches(width, height)
    figure.suptitle(title, x=0.01, y=1 - 0.06 / height, ha="left", va="top", fontsize=8.5)
    limit = float(np.abs(shown).max()) or 1.0
    for place, (ax, image) in enumerate(zip(axes, shown, strict=True)):
        row, column = divmod(place, 8)
        ax.set_position(((0.07 + 0.87 * column) / width, (height - 0.3 - 0.87 * (row + 1) + 0.07) / height, 0.8 / width, 0.8 / height))
        ax.imshow(image, cmap=signed_colours(), vmin=-limit, vmax=limit)
        ax.set(xticks=[], yticks=[])
    return Picture(figure, title)


@styled
def readings(images: np.ndarray, labels: np.ndarray, answers: Callable[[], Any], title: str, rows: int = 2) -> Picture:
    """Grey images (N, H, W), a dozen in a row, with the answer to each below it; errors come first, with what is right."""
    given = attempt(answers, shape=labels.shape)
    right = np.ones(len(labels), dtype=bool) if isinstance(given, str) else given == labels
    title = f"{title}: {given}" if isinstance(given, str) else f"{title}: {right.mean():.1%} read right, errors first"
    errors = np.flatnonzero(~right)[: 6 * rows]
    shown = np.concatenate([errors, np.flatnonzero(right)])[: 12 * rows]
    figure, axes = panels([""] * len(shown), columns=12)
    width, height = 7.0, 0.72 * rows + 0.3  # inches
    figure.set_size_inches(width, height)
    figure.suptitle(title, x=0.01, y=1 - 0.06 / height, ha="left", va="top", fontsize=8.5)
    for place, (ax, i) in enumerate(zip(axes, shown, strict=True)):
        row, column = divmod(place, 12)
        ax.set_position(((0.07 + 0.575 * column) / width, (height - 0.3 - 0.72 * row - 0.5) / height, 0.5 / width, 0.5 / height))
        ax.imshow(images[i], cmap="gray_r")
        ax.set(xticks=[], yticks=[])
        if not isinstance(given, str):
            ax.set_xlabel(f"{given[i]:.0f}{'' if right[i] else f', is {labels[i]}'}", color=INK if right[i] else HIGHLIGHT)
    return Picture(figure, title)


@styled
def captioned(compute: Callable[[], tuple[Any, Sequence[str]]], title: str, columns: int = 10) -> Picture:
    """The images (N, 1, H, W) that compute() returns, values from 0 to 1, each under its caption."""
    found = computed(compute)
    if isinstance(found, str):
        figure, (ax,) = panels([title])
        ax.axis("off")
        note(ax, found)
        return Picture(figure, title)
    images, captions = found
    if not len(captions):
        return captioned(lambda: "none", title)
    rows = -(-len(captions) // columns)
    figure, axes = panels([""] * len(captions), columns=columns)
    width, height = 0.6 * columns, 0.8 * rows + 0.3  # inches
    figure.set_size_inches(width, height)
    figure.suptitle(title, x=0.01, y=1 - 0.06 / height, ha="left", va="top", fontsize=8.5)
    for place, (ax, image, caption) in enumerate(zip(axes, np.asarray(images), captions, strict=True)):
        row, column = divmod(place, columns)
        ax.set_position((0.6 * column / width, (height - 0.3 - 0.8 * (row + 1)) / height, 0.55 / width, 0.55 / height))
        ax.set_title(caption, loc="center", fontsize=8)
        ax.set_anchor("C")
        ax.imshow(image[0], cmap="gray_r", vmin=0, vmax=1)
        ax.axis("off")
    return Picture(figure, title)
