"""Feedback pages: all that nbgrader's own say, in one file that runs no script and loads nothing. Pure.

A page opens from a mail or a disk, without a network, and stays what it was when it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from jinja2 import Template as PageTemplate
from markupsafe import Markup

from course_utils.pages.cells import body, is_python
from course_utils.pages.outputs import joined, shown
from course_utils.pages.prose import markdown
from course_utils.pages.style import page_style
from grader.books.gradebook import Marks
from grader.books.next_steps import next_steps
from grader.intake import Template
from grader.judging import Result

# No script at all, no frame, no form, no address: the page holds what it shows. Styles stand in the page and in its reports.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SILENCE = "No response."  # nbgrader's own comment on a cell that nobody changed
_CHECK = "_check"  # how the name of an exercise's check cell ends


@dataclass
class _Cell:
    """One cell as the page shows it; the words are nbgrader's."""

    body: Markup
    outputs: list[Markup]
    name: str = ""
    label: str = ""  # empty: no cell of nbgrader's
    entry: str = ""  # what it is called in the list of points; empty: it has none
    graded: bool = False
    answered: bool = False
    score: float = 0.0
    points: float = 0.0
    waits: bool = False  # for a person
    comment: Markup | None = None
    remark: Markup | None = None  # to all who gave the same wrong answer
    comment_entry: str = ""


def render_page(
    notebook: Mapping[str, Any], template: Template, result: Result, marks: Marks, files: Mapping[str, bytes] | None = None
) -> bytes:
    """One page. The notebook is an autograded one, as a node or as its file's JSON; it is not changed.

    `files` are the released ones: the pictures among them are shown where the assignment shows them.
    """
    coloured = is_python(notebook.get("metadata") or {})
    released = {cell.grade_id: cell.released for cell in template.cells if cell.locked}
    ours = frozenset(cell.released for cell in template.cells)
    cells = [_cell(cell, released, marks, result, coloured, ours, files or {}) for cell in notebook["cells"]]
    page = _page().generate(
        policy=Markup(POLICY),
        style=Markup(page_style()),
        notebook=template.name,
        total=round(float(marks.score - marks.penalty), 2),
        most=round(float(marks.max_score), 2),
        penalty=round(float(marks.penalty), 2) if marks.penalty > 0 else 0,
        next_steps=Markup(next_steps(result)),
        cells=cells,
        listed=any(cell.entry or cell.comment_entry for cell in cells) or marks.penalty > 0,
    )
    # piece by piece: one wide letter would make four bytes of every letter of every picture
    return b"".join(piece.encode("utf-8", "replace") for piece in page)


def prepare_pages(template: Template) -> None:
    """Render what every page of an assignment repeats. Whoever forks the processes that render does it once for them all."""
    coloured = is_python(template.metadata)
    for cell in template.cells:
        body(cell.node, cell.released, coloured, ours=True)


@cache
def _page() -> PageTemplate:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def _cell(
    cell: Mapping[str, Any],
    released: Mapping[str, str],
    marks: Marks,
    result: Result,
    coloured: bool,
    ours: frozenset[str],
    files: Mapping[str, bytes],
) -> _Cell:
    role = (cell.get("metadata") or {}).get("nbgrader") or {}
    whole = joined(cell.get("source", ""))
    # what students were not given stays hidden: its lines, and the traceback that would show them
    source = released.get(str(role.get("grade_id", "")), whole) if role else whole
    hidden = source != whole
    # Python's errors say what the test says; R's and others' quote the code of the test
    outputs = list(shown(cell.get("outputs") or (), hide_traces=hidden, hide_errors=hidden and not coloured))
    # a student's text was cleaned before it was graded, with the released pictures in it
    text = body(cell, source, coloured, ours=source in ours, files=files if source in ours else None)
    made = _Cell(text, [output for output in outputs if output])
    if role.get("solution") or role.get("grade") or role.get("task"):
        _mark(made, cell, role, marks, result)
    return made


def _mark(made: _Cell, cell: Mapping[str, Any], role: Mapping[str, Any], marks: Marks, result: Result) -> None:
    """Put in what nbgrader's page says of its cells."""
    name = made.name = str(role.get("grade_id", ""))
    solution, task = bool(role.get("solution")), bool(role.get("task"))
    made.answered, made.graded = solution or task, bool(role.get("grade")) or task
    made.label = "Student's answer" if solution else "Student's task" if task else f"Grade cell: {name}"
    made.entry = _entry(cell, name, solution, task) if made.graded else ""
    score, points = marks.scores.get(name, (0.0, role.get("points") or 0.0)) if made.graded else (0.0, 0.0)
    made.score, made.points = round(float(score), 2), round(float(points), 2)
    made.waits = made.graded and name in marks.waiting
    said = marks.comments.get(name) if made.answered else None
    # the top of the page names the exercises that are not written yet: no comment has to repeat it at each of them
    if said and not (said == _SILENCE and name in result.exercises):
        made.comment, made.comment_entry = markdown(said), f"comment on {name}"
    if made.answered and name in marks.said:
        made.remark, made.comment_entry = markdown(marks.said[name]), f"comment on {name}"


def _entry(cell: Mapping[str, Any], name: str, solution: bool, task: bool) -> str:
    """A student looks for the exercise; where the name says none, the list speaks as nbgrader's does."""
    if task:
        return "Task"
    if solution:
        return "Coding free-response" if cell["cell_type"] == "code" else "Written response"
    return name.removesuffix(_CHECK) if name.endswith(_CHECK) else "Test cell"
