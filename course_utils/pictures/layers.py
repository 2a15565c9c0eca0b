"""The space that a hidden layer makes of its inputs: the same points, seen by the neurons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.pictures.plots import FORWARD, GRADIENT, HIGHLIGHT, REFERENCE, Picture, _points, attempt, note, panels, styled


@styled
def hidden_space(hidden: Callable[[], Any], X: np.ndarray, green: np.ndarray, title: str, *, cut: float) -> Picture:
    """Left the points X (N, 2) as they come in, right as hidden() (N, H) hands them on; green (N,) booleans.

    A point of the right panel stands in the row of the neuron that answers most to it, at the sum over all neurons.
    The line stands where the sum is `cut`.
    """
    figure, (before, after) = panels(["What comes in: no straight cut is enough", title], columns=2)
    _points(before, X, green)
    H = attempt(hidden)
    if not isinstance(H, str) and (H.ndim != 2 or len(H) != len(X)):
        H = f"yours has shape {H.shape}, not ({len(X)}, number of neurons)"
    if isinstance(H, str):
        note(after, H)
        return Picture(figure, title)
    total, row = H.sum(axis=1), np.where(H.max(axis=1) > 0, H.argmax(axis=1) + 1, 0)
    wrong = (total < cut) != green
    after.plot(total[green], row[green], "o", color=REFERENCE, markersize=4, markerfacecolor="none")
    after.plot(total[~green], row[~green], "x", color=GRADIENT, markersize=4)
    after.plot(total[wrong], row[wrong], "s", color=HIGHLIGHT, markersize=8, markerfacecolor="none")
    if (row == 0).any():  # these lie on top of each other
        after.annotate(f"{(row == 0).sum()} points", (0, 0), xytext=(-3, -11), textcoords="offset points")
    after.plot([cut, cut], [-0.2, H.shape[1] + 0.4], color=FORWARD, linestyle="--")  # it ends above the count
    after.set_yticks(range(H.shape[1] + 1), ["none", *map(str, range(1, H.shape[1] + 1))])
    after.set_ylim(-0.9, H.shape[1] + 0.4)
    after.set(xlabel=f"sum of the hidden answers        wrong: {wrong.sum()} of {len(X)}", ylabel="largest answer: neuron")
    return Picture(figure, f"{title}; {wrong.sum()} of {len(X)} points are on the wrong side")
