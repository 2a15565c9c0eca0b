"""Pictures of searches, of several networks' answers, and of several views of one image.

Like `plots`, every picture survives a function that is not written yet: the panel says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.pictures.plots import FORWARD, GRADIENT, HIGHLIGHT, Picture, attempt, computed, note, panels, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHADES = ("#9cc9e4", "#4a9fd0", FORWARD, "#004b76")  # of the rounds of a search, the first one lightest
SMALLEST, LARGEST = 12.0, 70.0  # areas of dots, in square points


def _strip(titles: Sequence[str], wide: float = 1.0, high: float = 1.35) -> tuple[Figure, list[Axes]]:
    """Small pictures in one row, each under its title of one or two lines."""
    figure, axes = panels(titles, columns=len(titles))
    figure.set_size_inches(wide * len(titles), high)
    for place, ax in enumerate(axes):
        ax.set_position(((place + 0.06) / len(titles), 0.02, 0.88 / len(titles), 0.66))
        ax.set_axis_off()
    return figure, axes


@styled
def misread(images: np.ndarray, labels: np.ndarray, p: np.ndarray, title: str, count: int = 8) -> Picture:
    """Of the images (N, H, W) that probabilities p (N, C) misread, those read with the largest probability."""
    said = p.argmax(axis=1)
    wrong = np.flatnonzero(said != labels)
    wrong = wrong[np.argsort(-p[wrong, said[wrong]])][:count]
    figure, axes = _strip([f"{labels[n]}, read as {said[n]}\nwith {p[n, said[n]]:.2f}" for n in wrong] or ["none"])
    for ax, n in zip(axes, wrong, strict=False):
        ax.imshow(images[n], cmap="gray_r")
    return Picture(figure, title)


@styled
def disagreement(images: np.ndarray, labels: np.ndarray, p: np.ndarray, title: str, count: int = 8) -> Picture:
    """The images on which M networks, p (M, N, C), disagree most; under each its label, and how often each answer was given."""
    votes = np.stack([np.sum(p.argmax(axis=2) == c, axis=0) for c in range(p.shape[2])], axis=1)  # (N, C)
    order = np.argsort(votes.max(axis=1), kind="stable")[:count]
    titles = []
    for n in order:
        given = sorted(np.flatnonzero(votes[n]), key=lambda c, n=n: -votes[n, c])  # type: ignore[misc]
        titles.append(f"{labels[n]}, read as\n" + " ".join(" ".join([str(c)] * votes[n, c]) for c in given))
    figure, axes = _strip(titles)
    for ax, n in zip(axes, order, strict=True):
        ax.imshow(images[n], cmap="gray_r")
    return Picture(figure, title)


@styled
def crops(compute: Callable[[], Any], title: str) -> Picture:
    """The ten crops that compute() returns, side by side, in the order in which they come."""
    found = attempt(compute)
    if isinstance(found, str) or found.ndim != 3 or len(found) != 10:
        figure, (ax,) = panels([title])
        ax.set_axis_off()
        note(ax, found if isinstance(found, str) else f"yours has shape {found.shape}")
        return Picture(figure, title)
    figure, axes = _strip([f"{number}" for number in range(10)], 0.8, 1.1)
    for ax, crop in zip(axes, found, strict=True):
        ax.imshow(crop, cmap="gray_r")
    return Picture(figure, title)


@styled
def trials(compute: Callable[[], Any], names: tuple[str, str], title: str) -> Picture:
    """The rounds of a search that compute() returns, each a list of (score, params), over two of the knobs; the first one logarithmic.

    The larger a dot, the better its score; later rounds are darker, and the best of all has a ring.
    """
    figure, (ax,) = panels([title])
    ax.set(xlabel=names[0], ylabel=names[1])
    found = computed(lambda: _rows(compute(), names))
    if isinstance(found, str) or not found:
        note(ax, found or "there is nothing to draw")
        ax.set(xticks=[], yticks=[])
        return Picture(figure, title)
    ax.set_xscale("log")
    scores = np.concatenate([rows[:, 0] for rows in found])
    low, spread = scores.min(), np.ptp(scores) or 1.0
    for rows, shade in zip(found, SHADES, strict=False):
        ax.scatter(rows[:, 1], rows[:, 2], SMALLEST + (LARGEST - SMALLEST) * (rows[:, 0] - low) / spread, color=shade, edgecolors="none")
    best = max((row for rows in found for row in rows), key=lambda row: row[0])
    ax.plot(*best[1:], "o", color=HIGHLIGHT, markersize=12, markerfacecolor="none")
    means = ", ".join(f"{rows[:, 0].max():.3f}" for rows in found)
    ax.set_xlabel(names[0], loc="left")
    ax.text(1, -0.17, f"best of each round: {means}", transform=ax.transAxes, ha="right", va="top", color=GRADIENT)
    ax.margins(0.12)
    return Picture(figure, f"{title}; {means}")


def _rows(rounds: Any, names: tuple[str, str]) -> list[np.ndarray] | str:
    """Score and two knobs of every trial, by round; a line that says why there are none stays as it is."""
    said = next((each for each in rounds if isinstance(each, str)), None) if not isinstance(rounds, str) else rounds
    if said is not None:
        return str(said)
    return [np.array([(float(score), *(float(params[name]) for name in names)) for score, params in each]) for each in rounds]
