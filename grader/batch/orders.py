"""Orders to an engine: each is given out again as long as it is not itself to blame for what went wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

from grader.batch.engine import Fault, OverBudget, first_done
from grader.batch.job import work
from grader.batch.worker import Lost

FAULTS = 2  # of the grader itself on one order: what caused an error causes it again
LOSSES = 5  # of a job by the machine


@dataclass
class Order:
    """One order: which job, on whom, and how often it came to nothing."""

    job: str
    student: str
    more: dict[str, Any]
    faults: int = 0
    losses: int = 0


@dataclass
class Ended:
    """What became of an order: what was found, or the error after which it is not given out again."""

    order: Order
    found: Any = None
    error: Lost | OverBudget | Fault | None = None


class Orders:
    """The orders that an engine is at work on."""

    def __init__(self, engine: Executor) -> None:
        self._engine = engine
        self._running: dict[Future[bytes], Order] = {}

    def __len__(self) -> int:
        return len(self._running)

    def of(self, *jobs: str) -> int:
        """How many orders for these jobs are out."""
        return sum(order.job in jobs for order in self._running.values())

    def give(self, job: str, student: str, **more: Any) -> None:
        """Give out an order."""
        self._submit(Order(job, student, more))

    def ended(self) -> Iterator[Ended]:
        """Wait until at least one order has come to its end; those that have."""
        for future in first_done(self._engine, self._running):
            order = self._running.pop(future)
            try:
                yield Ended(order, json.loads(future.result()))
            except Lost as error:
                order.losses += 1
                yield from self._again(order, error, last=order.losses >= LOSSES)
            except Fault as error:
                order.faults += 1
                yield from self._again(order, error, last=order.faults >= FAULTS)
            except OverBudget as error:
                yield Ended(order, error=error)

    def _again(self, order: Order, error: Lost | Fault, *, last: bool) -> Iterator[Ended]:
        if last:
            yield Ended(order, error=error)
        else:
            self._submit(order)

    def _submit(self, order: Order) -> None:
        request = json.dumps({"job": order.job, "student": order.student, **order.more}, separators=(",", ":")).encode()
        self._running[self._engine.submit(work, request)] = order
