"""Two kernels for tests: bash, and a toy that says all that a kernel may say."""

from __future__ import annotations

from pathlib import Path

from grader.sandbox import Kernel

JUPYTER = Path(__file__).parents[1] / "fixtures"  # has a folder `kernels`, as Jupyter wants


def installed(name: str) -> Kernel:
    """One of them, found as grading finds it."""
    from nbformat import NotebookNode

    from grader.intake import Template
    from grader.judging import kernels_of

    metadata = NotebookNode(kernelspec=NotebookNode(name=name, language=name))
    return kernels_of([Template("p1", (), metadata)])["p1"]
