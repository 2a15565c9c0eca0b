"""Judge a class again from what its code answered: a changed tolerance, mistake or number of points needs no second run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nbgrader.utils import determine_grade

from course_utils.errors import UserError
from grader.batch.journal import Journal
from grader.batch.lab import submitted_digests
from grader.batch.publish import Publisher
from grader.books import Course, Scores, fingerprint, make_assignment, open_course, prepare, read_autograded, to_bytes
from grader.files import write_atomically
from grader.judging import GRADED, PARTIAL, Assignment, CellScore, Result, exercise_entry, load_answers, report_on, report_output


@dataclass(frozen=True)
class Change:
    """One student's score before and after; `after` is None when the submission has to be run again."""

    student: str
    before: float
    after: float | None


def replay_lab(lab: str, root: Path, solutions: Path | None) -> list[Change]:
    """Judge every graded submission of a lab again and publish what changed."""
    course = open_course(root)
    prepared = prepare(course, lab, solutions)
    if prepared[1] is None:
        raise UserError(f"{lab} is not in {solutions}: only labs with checks can be judged again without running them.")
    with Journal(course.notes(lab)) as journal, Scores(course, lab) as scores:
        if not journal.results:
            raise UserError(f"{lab} has not been graded in {root}: run `handgrad grade {lab}` first.")
        assignment = make_assignment(course, lab, prepared, journal.seeds, 0.0)
        changes = list(_replay_all(course, assignment, journal))
        if all(change.after is not None for change in changes):  # else some still have what the older checks gave
            journal.begin(fingerprint(*prepared, solutions), force=False)
        Publisher(course, assignment, journal, scores).publish(journal.unpublished())
    return changes


def _replay_all(course: Course, assignment: Assignment, journal: Journal) -> Iterator[Change]:
    digests = submitted_digests(course, assignment)
    for student, old in sorted(journal.results.items()):
        if old.status not in (GRADED, PARTIAL):
            continue
        fresh = judge_again(course, assignment, old) if digests.get(student) == old.digest else None
        if fresh is not None:
            journal.add(fresh)
        yield Change(student, old.score, None if fresh is None else fresh.score)


def judge_again(course: Course, assignment: Assignment, old: Result) -> Result | None:
    """A submission's result by the checks of today; None when its answers were not kept or were to other checks."""
    assert assignment.lab is not None
    checks = {name: {check.id: check for check in declared} for name, declared in assignment.lab.checks.items()}
    kept = load_answers(course.notes(assignment.name), old.digest, checks)
    if kept is None or kept[0] != assignment.seeds:
        return None
    fresh = replace(old, exercises=dict(old.exercises), cells={name: dict(cells) for name, cells in old.cells.items()})
    reports = {name: report_on(name, assignment.lab, answers, kept[1]) for name, answers in kept[1].items()}
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
            fresh.exercises[role.check] = exercise_entry(reports[role.check])
        write_atomically(path, to_bytes(notebook), 0o444)
    fresh.count()
    return fresh
