"""`check("name")`: what a student calls in a notebook."""

from __future__ import annotations

import functools
import sys
from collections.abc import Container, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from course_utils import front, logbook
from course_utils.cells import Runs
from course_utils.checking.judge import check_exercise, not_run
from course_utils.checking.lab import Lab
from course_utils.checking.local import Local
from course_utils.checking.report import Report
from course_utils.errors import UserError
from course_utils.help import released
from course_utils.help.steps import last_line
from course_utils.help.worked import solutions_of
from course_utils.labs import find_lab


def check(exercise: str, *, instead: Any = None) -> Report | Unavailable:
    """Check one exercise of this notebook; the value is a report that shows itself and is worth its points.

    instead: judged in the place of the student's own answer, to show what a report looks like; nothing is recorded.
    """
    folder = front.folder()
    try:
        lab, place = find_lab(exercise, folder)
    except UserError as error:
        return Unavailable(str(error))
    namespace = _namespace()
    if instead is not None:
        return check_in(lab, exercise, {**namespace, exercise: instead})
    report = _report(lab, exercise, namespace)
    logbook.record(folder, lab.name, report, _RUNS.source_of(exercise), stopped=bool(_RUNS.why_not(exercise)))
    return report if report.first else report.with_hint(_last_line(lab.name, exercise, place, folder, namespace))


def check_all(exercise: str, solutions: str) -> Report | Unavailable:
    """Check one exercise with the hidden checks of its lab's solutions as well; what they earned is remembered."""
    public = check(exercise)
    lab = _source(Path(solutions))
    if isinstance(public, Unavailable) or exercise not in lab.checks:
        return public
    checks = lab.checks[exercise]
    reason = _RUNS.why_not(exercise)
    report = (
        not_run(exercise, checks, reason)
        if reason
        else check_exercise(exercise, checks, Local(_namespace()), lab.oracle, lab.seeds, lab.checks)
    )
    hidden = [verdict for verdict, check in zip(report.verdicts, checks, strict=True) if check.hidden]
    if hidden:
        logbook.record_hidden(front.folder(), lab.name, exercise, hidden)
    return report.with_hint(public.hint)


def _last_line(lab: str, exercise: str, place: Path, folder: Path, names: Container[str]) -> str:
    """What was gained by a pass, or how to get help; "" where the lab has none."""
    found = released.read(place)
    if found is None or exercise not in found.exercises:
        return ""
    entry = logbook.entry(folder, lab, exercise)
    return last_line(exercise, found.exercises[exercise], entry, names, answers=solutions_of(lab, folder) is not None)


def check_in(lab: Lab, exercise: str, namespace: Mapping[str, Any]) -> Report:
    """Check one exercise of a lab against a namespace, with the lab's public seeds."""
    public = {name: [check for check in checks if not check.hidden] for name, checks in lab.checks.items()}
    report = check_exercise(exercise, public[exercise], Local(namespace), lab.oracle, lab.seeds, public)
    return replace(report, kept_back=lab.kept_back.get(exercise, 0.0))


def _report(lab: Lab, exercise: str, namespace: Mapping[str, Any]) -> Report:
    reason = _RUNS.why_not(exercise)
    if not reason:
        return check_in(lab, exercise, namespace)
    public = [check for check in lab.checks[exercise] if not check.hidden]
    return replace(not_run(exercise, public, reason), kept_back=lab.kept_back.get(exercise, 0.0))


@functools.lru_cache(maxsize=1)
def _source(solutions: Path) -> Lab:
    return Lab.from_source(solutions)


class Unavailable:
    """Shown in a report's place when there is no such check; worth no points."""

    score = max_score = 0.0
    begun = True  # the sentence is for whoever asks

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def text(self) -> str:
        """The sentence."""
        return self.sentence

    def __repr__(self) -> str:
        return "0.0"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<div>{escape(self.sentence)}</div>"


def _namespace() -> Mapping[str, Any]:
    """The names of the notebook; outside IPython, of the caller."""
    shell = front.shell()
    return shell.user_ns if shell else sys._getframe(2).f_globals


_RUNS = Runs()


def _note_run(result: Any) -> None:
    """IPython calls this after every cell."""
    error = result.error_before_exec or result.error_in_exec
    stopped_at = _line_in_cell(error) if result.error_in_exec else 0
    _RUNS.note(result.info.raw_cell or "", f"{type(error).__name__}: {error}" if error else "", lambda name, line: line < stopped_at)


def _line_in_cell(error: BaseException) -> int:
    """The line of the cell where it stopped: the outermost frame that is no library's."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_name.startswith(("<module>", "<cell line")):
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return 0


if front.shell():
    front.shell().events.register("post_run_cell", _note_run)
