"""Grade a lab of a course from beginning to end; what `handgrad grade` and `handgrad demo` do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from course_utils.data import without_test_parts
from grader.batch.journal import Journal
from grader.batch.pool import GRACE, Batch, grade_class
from grader.batch.publish import Publisher
from grader.batch.worker import SandboxMaker
from grader.books import Course, Scores, fingerprint, make_assignment, open_course, prepare, released_files, to_preload
from grader.intake import find_students, is_student, read_submission
from grader.judging import FAILED, Assignment, Result, sweep_traces
from grader.sandbox import Card, Limits, Sandbox, lend, without_cards


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    lab: str
    course: Path
    solutions: Path | None
    workers: int
    sandbox: Literal["bwrap", "none"]
    force: bool
    limits: Limits
    pictures: bool = True
    gpu: bool = False
    asked: frozenset[str] = frozenset()  # the limits that the instructor named: a lab's budget leaves them alone


@dataclass
class Outcome:
    """What came of a run: all results by student, those that this run made, and what the instructor should know."""

    results: dict[str, Result]
    fresh: list[Result]
    notes: list[str]

    @property
    def well(self) -> bool:
        """Whether every submission has been read and judged, if only in part."""
        return all(result.status not in (FAILED, "ungradable") for result in self.results.values())


@dataclass
class Watch:
    """Whom to tell: first how many there are to grade, then each result, then that publishing has ended."""

    begin: Callable[[int], None] = lambda count: None
    tell: Callable[[Result], None] = lambda result: None


def grade_lab(options: Options, watch: Watch) -> Outcome:
    """Grade what is left to grade of one lab. Raises UserError for what a user can mend."""
    seats: list[Card | None] = [*lend(options.sandbox)] if options.gpu else [None] * options.workers
    with without_cards():
        return _grade(options, seats, watch)


def _grade(options: Options, seats: list[Card | None], watch: Watch) -> Outcome:
    course = open_course(options.course)
    prepared = prepare(course, options.lab, options.solutions)
    if prepared[1] is not None:
        options = replace(options, limits=options.limits.allowing(prepared[1].budget, options.asked))
    notes = []
    with Journal(course.notes(options.lab)) as journal:
        sweep_traces(course.notes(options.lab))
        state = fingerprint(*prepared, options.solutions)
        known = journal.fingerprint
        journal.begin(state, force=options.force)
        if known and known != state and not options.force:
            notes.append(
                f"{options.lab} has changed since some submissions were graded: --replay judges them again, --force runs them again."
            )
        assignment = make_assignment(course, options.lab, prepared, journal.seeds, options.limits.notebook_seconds)
        digests = submitted_digests(course, assignment)
        left = [student for student in digests if not _is_done(course, assignment, journal, student, digests[student])]
        watch.begin(len(left))
        with Scores(course, options.lab) as scores:
            publisher = Publisher(course, assignment, journal, scores)
            maker, kind = _maker(course, options, assignment), options.sandbox
            batch = Batch(course, assignment, maker, kind, options.workers, seats, _patience(options))
            warm_up(assignment)
            fresh = grade_class(batch, journal, publisher, left, digests, watch.tell)
        return Outcome({student: journal.results[student] for student in digests}, fresh, notes)


def submitted_digests(course: Course, assignment: Assignment) -> dict[str, str]:
    """The state of every submission, by student."""
    submitted = course.root / "submitted"
    now = datetime.now(UTC).replace(tzinfo=None)
    names = tuple(template.name for template in assignment.templates)
    students = find_students(submitted, assignment.name)
    return {student: _digest(submitted, student, assignment.name, names, now) for student in students}


def _digest(submitted: Path, student: str, lab: str, names: tuple[str, ...], now: datetime) -> str:
    try:
        return read_submission(submitted, student, lab, names, now).digest
    except Exception:  # noqa: BLE001 - a mistake of ours stops nobody else: the worker will meet it too, and tell of it
        return ""


def _is_done(course: Course, assignment: Assignment, journal: Journal, student: str, digest: str) -> bool:
    folder = course.folder("autograded", student, assignment.name)
    written = all((folder / f"{template.name}.ipynb").exists() for template in assignment.templates)
    return journal.is_done(student, digest) and (written or not is_student(student))


def warm_up(assignment: Assignment) -> None:
    """Let the reference and the mistakes answer once, before the workers are forked: they share the answers."""
    if assignment.lab is None:
        return
    for checks in assignment.lab.checks.values():
        for check in checks:
            for seed in check.asked_with(assignment.seeds):
                assignment.lab.oracle.wanted(check, seed)
                assignment.lab.oracle.mistakes(check, seed)


def _maker(course: Course, options: Options, assignment: Assignment) -> SandboxMaker:
    modules = to_preload(assignment.templates, released_files(course, options.lab))
    modules += [] if options.pictures else ["grader.sandbox.no_pictures"]
    lab = assignment.lab
    # what a lab does not ask to be done by hand may be done with torch, as in the notebook
    hidden = ("torch",) if lab is not None and lab.by_hand else ()
    replaced = without_test_parts() if lab is not None else {}

    def make(card: Card | None) -> Sandbox:
        return Sandbox(preload=modules, hide=hidden, replace=replaced, limits=options.limits, kind=options.sandbox, card=card)

    return make


def _patience(options: Options) -> float:
    """Longer than any submission can take that keeps to its limits: restarts share the notebook's time."""
    limits = options.limits
    return 2 * (limits.notebook_seconds + limits.cell_seconds + limits.call_seconds) + GRACE
