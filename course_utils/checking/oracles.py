"""What probes may compare a subject with, beside the reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def central_difference(f: Callable[[NDArray[Any]], Any], x: NDArray[Any], h: float = 1e-5) -> NDArray[Any]:
    """The numerical gradient of a scalar function at `x`, with the shape of `x`.

    Central differences, (f(x + h) - f(x - h)) / 2h for every entry: 2 x.size calls, an error of order h**2.
    """
    x = np.array(x, dtype=float)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = float(f(x.copy()))
        x[index] = kept - h
        below = float(f(x.copy()))
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient
