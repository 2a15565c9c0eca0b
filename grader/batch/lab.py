"""Grade a lab of a course from beginning to end; what `handgrad grade` and `handgrad demo` do."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from course_utils.data import without_test_parts
from grader import files
from grader.batch.chosen import choose
from grader.batch.cluster.bundle import BUNDLE, Bundle, pack, read_lab, settings_of
from grader.batch.engine import LocalEngine
from grader.batch.grading import Class, look
from grader.batch.job import Desk, SandboxMaker, accepts_renamed, at_desk
from grader.batch.journal import Journal, Results
from grader.batch.orders import Orders
from grader.batch.publish import Publisher
from grader.batch.renew import Renewed, looked_at_again, prepare_pages, renew
from grader.batch.worker import Budget
from grader.books import Scores, Standing, Touched, fingerprint, make_assignment, open_course, prepare, require_packages, to_preload
from grader.intake import is_student
from grader.judging import FAILED, SHARING, UNGRADABLE, Assignment, Result, kernels_of, sweep_traces
from grader.sandbox import Card, Kind, Limits, Sandbox, lend, prove_kernels, sweep, without_cards

MOST = Budget(20.0, 60.0, 2**30)  # outside the sandbox, for one submission
GRACE = 60.0  # seconds beyond all of a submission's own limits


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    lab: str
    course: Path
    solutions: Path | None
    workers: int
    sandbox: Kind
    force: bool
    limits: Limits
    pictures: bool = False  # whether every cell runs and draws, not only those that are needed
    gpu: bool = False
    on: str = ""  # the engine that does the jobs, as `open_engine` takes it; empty: this machine
    insecure: bool = False  # whether an engine may do without encryption
    own: Mapping[str, float] = field(default_factory=dict)  # parts of the grader's own budget that the instructor named
    asked: frozenset[str] = frozenset()  # the limits that the instructor named: a lab's budget leaves them alone
    students: tuple[str, ...] = ()  # whose submissions: ids, or patterns of ids as nbgrader has them; none: whom the settings name
    without: frozenset[str] = frozenset()  # packages that may be missing
    accept_renamed: bool = False  # whether a notebook with another name counts from now on, where there is none with the right one


@dataclass
class Outcome:
    """What came of a run: all results by student, whose are of this run, and what the instructor should know."""

    results: Results
    graded: list[str]
    notes: list[str]
    faults: list[str] = field(default_factory=list)  # students on whom the grader itself failed in this run
    unknown: list[str] = field(default_factory=list)  # students who were not graded because the gradebook does not have them
    passed_over: list[str] = field(default_factory=list)  # students whom the course's settings leave out
    submitted: Path = Path("submitted")
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
        return not (states[FAILED] or states[UNGRADABLE] or self.faults or self.unknown)


@dataclass
class Watch:
    """Whom to tell: first how many there are to grade, then by how many workers, then each result."""

    begin: Callable[[int], None] = lambda count: None
    workers: Callable[[int], None] = lambda count: None  # how many can be at work at a time
    tell: Callable[[Result], None] = lambda result: None
    note: Callable[[str], None] = lambda sentence: print(sentence, file=sys.stderr, flush=True)  # of what is no student's


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
    options = replace(options, force=options.force or course.settings.force, limits=course.settings.limits(options.limits, options.asked))
    if prepared[1] is not None:
        options = replace(options, limits=options.limits.allowing(prepared[1].budget, options.asked))
    with Journal(course.notes(options.lab)) as journal:
        _tidy(course.notes(options.lab))
        state = fingerprint(*prepared, options.solutions, course.settings.told(options.lab))
        notes = [*course.settings.notes, *_begin(journal, state, options, replayable=prepared[1] is not None)]
        assignment = make_assignment(course, options.lab, prepared, journal.seeds, options.limits.notebook_seconds)
        assignment = replace(assignment, pictures=options.pictures)
        options = replace(options, limits=options.limits.holding(list(map(len, assignment.files.values()))))
        assignment = assignment if options.on else with_kernels(assignment)
        desk = Desk(course, assignment, options.sandbox, accept_renamed=accepts_renamed(course.notes(options.lab), options.accept_renamed))
        chosen = choose(course, options.lab, options.students)
        digests = _look(desk, options, journal, chosen.students)
        again = options.force and bool(options.students)
        left = {student: digest for student, digest in digests.items() if again or not _is_done(desk, journal, student, digest)}
        if left and assignment.lab is None:
            require_packages(course, options.lab, assignment.files, left, options.without)
        watch.begin(len(left))
        done = _grade_left(desk, journal, left, seats, options, watch) if left or journal.is_behind else _Done()
        notes += [*chosen.notes(), *looked_at_again(done.touched)]
        found = Renewed()
        if journal.results and not course.database.is_shown(options.lab):
            found = renew(desk, journal, options.workers, budget_of(0.0, 0.0, options.own))
        elif done.graded:  # the pages are up to date: the table needs the marks all the same
            with Scores(course, options.lab, to_write=False) as scores:
                found = Renewed(standings=scores.read())
        return Outcome(
            journal.results.of(digests),
            done.graded,
            notes,
            done.faults,
            chosen.unknown,
            chosen.passed_over,
            chosen.submitted,
            found.standings,
            found.students,
        )


def _tidy(notes: Path) -> None:
    """Take away what a run that was killed left here; of what it had packed for other machines, some is secret."""
    sweep_traces(notes)
    files.sweep(notes)
    (notes / BUNDLE).unlink(missing_ok=True)


def _begin(journal: Journal, state: str, options: Options, *, replayable: bool) -> list[str]:
    """Open or go on with a batch; what the instructor should know about it."""
    # whoever is graded again alone is asked what the class was asked
    journal.begin(state, force=options.force and not options.students)
    if not options.force and not journal.is_of(state):
        again = "--replay judges them again, --force runs them again" if replayable else "--force grades them again"
        return [f"{options.lab} has changed since some submissions were graded: {again}."]
    return []


def _look(desk: Desk, options: Options, journal: Journal, students: list[str]) -> dict[str, str]:
    """The state of their submissions, by student, as a worker sees it; "" of a student of whom there is no result: grading looks at it."""
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
    with Scores(desk.course, options.lab) as scores, _engine(desk, seats, options, watch, grades=bool(left)) as (engine, window):
        publisher = Publisher(desk.course, desk.assignment, journal, scores)
        group = Class(options.lab, options.sandbox, Orders(engine), journal, publisher, window, watch.tell)
        return _Done(group.grade(left), group.faults, scores.touched)


@contextmanager
def _engine(desk: Desk, seats: list[Card | None], options: Options, watch: Watch, *, grades: bool) -> Iterator[tuple[Executor, int]]:
    """What does the jobs, and how many to give it at a time."""
    if options.on and grades:
        from grader.batch.cluster.elsewhere import Elsewhere
        from grader.batch.cluster.engines import open_engine

        settings, lab = settings_of(desk.course.config), read_lab(desk.assignment.lab, options.solutions)
        packed = pack(Bundle(desk.assignment, options.sandbox, options.limits, options.own, settings, lab))
        with (
            open_engine(options.on, options.workers, insecure=options.insecure) as found,
            Elsewhere(found.executor, desk, packed, watch.note) as elsewhere,
        ):
            watch.workers(found.workers)
            yield elsewhere, 2 * found.workers
        return
    prepare_pages(desk.assignment)
    budget = budget_of(warm_up(desk.assignment), patience_of(options.limits), options.own)
    closed = [desk.course.root, *([options.solutions] if options.solutions else [])]
    maker = maker_of(desk.assignment, options.limits, options.sandbox, closed) if grades else None
    with LocalEngine(options.workers, lambda card: at_desk(desk, maker, card), budget, seats) as engine:
        watch.workers(len(seats))
        # a card is lent to one submission at a time, and looked at in between
        yield engine, len(seats) if options.gpu else 2 * options.workers


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
                for seed in check.asked_with(SHARING):
                    assignment.lab.oracle.wanted(check, seed)
    return time.process_time() - before


def budget_of(reference_seconds: float, patience: float, asked: Mapping[str, Any] = MappingProxyType({})) -> Budget:
    """What one submission may cost outside the sandbox: three times what an honest one of this lab does, within bounds.

    To judge one, with all its mistakes, takes about as long as it took the reference and the known mistakes to answer;
    to read, repair and write it takes less than two seconds, however large it is.
    """
    cpu = min(MOST.cpu_seconds, 3 * (2.0 + reference_seconds))
    return Budget(cpu, max(patience, MOST.clock_seconds), MOST.memory_bytes)._replace(**asked)


def with_kernels(assignment: Assignment) -> Assignment:
    """The assignment with the kernels of its notebooks that are not Python's. UserError when one is not installed here."""
    return replace(assignment, kernels={name: kernel.name for name, kernel in kernels_of(assignment.templates).items()})


def maker_of(assignment: Assignment, limits: Limits, kind: Kind, closed: Sequence[Path] = ()) -> SandboxMaker:
    """Makes the sandbox of a worker; a container that is the sandbox has to keep what is `closed` from students' code."""
    kernels = kernels_of(assignment.templates)
    in_python = tuple(template for template in assignment.templates if template.name not in kernels)
    modules = to_preload(in_python, assignment.files) if in_python else []
    lab = assignment.lab
    modules += ["grader.sandbox.as_nbgrader"] if lab is None else []
    # the judge has them drawn again in the cells where somebody looks at them
    modules += [] if assignment.pictures or lab is None else ["grader.sandbox.no_pictures"]
    hidden, replaced = covered(assignment)

    def make(card: Card | None) -> Sandbox:
        own = {kernel.name: kernel for kernel in kernels.values()}
        sandbox = Sandbox(modules, hidden, replaced, limits, kind, card, list(own.values()), closed)
        try:
            prove_kernels(sandbox)
        except BaseException:
            sandbox.close()
            raise
        return sandbox

    return make


def covered(assignment: Assignment) -> tuple[tuple[str, ...], dict[Path, bytes]]:
    """The packages that students' code does not find, and by path what files of packages hold for it in place of what they do."""
    lab = assignment.lab
    # what a lab does not ask to be done by hand may be done with torch, as in the notebook
    return ("torch",) if lab is not None and lab.by_hand else (), without_test_parts() if lab is not None else {}


def patience_of(limits: Limits) -> float:
    """Longer than any submission can take that keeps to its limits: restarts share the notebook's time."""
    return 2 * (limits.notebook_seconds + limits.cell_seconds + limits.call_seconds) + GRACE
