"""Grade one submission where there is no course: from its folder and the bundle of its assignment to a result.

A worker with a sandbox does it, within the budget that a submission of a class has, and never longer than it is told.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from traitlets.config import Config

from course_utils.errors import UserError
from grader.batch.cluster.bundle import Bundle, pack, read_lab, settings_of, unpack
from grader.batch.cluster.payload import Malformed
from grader.batch.engine import Fault, LocalEngine, OverBudget
from grader.batch.grading import FAULT, so_far
from grader.batch.job import Desk, at_desk
from grader.batch.journal import SEEDS
from grader.batch.lab import budget_of, covered, maker_of, patience_of, warm_up
from grader.batch.orders import Ended, Orders
from grader.books import Course, make_assignment, prepare
from grader.judging import FAILED, PARTIAL, Assignment, Result, kernels_of
from grader.sandbox import Kind, Limits, without_cards

_STRUCTURE = "{nbgrader_step}/{assignment_id}/{student_id}"  # so that one folder stands for the student's
_LEAST_SECONDS = 5.0

__all__ = ["Alone", "covered", "packed"]


def packed(course: Course, lab: str, solutions: Path | None) -> tuple[Assignment, bytes]:
    """An assignment of a course, and its bundle: all that grading takes, references included. UserError for one that cannot go alone."""
    prepared = prepare(course, lab, solutions)
    limits = course.settings.limits(Limits(), ())
    limits = limits if prepared[1] is None else limits.allowing(prepared[1].budget, ())
    assignment = make_assignment(course, lab, prepared, (), limits.notebook_seconds)
    if others := sorted(kernel.language for kernel in kernels_of(assignment.templates).values()):
        raise UserError(f"{lab} has notebooks in {others[0]}: what is built for another host has Python's kernel only.")
    limits = limits.holding(list(map(len, assignment.files.values())))
    sources = read_lab(assignment.lab, solutions)
    return assignment, pack(Bundle(assignment, "bwrap", limits, {}, settings_of(course.config), sources))


@dataclass(frozen=True)
class Alone:
    """One assignment, read from its bundle; `scratch` is a folder of ours, for as long as it is graded."""

    bundle: Bundle
    scratch: Path

    @staticmethod
    def read(packed: bytes, scratch: Path) -> Alone:
        """Raises UserError for a bundle of another Handgrad."""
        try:
            found = unpack(packed, scratch)
        except Malformed as reason:
            raise UserError(f"The assignment cannot be read: {reason}. Export it again.") from None
        seeds = tuple(secrets.randbits(48) for _ in range(SEEDS))  # whoever hands in twice is asked something else
        return Alone(replace(found, assignment=replace(found.assignment, seeds=seeds)), scratch)

    @property
    def assignment(self) -> Assignment:
        """What is graded."""
        return self.bundle.assignment

    def grade(self, folder: Path, kind: Kind, seconds: float, closed: tuple[Path, ...] = ()) -> Result:
        """Grade what lies in a folder, in so many seconds at most; what is `closed` must be so to students' code.

        Raises UserError where there is no sandbox of this kind.
        """
        with without_cards():
            return self._grade(folder, kind, time.monotonic() + seconds, closed)

    def _grade(self, folder: Path, kind: Kind, until: float, closed: tuple[Path, ...]) -> Result:
        settings: Mapping[str, object] = dict(self.bundle.settings)
        course = Course(self.scratch / "course", Config({**settings, "CourseDirectory": {"directory_structure": _STRUCTURE}}))
        base, _ = course.layout.split("submitted", self.assignment.name)
        base.parent.mkdir(parents=True)
        base.symlink_to(folder.resolve().parent)
        desk = Desk(course, self.assignment, kind, accept_renamed=True)
        budget = budget_of(warm_up(self.assignment), patience_of(self.bundle.limits), self.bundle.own)
        left = max(_LEAST_SECONDS, until - time.monotonic())
        maker = maker_of(self.assignment, self.bundle.limits, kind, (*closed, self.scratch))
        within = budget._replace(clock_seconds=min(budget.clock_seconds, left))
        with LocalEngine(1, lambda card: at_desk(desk, maker, card), within, [None]) as engine:
            return self._ordered(Orders(engine), folder.name, kind)

    def _ordered(self, orders: Orders, student: str, kind: Kind) -> Result:
        """The result of the one order; what used up its budget, or failed twice, counts as far as it came."""
        empty = Result(student, self.assignment.name, "", PARTIAL, sandbox=kind)
        ended = _ended(orders, "grade", student)
        if isinstance(ended.error, OverBudget | Fault):
            ended = _ended(orders, "put aside", student, result=so_far(empty, ended.error).as_dict())
        if ended.error is not None:
            return replace(empty, status=FAILED, reason=FAULT, detail=str(ended.error))
        return Result.checked(ended.found, student, self.assignment.name)


def _ended(orders: Orders, job: str, student: str, **more: object) -> Ended:
    orders.give(job, student, **more)
    while True:
        for ended in orders.ended():
            return ended
