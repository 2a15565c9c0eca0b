"""`hint("name")`, `answer("name")` and `progress()`: what a student who is stuck calls in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from course_utils.errors import UserError
from course_utils.help.asked import next_hint, worked_answer
from course_utils.help.page import Page
from course_utils.standing import Standing, standing

silent = False  # set to True where nobody is stuck, as while grading: nothing is shown, and nothing read


def hint(exercise: str) -> Page | None:
    """The next hint for an exercise of this notebook: one more each time it is called."""
    if silent:
        return None
    try:
        return next_hint(_named(exercise), Path.cwd())
    except UserError as error:
        return Page(str(error))


def answer(exercise: str, *, give_up: bool = False, solutions: str | Path | None = None) -> Page | None:
    """The worked answer to an exercise: after three different attempts, when asked for twice, or with `give_up=True`.

    It is read from the solutions of the checkout that `handgrad start` copied the labs from, or from `solutions`.
    """
    if silent:
        return None
    try:
        return worked_answer(_named(exercise), Path.cwd(), give_up=give_up, solutions=solutions)
    except UserError as error:
        return Page(str(error))


def progress() -> Standing | Page | None:
    """Points, hints and answers of this notebook's exercises, and what comes next."""
    if silent:
        return None
    return standing(Path.cwd()) or Page("Nothing was checked here yet: run a check cell first.")


def _named(exercise: Any) -> str:
    """A name, also where the function itself was given."""
    return exercise if isinstance(exercise, str) else str(getattr(exercise, "__name__", exercise))
