"""Judge one answer at the notebook's door and at the grader's: the same cells, checks and seeds."""

from __future__ import annotations

import linecache
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any, NamedTuple, Self

from course_utils.cells import Runs
from course_utils.checking import Local, Report, Session, check_exercise
from course_utils.checking.judge import not_run
from course_utils.data import without_test_parts
from grader.sandbox import CellResult, Limits, Sandbox

from .corpus import Stranger
from .forked import BROKE, NEVER_ENDS, in_fork
from .notebook import Notebook, compiled
from .words import sentences

# of the processor, for what one answer is asked in a notebook, torch's import included; and where a lab trains networks
SECONDS, TRAINING = 6.0, 20.0
CALL_SECONDS, TRAINING_CALL = 10.0, 60.0  # that one call may take at the grader's door: torch's first use of a device imports for seconds


class Said(NamedTuple):
    """What one check said. `sentences` are those of its words that are a diagnosis, `compared` whether there are numbers."""

    title: str
    outcome: str
    score: float
    max_score: float
    message: str
    mistake: str | None
    sentences: list[str]
    compared: bool


class Told(NamedTuple):
    """What an answer was told; `ended` says why it was told nothing."""

    score: float = 0.0
    max_score: float = 0.0
    text: str = ""
    verdicts: tuple[Said, ...] = ()
    milliseconds: float = 0.0
    raised: bool = False
    ended: str = ""

    @property
    def full(self) -> bool:
        return not self.ended and self.score == self.max_score

    @property
    def sentences(self) -> list[str]:
        return list(dict.fromkeys(sentence for said in self.verdicts for sentence in said.sentences))

    @staticmethod
    def of(value: Any, trouble: str) -> Told:
        """From what a forked process wrote."""
        if trouble:
            return Told(ended=trouble)
        told = Told(*value)
        return told._replace(verdicts=tuple(Said(*said) for said in told.verdicts))


def at_notebook(notebook: Notebook, stranger: Stranger, seeds: Sequence[int]) -> tuple[Told, Told]:
    """What the public checks say, and what all checks say.

    Every answer gets a process of its own, and each of the two questions one more: so all begin with a clean namespace, modules
    included, and an answer may exit or hang. With the oracle warm, a fork costs some milliseconds.
    """
    notebook.warm_up(stranger.exercise, seeds)
    seconds = TRAINING if notebook.lab.budget else SECONDS

    def answers() -> list[Any]:
        namespace, reason = run_cells(notebook.with_answer(stranger), stranger.exercise)
        told: list[Any] = []
        for checks in (notebook.public(stranger.exercise), notebook.lab.checks[stranger.exercise]):
            stuck = told and told[0][1]  # it would not come back from more checks either
            ask = partial(_ask, notebook, stranger, checks, Local(namespace), seeds)
            ask = partial(_not_run, stranger, checks, reason) if reason else ask
            told.append(told[0] if stuck else in_fork(ask, seconds))
        return told

    value, trouble = in_fork(answers, 5 * seconds)
    if trouble:
        return Told(ended=trouble), Told(ended=trouble)
    public, whole = (Told.of(*each) for each in value)
    return public, whole


def run_cells(sources: Sequence[str], exercise: str) -> tuple[dict[str, Any], str]:
    """A notebook's namespace after these cells, and why the exercise's cell did not run, if it did not.

    A cell that raises leaves what it made before, as in a notebook.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    runs = Runs()
    for number, source in enumerate(sources):
        name = f"<cell {number}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        error = ""
        try:
            exec(compiled(source, name), namespace)
        except BaseException as raised:  # noqa: BLE001 - a stranger's cell may raise anything, SystemExit too
            error = f"{type(raised).__name__}: {raised}"
        runs.note(source, error, lambda name, line: name in namespace)
    return namespace, runs.why_not(exercise)


def _not_run(stranger: Stranger, checks: Sequence[Any], reason: str) -> Told:
    return _told(not_run(stranger.exercise, checks, reason), 0.0, raised=True)


def _ask(notebook: Notebook, stranger: Stranger, checks: Sequence[Any], session: Session, seeds: Sequence[int]) -> Told:
    listening = _Listening(session)
    started = time.process_time()
    report = check_exercise(stranger.exercise, checks, listening, notebook.lab.oracle, seeds)
    return _told(report, 1000 * (time.process_time() - started), listening.raised)


class _Listening:
    """A session that remembers whether the answer raised an error."""

    def __init__(self, session: Session) -> None:
        self.lookup, self.forget = session.lookup, session.forget
        self._perform, self.raised = session.perform, False

    def perform(self, *args: Any, **kwargs: Any) -> Any:
        reply = self._perform(*args, **kwargs)
        self.raised |= reply.raised is not None and reply.raised.type != "StopIteration"
        return reply


def _told(report: Report, milliseconds: float, raised: bool) -> Told:
    verdicts = tuple(
        Said(v.title, v.outcome, v.score, v.max_score, v.message, v.mistake, sentences(v), v.difference is not None)
        for v in report.verdicts
    )
    return Told(report.score, report.max_score, report.text(), verdicts, milliseconds, raised)


class GraderDoor:
    """A sandbox for one lab's answers.

    Each answer gets a child of its own: it is forked from a process that has the imports, and the cells are only definitions, so
    that it costs less than it would to undo what an answer did to its modules.
    """

    def __init__(self, notebook: Notebook) -> None:
        self._notebook, lab = notebook, notebook.lab
        by_hand = any(check.by_hand for checks in lab.checks.values() for check in checks)
        hide = ("torch",) if by_hand else ()
        modules = [*notebook.modules(), *([] if hide else ["torch"]), "grader.sandbox.no_pictures"]
        limits = Limits(call_seconds=TRAINING_CALL if lab.budget else CALL_SECONDS).allowing(lab.budget, ())
        self._sandbox = Sandbox(modules, hide, without_test_parts(), replace(limits, notebook_seconds=900, cpu_seconds=900))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._sandbox.close()

    def public(self, stranger: Stranger, seeds: Sequence[int]) -> Told:
        """What the public checks say of the answer in the sandbox."""
        with self._sandbox.start() as child:
            runs, checks = Runs(), self._notebook.public(stranger.exercise)
            for source in self._notebook.with_answer(stranger):
                runs.note(source, _error_of(child.execute(source)), lambda name, line: child.lookup(name).raised is None)
            if reason := runs.why_not(stranger.exercise):
                return _not_run(stranger, checks, reason)
            try:
                return _ask(self._notebook, stranger, checks, child, seeds)
            except Exception as error:  # noqa: BLE001 - what the engine itself raises is what is measured
                return Told(ended=f"{BROKE}: {type(error).__name__}: {error}"[:300])


def _error_of(result: CellResult) -> str:
    """How a cell ended, when it did not end well."""
    if result.status == "ok":
        return ""
    errors = [f"{output['ename']}: {output['evalue']}" for output in result.outputs if output["output_type"] == "error"]
    return errors[-1] if errors else result.reason or result.status


def disagreement(notebook: Told, grader: Told) -> str:
    """Where the two doors differ in a public check's outcome, points or words; empty when they agree."""
    if notebook.ended == NEVER_ENDS:  # in a notebook the student interrupts it, the grader does so itself
        return "" if grader.ended or not grader.full else f"notebook: {notebook.ended}; grader: full marks"
    if notebook.ended or grader.ended:
        same = notebook.ended == grader.ended or any(said.outcome == "could not run" for said in grader.verdicts)
        return "" if same else f"notebook: {notebook.ended or _points(notebook)}; grader: {grader.ended or _points(grader)}"
    for mine, other in zip(notebook.verdicts, grader.verdicts, strict=True):
        for what in ("outcome", "score", "message"):
            one, two = getattr(mine, what), getattr(other, what)
            if one != two:
                return f"{what} of “{mine.title}”: notebook {one!r}; grader {two!r}"
    return ""


def _points(told: Told) -> str:
    return f"{told.score:g} of {told.max_score:g} points"
