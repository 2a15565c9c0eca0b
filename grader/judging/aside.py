"""A submission on which the grader gave up: what was judged before counts, and nothing of the student's is looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from course_utils.checking.report import Report
from course_utils.checking.verdict import Verdict
from grader.intake import Template, TemplateCell, clean_markdown, repair
from grader.judging.grading import Assignment, Graded
from grader.judging.result import PUT_ASIDE, CellScore, Result
from grader.judging.shown import report_output


def put_aside(result: Result, assignment: Assignment) -> Graded:
    """The result with its points, and the released notebooks with the reason on top and with the reports that there are."""
    result.cells = {template.name: {role.grade_id: _score(role, result) for role in template.graded} for template in assignment.templates}
    result.no_response = {template.name: [] for template in assignment.templates}
    result.count()
    return Graded(result, {template.name: _notebook(template, result) for template in assignment.templates})


def _score(role: TemplateCell, result: Result) -> CellScore:
    """The points of a check that was judged; 0 for one that was not; what a person grades waits for that person."""
    points = float(role.node.metadata.nbgrader.points)
    by_hand = role.solution or bool(role.node.metadata.nbgrader.get("task"))
    entry = result.exercises.get(role.check or "")
    auto = None if by_hand else min(float(entry["score"]), points) if entry else 0.0
    return CellScore(auto, points, PUT_ASIDE)


def _notebook(template: Template, result: Result) -> NotebookNode:
    repaired = repair(template, ())
    notebook: NotebookNode = repaired.notebook
    for count, (cell, role) in enumerate(zip(notebook.cells, repaired.roles, strict=True), 1):
        entry = result.exercises.get((role and role.check) or "")
        if entry is not None:
            cell.outputs = [report_output(_report(str(role and role.check), entry), count)]
            cell.execution_count = count
    note = NotebookNode(cell_type="markdown", id="put-aside", metadata=NotebookNode(), source=clean_markdown(f"**{result.reason}**"))
    notebook.cells.insert(0, note)
    return notebook


def _report(exercise: str, entry: Mapping[str, Any]) -> Report:
    """A report from what a result says of it."""
    parts = ("title", "outcome", "score", "max_score", "message", "mistake")
    return Report(exercise, tuple(Verdict(**{part: check[part] for part in parts}) for check in entry["checks"]), first=entry["first"])
