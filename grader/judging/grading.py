"""Grade one submission: repair its notebooks, run them in the sandbox, judge on this side of the wall."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from course_utils.cells import Runs
from course_utils.checking.helpers import called_by
from course_utils.checking.judge import observe_all
from course_utils.checking.lab import Lab
from course_utils.checking.report import Report
from grader.intake import (
    Repaired,
    Submission,
    Template,
    TemplateCell,
    Unreadable,
    clean_markdown,
    clean_prose,
    one_line,
    parse_notebook,
    repair,
)
from grader.judging.again import Answers, ask_again, replaceable, report_on
from grader.judging.beside import keep_made, siblings
from grader.judging.cells import Runner
from grader.judging.needed import Needed, asked_names, draws, everything, is_marked, lacks_in_outputs, lacks_in_traces, needed
from grader.judging.result import GRADED, PARTIAL, UNGRADABLE, UNREADABLE, CellScore, Result, exercise_entry
from grader.judging.sharing import ask_again_to_share, share
from grader.judging.shown import as_handed_in, error_of, outputs_of, report_output
from grader.judging.slow import slow_import
from grader.judging.trimming import Trimming
from grader.judging.written import digests_of_answers, is_task
from grader.sandbox import Sandbox

_TRUNCATED_REASONS = 3


@dataclass(frozen=True)
class Assignment:
    """What a class is graded by. `lab` is None for an ordinary nbgrader assignment; `files` go to the student's folder.

    With `pictures`, every cell runs and all figures are drawn, not only those that are needed. `kernels` are those of the
    notebooks that are not in Python, by the notebook's name.
    """

    name: str
    templates: tuple[Template, ...]
    lab: Lab | None
    seeds: tuple[int, ...]
    files: Mapping[str, bytes]
    notebook_seconds: float
    pictures: bool = False
    kernels: Mapping[str, str] = field(default_factory=dict)
    trimming: Trimming = field(default_factory=Trimming)


@dataclass
class Graded:
    """A result with what is to be written beside it: the autograded notebooks, and what the student's code answered."""

    result: Result
    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    answers: dict[str, Answers] = field(default_factory=dict)
    made: dict[str, bytes] = field(default_factory=dict)  # files that the notebooks of an ordinary assignment wrote
    trouble: list[str] = field(default_factory=list)
    judged: Callable[[str, dict[str, Any] | None], None] = lambda exercise, entry: None


# hears of each exercise, with its entry, as soon as it is judged; None: not yet after all
Judged = Callable[[str, dict[str, Any] | None], None]


def grade(
    submission: Submission, assignment: Assignment, sandbox: Sandbox, kind: str, judged: Judged = lambda exercise, entry: None
) -> Graded:
    """Grade one submission. Whatever is raised here is our fault."""
    started, worked = time.perf_counter(), time.process_time()
    when = submission.timestamp.isoformat() if submission.timestamp else None
    result = Result(submission.student, assignment.name, submission.digest, GRADED, sandbox=kind, timestamp=when)
    graded = Graded(result, judged=judged)
    unreadable, repaired = [], {}
    for template in assignment.templates:
        try:
            repaired[template.name] = _repaired(template, submission)
        except Unreadable as reason:
            unreadable.append(str(reason))
            _put_aside(template, str(reason), graded)
    beside = siblings(repaired) if assignment.lab is None else {}
    theirs = {name: data for name, data in submission.files.items() if name not in assignment.files}
    for template in assignment.templates:
        if template.name in repaired:
            files = {**submission.files, **graded.made, **beside, **assignment.files}  # what was released wins
            _grade_notebook(template, repaired[template.name], files, theirs, assignment, sandbox, graded)
    result.repairs += submission.left_out
    result.status = _status(len(unreadable), len(assignment.templates), graded.trouble)
    result.reason = one_line("; ".join([*dict.fromkeys(unreadable), *graded.trouble[:_TRUNCATED_REASONS]]), 1000)
    result.count()
    result.seconds = round(time.perf_counter() - started, 3)
    result.processor_seconds = round(result.processor_seconds + time.process_time() - worked, 3)
    return graded


def _status(unreadable: int, notebooks: int, trouble: list[str]) -> str:
    if unreadable == notebooks:
        return UNGRADABLE
    return PARTIAL if unreadable or trouble else GRADED


def _repaired(template: Template, submission: Submission) -> Repaired:
    content = submission.notebooks[template.name]
    if isinstance(content, Unreadable):
        raise content
    return repair(template, parse_notebook(content, f"{template.name}.ipynb"))


def _grade_notebook(
    template: Template,
    repaired: Repaired,
    files: Mapping[str, bytes],
    theirs: Mapping[str, bytes],
    assignment: Assignment,
    sandbox: Sandbox,
    graded: Graded,
) -> None:
    """Run and judge one notebook among these files; `theirs` are those that the student handed in."""
    graded.result.repairs += repaired.sentences
    runner = Runner(sandbox, files, assignment.notebook_seconds, assignment.kernels.get(template.name, ""))
    try:
        _run(repaired, assignment, runner, graded)
        _ask_again(repaired, assignment, runner, graded)
        if assignment.lab is None:
            keep_made(runner, assignment, files, graded)
        else:  # last of all: nothing of the student's runs any more that could use what it learns from being asked
            share({role.check for role in repaired.roles if role}, assignment.lab, runner, graded.answers, graded.result.exercises)
    finally:
        runner.close()
    graded.result.repairs += map(one_line, runner.problems)
    graded.result.memory_bytes = max(graded.result.memory_bytes, runner.memory_bytes)
    graded.result.processor_seconds += runner.processor_seconds
    for cell in repaired.notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = assignment.trimming.trim(cell.outputs)
    _score(template, repaired, theirs, graded)
    graded.result.repairs += clean_prose(repaired, {**files, **graded.made, **assignment.files})
    graded.notebooks[template.name] = repaired.notebook


def _run(repaired: Repaired, assignment: Assignment, runner: Runner, graded: Graded) -> None:
    """Execute what is needed; where that turns out to be too little, all cells, and nothing that was judged before counts."""
    plan, known = _plan(repaired, assignment), len(graded.trouble)
    runner.slow = slow_import((repaired.notebook.cells[i].source for i in sorted(plan.run)), runner.files)
    if _pass(repaired, assignment, runner, graded, plan):
        return
    for exercise in plan.exercises:
        graded.result.exercises.pop(exercise, None)
        graded.answers.pop(exercise, None)
        graded.judged(exercise, None)
    del graded.trouble[known:]
    runner.anew()
    _pass(repaired, assignment, runner, graded, everything(repaired, plan.asks, "a name was missing"))


def _plan(repaired: Repaired, assignment: Assignment) -> Needed:
    """Which cells run: in a course that is not ours, and for whoever wants the pictures, all of them."""
    asks = asked_names(assignment.lab.checks) if assignment.lab else {}
    if assignment.lab is None or assignment.pictures:
        return everything(repaired, asks, "all are wanted")
    return needed(repaired, asks)


def _pass(repaired: Repaired, assignment: Assignment, runner: Runner, graded: Graded, plan: Needed) -> bool:
    """Go over the notebook once; check cells are answered by us. False as soon as a name is missing that a cell left out may bind."""
    count, runs = 0, Runs()
    whole = assignment.lab is None or assignment.pictures
    for i, (cell, role, origin) in enumerate(zip(repaired.notebook.cells, repaired.roles, repaired.handed_in, strict=True)):
        if cell.cell_type != "code" or not cell.source.strip() or (role is not None and assignment.trimming.skips(role.node)):
            continue
        count += 1
        cell.execution_count = count
        exercise = role.check if role else None
        if exercise and assignment.lab and exercise in assignment.lab.checks:
            report = _report(exercise, assignment, runner, graded, runs.why_not(exercise))
            if exercise in graded.answers and not plan.all and lacks_in_traces(graded.answers[exercise].traces, plan):
                return False
            graded.result.exercises[exercise] = exercise_entry(report)
            graded.judged(exercise, graded.result.exercises[exercise])
            graded.trouble += _unasked(report)
            cell.outputs = [report_output(report, count)]
        elif i in plan.run:
            shown = whole or i in plan.own
            # a demonstration draws from no random numbers that an answer draws from: so it is the same with and without it
            aside = assignment.lab is not None and i not in plan.own and not is_marked(cell)
            outcome = runner.execute(cell.source, None if whole or not draws(cell.source) else shown, keep_chance=aside)
            outputs = outputs_of(outcome)
            if not plan.all and lacks_in_outputs(outputs, plan):
                return False
            cell.outputs = outputs if shown or outcome.status != "ok" else as_handed_in(origin, cell.source)
            runs.note(cell.source, error_of(outcome, outputs), lambda name, line: runner.has(name))
            if outcome.status not in ("ok", "error"):
                graded.trouble.append(f"{_called(role, cell.source)}: {outcome.reason or outcome.status}")
        elif i in plan.cells:
            cell.outputs, cell.execution_count = as_handed_in(origin, cell.source), origin.count if origin else None
    return True


def _called(role: TemplateCell | None, source: str) -> str:
    """What a cell is called, so that one finds it: its exercise, or how it begins."""
    if role and role.grade_id:
        return f"the cell of {role.grade_id}"
    return f"the cell that begins with `{one_line(source.strip(), 40)}`"


def _report(exercise: str, assignment: Assignment, runner: Runner, graded: Graded, unrun: str) -> Report:
    """The report on an exercise; `unrun` says why its cell did not run, when it did not."""
    assert assignment.lab is not None
    lab = assignment.lab
    if unrun:
        graded.answers[exercise] = Answers({}, unrun=unrun)
        return report_on(exercise, lab, graded.answers[exercise], graded.answers)
    session = runner.session()
    traces = observe_all(lab.checks[exercise], session, assignment.seeds, lab.oracle)
    called = called_by(exercise, session, lab.checks) if lab.oracle.helpers(exercise) else []
    answers = graded.answers[exercise] = Answers(traces, tuple(called), runner.cells)
    runner.check_alive()
    return report_on(exercise, lab, answers, graded.answers)


def _ask_again(repaired: Repaired, assignment: Assignment, runner: Runner, graded: Graded) -> None:
    """Now that every verdict is final: one slip is charged once."""
    lab = assignment.lab
    cells = {role.check: cell for cell, role in zip(repaired.notebook.cells, repaired.roles, strict=True) if role and role.check}
    for exercise, answers in graded.answers.items():
        helpers = replaceable(answers, lab) if lab is not None and exercise in cells else ()
        if lab is None or not helpers:
            continue
        with runner.beside(answers.cells) as child:
            if child is not None:
                answers.again = ask_again(exercise, helpers, lab, child, assignment.seeds)
            report = report_on(exercise, lab, answers, graded.answers)
            graded.result.exercises[exercise] = exercise_entry(report)
            ask_again_to_share(exercise, graded.result.exercises[exercise], lab, answers, child)
        cells[exercise].outputs = [report_output(report, cells[exercise].execution_count)]


def _unasked(report: Report) -> list[str]:
    """Why a check could not run, when it could not."""
    reasons = [verdict.message.split("\n")[-1] for verdict in report.verdicts if verdict.outcome == "could not run"]
    return [f"{report.exercise}: {reason}" for reason in dict.fromkeys(reasons)]


def _score(template: Template, repaired: Repaired, files: Mapping[str, bytes], graded: Graded) -> None:
    """nbgrader's own rules on every graded cell."""
    from nbgrader.utils import compute_checksum  # there since the gradebook was opened

    cells: dict[str, CellScore] = {}
    silent, answers = [], {}
    digests = digests_of_answers(repaired, files)
    for cell, role, digest in zip(repaired.notebook.cells, repaired.roles, digests, strict=True):
        if role is None or not role.grade_id:
            continue
        if role.solution and cell.metadata.nbgrader.get("checksum") == compute_checksum(cell):
            silent.append(role.grade_id)
        if role.grade:
            auto, most = _auto_score(cell)
            cells[role.grade_id] = CellScore(auto, most, digest)
        elif role.solution:
            answers[role.grade_id] = digest
    graded.result.cells[template.name] = cells
    graded.result.no_response[template.name] = silent
    graded.result.answers[template.name] = answers


def _auto_score(cell: NotebookNode) -> tuple[float | None, float]:
    from nbgrader.utils import determine_grade

    if is_task(cell):
        return None, float(cell.metadata.nbgrader.points)
    try:
        auto, most = determine_grade(cell)
    except (ValueError, KeyError, TypeError):  # a cell of an ordinary course that claims more points than it has, or shows no text
        auto, most = 0.0, float(cell.metadata.nbgrader.points)
    return (None if auto is None else float(auto)), float(most)


def _put_aside(template: Template, reason: str, graded: Graded) -> None:
    """In place of a notebook that cannot be read: the released one, with the reason on top and no points."""
    repaired = repair(template, ())
    said = clean_markdown(f"**This submission could not be graded.** {reason}")
    note = NotebookNode(cell_type="markdown", id="not-graded", metadata=NotebookNode(), source=said)
    repaired.notebook.cells.insert(0, note)
    graded.result.cells[template.name] = {
        cell.grade_id: CellScore(0.0, float(cell.node.metadata.nbgrader.points), UNREADABLE) for cell in template.graded
    }
    graded.result.no_response[template.name] = []
    graded.notebooks[template.name] = repaired.notebook
