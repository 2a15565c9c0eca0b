"""Which of the labs' data sets an assignment's cells ask for: a warm process loads them once, for all notebooks.

The first `data.digits()` imports scikit-learn, which takes a second.
"""

from __future__ import annotations

import ast

from course_utils.data import LOADERS
from grader.intake import Template


def loads_of(templates: tuple[Template, ...]) -> list[str]:
    """The calls to make beforehand, as a sandbox takes them in its `preload`."""
    asked = {name for template in templates for cell in template.cells if cell.kind == "code" for name in _names_in(cell.source)}
    return [f"course_utils.data:{name}()" for name in LOADERS if name in asked]


def _names_in(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # magics
        return set()
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return attributes | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
