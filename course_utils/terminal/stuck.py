"""`handgrad hint` and `handgrad answer`: what a notebook shows, in a terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown

from course_utils.help.asked import IN_TERMINAL, next_hint, worked_answer
from course_utils.help.page import Page
from course_utils.places import lab_of


def hint(exercise: str, target: Path | None) -> int:
    """Print the next hint for an exercise."""
    return _printed(next_hint(exercise, lab_of(exercise, target), IN_TERMINAL))


def answer(exercise: str, target: Path | None, *, give_up: bool, solutions: Path | None) -> int:
    """Print the worked answer to an exercise, or why not yet."""
    return _printed(worked_answer(exercise, lab_of(exercise, target), give_up=give_up, solutions=solutions, words=IN_TERMINAL))


def _printed(page: Page) -> int:
    Console().print(Markdown(page.in_letters()))
    return 0
