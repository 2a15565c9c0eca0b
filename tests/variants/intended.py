"""Where Handgrad gives another score than `nbgrader autograde`, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .both import Difference

_NOT_GRADED = "nbgrader ends the whole class at this submission, or leaves it without a score; Handgrad grades it"
_PUT_BACK = "a check cell that is missing is put back and counts; nbgrader leaves it to a person"
_BARE = "cells that lost their metadata are known by what they say; nbgrader leaves them to a person"
_TOO_MUCH = "a cell that claims more points than it has gets none; nbgrader gives up the submission"

# What was handed in, and for which differences that accounts
_BY_STUDENT: Mapping[str, tuple[str, Callable[[Difference], bool]]] = {
    "deletes": (_PUT_BACK, lambda one: one.place[2].split()[0] in ("half", "area_tests")),
    "zz bare": (_BARE, lambda one: True),
    "zz twice": (_NOT_GRADED, lambda one: one.theirs is None or one.theirs.auto is None),
}


def reason_for(difference: Difference) -> str:
    """Why a difference is meant; empty for one that is not."""
    reason, accounts = _BY_STUDENT.get(difference.place[0], ("", lambda one: False))
    if reason and accounts(difference):
        return reason
    return ""
