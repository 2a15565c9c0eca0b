"""nbgrader's metadata of schema 0 to 2, as courses of before 2019 have it, in the form of today."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import NbGraderPreprocessor


class UpgradedMetadata(NbGraderPreprocessor):  # type: ignore[misc]
    """Does to a notebook what `nbgrader update` does to its file, which stays as it is."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, Any]:
        return upgraded(nb), resources


def upgraded(notebook: NotebookNode) -> NotebookNode:
    """The notebook, with the metadata of its cells brought up to date in place."""
    fresh: NotebookNode = MetadataValidator().upgrade_notebook_metadata(notebook)
    return fresh
