"""nbgrader's own preprocessors for generate-assignment, with one thing added: a value's stub runs.

nbgrader replaces every answer by `raise NotImplementedError()`. In a function that waits for a call; at the margin it would stop the
unsolved notebook, so there only the comment stays and the name keeps its start value, such as None.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_unread = ContextVar("unread", default=False)


class Ours:
    """Stands for our list in settings that were read and not gone by yet: all of nbgrader is imported for the list itself."""


@contextmanager
def unread() -> Iterator[None]:
    """Within this, `Ours` stands for our list."""
    before = _unread.set(True)
    try:
        yield
    finally:
        _unread.reset(before)


def preprocessors() -> list[type]:
    """nbgrader's list with ours right after the answers are cleared, before checksums are taken."""
    if _unread.get():
        return [Ours]
    from nbgrader.converters import GenerateAssignment
    from nbgrader.preprocessors import ClearSolutions

    from grader.build.values import RunnableValueStubs

    ours: list[type] = []
    for step in GenerateAssignment.preprocessors.default():
        ours += [step, RunnableValueStubs] if step is ClearSolutions else [step]
    return ours


def in_full(steps: list[type]) -> list[type]:
    """A list in which `Ours` stands for ours."""
    return [full for step in steps for full in (preprocessors() if step is Ours else [step])]
