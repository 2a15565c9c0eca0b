"""The one step that we add to nbgrader's generate-assignment."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_solution

MARGIN_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


class RunnableValueStubs(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the `raise` out of stubs that stand at the margin."""

    def preprocess_cell(self, cell: NotebookNode, resources: ResourcesDict, index: int) -> tuple[NotebookNode, Any]:
        if is_solution(cell) and cell.cell_type == "code":
            lines = f"\n{cell.source}\n".replace(f"\n{MARGIN_STUB}\n", "\n# YOUR CODE HERE\n")
            cell.source = lines[1:-1]
        return cell, resources
