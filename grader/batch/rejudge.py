"""Judge one submission again from what its code answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from grader.books import Course, read_autograded, to_bytes
from grader.files import write_atomically
from grader.judging import Assignment, CellScore, Result, exercise_entry, load_answers, report_on, report_output, with_print


def judge_again(course: Course, assignment: Assignment, old: Result) -> Result | None:
    """A submission's result by the checks of today; None when its answers were not kept or were to other checks."""
    assert assignment.lab is not None
    checks = {name: {check.id: check for check in declared} for name, declared in assignment.lab.checks.items()}
    kept = load_answers(course.notes(assignment.name), old.digest, checks)
    if kept is None or kept[0] != assignment.seeds:
        return None
    fresh = replace(old, exercises=dict(old.exercises), cells={name: dict(cells) for name, cells in old.cells.items()})
    reports = {name: report_on(name, assignment.lab, answers, kept[1]) for name, answers in kept[1].items()}
    lab, answers = assignment.lab, kept[1]
    entries = {name: with_print(name, exercise_entry(report), lab, answers[name]) for name, report in reports.items()}
    if _unchanged(assignment, old, entries):
        return fresh  # what was written stays as it is
    from nbgrader.utils import determine_grade

    for template in assignment.templates:
        path = course.folder("autograded", old.student, assignment.name) / f"{template.name}.ipynb"
        notebook = read_autograded(path)
        roles = {role.grade_id: role for role in template.graded if role.check in reports}
        for cell in notebook.cells:
            role = roles.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
            if role is None or role.check is None:
                continue
            cell.outputs = [report_output(reports[role.check], cell.execution_count or 0)]
            cell.metadata.nbgrader.points = role.node.metadata.nbgrader.points
            auto, most = determine_grade(cell)
            answer = old.cells[template.name][role.grade_id].answer
            fresh.cells[template.name][role.grade_id] = CellScore(auto, most, answer)
        write_atomically(path, to_bytes(notebook), course.settings.graded_mode)
    fresh.exercises.update(entries)
    fresh.count()
    return fresh


def _unchanged(assignment: Assignment, old: Result, entries: Mapping[str, Any]) -> bool:
    """Whether every report and all points are what they were."""
    roles = [(template.name, role) for template in assignment.templates for role in template.graded if role.check in entries]
    known = {role.check: old.cells[name][role.grade_id].max for name, role in roles if role.grade_id in old.cells.get(name, {})}
    points = {role.check: float(role.node.metadata.nbgrader.points) for _, role in roles}
    return known == points and all(entry == old.exercises.get(name) for name, entry in entries.items())
