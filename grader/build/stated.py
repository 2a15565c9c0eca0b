"""What the text of `notebook.py` states about itself, made whole: nbgrader's metadata of the cells, and the pairing in the header.

JupyterLab's Create Assignment panel wants every key of a cell that it shows, and Jupytext forgets a pairing that the text does not
state. So the build writes into marker lines and header what an author left out; nothing else in the file is touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from grader.build.roles import Role, complete, role

FORMATS = "ipynb,py:percent"

_KEY = "nbgrader="
_FENCE = "# ---"
_JUPYTEXT = "#   jupytext:"
# The filter keeps Jupytext's version out of the header, which would change with every author.
_PAIRING = (f"#     formats: {FORMATS}", "#     notebook_metadata_filter: -jupytext.text_representation.jupytext_version")


def completed(text: str, points: Mapping[str, float], built: Mapping[str, float]) -> str:
    """The text of `notebook.py` with whole nbgrader metadata and a header that states the pairing.

    `points` are those of the check cells by grade_id as the checks add up to them today, `built` those of the last build. A cell
    that still states the last build's points gets today's; any other number is the author's own and stays, to be complained of.
    """
    lines = _paired_header(text.split("\n"))
    return "\n".join(_completed_line(line, points, built) if _marks_cell(line) else line for line in lines)


def points_in(notebook: NotebookNode) -> dict[str, float]:
    """The points of a notebook's check cells by grade_id."""
    stated = (cell.metadata.get("nbgrader", {}) for cell in notebook.cells if role(cell) is Role.CHECK)
    return {metadata["grade_id"]: metadata["points"] for metadata in stated if "points" in metadata and "grade_id" in metadata}


def _paired_header(lines: list[str]) -> list[str]:
    """The lines with the pairing in their header; a text without header needs none, as Jupytext then asks the notebook."""
    if lines[0] != _FENCE or _FENCE not in lines[1:]:
        return lines
    end = lines.index(_FENCE, 1)
    header = lines[1:end]
    if any("formats:" in line for line in header):
        return lines
    if _JUPYTEXT not in header:
        header.insert(header.index("# jupyter:") + 1 if "# jupyter:" in header else 0, _JUPYTEXT)
    place = header.index(_JUPYTEXT) + 1
    return [_FENCE, *header[:place], *_PAIRING, *header[place:], *lines[end:]]


def _marks_cell(line: str) -> bool:
    return line.startswith("# %%") and _KEY in line


def _completed_line(line: str, points: Mapping[str, float], built: Mapping[str, float]) -> str:
    before, _, rest = line.partition(_KEY)
    try:
        metadata, end = json.JSONDecoder().raw_decode(rest)
    except json.JSONDecodeError:  # Jupytext reads it as no metadata at all, and the rules then name the missing cell
        return line
    cell = NotebookNode(cell_type="markdown" if "[markdown]" in before else "code", metadata={"nbgrader": metadata})
    if role(cell) is Role.NONE:  # what it says of itself is for the rules to complain of
        return line
    return f"{before}{_KEY}{json.dumps(complete(cell, _worth(cell, metadata, points, built)), ensure_ascii=False)}{rest[end:]}"


def _worth(cell: NotebookNode, metadata: dict[str, Any], points: Mapping[str, float], built: Mapping[str, float]) -> float | None:
    name, stated = metadata.get("grade_id", ""), metadata.get("points")
    if role(cell) is not Role.CHECK or name not in points:
        return None
    return points[name] if stated is None or stated == built.get(name) else None
