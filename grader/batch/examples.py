"""Read examples of answers out of graded notebooks, in a worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from grader.batch.engine import LocalEngine
from grader.batch.job import Desk, at_desk
from grader.batch.orders import Orders
from grader.batch.worker import Budget
from grader.books import Course
from grader.judging import Assignment

_OWN = Budget(20.0, 60.0, 2**30)  # for one notebook
_AHEAD = 4  # orders that are out at a time


class Wanted(NamedTuple):
    """An example that is asked for: an exercise of these notebooks, as this student answered it, whom these names name."""

    student: str
    exercise: str
    notebooks: tuple[str, ...]
    names: tuple[str, ...]


class Example(NamedTuple):
    """Code without names, "" where there is none or where it could not be read; `whole`: it is Python that defines the exercise."""

    code: str = ""
    whole: bool = False


def read_examples(course: Course, lab: str, wanted: Sequence[Wanted]) -> list[Example]:
    """An example of each."""
    found: dict[Wanted, Example] = {}
    if not wanted:
        return []
    desk, waiting = Desk(course, Assignment(lab, (), None, (), {}, 0.0), "bwrap"), list(dict.fromkeys(wanted))
    with LocalEngine(1, lambda card: at_desk(desk, None, card), _OWN, [None]) as engine:
        orders = Orders(engine)
        while waiting or orders:
            while waiting and len(orders) < _AHEAD:
                one = waiting.pop(0)
                orders.give("example", one.student, exercise=one.exercise, notebooks=one.notebooks, names=one.names)
            for ended in orders.ended():
                more = ended.order.more
                one = Wanted(ended.order.student, more["exercise"], more["notebooks"], more["names"])
                found[one] = Example() if ended.error is not None else Example(str(ended.found["code"]), ended.found["whole"] is True)
    return [found[one] for one in wanted]
