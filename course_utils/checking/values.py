"""What a probe may return beside plain data: statistics with a bound, and objects that are no data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Bound(NamedTuple):
    """A statistic that is judged by a bound instead of by equality; `kind` is ">=", "<=" or "close"."""

    kind: str
    value: Any
    bound: float


class Follows(NamedTuple):
    """A gradient that may also be right for the student's own forward function.

    `forward` names the observation that the forward function gave. `own` is that function with the point where it was
    asked, an array of `shape`; the engine replaces it by slopes along a few directions, or by None where that does not matter.
    """

    value: Any
    own: Any
    forward: str
    shape: tuple[int, ...] = ()


class Opaque(NamedTuple):
    """An object that is not data, known by the name of its type alone."""

    type: str


def at_least(value: Any, bound: float) -> Bound:
    """An observation that passes when it is `bound` or more, such as an accuracy."""
    return Bound(">=", value, bound)


def at_most(value: Any, bound: float) -> Bound:
    """An observation that passes when it is `bound` or less, such as a final loss."""
    return Bound("<=", value, bound)


def follows(value: Any, function: Callable[[Any], Any], point: Any, *, forward: str) -> Follows:
    """A gradient that is also right when it belongs to the student's own, wrong, forward function.

    `function` gives the forward result at an array of `point`'s shape. It is asked a few times, only where the gradient and the
    observation `forward` are both wrong. Credited only where `forward` is wrong in a way that the engine can name: one mistake is
    charged once, and a made-up pair of functions earns nothing.
    """
    return Follows(value, (function, point), forward, point.shape)


def close(value: Any, rtol: float) -> Bound:
    """An observation that passes within a relative tolerance of the reference's, such as a dropout rate."""
    return Bound("close", value, rtol)
