"""How a check reaches the student's objects: in this process, or through a wire.

A *session* looks names up and performs operations on what it finds. Results that are plain data (numbers, arrays,
text, and containers of these) come back as data; everything else stays where it is and is spoken of by a `Ref`.
`local.Local` is the session of a notebook; the grader's sandbox has another one with the same two methods.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

FORGOTTEN = "this function of a check can only be called while the check runs"


class Raised(NamedTuple):
    """What went wrong while the student's code ran.

    `kind` is "error", "signature", "missing", "not implemented", "timeout", "died", or "probe" when the check itself
    stumbled over what it was given.
    """

    kind: str
    type: str = ""
    message: str = ""
    line: str = ""
    function: str = ""


class Ref(NamedTuple):
    """Stands for an object of the student that is not plain data.

    `parameters` names the arguments where known, `reaches` what a function may call of the notebook's names.
    """

    key: int
    type: str
    callable: bool
    parameters: tuple[str, ...] = ()
    reaches: tuple[str, ...] = ()


class Seeded(NamedTuple):
    """Stands for `numpy.random.default_rng(seed)` as an argument."""

    seed: int


class Reply(NamedTuple):
    """The outcome of one operation.

    `changed` maps the position (or keyword) of every argument that was changed in place to its new value; `warned`
    holds the messages of NumPy's floating-point warnings, `printed` the beginning of what was written to stdout.
    """

    value: Any = None
    changed: Mapping[int | str, Any] = {}
    raised: Raised | None = None
    warned: tuple[str, ...] = ()
    printed: str = ""


class Session(Protocol):
    """Where the student's objects live."""

    def lookup(self, name: str) -> Reply:
        """The object that `names.find` finds: plain data or a `Ref`; raised kind "missing" when there is none."""
        ...

    def perform(
        self,
        op: str,
        target: Ref,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        by_hand: bool = False,
        quiet: bool = False,
    ) -> Reply:
        """Do one operation on one object."""
        ...

    def forget(self) -> None:
        """A check is over: whoever calls one of its functions from now on gets a RuntimeError, which says FORGOTTEN."""
        ...
