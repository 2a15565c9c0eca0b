"""A result in the words of the hosts: what Gradescope and PrairieLearn read as `results.json`. Values to values, by the grammars of both.

A student sees at once what the public checks say. What the hidden ones say waits on Gradescope until grades are published; PrairieLearn
shows everything at once, so there they are one line of an exercise, without their sentences.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.intake import one_line
from grader.judging import FAILED, UNGRADABLE, Assignment, Result

MOST_BYTES = 1_000_000  # PrairieLearn's limit, and nobody reads more
OURS = "This submission could not be graded, and that is not your fault: the grader itself did not work. Please tell your instructor."
_LINES, _SENTENCES = 12, 12
_LINE = 300  # characters
_MARKUP = re.compile(r"([\\`*_{}\[\]#|~$!])")


@dataclass(frozen=True)
class Test:
    """One line of what a student sees. `mistake` is a sentence of the author's, `lines` are what the comparison says."""

    exercise: str
    title: str
    score: float
    max_score: float
    hidden: bool = False
    mistake: str = ""
    lines: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.score >= self.max_score


def tests_of(result: Result, assignment: Assignment) -> list[Test]:
    """Every check of a lab, or every graded cell of another assignment that no person has to grade; none where nothing was read."""
    if result.status in (UNGRADABLE, FAILED):
        return []
    return list(_checks(result, assignment) if assignment.lab else _cells(result, assignment))


def by_hand(result: Result) -> dict[str, float]:
    """The points that a person gives, by cell."""
    return {name: cell.max for cells in result.cells.values() for name, cell in cells.items() if cell.auto is None}


def gradescope(result: Result, assignment: Assignment) -> dict[str, Any]:
    """What Gradescope reads. Text is Markdown, with nothing of a student's outside of blocks of code."""
    tests = [
        {
            "name": f"{test.exercise}: {test.title}" if test.title else test.exercise,
            "number": str(number),
            "score": test.score,
            "max_score": test.max_score,
            "status": "passed" if test.passed else "failed",
            "output": _markdown(test),
            "visibility": "after_published" if test.hidden else "visible",
        }
        for number, test in enumerate(tests_of(result, assignment), 1)
    ]
    found = {
        "score": result.score,
        "execution_time": round(result.seconds, 3),
        "output": "\n\n".join(map(as_markdown, sentences(result))),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "extra_data": {"handgrad": {"state": result.status, "sandbox": result.sandbox}},
        "tests": tests,
    }
    return _within(found)


def prairielearn(result: Result, assignment: Assignment) -> dict[str, Any]:
    """What PrairieLearn reads: plain text, and a score between 0 and 1 of what is not given by a person."""
    if result.status in (UNGRADABLE, FAILED):
        told = sentences(result)
        return {"gradable": False, "score": 0.0, "format_errors": told, "message": told[0], "tests": []}
    most = result.max_score - sum(by_hand(result).values())
    tests = [
        {
            "name": test.exercise,
            "description": test.title,
            "points": test.score,
            "max_points": test.max_score,
            "message": "" if test.passed else test.mistake,
            "output": "" if test.passed else "\n".join(test.lines),
        }
        for test in _folded(tests_of(result, assignment))
    ]
    score = min(1.0, max(0.0, result.score / most)) if most > 0 else 0.0
    return _within({"gradable": True, "score": score, "message": "\n".join(sentences(result)), "output": "", "tests": tests})


def sentences(result: Result) -> list[str]:
    """What is to be said of a whole submission; of one that could not be graded, one sentence."""
    if result.status == FAILED:
        return [OURS]
    reason = one_line(result.reason, 1000)
    if result.status == UNGRADABLE:
        return [f"This submission could not be graded. {reason}"]
    told = [reason] if reason else []
    told += [one_line(sentence) for sentence in dict.fromkeys(result.repairs)][:_SENTENCES]
    waiting = [f"{one_line(name, 60)} ({points:g})" for name, points in by_hand(result).items()]
    return [*told, *([f"A person gives the points of {', '.join(waiting)}."] if waiting else [])]


def as_markdown(text: str) -> str:
    """Plain text that Markdown shows as it is."""
    return _MARKUP.sub(r"\\\1", html.escape(text, quote=False))


def _checks(result: Result, assignment: Assignment) -> Iterator[Test]:
    assert assignment.lab is not None
    for exercise, checks in assignment.lab.checks.items():
        entry = result.exercises.get(exercise)
        judged: Sequence[Mapping[str, Any] | None] = entry["checks"] if entry else [None] * len(checks)
        first = entry["first"] if entry else ""
        for check, found in zip(checks, judged, strict=True):
            if found is None:
                yield Test(exercise, one_line(check.title), 0.0, float(check.points), check.hidden, lines=("It was not judged.",))
            else:
                yield _judged(exercise, found, first, hidden=check.hidden)


def _judged(exercise: str, found: Mapping[str, Any], first: str, *, hidden: bool) -> Test:
    score, most = float(found["score"]), float(found["max_score"])
    mistake = one_line(found["mistake"] or "")
    lines = [] if found["outcome"] == "passed" else [one_line(line, _LINE) for line in str(found["message"]).split("\n")[:_LINES]]
    if found["outcome"] == "not attempted" and not any(lines):
        lines = ["Nothing was written yet."]
    told = tuple(line for line in [one_line(first), *lines] if line and line != mistake)
    return Test(exercise, one_line(found["title"]), score, most, hidden, mistake, told if found["outcome"] != "passed" else ())


def _cells(result: Result, assignment: Assignment) -> Iterator[Test]:
    """nbgrader's cells; one with hidden tests shows what it gave when all grades are published."""
    tests = [(template.name, cell) for template in assignment.templates for cell in template.graded if cell.locked]
    hidden = {(notebook, cell.grade_id) for notebook, cell in tests if cell.source.strip() != cell.released.strip()}
    for notebook, cells in result.cells.items():
        for name, cell in cells.items():
            if cell.auto is not None:
                yield Test(one_line(name), "", cell.auto, cell.max, (notebook, name) in hidden)


def _folded(tests: Sequence[Test]) -> list[Test]:
    """With the hidden ones of each exercise as one line that says nothing of what they ask."""
    told, kept = [], dict[str, list[Test]]()
    for test in tests:
        if not test.hidden:
            told.append(test)
        elif test.exercise in kept:
            kept[test.exercise].append(test)
        else:
            kept[test.exercise] = [test]
    for exercise, some in kept.items():
        scores, most = sum(test.score for test in some), sum(test.max_score for test in some)
        told.append(Test(exercise, "checks that are not shown", round(scores, 6), round(most, 6)))
    order = list(dict.fromkeys(test.exercise for test in tests))
    return sorted(told, key=lambda test: order.index(test.exercise))


def _markdown(test: Test) -> str:
    """The author's sentence, and below it what the comparison says, as code: Markdown does nothing there, whatever it holds."""
    mistake = f"**{as_markdown(test.mistake)}**" if test.mistake and not test.passed else ""
    if not test.lines:
        return mistake
    # a paragraph always comes first: a host that strips a text would take the first line out of the block
    return "\n\n".join([mistake or "The check says:", "\n".join(f"    {line}" for line in test.lines)])


def _within(found: dict[str, Any]) -> dict[str, Any]:
    """No larger than a host takes: where there is too much to say, the last tests say nothing but their points."""
    over = len(json.dumps(found)) - MOST_BYTES
    for test in reversed(found["tests"]):
        if over <= 0:
            break
        over -= len(json.dumps(test["output"]))
        test["output"] = ""
    return found
