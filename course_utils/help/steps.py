"""Which hint comes next. Pure: the logbook's entry of an exercise says what came before."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, NamedTuple

from course_utils.help.page import in_letters
from course_utils.help.released import mark
from course_utils.help.source import Exercise, Hint

TRIES = 3  # different answers before the worked one is shown at once


class Step(NamedTuple):
    """A hint with its place among those that are meant for this student."""

    hint: Hint
    number: int
    of: int


def steps(exercise: Exercise, entry: Mapping[str, Any]) -> list[Step]:
    """All hints for this student: first those for the mistake that the last report named, or that were shown for one, then everybody's."""
    named, shown = {mark(sentence) for sentence in entry.get("mistakes", ())}, entry.get("hints", ())
    bound = [hint for hint in exercise.hints if hint.mistakes and (named & set(hint.mistakes) or hint.title in shown)]
    hints = [*bound, *exercise.steps]
    return [Step(hint, number, len(hints)) for number, hint in enumerate(hints, 1)]


def next_step(exercise: Exercise, entry: Mapping[str, Any]) -> Step | None:
    """The first hint that was not shown yet; None when all were."""
    taken = entry.get("hints", ())
    return next((step for step in steps(exercise, entry) if step.hint.title not in taken), None)


def taken(exercise: Exercise, entry: Mapping[str, Any]) -> int:
    """How many of the hints were shown."""
    return sum(step.hint.title in entry.get("hints", ()) for step in steps(exercise, entry))


def passed(entry: Mapping[str, Any]) -> bool:
    """Whether the last check of the exercise passed."""
    return bool(entry.get("max_score")) and entry.get("score", 0) >= entry["max_score"]


def last_line(exercise: str, found: Exercise, entry: Mapping[str, Any], names: Container[str], *, answers: bool) -> str:
    """What a report on an exercise ends with.

    `entry` knows that report already, `names` holds those of the notebook, `answers` says whether worked ones are at hand.
    """
    if passed(entry):
        return in_letters(found.gained)  # a report renders no formulas
    if all(outcome == "not attempted" for _, outcome in entry.get("outcomes", ())) and not entry.get("tries"):
        return ""
    step = next_step(found, entry)
    if step is None and answers:
        return f"Stuck? {_call('answer', exercise, names)} shows a worked answer."
    return f"Stuck? {_call('hint', exercise, names)} {_offer(step, taken(found, entry))}."


def _offer(step: Step | None, before: int) -> str:
    if step is None:
        return "shows all its hints again"
    if step.hint.mistakes:
        return "has a hint for this mistake"
    return f"gives the next hint, {step.number} of {step.of}" if before else "gives a first hint"


def _call(verb: str, exercise: str, names: Container[str]) -> str:
    """What to type: a notebook that was begun before there was help does not import it."""
    return f'{verb}("{exercise}")' if verb in names else f'from course_utils import {verb}; {verb}("{exercise}")'
