"""The laws that a lab keeps before students get it, asked in the order in which an author wants to hear of them.

`tests/test_laws.py` asks all of them, with more seeds and in the sandbox; here a clock stops the asking.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple

from course_utils.checking import Check, Lab, Local, Mistake, Raised, Report, check_exercise
from course_utils.checking.names import MODULE
from course_utils.checking.naming import Wrong, same_value
from course_utils.checking.trivial import trivial_answers

SEEDS = tuple(range(1000, 1020))  # none that a notebook knows
MOST_FOR_NOTHING = 0.05  # of a lab's points


class Held(NamedTuple):
    """What came of asking: a sentence for every law that is broken, and whether the time was enough for all of it."""

    broken: tuple[str, ...]
    whole: bool


def hold(lab: Lab, mistakes_text: str, where: str, time_left: Callable[[], bool]) -> Held:
    """Ask a lab's laws while there is time. `where` names its folder in the sentences, such as `solutions/lab04_backprop`."""
    found: dict[str, None] = {}
    for sentences in _steps(lab, mistakes_text):
        if not time_left():
            return Held(_told(found, where), whole=False)
        found |= dict.fromkeys(sentences)
    return Held(_told(found, where), whole=True)


def _told(found: Iterable[str], where: str) -> tuple[str, ...]:
    return tuple(f"{where}/{sentence}" + ("" if sentence.endswith("?") else ".") for sentence in found)


def _steps(lab: Lab, mistakes_text: str) -> Iterator[list[str]]:
    """One list of sentences after the other; the caller may stop between two of them."""
    yield list(_misspelt_parameters(lab))
    yield list(_misspelt_answers(mistakes_text, lab))
    broken = set()
    for exercise in lab.checks:
        sentences = list(_reference(lab, exercise))
        broken |= {exercise} if sentences else set()
        yield sentences
    sound = [exercise for exercise in lab.checks if exercise not in broken]  # what is asked of the others would only follow from it
    for exercise in sound:
        for mistake in lab.mistakes.get(exercise, ()):
            yield list(_mistake(lab, mistake))
        yield list(_alike(lab, exercise))
        yield list(_unsolved(lab, exercise))
    for seed, exercise in itertools.product(SEEDS, sound):
        yield list(_passes(lab, exercise, seed))
    if not broken:
        yield from _for_nothing(lab)


# --- what a probe asks for ---


def _misspelt_parameters(lab: Lab) -> Iterator[str]:
    for check in itertools.chain(*lab.checks.values()):
        for name in check.parameters:
            if name not in (*lab.reference, "rng", "subject") and not check.asked_for(name).startswith(MODULE):
                yield f"checks.py: the probe {check.probe.__name__} asks for {name}, which notebook.py does not define{_meant(name, lab)}"


def _misspelt_answers(text: str, lab: Lab) -> Iterator[str]:
    """`solution.lenght` in a mistake would raise, and an error that agrees with itself looks like a mistake that is known."""
    attributes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)]
    for node in attributes:
        if isinstance(node.value, ast.Name) and node.value.id == "solution" and node.attr not in lab.reference:
            yield f"mistakes.py, line {node.lineno}: notebook.py does not define {node.attr}{_meant(node.attr, lab)}"


def _meant(name: str, lab: Lab) -> str:
    near = get_close_matches(name, [each for each in lab.reference if not each.startswith("_")], n=1)
    return f": did you mean {near[0]}?" if near else ""


# --- the reference ---


def _reference(lab: Lab, exercise: str) -> Iterator[str]:
    for check in lab.checks[exercise]:
        for seed in check.asked_with(lab.seeds):
            trace = lab.oracle.wanted(check, seed)
            if trace.raised:
                yield f"checks.py: {_stumbled(check, trace.raised)}"
                return
            if not trace.observations:
                yield f"checks.py: the probe {check.probe.__name__} returns no observation, so every answer passes it"
                return
    for seed in lab.seeds:
        yield from _passes(lab, exercise, seed)


def _stumbled(check: Check, raised: Raised) -> str:
    said = f"{raised.type}: {raised.message}".removeprefix(": ")
    said = " ".join(said.split())[:200].rstrip(".")
    if raised.kind == "probe":
        return f"the probe {check.probe.__name__} cannot use what the reference of {check.exercise} returns ({said})"
    where = f", in the line {raised.line}" if raised.line else ""
    return f"the reference of {check.exercise} stops in the probe {check.probe.__name__} ({said}{where})"


def _passes(lab: Lab, exercise: str, seed: int) -> Iterator[str]:
    for check, verdict in zip(lab.checks[exercise], _report(lab, exercise, lab.reference.get(exercise), seed).verdicts, strict=True):
        if verdict.outcome != "passed":
            why = verdict.message.split("\n")[-1]
            yield (
                f"checks.py: the reference of {exercise} does not pass its own check {check.probe.__name__} with seed {seed} "
                f"({why}): nothing may depend on chance, and no input may be changed"
            )
            return


# --- wrong answers ---


def _mistake(lab: Lab, mistake: Mistake) -> Iterator[str]:
    report = _report(lab, mistake.exercise, mistake.subject)
    failed = [verdict for verdict in report.verdicts if verdict.outcome != "passed"]
    if not failed:
        yield f"mistakes.py: {mistake.name} is a right answer for every check of {mistake.exercise}: add a check, or delete the mistake"
    elif other := next((verdict for verdict in failed if verdict.mistake != mistake.sentence), None):
        said = f'"{other.mistake}"' if other.mistake else "nothing"
        yield f'mistakes.py: {mistake.name} is not told its own sentence in the check "{other.title}", but {said}'


def _alike(lab: Lab, exercise: str) -> Iterator[str]:
    known = lab.mistakes.get(exercise, ())
    keys = [(check, seed) for check in lab.checks[exercise] for seed in check.asked_with(lab.seeds)]
    for one, other in itertools.combinations(known, 2):
        if one.sentence == other.sentence:
            yield f"mistakes.py: {one.name} and {other.name} share a sentence: two mistakes of {exercise} need two"
        elif all(same_wrong(*(lab.oracle.mistakes(*key)[each.sentence] for each in (one, other))) for key in keys):
            yield f"mistakes.py: no observation tells {one.name} and {other.name} apart: add a check of {exercise} that does, or keep one"


def same_wrong(one: Wrong, other: Wrong) -> bool:
    """Whether two answers to one check are wrong in the same way."""
    if one.raised or other.raised:
        return one.raised is not None and other.raised is not None and one.raised[:3] == other.raised[:3]
    return one.values.keys() == other.values.keys() and all(same_value(one.values[name], other.values[name]) for name in one.values)


# --- no answer ---


def _unwritten(*args: Any, **kwargs: Any) -> Any:
    raise NotImplementedError


def _unsolved(lab: Lab, exercise: str) -> Iterator[str]:
    stub = _unwritten if callable(lab.reference.get(exercise)) else None
    for check, verdict in zip(lab.checks[exercise], _report(lab, exercise, stub).verdicts, strict=True):
        if verdict.outcome != "not attempted":
            ends = f'unsolved, {check.probe.__name__} ends as "{verdict.outcome}" and not as "not attempted"'
            yield f"checks.py: {ends}: let it call {exercise}"


def _for_nothing(lab: Lab) -> Iterator[list[str]]:
    """Each trivial answer in turn is put into every exercise."""
    answers = {exercise: list(trivial_answers(lab.reference.get(exercise))) for exercise in lab.checks}
    whole = sum(check.points for checks in lab.checks.values() for check in checks)
    for number in range(max(map(len, answers.values()), default=0)):
        earned = {}
        for exercise in lab.checks:
            if number < len(answers[exercise]):
                earned[exercise] = _report(lab, exercise, answers[exercise][number]).score
                yield []
        if sum(earned.values()) > MOST_FOR_NOTHING * whole:
            dear = ", ".join(f"{exercise} {points:g}" for exercise, points in earned.items() if points)
            yield [f"checks.py: an answer that does nothing earns more than 5 of 100 points ({dear}): ask what it gets wrong"]
            return


def _report(lab: Lab, exercise: str, subject: Any, *seeds: int) -> Report:
    return check_exercise(exercise, lab.checks[exercise], Local({**lab.reference, exercise: subject}), lab.oracle, seeds or lab.seeds)
