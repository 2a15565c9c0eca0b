"""Small jobs beside grading that look at what a stranger wrote: each in a worker, within a budget, and lost without harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from grader.batch.engine import Fault, LocalEngine, OverBudget
from grader.batch.worker import Budget, Lost
from grader.sandbox import Card

BUDGET = Budget(5.0, 20.0, 2**29)  # of one errand


def run_errands(function: Callable[[bytes], bytes], requests: Sequence[bytes], budget: Budget = BUDGET) -> list[bytes | None]:
    """What an importable function makes of each request, in their order; None where it failed, or used up its budget."""
    if not requests:
        return []
    with LocalEngine(1, _idle, budget, [None]) as engine:
        futures = [engine.submit(function, request) for request in requests]
        waiting = list(futures)
        while waiting:
            done = set(engine.wait(waiting))
            waiting = [future for future in waiting if future not in done]
    return [None if isinstance(future.exception(), Fault | OverBudget | Lost) else future.result() for future in futures]


@contextmanager
def _idle(card: Card | None) -> Iterator[None]:
    """The life of a worker that needs nothing but its job."""
    yield
