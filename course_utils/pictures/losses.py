"""Pictures of losses: what a mistake costs, how steep the cost is, who learns from it first, and where a model is wrong.

Like `plots`, every picture survives a function that is not written yet: the panel says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    note,
    panels,
    signed_colours,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Losses = Mapping[str, Callable[..., Any]]
_LINES = ("-", "--", ":")
_COLOURS = (FORWARD, REFERENCE, HIGHLIGHT)  # of losses, in their order, as the explorers have them
_GREY = "#999999"


def _each(loss: Callable[..., Any], predictions: np.ndarray, y: float) -> np.ndarray | str:
    """loss(prediction, y) for each prediction alone, as batches of one (1,)."""
    target = np.array([float(y)])
    return attempt(lambda: [_one(loss(np.array([value]), target)) for value in predictions], shape=predictions.shape)


def _one(value: Any) -> float:
    """The only number in what a function returned; anything else raises."""
    return float(np.asarray(value, dtype=float).reshape(()) if np.size(value) != 1 else np.ravel(value)[0])


# --- what a mistake costs


@styled
def tangents(loss: Callable[..., Any], grad: Callable[..., Any], at: Sequence[float] = (-0.5, 0.1, 1.0, 1.6)) -> Picture:
    """The loss of one prediction whose target is 1, and short lines as steep as grad says."""
    figure, (ax,) = panels(["Target 1: your slopes touch your curve"])
    predictions, places = np.linspace(-0.7, 1.9, 105), np.array(at)
    curve, heights, slopes = _each(loss, predictions, 1), _each(loss, places, 1), _each(grad, places, 1)
    ax.set(xlabel="prediction", ylabel="loss")
    if isinstance(curve, str) or isinstance(heights, str):
        ax.set(xlim=(-0.8, 2), ylim=(0, 3))  # as with a curve: ticks of an empty panel are wider, and cut off the word beside them
        note(ax, str(curve))
        return Picture(figure, "a loss against the prediction")
    ax.plot(predictions, curve, color=FORWARD)
    if isinstance(slopes, str):
        ax.set_xlabel(f"prediction        slopes: {slopes}")
    else:
        for place, height, slope in zip(places, heights, slopes, strict=True):
            _tangent(ax, (place, height), slope)
    return Picture(figure, "a loss against the prediction, with its slopes")


def _tangent(ax: Axes, place: tuple[float, float], slope: float) -> None:
    reach = np.array([-0.45, 0.45]) / np.hypot(1, slope / 1.5)  # of about one length on the page
    ax.plot(place[0] + reach, place[1] + slope * reach, "--", color=GRADIENT, linewidth=1.6)
    ax.plot(*place, "o", color=GRADIENT, markersize=4)
    shift = (7, 4) if slope < 0 else (0, 7)  # above the curve on either side
    ax.annotate(_signed(slope), place, shift, textcoords="offset points", color=GRADIENT, ha="left" if slope < 0 else "right")


def _signed(value: float, digits: int = 2) -> str:
    return f"{value + 0.0:.{digits}g}".replace("-", "−")


@styled
def costs(losses: Losses, mark: float = 0.1) -> Picture:
    """A panel for each label, 1 and 0: the loss of a probability p by the name of each of the losses, with their numbers at p = mark."""
    figure, axes = panels(["The truth is 1", "The truth is 0"], columns=2)
    p = np.linspace(0.002, 0.998, 250)
    for ax, y in zip(axes, (1, 0), strict=True):
        rows = [_cost(ax, row, p, y, mark, place) for place, row in enumerate(losses.items())]
        told, missing = ([words for drawn, words in rows if drawn is wanted] for wanted in (True, False))
        ax.axvline(mark, color=_GREY, linewidth=0.8, linestyle=":")
        ax.set(xlabel=f"p        at p = {mark:g}: " + ", ".join(told) if told else "p", xlim=(0, 1))
        lowest = min(np.min(line.get_ydata()) for line in ax.lines)
        ax.set_ylim(-4 if lowest < 0 else 0, 4)  # without its minus a surprise lies below 0, and is to be seen there
        if missing:
            note(ax, "\n".join(missing))
    axes[0].set_ylabel("loss")
    return Picture(figure, "two losses against p, for both labels")


def _cost(ax: Axes, row: tuple[str, Callable[..., Any]], p: np.ndarray, y: int, mark: float, place: int) -> tuple[bool, str]:
    """Draw one curve, its name below it if it is the first and above it if not.

    Returns True and its number at the mark, or False and what is missing.
    """
    name, loss = row
    curve, there = _each(loss, p, y), _each(loss, np.array([mark]), y)
    if isinstance(curve, str) or isinstance(there, str):
        return False, f"{name}: {curve}"
    ax.plot(p, curve, _LINES[place], color=_COLOURS[place])
    ax.plot(mark, there[0], "o", color=HIGHLIGHT, markersize=4)
    at, side = (0.2, "left") if y else (0.8, "right")
    look: dict[str, Any] = {"ha": side} if place else {"ha": "center", "va": "top"}
    height = np.interp(at, p, curve)
    shift = (5 if y else -5, 2 if height > 0 else -12) if place else (0, -10)
    ax.annotate(name, (at, height), shift, textcoords="offset points", color=_COLOURS[place], **look)
    return True, f"{there[0]:.2f}".replace("-", "−")


# --- the slope decides


@styled
def on_z(values: Losses, slopes: Losses, reach: float = 10) -> Picture:
    """Losses and their slopes along the score z, by the same names, for one example whose label is 1: each a function of z and y, (1,)."""
    figure, axes = panels(["What the mistake costs (label 1)", "How steep it is: what is learned"], columns=2)
    z = np.linspace(-reach, reach, 161)
    for ax, rows, colours in ((axes[0], values, _COLOURS), (axes[1], slopes, (GRADIENT,) * 3)):
        missing = []
        for (name, function), line, colour in zip(rows.items(), _LINES, colours, strict=False):
            curve = _each(function, z, 1)
            if isinstance(curve, str):
                missing.append(f"{name}: {curve}")
                continue
            ax.plot(z, curve, line, color=colour)
            above = ax is axes[0] or curve[10] < -0.5
            ax.annotate(name, (z[6], curve[6]), (0, 5 if above else -13), textcoords="offset points", color=colour)
        ax.set_xlabel("score z")
        if missing:
            note(ax, "\n".join(missing))
        if len(missing) == len(rows):
            ax.set(xlim=(-reach, reach), ylim=(0, reach) if ax is axes[0] else (-1, 0.25))
    axes[1].axhline(0, color=_GREY, linewidth=0.8, zorder=0)
    axes[0].set_ylabel("loss")
    return Picture(figure, "two losses along z, and their slopes")


LONGEST = 20_000  # steps of a race: then it is given up


@styled
def race(slopes: Losses, start: float, lr: float = 1.0) -> Picture:
    """One neuron with label 1 walks from the score z = start: p after each step, by the slope of each loss, until p is above one half."""
    figure, (ax,) = panels([f"From z = {_signed(start)}: steps until p is above ½"])
    ax.set(xscale="log", xlabel="step", ylabel="p", ylim=(0, 1.2), yticks=[0, 0.5, 1])
    ax.axhline(0.5, color=_GREY, linewidth=0.8)
    told = []
    for (name, slope), line, colour in zip(slopes.items(), _LINES, _COLOURS, strict=False):
        path = attempt(lambda slope=slope: walk(slope, start, lr))
        if isinstance(path, str):
            told.append(f"{name}: {path}")
            continue
        steps, p = np.arange(1, len(path)), 0.5 * (1 + np.tanh(path[1:] / 2))
        ax.plot(steps, p, line, color=colour)
        ended = p[-1] > 0.5
        ax.plot(steps[-1], p[-1], "D", color=colour, markersize=5)
        label = f"{name}\n{len(steps)}" if ended else f"{name}\nnot after {len(steps)}"
        ax.annotate(label, (steps[-1], p[-1]), (0, 5), textcoords="offset points", color=colour, ha="center", va="bottom")
    if told:
        note(ax, "\n".join(told))
    ax.margins(x=0.12)
    return Picture(figure, "a race of two losses")


def walk(slope: Callable[..., Any], start: float, lr: float = 1.0) -> list[float]:
    """The scores of one neuron with label 1: z from the start on, less lr times slope(z, y) at each step, until z is above 0."""
    target, path = np.ones(1), [float(start)]
    while path[-1] <= 0 and len(path) <= LONGEST:
        step = lr * _one(slope(np.array([path[-1]]), target))
        if not np.isfinite(step) or abs(path[-1] - step) > 1e6:
            raise ArithmeticError("a slope that no walk can follow")
        path.append(path[-1] - step)
    return path


# --- several classes


@styled
def shares(softmax: Callable[..., Any], scores: Mapping[str, Sequence[float]]) -> Picture:
    """What softmax makes of each row of scores, by its title, as bars."""
    names = list(scores)
    figure, axes = panels([f"{name}: {_row(scores[name])}" for name in names], columns=len(names))
    figure.set_size_inches(2.3 * len(names), 1.9)
    for place, (ax, name) in enumerate(zip(axes, names, strict=True)):
        ax.set_position(((place + 0.14) / len(names), 0.2, 0.78 / len(names), 0.62))
        ax.set(ylim=(0, 1.12), xticks=range(len(scores[name])), xlabel="class")
        found = attempt(softmax, np.array([scores[name]], dtype=float), shape=(1, len(scores[name])))
        if isinstance(found, str):
            note(ax, found)
            continue
        ax.bar(range(found.size), found[0], color=FORWARD, width=0.6)
        for k, share in enumerate(found[0]):
            ax.text(k, share + 0.02, f"{share:.3f}", ha="center", va="bottom")
    axes[0].set_ylabel("probability")
    return Picture(figure, "softmax of " + ", ".join(names))


def _row(scores: Sequence[float]) -> str:
    return "(" + ", ".join(f"{round(float(score), 2):g}".replace("-", "−") for score in scores) + ")"


@styled
def gradient_rows(cross_entropy_grad: Callable[..., Any], Z: np.ndarray, labels: np.ndarray) -> Picture:
    """The gradient (N, C) as a heat map with its numbers, a frame around every label's entry, and the sum of each row beside it."""
    figure, (ax,) = panels(["Below 0 at the label; each row adds up to 0"])
    figure.set_size_inches(4.6, 2.3)
    ax.set_position((0.2, 0.16, 0.62, 0.68))
    ax.set_yticks(range(len(Z)), [_row(row) for row in Z])
    ax.set_xticks(range(Z.shape[1]), [f"class {k}" for k in range(Z.shape[1])])
    ax.tick_params(length=0)
    ax.set(xlim=(-0.5, Z.shape[1] - 0.5), ylim=(len(Z) - 0.5, -0.5))  # the first row on top, also while it is empty
    found = attempt(cross_entropy_grad, Z.copy(), labels.copy(), shape=Z.shape)
    if isinstance(found, str):
        note(ax, found)
        return Picture(figure, "the gradient of cross-entropy")
    largest = np.abs(found).max() or 1.0
    ax.imshow(found, cmap=signed_colours(), vmin=-2 * largest, vmax=2 * largest, aspect="auto")
    _numbers(ax, found, labels)
    return Picture(figure, "the gradient of cross-entropy, row by row")


def _numbers(ax: Axes, table: np.ndarray, labels: np.ndarray) -> None:
    from matplotlib.patches import Rectangle

    for (i, j), value in np.ndenumerate(table):
        ax.text(j, i, f"{value:.3f}".replace("-", "−"), ha="center", va="center", color="black")
    for i, label in enumerate(labels):
        ax.add_patch(Rectangle((label - 0.48, i - 0.46), 0.96, 0.92, fill=False, edgecolor=HIGHLIGHT, linewidth=1.8))
    columns = table.shape[1]
    ax.text(columns - 0.1, len(table) - 0.4, "sum", ha="center", va="top", color=INK, clip_on=False)
    for i, total in enumerate(table.sum(axis=1)):
        ax.text(columns - 0.1, i, f"{round(total, 9) + 0.0:.3f}".replace("-", "−"), ha="center", va="center", color=REFERENCE)


# --- models


@styled
def disagreement(models: Mapping[str, Callable[..., Any]], X: np.ndarray, y: np.ndarray, told: Callable[..., Any]) -> Picture:
    """A row for each model: the probability that it gives to the truth, a dot for each example.

    models: functions X -> scores (N,), by name; y: labels (N,). told(model) gives its accuracy and its loss.
    """
    figure, (ax,) = panels(["Right of ½ is right: how sure of the truth?"])
    height = 0.8 + 0.6 * len(models)
    figure.set_size_inches(5.6, height)
    ax.set_position((0.1, 0.44 / height, 0.6, 1 - 0.76 / height))
    for place, model in enumerate(models.values()):
        z = attempt(model, X, shape=y.shape)
        if isinstance(z, str):
            ax.text(0.76, place, z, ha="center", va="center", color=INK, style="italic")  # beside the line at ½
            continue
        _dots(ax, np.where(y > 0, z, -z), place)
        found = attempt(told, model, shape=(2,))
        words = found if isinstance(found, str) else f"accuracy {found[0]:.3f}\nloss {found[1]:.3f}"
        ax.text(1.06, place, words, va="center", color=INK if isinstance(found, str) else HIGHLIGHT, clip_on=False)
    ax.axvline(0.5, color=_GREY, linewidth=0.8, zorder=0)
    ax.set_yticks(range(len(models)), list(models))
    ax.set(xlim=(-0.03, 1.03), ylim=(len(models) - 0.5, -0.5))
    ax.set_xlabel(f"probability of the true answer        (½ for all: loss {np.log(2):.3f})")
    ax.tick_params(axis="y", length=0)
    return Picture(figure, "how sure each model is: " + ", ".join(models))


def _dots(ax: Axes, z: np.ndarray, place: int) -> None:
    """A mark for each example: scores z of the true answer, spread a little around a row's place."""
    p, heights = 0.5 * (1 + np.tanh(z / 2)), place + np.random.default_rng(0).uniform(-0.26, 0.26, size=len(z))
    ax.plot(p[p > 0.5], heights[p > 0.5], "o", color=REFERENCE, markersize=3, alpha=0.6)
    ax.plot(p[p <= 0.5], heights[p <= 0.5], "x", color=GRADIENT, markersize=4)


@styled
def worst_digits(
    cross_entropy: Callable[..., Any], images: np.ndarray, scores: Callable[[], Any], labels: np.ndarray, count: int = 7
) -> Picture:
    """The digits (N, 64) on which the loss of scores() (N, 10) is largest: each with its label, what was read, and its loss."""
    Z = attempt(scores, shape=(len(labels), 10))
    each = Z if isinstance(Z, str) else attempt(lambda: [_one(cross_entropy(Z[n : n + 1], labels[n : n + 1])) for n in range(len(Z))])
    if isinstance(Z, str) or isinstance(each, str):
        figure, (ax,) = panels([""])
        ax.set_axis_off()
        note(ax, str(each))
        return Picture(figure, "the digits with the largest loss")
    order = np.argsort(-each)[:count]
    figure, axes = panels([f"{labels[n]}, read as {np.argmax(Z[n])}\nloss {each[n]:.2f}" for n in order], columns=count)
    figure.set_size_inches(1.0 * count, 1.4)
    for place, (ax, n) in enumerate(zip(axes, order, strict=True)):
        ax.set_position(((place + 0.06) / count, 0.02, 0.88 / count, 0.66))
        ax.imshow(images[n].reshape(8, 8), cmap="gray_r")
        ax.set_axis_off()
    return Picture(figure, "the digits with the largest loss")
