"""Where Handgrad gives another score than `nbgrader autograde`, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .both import Difference

_GIVEN_UP = "nbgrader gives up the submission, or the class at a submission before it; Handgrad grades it"
# What was handed in: why it is graded otherwise, and in which cells
_BY_STUDENT: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "deletes": (
        "a check cell that is missing is put back and counts; nbgrader leaves it to a person",
        lambda cell: cell in ("half", "area_tests"),
    ),
    "zz bare": ("cells that lost their metadata are known by what they say; nbgrader leaves them to a person", lambda cell: True),
}


def reason_for(difference: Difference) -> str:
    """Why a difference is meant; empty for one that is not."""
    if difference.given_up:
        return _GIVEN_UP
    reason, accounts = _BY_STUDENT.get(difference.place[0], ("", bool))
    return reason if reason and accounts(difference.place[2].split()[0]) else ""
