"""Grade a class: workers grade, this process keeps the journal and publishes; one submission never stops another."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import wait

from course_utils.errors import UserError
from grader.batch.journal import Journal
from grader.batch.publish import Publisher
from grader.batch.worker import FAULT, SandboxMaker, Worker
from grader.books import Course
from grader.judging import FAILED, Assignment, Result
from grader.sandbox import Card, CardTrouble

TOGETHER = 16  # results per transaction of the gradebook
TRIES = 2  # of a submission on which the grader itself fails
GRACE = 60.0  # seconds beyond all of a submission's own limits after which its worker counts as hung


@dataclass
class Batch:
    """What is to be graded, and by whom."""

    course: Course
    assignment: Assignment
    make_sandbox: SandboxMaker
    kind: str
    workers: int
    seats: list[Card | None]  # one for each worker at a time: the card that is its own for life, or None
    patience: float  # seconds a worker may take over one submission
    tried: dict[str, int] = field(default_factory=dict)
    trouble: str = ""  # why the last card that was given up cannot be lent

    def run(self, students: Sequence[str], digests: dict[str, str]) -> Iterator[Result]:
        """Grade these submissions, each result as it comes in."""
        queue = deque(students)
        with ExitStack() as stack:
            crew: list[Worker] = []
            stack.callback(lambda: [worker.end() for worker in crew])
            while queue or any(worker.student for worker in crew):
                self._employ(crew, queue)
                for result in self._collect(crew, queue):
                    result.digest = result.digest or digests.get(result.student, "")
                    tries = self.tried[result.student] = self.tried.get(result.student, 0) + 1
                    if result.status == FAILED and tries < TRIES:
                        queue.append(result.student)
                    else:
                        yield result

    def _employ(self, crew: list[Worker], queue: deque[str]) -> None:
        while self.seats and len(crew) < min(self.workers, len(queue) + sum(1 for worker in crew if worker.student)):
            crew.append(Worker(self.course, self.assignment, self.make_sandbox, self.kind, self.seats.pop(0)))
        if not crew:
            raise UserError(self.trouble)
        for worker in crew:
            if worker.student is None and queue:
                student = queue.popleft()
                try:
                    worker.give(student)
                except ConnectionError:  # it died idle; _collect sees that and blames nobody's code
                    worker.student, worker.since = student, time.monotonic()

    def _collect(self, crew: list[Worker], queue: deque[str]) -> list[Result]:
        """Wait until something happens; a worker that died or hangs is replaced, its submission `failed`."""
        busy = [worker for worker in crew if worker.student]
        deadline = min(worker.since for worker in busy) + self.patience
        ready = wait([worker.socket for worker in busy], timeout=max(0.0, deadline - time.monotonic()))
        results = []
        for worker in busy:
            late = time.monotonic() - worker.since > self.patience
            student = worker.student or ""
            try:
                result = worker.receive() if worker.socket in ready else None
                if result is None and late:
                    raise ConnectionError(f"no answer for {self.patience:g} s")
            except ConnectionError as reason:
                how = self._dismiss(worker, crew)
                result = Result(student, self.assignment.name, "", FAILED, FAULT, sandbox=self.kind, detail=f"{reason}; {how}")
            except CardTrouble as reason:  # found before the submission was looked at: another worker takes it, and this card none
                crew.remove(worker)
                worker.end()
                queue.appendleft(student)
                self.trouble, result = str(reason), None
            if result is not None:
                results.append(result)
                if result.status == FAILED and worker in crew and worker.card:  # its next one would fare no better
                    self._dismiss(worker, crew)
        return results

    def _dismiss(self, worker: Worker, crew: list[Worker]) -> str:
        """Make room for another worker; tells how this one ended."""
        crew.remove(worker)
        how = worker.end()
        self.seats.append(worker.card)
        return how


def grade_class(
    batch: Batch, journal: Journal, publisher: Publisher, students: Sequence[str], digests: dict[str, str], tell: Callable[[Result], None]
) -> list[Result]:
    """Grade submissions and publish them; `tell` hears of each as soon as it is safe in the journal."""
    publisher.publish(journal.unpublished())
    pending: list[Result] = []
    done: list[Result] = []
    for result in batch.run(students, digests):
        journal.add(result)
        tell(result)
        pending.append(result)
        done.append(result)
        if len(pending) >= TOGETHER:
            publisher.publish(pending)
            pending.clear()
    publisher.publish(pending)
    return done
