"""Ask an exercise a second time, with the judge in the place of helpers that are wrong: one slip is charged once.

What makes this safe, in this order:

1. The whole notebook has been judged: every verdict on a helper is final before anybody can ask the judge for it.
2. The judge stands in only for exercises that the reference itself calls, that stand earlier in the lab, that do not do the
   same as the exercise (`Oracle.helpers`), and that the student wrote and got wrong, or whose cell does not run. So two
   exercises that delegate to each other, or one that delegates to its equal, gain nothing.
3. The exercise is asked in a process of its own, made for it from the cells that came before its check, and closed afterwards:
   nothing that it learns there can be kept for another exercise.
4. What the judge computes for the student is bounded in size, number and seconds; what was printed is not shown.
"""

from __future__ import annotations

import signal
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from course_utils.checking.declare import Check
from course_utils.checking.helpers import is_wrong
from course_utils.checking.judge import Traces, judge, not_run, observe_all
from course_utils.checking.lab import Lab
from course_utils.checking.observe import Watch, sendable
from course_utils.checking.report import Report
from course_utils.checking.session import Ref, Session
from course_utils.checking.verdict import Verdict, shown
from grader.sandbox import Child

CALLS = 5000  # of all helpers together, while one exercise is asked
ENTRIES = 10**6  # of all arrays that one call is given
SECONDS = 1.0  # of our processor, for one call
ITEMS = 10_000  # of what a helper yields


class TooMuch(Exception):
    """The judge does not compute this."""


@dataclass
class Answers:
    """All that one exercise answered: the first time, and with the judge in its helpers' place where it was asked again.

    `called` are the exercises that it calls, `cells` how many cells had run well when it was checked, `blamed` the helpers
    that fail. `unrun` says why the cell of the exercise did not run; then it answered nothing. `shared` is what a wrong answer
    without a name gave with the seeds of `alike.SHARING`.
    """

    traces: Traces
    called: tuple[str, ...] = ()
    cells: int = 0
    blamed: tuple[str, ...] = ()
    wrong: bool = False
    again: Traces | None = None
    unrun: str = ""
    shared: Traces | None = None


def report_on(exercise: str, lab: Lab, answers: Answers, others: Mapping[str, Answers]) -> Report:
    """The report from what was answered; `others` are the exercises that were judged before."""
    checks = lab.checks[exercise]
    if answers.unrun:
        answers.wrong = True
        return not_run(exercise, checks, answers.unrun)
    report = judge(exercise, checks, answers.traces, lab.oracle)
    answers.wrong = is_wrong(report)
    if answers.wrong:
        helpers = lab.oracle.helpers(exercise)
        answers.blamed = tuple(name for name in helpers if name in answers.called and name in others and others[name].wrong)
    if answers.blamed:
        report = judge(exercise, checks, answers.traces, lab.oracle, answers.blamed)
    return report if answers.again is None else _with_helpers(report, answers, lab)


def replaceable(answers: Answers, lab: Lab) -> tuple[str, ...]:
    """The failing helpers that the judge can answer for: not a class, whose objects the student's code would have to hold."""
    return tuple(name for name in answers.blamed if not isinstance(lab.reference[name], type))


def ask_again(exercise: str, helpers: Sequence[str], lab: Lab, child: Child, seeds: Sequence[int]) -> Traces:
    """What an exercise answers, in a process that was made for it, with the reference's helpers."""
    calls, clock = iter(range(CALLS)), child.limits.call_seconds
    for name in helpers:
        child.bind(name, _stand_in(lab.reference[name], child, lab.checks[exercise][0], calls, clock))
    return observe_all(lab.checks[exercise], child, seeds, lab.oracle)


def _with_helpers(first: Report, answers: Answers, lab: Lab) -> Report:
    """Each check counts as it is better."""
    second = judge(first.exercise, lab.checks[first.exercise], answers.again or {}, lab.oracle)
    verdicts = tuple(_better(*pair) for pair in zip(first.verdicts, second.verdicts, strict=True))
    gained = sum(verdict.score for verdict in verdicts) - first.score
    came = f"{shown(gained)} more points are yours" if gained else "it still fails"
    note = f"asked again with a right {' and '.join(replaceable(answers, lab))} in its place: {came}"
    return replace(first, verdicts=verdicts, first=f"{first.first}; {note}")


def _better(one: Verdict, other: Verdict) -> Verdict:
    judged = other.outcome in ("passed", "failed") and other.score >= one.score
    return replace(other, printed="") if judged else one


def _stand_in(function: Callable[..., Any], session: Session, check: Check, calls: Iterator[int], clock: float) -> Callable[..., Any]:
    """The reference's function for a student's code to call, within bounds. What is no data is reached where it is."""
    watch = Watch(check, session)

    def stand_in(*args: Any, **kwargs: Any) -> Any:
        if next(calls, None) is None or _entries((args, kwargs)) > ENTRIES:
            raise TooMuch("a helper was asked for more than any check needs")
        with _within(SECONDS, clock):
            value = function(*map(reached, args), **{name: reached(arg) for name, arg in kwargs.items()})
            return sendable(list(islice(value, ITEMS)) if isinstance(value, types.GeneratorType) else value)

    def reached(value: Any) -> Any:
        return watch.wrap(value, "an argument") if isinstance(value, Ref) else value

    return stand_in


def _entries(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, Mapping):
        return sum(map(_entries, value.values()))
    return 1 + sum(map(_entries, value)) if isinstance(value, list | tuple) else 1


@contextmanager
def _within(processor: float, clock: float) -> Iterator[None]:
    """Break off what takes more seconds of our processor, or of the clock; a worker judges in its main thread.

    A helper may go through hundreds of the student's objects, one question after the other. How long the answers take on a machine
    that is busy is no fault of the student's: the clock allows what it allows for any call.
    """

    def late(number: int, frame: types.FrameType | None) -> None:
        raise TooMuch(f"a helper took longer than {processor if number == signal.SIGPROF else clock:g} s")

    timers = {signal.SIGPROF: (signal.ITIMER_PROF, processor), signal.SIGALRM: (signal.ITIMER_REAL, clock)}
    before = {number: signal.signal(number, late) for number in timers}
    for timer, seconds in timers.values():
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for timer, _ in timers.values():
            signal.setitimer(timer, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
