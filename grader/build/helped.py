"""A lab's `help.md` in the build: what has to hold between it and the lab, its hints for students, its blocks in the notebook."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.checking.lab import Lab
from course_utils.errors import UserError
from course_utils.help.released import released
from course_utils.help.source import Exercise, Help, parse
from grader.build.predicted import prediction_problems
from grader.build.roles import Role, grade_id, role
from grader.build.rules import BEGIN, CHECK_SUFFIX, END

__all__ = ["HELP", "hints_of", "load_help", "with_blocks"]

HELP = "help.md"
_TELLING = 10  # characters: a line of an answer that is shorter, such as `else:`, says nothing


def load_help(folder: Path, lab: Lab, cells: Sequence[NotebookNode]) -> Help | None:
    """The help of a lab in `solutions/`; None for a lab without help.md.

    Raises UserError with one sentence for everything that does not hold.
    """
    path, where = folder / HELP, f"{folder.parent.name}/{folder.name}/{HELP}"
    found = parse(path.read_text(encoding="utf-8"), where) if path.is_file() else None
    problems = _problems(found, lab, cells) if found else prediction_problems({}, cells)
    sentences = [f"{where}: {sentence}." for sentence in problems]
    if sentences:
        raise UserError("\n".join(sentences))
    return found


def _problems(found: Help, lab: Lab, cells: Sequence[NotebookNode]) -> Iterator[str]:
    yield from _section_problems(found, list(lab.checks))
    yield from _bound_problems(found, lab)
    yield from prediction_problems(found.predictions, cells)
    yield from _telling_problems(found, cells)
    yield from _block_problems(cells)
    yield from _import_problems(cells)


def hints_of(found: Help, lab: Lab) -> str:
    """The text of hints.json."""
    sentences = {(mistake.exercise, mistake.name): mistake.sentence for known in lab.mistakes.values() for mistake in known}
    return released(found, sentences)


def with_blocks(source: NotebookNode, found: Help | None) -> NotebookNode:
    """The notebook with the first hint of every exercise, folded, under its check cell."""
    notebook: NotebookNode = nbformat.from_dict(source)
    notebook.cells = []
    for cell in source.cells:
        notebook.cells.append(cell)
        exercise = grade_id(cell).removesuffix(CHECK_SUFFIX) if role(cell) is Role.CHECK else ""
        if found and exercise in found.exercises:
            text = _block(exercise, found.exercises[exercise])
            notebook.cells.append(nbformat.v4.new_markdown_cell(text, id=f"{exercise}_stuck"[:64]))
    return notebook


def _block(name: str, exercise: Exercise) -> str:
    """It stands where no script runs, so it is HTML around markdown."""
    hint = exercise.steps[0]
    title = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(hint.title, quote=False))
    more = f'Not enough? `hint("{name}")` in a new cell goes further.'
    return f"<details><summary>Stuck? {title}</summary>\n\n{hint.text}\n\n{more}\n\n</details>"


def _section_problems(found: Help, exercises: Sequence[str]) -> Iterator[str]:
    for name in found.exercises:
        if name not in exercises:
            near = next(iter(get_close_matches(name, exercises, 1)), "")
            yield f'"# {name}" is no exercise of this lab{f", likely meant is {near}" if near else ""}: mend the name or delete the section'
    for name in exercises:
        if name not in found.exercises:
            yield f'the exercise {name} has no section: write "# {name}" with its hints and its answer'
    if set(exercises) == set(found.exercises) and list(exercises) != list(found.exercises):
        one, other = next(pair for pair in zip(exercises, found.exercises, strict=True) if pair[0] != pair[1])
        yield f'"# {other}" stands where the notebook has {one}: keep the order of the notebook'


def _bound_problems(found: Help, lab: Lab) -> Iterator[str]:
    for name, exercise in found.exercises.items():
        known = [mistake.name for mistake in lab.mistakes.get(name, ())]
        for hint in exercise.hints:
            for mistake in hint.mistakes:
                if mistake not in known:
                    near = next(iter(get_close_matches(mistake, known, 1)), "") or ", ".join(known) or "none"
                    unknown = f"{mistake or 'nothing'}, which is no mistake of mistakes.py"
                    yield f'the hint "{hint.title}" of {name} is bound to {unknown}: likely meant is {near}'


def _telling_problems(found: Help, cells: Sequence[NotebookNode]) -> Iterator[str]:
    lines = set(answer_lines(cells))
    for name, exercise in found.exercises.items():
        for hint in exercise.hints:
            for line in sorted(lines_told(f"{hint.title}\n{hint.text}", lines)):
                yield f'the hint "{hint.title}" of {name} gives a line of an answer away, {line!r}: ask for it instead'


def answer_lines(cells: Sequence[NotebookNode]) -> Iterator[str]:
    """The lines of all answers of a notebook that say something, without spaces."""
    for cell in cells:
        for region in re.findall(rf"{BEGIN}\n(.*?){END}", cell.source, re.DOTALL):
            for line in region.splitlines():
                bare = re.sub(r"\s+", "", line.split("  #")[0].strip().removeprefix("return "))
                if len(bare) >= _TELLING and not bare.startswith(('"""', "#")):
                    yield bare


def lines_told(text: str, lines: set[str]) -> set[str]:
    """Those of the answers' lines that a text gives away."""
    bare = re.sub(r"\s+", "", text)
    return {line for line in lines if line in bare}


def _block_problems(cells: Sequence[NotebookNode]) -> Iterator[str]:
    for cell in cells:
        if cell.cell_type == "markdown" and "<summary>Stuck?" in cell.source:
            title = cell.source.partition("<summary>")[2].partition("</summary>")[0]
            yield f'notebook.py still has a block "{title}" of its own: delete the cell, the first hint of help.md takes its place'


def _import_problems(cells: Sequence[NotebookNode]) -> Iterator[str]:
    """Reports and blocks name these: a student who types them is not to meet a NameError."""
    imported = {name for cell in cells if cell.cell_type == "code" for name in _imported(cell.source)}
    missing = [name for name in ("hint", "answer", "progress") if name not in imported]
    if missing:
        names = ", ".join(missing)
        yield f'notebook.py does not import {names}, which reports name: write "from course_utils import {names}" in its setup cell'


def _imported(source: str) -> Iterator[str]:
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # magics
        return
    for statement in statements:
        if isinstance(statement, ast.ImportFrom) and statement.module == "course_utils":
            yield from (alias.name for alias in statement.names)
