"""nbgrader's own preprocessors for generate-assignment, with one thing added: a value's stub runs.

nbgrader replaces every answer by `raise NotImplementedError()`. In a function that waits for a call; at the margin it would stop the
unsolved notebook, so there only the comment stays and the name keeps its start value, such as None.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor
from nbgrader.utils import is_solution

MARGIN_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


class RunnableValueStubs(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the `raise` out of stubs that stand at the margin."""

    def preprocess_cell(self, cell: NotebookNode, resources: ResourcesDict, index: int) -> tuple[NotebookNode, Any]:
        if is_solution(cell) and cell.cell_type == "code":
            lines = f"\n{cell.source}\n".replace(f"\n{MARGIN_STUB}\n", "\n# YOUR CODE HERE\n")
            cell.source = lines[1:-1]
        return cell, resources


def preprocessors() -> list[type]:
    """nbgrader's list with ours right after the answers are cleared, before checksums are taken."""
    ours: list[type] = []
    for step in GenerateAssignment.preprocessors.default():
        ours += [step, RunnableValueStubs] if step is ClearSolutions else [step]
    return ours
