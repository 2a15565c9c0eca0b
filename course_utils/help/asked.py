"""What happens when a student asks for a hint or an answer: the next page to show, remembered in the logbook.

A notebook and a terminal ask the same; `words` is how the reader asks again there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from course_utils import logbook
from course_utils.help.page import Page
from course_utils.help.released import find
from course_utils.help.source import Exercise
from course_utils.help.steps import TRIES, Step, next_step, passed, steps
from course_utils.help.worked import solutions_of, worked

IN_NOTEBOOK, IN_TERMINAL = '{verb}("{name}")', "handgrad {verb} {name}"
SOLUTIONS = {IN_NOTEBOOK: 'answer("{name}", solutions="DIR")', IN_TERMINAL: "handgrad answer {name} --solutions DIR"}
GIVE_UP = {IN_NOTEBOOK: "give_up=True", IN_TERMINAL: "--give-up"}
_SO_FAR = ("not tried", "made one attempt at", "made two different attempts at")


def next_hint(exercise: str, folder: Path, words: str = IN_NOTEBOOK) -> Page:
    """The next hint for an exercise of the notebook in `folder`. Raises UserError for an exercise that nobody knows."""
    lab, found = find(exercise, folder)
    entry = logbook.entry(folder, lab.name, exercise)
    step = next_step(found, entry)
    after = _answer_line(exercise, solutions_of(lab.name, folder) is not None, words)
    if step is None:
        return _all_again(exercise, found, entry, after)
    logbook.update(folder, lab.name, exercise, lambda entry: entry.setdefault("hints", []).append(step.hint.title))
    more = after if step.number == step.of else f"`{words.format(verb='hint', name=exercise)}` again gives the next one."
    return Page(f"**{exercise}, hint {step.number} of {step.of}: {step.hint.title}**\n\n{step.hint.text}\n\n{more}")


def worked_answer(exercise: str, folder: Path, *, give_up: bool, solutions: str | Path | None = None, words: str = IN_NOTEBOOK) -> Page:
    """The worked answer, after three different attempts, when asked twice, or on giving up; otherwise a sentence.

    Raises UserError for an exercise that nobody knows, and where there are no solutions.
    """
    lab, _ = find(exercise, folder)
    source = solutions_of(lab.name, folder, solutions)
    if source is None:
        told = f"`{SOLUTIONS[words].format(name=exercise)}` reads them in a checkout of Handgrad"
        return Page(f"There are no worked answers here, because {lab.name} came without its solutions: {told}.")
    entry = logbook.entry(folder, lab.name, exercise)
    tries = len(entry.get("tries", ()))
    if not (give_up or tries >= TRIES or entry.get("asked") or entry.get("answer") or passed(entry)):
        logbook.update(folder, lab.name, exercise, lambda entry: entry.update(asked=True))
        again = f"`{words.format(verb='answer', name=exercise)}` once more, or with `{GIVE_UP[words]}`, shows the worked answer"
        return Page(f"You have {_SO_FAR[tries]} {exercise} so far: {again}.")
    found = worked(exercise, source)
    if not passed(entry):  # who has solved it may compare
        logbook.update(folder, lab.name, exercise, lambda entry: entry.update(answer=True))
    return Page(f"**{exercise}, a worked answer**\n\n{_line_by_line(found.derivation)}\n\n```python\n{found.code}\n```")


def _line_by_line(text: str) -> str:
    """Markdown that keeps the lines of a derivation: each of them is a step."""
    return re.sub(r"(?<=\S)\n(?=\S)", "  \n", text)


def _answer_line(exercise: str, answers: bool, words: str) -> str:
    if answers:
        return f"This was the last hint. `{words.format(verb='answer', name=exercise)}` shows a worked answer."
    return "This was the last hint. Read the report again with it in mind, or show your cell to somebody."


def _all_again(exercise: str, found: Exercise, entry: Mapping[str, Any], after: str) -> Page:
    told = "\n\n".join(map(_numbered, steps(found, entry)))
    return Page(f"**{exercise}: all its hints**\n\n{told}\n\n{after.replace('This was the last hint. ', '')}")


def _numbered(step: Step) -> str:
    return f"**{step.number}. {step.hint.title}**\n\n{step.hint.text}"
