"""What grading one submission produced, as plain data: a line of the journal, a line of `--json`, a row of the gradebook."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from course_utils.cells import AT_LINE, UNRUN
from course_utils.checking.report import Report
from grader.judging.alike import Print

GRADED, PARTIAL, UNGRADABLE, FAILED = "graded", "partial", "ungradable", "failed"
# answers that nobody read; and how the digest of all that may bear on a cell which is not the student's begins
UNREADABLE, PUT_ASIDE, ABOVE = "unreadable", "put aside", "above:"
PUBLIC = ("student", "lab", "status", "score", "max_score", "seconds", "sandbox", "device", "reason", "repairs", "exercises")

_FEW = 3  # exercises that one line names


@dataclass
class CellScore:
    """One graded cell: `auto` is None when a person has to grade it; `answer` names the state of what it grades."""

    auto: float | None
    max: float
    answer: str = ""


@dataclass
class Result:
    """All that came of one submission.

    `cells` is by notebook and grade_id, and so are `answers`, the digests of those that have no points of their own;
    `no_response` names the answers that are as they were released.
    """

    student: str
    lab: str
    digest: str
    status: str
    reason: str = ""
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    sandbox: str = ""
    device: str = ""  # the GPU that was lent; empty: none
    timestamp: str | None = None
    cells: dict[str, dict[str, CellScore]] = field(default_factory=dict)
    no_response: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    exercises: dict[str, dict[str, Any]] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)
    memory_bytes: int = 0
    processor_seconds: float = 0.0  # of the student's processes and of judging; `seconds` are those of the clock
    detail: str = ""  # our own traceback when the status is `failed`; for the instructor only

    @property
    def key(self) -> tuple[str, str]:
        return self.student, self.digest

    def public(self) -> dict[str, Any]:
        """The line that `--json` prints."""
        return {name: getattr(self, name) for name in PUBLIC}

    def as_dict(self) -> dict[str, Any]:
        """The line that the journal keeps."""
        cells = {notebook: {name: vars(cell) for name, cell in scores.items()} for notebook, scores in self.cells.items()}
        return {**vars(self), "cells": cells}

    @staticmethod
    def from_dict(stored: Mapping[str, Any]) -> Result:
        """Read a line of the journal; keys that it does not know are ignored."""
        known = {item.name for item in fields(Result)}
        fresh: dict[str, Any] = {name: value for name, value in stored.items() if name in known}
        cells = fresh.get("cells", {})
        fresh["cells"] = {notebook: {name: CellScore(**cell) for name, cell in scores.items()} for notebook, scores in cells.items()}
        return Result(**fresh)

    @staticmethod
    def checked(stored: Any, student: str, lab: str) -> Result:
        """A result that a worker sent, when it has the form of one and is of this student. ValueError when not."""
        if not isinstance(stored, dict) or (stored.get("student"), stored.get("lab")) != (student, lab):
            raise ValueError(f"a worker answered for somebody else than {student!r}")
        try:
            result = Result.from_dict(stored)
            answers = [cell.answer for cells in result.cells.values() for cell in cells.values()]
            answers += [answer for named in result.answers.values() for answer in named.values()]
        except (TypeError, AttributeError):
            raise ValueError(f"a worker answered for {student!r} in a form that no result has") from None
        texts = (result.digest, result.status, result.reason, result.sandbox, result.device, result.detail, *result.repairs, *answers)
        numbers = (result.score, result.max_score, result.seconds, result.memory_bytes, result.processor_seconds)
        scores = [number for cells in result.cells.values() for cell in cells.values() for number in (cell.auto or 0.0, cell.max)]
        well = (
            all(isinstance(text, str) for text in texts)
            and all(isinstance(number, int | float) and math.isfinite(number) for number in (*numbers, *scores))
            and result.status in (GRADED, PARTIAL, UNGRADABLE, FAILED)
            and all(map(_is_entry, result.exercises.values()))
        )
        if not well:
            raise ValueError(f"a worker answered for {student!r} in a form that no result has")
        return result

    def count(self) -> None:
        """Add up the cells, as nbgrader does: what waits for a person counts 0 until then."""
        scores = [cell for cells in self.cells.values() for cell in cells.values()]
        self.score = round(sum(cell.auto or 0.0 for cell in scores), 6)
        self.max_score = round(sum(cell.max for cell in scores), 6)


def _is_entry(entry: Any) -> bool:
    """Whether something has the form of what `exercise_entry` makes."""
    checks = entry.get("checks") if isinstance(entry, dict) else None
    return isinstance(checks, list) and all(map(_is_check, checks)) and _is_alike(entry.get("alike"))


def _is_alike(alike: Any) -> bool:
    """Whether something may say how a wrong answer is known: nothing, or its print and what it answered."""
    if alike is None:
        return True
    try:
        return isinstance(alike["said"], str) and len(alike["said"]) < 1000 and bool(Print.parse(alike["print"]))
    except (ValueError, KeyError, TypeError):
        return False


def _is_check(check: Any) -> bool:
    return (
        isinstance(check, dict)
        and all(isinstance(check.get(name), str) for name in ("title", "outcome", "message"))
        and all(isinstance(check.get(name), int | float) and math.isfinite(check[name]) for name in ("score", "max_score"))
        and isinstance(check.get("mistake"), str | None)
    )


def exercise_entry(report: Report) -> dict[str, Any]:
    """One exercise as `--json` tells it; `first` says that the fault lies in an exercise that this one calls."""
    return {
        "score": report.score,
        "max_score": report.max_score,
        "first": report.first,
        "checks": [
            {
                "title": verdict.title,
                "outcome": verdict.outcome,
                "score": verdict.score,
                "max_score": verdict.max_score,
                "message": verdict.message,
                "mistake": verdict.mistake,
            }
            for verdict in report.verdicts
        ],
    }


def mistakes_of(result: Result) -> Sequence[tuple[str, str]]:
    """(exercise, sentence) of every known mistake that was recognised, each once."""
    found = [
        (name, check["mistake"]) for name, exercise in result.exercises.items() for check in exercise["checks"] if check.get("mistake")
    ]
    return list(dict.fromkeys(found))


def failures(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The checks of an exercise that failed or could not run, also where the student's own cell is the reason."""
    return [check for check in entry["checks"] if check["outcome"] in ("failed", "could not run") or _unrun(check)]


def _unrun(check: Mapping[str, Any]) -> bool:
    return check["outcome"] == "not attempted" and str(check["message"]).startswith(UNRUN)


def sentence_of(check: Mapping[str, Any]) -> str:
    """The sentence on a failed check that says most: the mistake, else the last line of its message, with the error before it."""
    lines = [line for line in check["message"].split("\n") if not line.startswith("also wrong")]
    last = ", ".join(lines[-2:]) if lines[-1].startswith(AT_LINE) else lines[-1]
    return str(check.get("mistake") or last or check["title"])


def _unwritten(result: Result) -> str:
    """What a student left out, where anything was checked."""
    names = [name for name, exercise in result.exercises.items() if {check["outcome"] for check in exercise["checks"]} == {"not attempted"}]
    if not names:
        return ""
    if len(names) == len(result.exercises):
        return "nothing was written"
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return f"not written: {', '.join(names[:_FEW])}{more}"


def telling(result: Result) -> str:
    """The one line that says most: why it was not graded, else the mistake or failure that cost most points, else what is missing."""
    if result.reason:
        return result.reason
    worst, sentence = 0.0, ""
    for name, exercise in result.exercises.items():
        if exercise.get("first"):  # the cause is told, and not what follows from it
            continue
        for check in failures(exercise):
            lost = check["max_score"] - check["score"] + (0.5 if check.get("mistake") else 0.0)
            if lost > worst:
                worst, sentence = lost, f"{name}: {sentence_of(check)}"
    return sentence or _unwritten(result)
