"""Grade a class: workers do the jobs, this process keeps the journal and the gradebook. One submission never stops another.

Nothing that a stranger wrote is looked at here: only names, digests, and results whose form was checked.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader.batch.engine import Fault, OverBudget
from grader.batch.journal import Journal
from grader.batch.orders import Ended, Orders
from grader.batch.publish import TOGETHER, Publisher
from grader.batch.worker import Lost
from grader.judging import FAILED, PARTIAL, Result

FAULT = "The grader itself failed on this submission; it will be tried again."
_LOOKED_AT = 20  # submissions in one order


@dataclass
class Class:
    """What is needed to grade one class; `window` orders are out at a time."""

    lab: str
    kind: str  # of sandbox
    orders: Orders
    journal: Journal
    publisher: Publisher
    window: int
    tell: Callable[[Result], None] = lambda result: None  # hears of each result as soon as it is safe in the journal
    faults: list[str] = field(default_factory=list)  # students on whom the grader itself failed
    _unwritten: list[Result] = field(default_factory=list)

    def grade(self, digests: Mapping[str, str]) -> list[str]:
        """Grade these submissions, given with their states, and publish them. Gives the students with a fresh result."""
        self._publish_left()
        queue, fresh = deque(digests), list[str]()
        while queue or self.orders:
            while queue and len(self.orders) < self.window:
                self.orders.give("grade", queue.popleft())
            for ended in self.orders.ended():
                for result in self._graded(ended, digests):
                    self.journal.add(result)
                    self.tell(result)
                    self._unwritten.append(result)
                    fresh.append(result.student)
            self._write(whole=bool(queue or self.orders.of("grade", "put aside")))
        self.publisher.note()
        return fresh

    def judge_again(self, students: Sequence[str], tell: Callable[[Result, Result | None], None]) -> None:
        """Judge recorded answers again and publish what changed; `tell` hears of each the old result and the new one."""
        queue, results = deque(students), self.journal.results
        while queue or self.orders:
            while queue and len(self.orders) < self.window:
                student = queue.popleft()
                self.orders.give("judge again", student, result=results[student].as_dict())
            for ended in self.orders.ended():
                if ended.order.job == "page":
                    self._page_ended(ended)
                    continue
                old = results[ended.order.student]
                fresh = self._judged_again(ended, old)
                if fresh is not None and fresh != old:
                    self.journal.add(fresh)
                    self._unwritten.append(fresh)
                tell(old, fresh)
            self._write(whole=bool(queue or self.orders.of("judge again")))
        self._publish_left()

    def render(self, pages: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Have pages rendered, given by student with what goes into each."""
        for student, more in pages:
            self.orders.give("page", student, **more)
            while len(self.orders) >= self.window:
                self._hear_of_pages()
        while self.orders:
            self._hear_of_pages()
        self.publisher.note()

    def _judged_again(self, ended: Ended, old: Result) -> Result | None:
        """The new result; None where there is none, or none in the form of one: then the submission has to be run again."""
        if ended.error is not None or ended.found["result"] is None:
            return None
        try:
            return Result.checked(ended.found["result"], old.student, self.lab)
        except ValueError:
            return None

    def _graded(self, ended: Ended, digests: Mapping[str, str]) -> Iterator[Result]:
        """The result, when there is one now. What used up its budget, or failed twice, is put aside with what was judged by then."""
        order, student = ended.order, ended.order.student
        if order.job == "page":
            self._page_ended(ended)
        elif ended.error is None:
            try:
                result = Result.checked(ended.found, student, self.lab)
            except ValueError as odd:  # as bad as an error of ours
                yield from self._graded(Ended(order, error=Fault(str(odd), "", [])), digests)
            else:
                yield replace(result, digest=result.digest or digests[student])
        elif isinstance(ended.error, Lost) or order.job == "put aside":
            yield Result(student, self.lab, digests[student], FAILED, FAULT, sandbox=self.kind, detail=str(ended.error))
        else:
            if not isinstance(ended.error, OverBudget):
                self.faults.append(student)
            told = so_far(Result(student, self.lab, digests[student], PARTIAL, sandbox=self.kind), ended.error)
            self.orders.give("put aside", student, result=told.as_dict())

    def _page_ended(self, ended: Ended) -> None:
        if ended.error is not None and "plain" not in ended.order.more:  # once more, with nothing of the student's in it
            self.orders.give("page", ended.order.student, **ended.order.more, plain=True)
        else:
            self.publisher.is_written(ended.order.student, there=ended.error is not None or ended.found["written"])

    def _publish_left(self) -> None:
        """What a killed grader had not yet published."""
        for result in self.journal.unpublished():
            self._unwritten.append(result)
            self._write(whole=True)
            while len(self.orders) >= self.window:
                self._hear_of_pages()
        self._write(whole=False)
        self.render(())

    def _hear_of_pages(self) -> None:
        for ended in self.orders.ended():
            self._page_ended(ended)

    def _write(self, *, whole: bool) -> None:
        """Bring results into the gradebook and have their pages rendered; `whole`: only when a transaction is full."""
        if len(self._unwritten) >= (TOGETHER if whole else 1):
            results, self._unwritten = self._unwritten, []
            for student, more in self.publisher.write(results):
                self.orders.give("page", student, **more)


def so_far(empty: Result, error: OverBudget | Fault) -> Result:
    """What a submission had told before it was given up, in place of a result in which nothing is yet."""
    told = [json.loads(line) for line in error.so_far]
    head: dict[str, str] = next((line for line in told if "digest" in line), {})
    exercises = {name: entry for line in told for name, entry in line.get("exercises", {}).items()}
    if isinstance(error, OverBudget):
        reason, detail = f"it used up what the grader allows for one submission: {error}", ""
    else:
        reason, detail = f"the grader itself failed on it twice ({error})", error.detail
    reason = f"Graded in part: {reason}. What was judged before counts; your instructor can grade the rest."
    exercises = {name: entry for name, entry in exercises.items() if entry is not None}
    digest = head.get("digest", empty.digest)
    return replace(empty, digest=digest, reason=reason, detail=detail, timestamp=head.get("timestamp"), exercises=exercises)


def look(orders: Orders, students: Sequence[str]) -> dict[str, str]:
    """The state of every submission, by student; "" of one that cannot be looked at, which grading will meet again."""
    digests = dict.fromkeys(students, "")
    for group in _groups(students):
        orders.give("look", group[0], students=group)
    while orders:
        for ended in orders.ended():
            group = ended.order.more["students"]
            if ended.error is None:
                digests |= {student: str(ended.found[student])[:64] for student in group}
            elif len(group) > 1:  # one of them is to blame: each on its own
                for student in group:
                    orders.give("look", student, students=[student])
    return digests


def _groups(students: Sequence[str]) -> Iterable[Sequence[str]]:
    return (students[first : first + _LOOKED_AT] for first in range(0, len(students), _LOOKED_AT))
