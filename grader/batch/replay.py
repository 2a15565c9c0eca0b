"""Judge a class again from what its code answered: a changed tolerance, mistake or number of points needs no second run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import UserError
from grader.batch.engine import LocalEngine
from grader.batch.grading import Class
from grader.batch.job import Desk, accepts_renamed, at_desk
from grader.batch.journal import Journal, read_results
from grader.batch.lab import Watch, budget_of, warm_up
from grader.batch.orders import Orders
from grader.batch.publish import Publisher
from grader.batch.renew import looked_at_again
from grader.books import Scores, fingerprint, make_assignment, open_course, prepare
from grader.judging import GRADED, PARTIAL, Result


@dataclass(frozen=True)
class Change:
    """One student's score by the checks before and after; `after` is None when the submission has to be run again."""

    student: str
    before: float
    after: float | None


def left_out(lab: str, root: Path) -> list[str]:
    """The students of whom no answers were kept, because nothing could be graded."""
    results = read_results(open_course(root).notes(lab))
    return sorted(student for student, result in results.items() if result.status not in (GRADED, PARTIAL))


def replay_lab(lab: str, root: Path, solutions: Path | None, workers: int = 1, watch: Watch | None = None) -> list[Change]:
    """Judge every graded submission of a lab again and publish what changed."""
    watch = watch or Watch()
    course = open_course(root)
    prepared = prepare(course, lab, solutions)
    if prepared[1] is None:
        raise UserError(f"{lab} is not in {solutions}: only labs with checks can be judged again without running them.")
    with Journal(course.notes(lab)) as journal, Scores(course, lab) as scores:
        if not journal.results:
            raise UserError(f"{lab} has not been graded in {root}: run `handgrad grade {lab}` first.")
        assignment = make_assignment(course, lab, prepared, journal.seeds, 0.0)
        desk = Desk(course, assignment, "bwrap", accept_renamed=accepts_renamed(course.notes(lab), False))
        students = sorted(journal.results.with_status(GRADED, PARTIAL))
        changes: list[Change] = []
        watch.begin(len(students))

        def hear(old: Result, fresh: Result | None) -> None:
            changes.append(Change(old.student, old.score, None if fresh is None else fresh.score))
            watch.tell(fresh or old)

        budget = budget_of(warm_up(assignment), 0.0)
        with LocalEngine(workers, lambda card: at_desk(desk, None, card), budget, [None] * workers) as engine:
            publisher = Publisher(course, assignment, journal, scores)
            Class(lab, desk.kind, Orders(engine), journal, publisher, 2 * workers).judge_again(students, hear)
        for sentence in looked_at_again(scores.touched):
            watch.note(sentence)
        if all(change.after is not None for change in changes):  # else some still have what the older checks gave
            journal.begin(fingerprint(*prepared, solutions, course.settings.told(lab)), force=False, judged=True)
    return sorted(changes, key=lambda change: change.student)
