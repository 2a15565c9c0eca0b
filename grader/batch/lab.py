"""Grade a lab of a course from beginning to end; what `handgrad grade` and `handgrad demo` do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from course_utils.data import without_test_parts
from grader.batch.engine import LocalEngine
from grader.batch.grading import Class, look
from grader.batch.job import Desk, SandboxMaker, at_desk
from grader.batch.journal import Journal, Results
from grader.batch.orders import Orders
from grader.batch.publish import Publisher
from grader.batch.renew import Renewed, looked_at_again, prepare_pages, renew
from grader.batch.worker import Budget
from grader.books import Course, Scores, Standing, Touched, fingerprint, make_assignment, open_course, prepare, released_files, to_preload
from grader.intake import find_students, is_student
from grader.judging import FAILED, UNGRADABLE, Assignment, Result, sweep_traces
from grader.sandbox import Card, Limits, Sandbox, lend, sweep, without_cards

MOST = Budget(20.0, 60.0, 2**30)  # outside the sandbox, for one submission
GRACE = 60.0  # seconds beyond all of a submission's own limits


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
    pictures: bool = False  # whether every cell runs and draws, not only those that are needed
    gpu: bool = False
    own: Mapping[str, float] = field(default_factory=dict)  # parts of the grader's own budget that the instructor named
    asked: frozenset[str] = frozenset()  # the limits that the instructor named: a lab's budget leaves them alone


@dataclass
class Outcome:
    """What came of a run: all results by student, whose are of this run, and what the instructor should know."""

    results: Results
    graded: list[str]
    notes: list[str]
    faults: list[str] = field(default_factory=list)  # students on whom the grader itself failed in this run
    standings: Mapping[str, Standing] = field(default_factory=dict)  # what the gradebook holds, where it was looked at
    renewed: list[str] = field(default_factory=list)  # students whose pages alone were brought up to date

    @property
    def fresh(self) -> list[Result]:
        """The results of this run."""
        return [self.results[student] for student in self.graded]

    @property
    def well(self) -> bool:
        """Whether every submission has been read and judged, if only in part, and nothing of ours failed in this run."""
        states = self.results.states()
        return not (states[FAILED] or states[UNGRADABLE] or self.faults)


@dataclass
class Watch:
    """Whom to tell: first how many there are to grade, then each result."""

    begin: Callable[[int], None] = lambda count: None
    tell: Callable[[Result], None] = lambda result: None
    note: Callable[[str], None] = lambda sentence: None  # what the instructor should know, where no outcome says it


def grade_lab(options: Options, watch: Watch) -> Outcome:
    """Grade what is left to grade of one lab. Raises UserError for what a user can mend."""
    seats: list[Card | None] = [*lend(options.sandbox)] if options.gpu else [None] * options.workers
    try:
        with without_cards():
            return _grade(options, seats, watch)
    finally:
        sweep()  # workers are killed, never asked to tidy up


def _grade(options: Options, seats: list[Card | None], watch: Watch) -> Outcome:
    course = open_course(options.course)
    prepared = prepare(course, options.lab, options.solutions)
    if prepared[1] is not None:
        options = replace(options, limits=options.limits.allowing(prepared[1].budget, options.asked))
    with Journal(course.notes(options.lab)) as journal:
        sweep_traces(course.notes(options.lab))
        notes = _begin(journal, fingerprint(*prepared, options.solutions), options, replayable=prepared[1] is not None)
        assignment = make_assignment(course, options.lab, prepared, journal.seeds, options.limits.notebook_seconds)
        assignment = replace(assignment, pictures=options.pictures)
        desk = Desk(course, assignment, options.sandbox)
        digests = _look(desk, options, journal)
        left = {student: digest for student, digest in digests.items() if not _is_done(desk, journal, student, digest)}
        watch.begin(len(left))
        done = _grade_left(desk, journal, left, seats, options, watch) if left or journal.is_behind else _Done()
        notes += looked_at_again(done.touched)
        found = Renewed()
        if journal.results and not course.database.is_shown(options.lab):
            found = renew(desk, journal, options.workers, budget_of(0.0, 0.0, options.own))
        return Outcome(journal.results.of(digests), done.graded, notes, done.faults, found.standings, found.students)


def _begin(journal: Journal, state: str, options: Options, *, replayable: bool) -> list[str]:
    """Open or go on with a batch; what the instructor should know about it."""
    known = journal.fingerprint
    journal.begin(state, force=options.force)
    if known and known != state and journal.results and not options.force:
        again = "--replay judges them again, --force runs them again" if replayable else "--force grades them again"
        return [f"{options.lab} has changed since some submissions were graded: {again}."]
    return []


def _look(desk: Desk, options: Options, journal: Journal) -> dict[str, str]:
    """The state of every submission, by student, as a worker sees it; "" of a student of whom there is no result: grading looks at it."""
    students = find_students(desk.course.root / "submitted", desk.assignment.name)
    results = journal.results
    known = [student for student in students if student in results]
    states = dict.fromkeys(students, "")
    if not known:
        return states
    with LocalEngine(1, lambda card: at_desk(desk, None, card), budget_of(0.0, 0.0, options.own), [None]) as engine:
        return states | look(Orders(engine), known)


@dataclass
class _Done:
    """Whom a run graded, on whom the grader failed, and which marks of people may need another look."""

    graded: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    touched: list[Touched] = field(default_factory=list)


def _grade_left(desk: Desk, journal: Journal, left: dict[str, str], seats: list[Card | None], options: Options, watch: Watch) -> _Done:
    """Grade what is left and publish it."""
    prepare_pages(desk.assignment)
    budget = budget_of(warm_up(desk.assignment), _patience(options), options.own)
    maker = _maker(desk.course, options, desk.assignment) if left else None
    with (
        Scores(desk.course, options.lab) as scores,
        LocalEngine(options.workers, lambda card: at_desk(desk, maker, card), budget, seats) as engine,
    ):
        publisher = Publisher(desk.course, desk.assignment, journal, scores)
        # a card is lent to one submission at a time, and looked at in between
        window = len(seats) if options.gpu else 2 * options.workers
        group = Class(options.lab, options.sandbox, Orders(engine), journal, publisher, window, watch.tell)
        return _Done(group.grade(left), group.faults, scores.touched)


def _is_done(desk: Desk, journal: Journal, student: str, digest: str) -> bool:
    folder = desk.course.folder("autograded", student, desk.assignment.name)
    written = all((folder / f"{name}.ipynb").exists() for name in desk.names)
    return journal.is_done(student, digest) and (written or not is_student(student))


def warm_up(assignment: Assignment) -> float:
    """Let the reference and the mistakes answer once, before the workers are forked: they share the answers. Gives processor seconds."""
    before = time.process_time()
    if assignment.lab is not None:
        for exercise, checks in assignment.lab.checks.items():
            assignment.lab.oracle.helpers(exercise)
            for check in checks:
                for seed in check.asked_with(assignment.seeds):
                    assignment.lab.oracle.wanted(check, seed)
                    assignment.lab.oracle.mistakes(check, seed)
    return time.process_time() - before


def budget_of(reference_seconds: float, patience: float, asked: Mapping[str, Any] = MappingProxyType({})) -> Budget:
    """What one submission may cost outside the sandbox: three times what an honest one of this lab does, within bounds.

    To judge one, with all its mistakes, takes about as long as it took the reference and the known mistakes to answer;
    to read, repair and write it takes less than two seconds, however large it is.
    """
    cpu = min(MOST.cpu_seconds, 3 * (2.0 + reference_seconds))
    return Budget(cpu, max(patience, MOST.clock_seconds), MOST.memory_bytes)._replace(**asked)


def _maker(course: Course, options: Options, assignment: Assignment) -> SandboxMaker:
    modules = to_preload(assignment.templates, released_files(course, options.lab))
    lab = assignment.lab
    # the judge has them drawn again in the cells where somebody looks at them
    modules += [] if options.pictures or lab is None else ["grader.sandbox.no_pictures"]
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
