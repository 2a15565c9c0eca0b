"""The engine that does a batch's jobs: on one machine, forked workers, each job within its budget.

A batch speaks to it as to any `concurrent.futures.Executor`: an importable function and bytes go in, a future of bytes comes out. So the
engine of a cluster can take its place.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Any

from course_utils.errors import UserError
from grader.batch.worker import DONE, ERROR, LOST, NO_GOOD, UNAVAILABLE, UNLENDABLE, Budget, Life, Lost, Worker
from grader.sandbox import Card

_LOOK_SECONDS = 0.1  # between two looks at what workers have used
Bytes = Callable[[bytes], bytes]


class OverBudget(Exception):
    """A job used up its budget; `so_far` is what it had told by then."""

    def __init__(self, what: str, so_far: list[bytes]) -> None:
        super().__init__(what)
        self.so_far = so_far


class Fault(Exception):
    """A job ended in an error of ours; `detail` is for the instructor only."""

    def __init__(self, sentence: str, detail: str, so_far: list[bytes]) -> None:
        super().__init__(sentence)
        self.detail, self.so_far = detail, so_far


@dataclass
class _Job:
    function: str
    request: bytes
    future: Future[bytes] = field(default_factory=Future)


class LocalEngine(Executor):
    """So many workers on this machine, each with a card of its own where cards are lent.

    Futures come to their end in `wait`, which the one thread of this process calls: nothing else may run in it while workers are forked.
    They raise OverBudget, Fault, or Lost. UserError, from `wait`, is for what stops everybody.
    """

    def __init__(self, workers: int, live: Life, budget: Budget, seats: Iterable[Card | None]) -> None:
        self._workers, self._live, self._budget = workers, live, budget
        self._seats = list(seats)
        self._queue: deque[_Job] = deque()
        self._crew: list[Worker] = []
        self._work: dict[int, _Job] = {}  # by the worker's number
        self._trouble = ""  # why the last card that was given up cannot be lent
        self._stillborn = 0  # workers that ended before their first job
        self._looked = 0.0  # when budgets were last looked at

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Queue a job: `function` is a module's, and takes and gives bytes."""
        (request,) = args
        job = _Job(f"{function.__module__}:{function.__qualname__}", request)
        self._queue.append(job)
        return job.future

    def wait(self, futures: Iterable[Future[Any]]) -> list[Future[Any]]:
        """Go on until one of these has come to its end; those that have. UserError when nothing can be graded here."""
        pending = list(futures)
        while not (done := [future for future in pending if future.done()]):
            self._employ()
            self._listen()
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all workers with what they have begun."""
        for worker in self._crew:
            worker.end()
        self._crew.clear()

    def _employ(self) -> None:
        wanted = min(self._workers, len(self._queue) + len(self._work))
        while self._seats and len(self._crew) < wanted:
            self._crew.append(Worker(self._live, self._seats.pop(0)))
        if not self._crew:
            raise UserError(self._trouble)
        for worker in self._crew:
            if worker.ready and not worker.busy and self._queue:
                job = self._work[worker.pid] = self._queue.popleft()
                try:
                    worker.give(job.function, job.request, self._budget)
                except OSError:  # it died idle; `_listen` hears of it
                    continue

    def _listen(self) -> None:
        """Wait until something happens, or until it is time to look at the budgets."""
        ready = set(wait([worker.socket for worker in self._crew], timeout=_LOOK_SECONDS))
        looks = time.monotonic() - self._looked >= _LOOK_SECONDS  # not at each word of a worker: it takes files of /proc
        self._looked = time.monotonic() if looks else self._looked
        for worker in list(self._crew):
            try:
                heard = worker.receive() if worker.socket in ready else None
            except OSError as reason:
                self._bury(worker, str(reason))
                continue
            if heard is not None:
                self._take(worker, *heard)
            elif looks and (what := worker.over()):
                self._dismiss(worker)
                self._settle(worker, OverBudget(what, worker.so_far))

    def _take(self, worker: Worker, kind: bytes, body: bytes) -> None:
        if kind == DONE:
            self._work.pop(worker.pid).future.set_result(body)
            if worker.swollen:
                self._dismiss(worker)
            return
        how = self._dismiss(worker, give_up=kind == UNLENDABLE)
        if kind == NO_GOOD or (kind == UNAVAILABLE and self._is_hopeless()):
            raise UserError(body.decode())
        if kind == UNLENDABLE:  # found before any job was looked at: another worker takes it, and this card none
            self._trouble = body.decode()
            if job := self._work.pop(worker.pid, None):
                self._queue.appendleft(job)
        elif kind == LOST:
            self._settle(worker, Lost(body.decode()))
        elif kind == ERROR:
            told = json.loads(body)
            memory = f"{self._budget.memory_bytes // 2**20} MiB of memory"
            error = (
                OverBudget(memory, worker.so_far) if told["kind"] == "memory" else Fault(told["sentence"], told["detail"], worker.so_far)
            )
            self._settle(worker, error)
        elif kind != UNAVAILABLE:  # that one had no job yet: the next worker tries again
            self._settle(worker, Lost(f"the worker {how}"))

    def _bury(self, worker: Worker, reason: str) -> None:
        """A worker has died: for its budget, by a crash of its own, or by a hand that is not ours."""
        how = self._dismiss(worker)
        error: Exception
        if worker.pid in self._work and how == "ended by SIGXCPU":
            error = OverBudget(worker.budget_in_words(), worker.so_far)
        elif how == "ended by SIGKILL":
            error = Lost(f"{reason}; {how}")
        else:
            error = Fault(f"{reason}; {how}", "", worker.so_far)
        self._settle(worker, error)

    def _settle(self, worker: Worker, error: Exception) -> None:
        job = self._work.pop(worker.pid, None)
        if job is not None:
            job.future.set_exception(error)
        elif not worker.ready and self._is_hopeless():
            raise UserError("Workers end before they begin: is the machine out of memory? `handgrad doctor` examines it.")

    def _is_hopeless(self) -> bool:
        """One more worker has ended before its first job: that happens when somebody kills its sandbox, but not for ever."""
        self._stillborn += 1
        return self._stillborn > 2 + self._workers

    def _dismiss(self, worker: Worker, *, give_up: bool = False) -> str:
        """Make room for another worker; tells how this one ended."""
        self._crew.remove(worker)
        how = worker.end()
        if not give_up:
            self._seats.append(worker.card)
        return how


def first_done(engine: Executor, futures: Iterable[Future[Any]]) -> list[Future[Any]]:
    """Wait until at least one of these futures has come to its end."""
    waits = getattr(engine, "wait", None)  # of an engine whose futures come to their end in this thread
    return waits(futures) if waits else list(wait_for(list(futures), return_when=FIRST_COMPLETED).done)
