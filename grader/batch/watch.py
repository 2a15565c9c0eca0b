"""What an instructor sees while a class is graded and afterwards. Students' words are shown as text, never as markup."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from types import MappingProxyType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from grader.batch.journal import Results
from grader.batch.lab import Options, Outcome, Watch
from grader.books import Standing
from grader.intake import one_line
from grader.judging import FAILED, GRADED, Result, mistakes_of, telling

COLOURS = {"graded": "green", "partial": "yellow", "ungradable": "red", "failed": "bold red"}
LOG_WIDTH = 140
TABLE_ROWS = 250  # of one table: what a class of thousands fills is printed as it comes
QUIET_SECONDS = 2.0  # in a log, nothing is said of what is done sooner


@contextmanager
def progress(lab: str) -> Iterator[Watch]:
    """A progress bar on stderr in a terminal; elsewhere a line now and then."""
    if sys.stderr.isatty():
        with _bar(lab) as watch:
            yield watch
    else:
        yield _Lines(lab)


@contextmanager
def _bar(lab: str) -> Iterator[Watch]:
    told = TextColumn("{task.fields[pace]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), told)
    # refreshed by hand: a thread of ours must not be there when a worker is forked
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True) as bar:
        task: list[TaskID] = []
        pace = _Pace()

        def begin(count: int) -> None:
            pace.begin(count)
            task.append(bar.add_task(f"grading {lab}", total=count, pace=""))
            bar.refresh()

        def tell(result: Result) -> None:
            pace.step()
            bar.update(task[0], advance=1, pace=", ".join(filter(None, (pace.rate(), pace.at_work()))))
            bar.refresh()

        yield Watch(begin, pace.set_workers, tell)


class _Pace:
    """How fast a class is graded, in words."""

    def __init__(self) -> None:
        self.count = self.total = self._workers = 0
        self._began = time.monotonic()

    def begin(self, total: int) -> None:
        self.total, self._began = total, time.monotonic()

    def set_workers(self, count: int) -> None:
        self._workers = count

    def step(self) -> None:
        self.count += 1

    def rate(self) -> str:
        """Submissions a minute since the start, which counts as well."""
        seconds = time.monotonic() - self._began
        return f"{60 * self.count / seconds:.3g} a minute" if seconds else ""

    def left(self) -> str:
        """The time that the rest takes at this rate."""
        return f"{lateness((time.monotonic() - self._began) / self.count * (self.total - self.count))} left" if self.count else ""

    def at_work(self) -> str:
        return f"{self._workers} worker{'' if self._workers == 1 else 's'}" if self._workers else ""


class _Lines(Watch):
    """Progress as lines of a log."""

    def __init__(self, lab: str) -> None:
        self._lab, self._pace, self._last = lab, _Pace(), time.monotonic()
        super().__init__(self._pace.begin, self._pace.set_workers, self._tell)

    def _tell(self, result: Result) -> None:
        self._pace.step()
        if time.monotonic() - self._last > QUIET_SECONDS:
            self._last, pace = time.monotonic(), self._pace
            told = ", ".join(filter(None, (pace.rate(), pace.left(), pace.at_work())))
            print(f"grading {self._lab}: {pace.count} of {pace.total} ({told})", file=sys.stderr, flush=True)


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=LOG_WIDTH)


def class_table(results: Iterable[Result], standings: Mapping[str, Standing] = MappingProxyType({})) -> None:
    """Student, score, state, and the one line that says most; a large class in parts.

    With what the gradebook holds, the score is that after marks and penalties, and who was late is told.
    """
    some_late = any(standing.late or standing.penalty for standing in standings.values())
    some_wait = any(standing.to_mark for standing in standings.values())
    rest = iter(results)
    while rows := list(islice(rest, TABLE_ROWS)):
        table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
        table.add_column("student", no_wrap=True)
        table.add_column("score", justify="right", no_wrap=True)
        for wanted, column in ((some_late, "late"), (some_wait, "to mark")):
            if wanted:
                table.add_column(column, justify="right", no_wrap=True)
        table.add_column("state", no_wrap=True)
        table.add_column("most telling", overflow="ellipsis", no_wrap=True, ratio=1)
        for result in rows:
            held = standings.get(result.student)
            table.add_row(
                Text(one_line(result.student, 40)),
                _score(result, held),
                *([_late(held)] if some_late else []),
                *([str(len(held.to_mark) or "") if held else ""] if some_wait else []),
                Text(result.status, COLOURS[result.status]),
                Text(one_line(telling(result), 200)),
            )
        _console().print(table)


def _score(result: Result, held: Standing | None) -> str:
    if held is None or result.status == FAILED:
        return f"{result.score:g}/{result.max_score:g}"
    return f"{round(held.total, 2):g}/{round(held.max_score, 2):g}"


def _late(held: Standing | None) -> str:
    """How late, and what that took away."""
    if held is None or not (held.late or held.penalty):
        return ""
    return f"{lateness(held.late)}{f', -{round(held.penalty, 2):g}' if held.penalty else ''}"


def lateness(seconds: float) -> str:
    """A time in two words: days and hours, or hours and minutes, or the next smaller ones."""
    whole = int(seconds)
    parts = ((whole // 86400, "d"), (whole // 3600 % 24, "h"), (whole // 60 % 60, "min"), (whole % 60, "s"))
    first = next((at for at, (count, _) in enumerate(parts) if count), 3)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or "0 s"


def mistake_table(results: Iterable[Result], most: int | None = None) -> None:
    """The known mistakes of a class, the most common first, those of one exercise together; `most` is how many to show."""
    found, order = Counter[tuple[str, str]](), dict[str, int]()
    for result in results:
        found.update(mistakes_of(result))
        for name in result.exercises:
            order.setdefault(name, len(order))
    if not found:
        return
    ranked = sorted(found.items(), key=lambda item: (-item[1], order[item[0][0]]))
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("students", justify="right")
    table.add_column("exercise", no_wrap=True)
    table.add_column("mistake")
    for (exercise, sentence), count in ranked[:most]:
        table.add_row(str(count), Text(exercise), Text(sentence))
    if most and len(found) > most:
        table.add_row("", "", f"and {len(found) - most} more, each as rare or rarer")
    _console().print(table)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Text]], numbers: Collection[str] = ()) -> None:
    """A table of a few columns, the last of which may be long; columns named in `numbers` stand to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, justify="right" if name in numbers else "left", no_wrap=name != columns[-1])
    for row in rows:
        table.add_row(*row)
    _console().print(table)


def summary(outcome: Outcome, options: Options) -> str:
    """What was done, in a sentence or two."""
    if not outcome.results:
        left_out = " that is to be graded" if outcome.unknown or outcome.passed_over else ""
        return f"Nothing to grade: {outcome.submitted} has no submission of {options.lab}{left_out}."
    renewed = _renewed(outcome.renewed)
    if not outcome.graded:
        return f"{_nothing_left(outcome, options.lab)}{renewed}"
    fresh = outcome.results.of(outcome.graded)
    done = f"New results{on_devices(fresh.values())} for {_of(len(fresh), len(outcome.results))}: {_states(fresh)}."
    return f"{done}{renewed}{without_sandbox(fresh.values())}{_faults(outcome.faults)}"


def _nothing_left(outcome: Outcome, lab: str) -> str:
    """Everybody has a result; not everybody was graded."""
    everybody, one = _of(len(outcome.results), len(outcome.results)), len(outcome.results) == 1
    if set(outcome.results.states()) == {GRADED}:
        return f"Nothing left to grade: {everybody} of {lab} {'is' if one else 'are'} graded (--force grades again)."
    known = f"{everybody} of {lab} {'has its result' if one else 'have their results'}: {_states(outcome.results)}"
    return f"Nothing new to grade: {known} (--force grades again)."


def _of(count: int, everybody: int) -> str:
    if everybody == 1:
        return "the one submission"
    return f"all {everybody} submissions" if count == everybody else f"{count} of {everybody} submissions"


def _states(results: Results) -> str:
    states = results.states()
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items(), key=lambda item: item[0] != GRADED))


def _renewed(students: Sequence[str]) -> str:
    """Whose pages follow what a person wrote."""
    if not students:
        return ""
    told = "1 page was" if len(students) == 1 else f"{len(students)} pages were"
    return f" {told} renewed from the gradebook: {some(students)}."


def on_devices(results: Iterable[Result]) -> str:
    """Which GPUs were lent, if any."""
    devices = sorted({result.device for result in results if result.device})
    return f" on {' and '.join(map(one_line, devices))}" if devices else ""


def without_sandbox(results: Iterable[Result]) -> str:
    """A warning, when some were graded without isolation."""
    loose = sum(result.sandbox == "none" for result in results)
    return f" {loose} of them WITHOUT A SANDBOX: that code could do all that you can do." if loose else ""


def _faults(students: list[str]) -> str:
    """Where the grader itself failed: the instructor should know, and we should hear of it."""
    if not students:
        return ""
    return f" The grader itself failed on {some(students)}: what was judged before counts, and the journal has the traceback."


def some(students: Sequence[str], most: int = 5) -> str:
    """Students by name, the first few of many."""
    rest = len(students) - most
    names = ", ".join(one_line(student, 40) for student in students[:most])
    return f"{names} and {rest} more" if rest > 0 else names
