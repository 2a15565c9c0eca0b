"""Predictions in the build: what the notebook asks with `predict` and what `help.md` answers have to fit."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from nbformat import NotebookNode

from course_utils.help.source import Prediction, one_line, same_choice
from grader.build.roles import Role, role

_OPTIONS = (2, 4)  # fewest and most
_FORM = 'predict("question", ["one", "other"])'


class Asked(NamedTuple):
    """A call of `predict` in a cell that students get; what cannot be read from the text has no options."""

    question: str
    options: tuple[str, ...]


def prediction_problems(answers: Mapping[str, Prediction], cells: Sequence[NotebookNode]) -> Iterator[str]:
    """What does not hold between the notebook's predictions and their answers, by question, one sentence each."""
    asked = [found for cell in cells for found in asked_in(cell)]
    for question, options in asked:
        yield from _option_problems(question, options)
        if options:
            yield from _answer_problems(question, options, answers.get(question))
    for question in answers:
        if question not in (found.question for found in asked):
            yield f'no cell of notebook.py asks predict("{question}", […]): add the cell, or mend the question so that both say the same'


def asked_in(cell: NotebookNode) -> Iterator[Asked]:
    """The predictions that an ordinary cell asks for."""
    if cell.cell_type != "code" or role(cell) not in (Role.NONE, Role.READ_ONLY):
        return
    try:
        calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
    except SyntaxError:  # magics
        return
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id == "predict":
            yield _read(call)


def _read(call: ast.Call) -> Asked:
    try:
        question, options = map(ast.literal_eval, call.args)
        return Asked(one_line(question), tuple(map(one_line, options)))
    except (ValueError, TypeError, AttributeError):
        return Asked(one_line(ast.unparse(call)), ())


def _option_problems(question: str, options: Sequence[str]) -> Iterator[str]:
    fewest, most = _OPTIONS
    if not options:
        yield f"notebook.py asks {question}, which is not {_FORM}: write both as texts, as the build reads them"
    elif not fewest <= len(options) <= most:
        yield f'"{question}" lists {len(options)} option{"s" * (len(options) != 1)}: write {fewest} to {most}'


def _answer_problems(question: str, options: Sequence[str], answer: Prediction | None) -> Iterator[str]:
    if answer is None:
        yield f'the prediction "{question}" of notebook.py has no answer: write "## {question}" under "# Predictions"'
    elif not any(same_choice(answer.answer, option) for option in options):
        yield f'the answer "{answer.answer}" to "{question}" is not among its options: {", ".join(options)}'
