"""`hint("name")`, `answer("name")`, `progress()` and `review()`: what a student calls in a notebook beside the checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from course_utils import front
from course_utils.errors import UserError
from course_utils.help.asked import next_hint, worked_answer
from course_utils.help.page import Page
from course_utils.standing import Standing, standing

_NAMELESS = 'Which exercise? Write its name in quotes and brackets, as in its `check`: {verb}("NAME"). `progress()` lists all names.'

silent = False  # set to True where nobody is stuck, as while grading: nothing is shown, and nothing read


def hint(exercise: str = "") -> Page | None:
    """The next hint for an exercise of this notebook: one more each time it is called. Without a name, how to give one."""
    if silent:
        return None
    if exercise == "":
        return Page(_NAMELESS.format(verb="hint"))
    try:
        return next_hint(_named(exercise), front.folder())
    except UserError as error:
        return Page(str(error))


def answer(exercise: str = "", *, give_up: bool = False, solutions: str | Path | None = None) -> Page | None:
    """The worked answer to an exercise: after three different attempts, when asked for twice, or with `give_up=True`.

    It is read from the solutions of the checkout that `handgrad start` copied the labs from, or from `solutions`.
    Without a name, how to give one.
    """
    if silent:
        return None
    if exercise == "":
        return Page(_NAMELESS.format(verb="answer"))
    try:
        return worked_answer(_named(exercise), front.folder(), give_up=give_up, solutions=solutions)
    except UserError as error:
        return Page(str(error))


def progress() -> Standing | Page | None:
    """Points, hints and answers of this notebook's exercises, and what comes next."""
    if silent:
        return None
    review = "review()" if "review" in getattr(front.shell(), "user_ns", {}) else "from course_utils import review; review()"
    return standing(front.folder(), review) or Page("Nothing was checked here yet: run a check cell first.")


def review(lab: str = "", count: int = 5) -> Any:
    """A round of questions from exercises that have points, with other numbers each time; of one lab, if it is named."""
    if silent:
        return None
    from course_utils.reviewing.rounds import NOTHING, begun

    try:
        dealt = begun(front.folder(), lab=lab, count=count)
    except UserError as error:
        return Page(str(error))
    if not dealt.items:
        return Page(NOTHING)
    from course_utils.widgets.quiz import Quiz  # what draws it takes a second to import

    return Quiz(dealt)


def _named(exercise: Any) -> str:
    """A name, also where the function itself was given."""
    return exercise if isinstance(exercise, str) else str(getattr(exercise, "__name__", exercise))
