"""What a graded notebook shows under its cells: what they gave when they ran, what was handed in with them, or a report."""

from __future__ import annotations

from nbformat import NotebookNode

from course_utils.checking.report import Report
from grader.intake import StudentCell, clean_outputs, one_line
from grader.judging.cells import NOT_RUN
from grader.sandbox import CellResult

AS_HANDED_IN = "as handed in"
_NAMES = {"interrupted": "CellTimeoutError", "died": "DeadKernelError", NOT_RUN: "NotRun"}


def report_output(report: Report, count: int) -> NotebookNode:
    """A check cell's value: nbgrader reads the points from its plain text, people see the report."""
    points = min(report.score, report.max_score)
    data = NotebookNode({"text/plain": str(float(points)), "text/html": report._repr_html_()})
    return NotebookNode(output_type="execute_result", data=data, metadata=NotebookNode(), execution_count=count)


def outputs_of(outcome: CellResult) -> list[NotebookNode]:
    """The outputs of a cell that ran; a cell that stopped always says so, whatever the student made of the tracebacks."""
    outputs = clean_outputs(outcome.outputs)
    stopped = outcome.status != "ok"
    if stopped and not any(output.output_type == "error" for output in outputs):
        reason = one_line(outcome.reason) or "An error occurred while showtraceback was disabled"
        outputs.append(NotebookNode(output_type="error", ename=_NAMES.get(outcome.status, "Error"), evalue=reason, traceback=[reason]))
    return outputs


def error_of(outcome: CellResult, outputs: list[NotebookNode]) -> str:
    """How a cell ended, when it did not end well."""
    if outcome.status == "ok":
        return ""
    errors = [f"{output.ename}: {output.evalue}" for output in outputs if output.output_type == "error"]
    return one_line(errors[-1] if errors else outcome.reason or outcome.status)


def as_handed_in(cell: StudentCell | None, source: str) -> list[NotebookNode]:
    """What a student's cell showed when it was handed in, cleaned, with a line that says so; nothing where its code is another."""
    if cell is None or cell.source.strip() != source.strip():
        return []
    outputs = clean_outputs(cell.outputs)
    return [_note(), *outputs] if outputs else []


def _note() -> NotebookNode:
    data = NotebookNode({"text/plain": AS_HANDED_IN, "text/html": f"<small><i>{AS_HANDED_IN}</i></small>"})
    return NotebookNode(output_type="display_data", data=data, metadata=NotebookNode())
