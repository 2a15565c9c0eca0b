"""nbgrader's metadata in the text of `notebook.py`: the short form made whole, and points kept in step with the checks.

JupyterLab's Create Assignment panel wants every key of a cell that it shows. So the build writes the keys that an author left out
into the cell's marker line; nothing else in the file is touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from grader.build.roles import Role, complete, role

_KEY = "nbgrader="


def completed(text: str, points: Mapping[str, float], built: Mapping[str, float]) -> str:
    """The text of `notebook.py` with whole nbgrader metadata.

    `points` are those of the check cells by grade_id as the checks add up to them today, `built` those of the last build. A cell
    that still states the last build's points gets today's; any other number is the author's own and stays, to be complained of.
    """
    return "\n".join(_completed_line(line, points, built) if _marks_cell(line) else line for line in text.split("\n"))


def points_in(notebook: NotebookNode) -> dict[str, float]:
    """The points of a notebook's check cells by grade_id."""
    stated = (cell.metadata.get("nbgrader", {}) for cell in notebook.cells if role(cell) is Role.CHECK)
    return {metadata["grade_id"]: metadata["points"] for metadata in stated if "points" in metadata and "grade_id" in metadata}


def _marks_cell(line: str) -> bool:
    return line.startswith("# %%") and _KEY in line


def _completed_line(line: str, points: Mapping[str, float], built: Mapping[str, float]) -> str:
    before, _, rest = line.partition(_KEY)
    try:
        metadata, end = json.JSONDecoder().raw_decode(rest)
    except json.JSONDecodeError:    # Jupytext reads it as no metadata at all, and the rules then name the missing cell
        return line
    cell = NotebookNode(cell_type="code", metadata={"nbgrader": metadata})
    return f"{before}{_KEY}{json.dumps(complete(cell, _worth(cell, metadata, points, built)), ensure_ascii=False)}{rest[end:]}"


def _worth(cell: NotebookNode, metadata: dict[str, Any], points: Mapping[str, float], built: Mapping[str, float]) -> float | None:
    name, stated = metadata.get("grade_id", ""), metadata.get("points")
    if role(cell) is not Role.CHECK or name not in points:
        return None
    return points[name] if stated is None or stated == built.get(name) else None
