"""`handgrad progress`: points, hints and answers by lab and exercise."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from course_utils import records
from course_utils.console import typed
from course_utils.places import labs_below
from course_utils.reviewing.rounds import reminder
from course_utils.standing import COLUMNS, LATER, Row, next_lab, next_step, rows_of, total

_STYLES = {"✓": "green", "✗": "red", "○": "dim"}


def show_progress(folder: Path, *, as_json: bool) -> int:
    """Print what was last checked in the labs below `folder`, and what to try next."""
    made = {lab: rows_of(lab, lab) for lab in map(Path.resolve, labs_below(folder))}
    if as_json:
        print(json.dumps({lab.name: {row.exercise: _as_json(row) for row in rows} for lab, rows in made.items()}))
        return 0
    console = Console()
    for lab, rows in made.items():
        console.print(_table(lab.name, rows))
    if any(row.kept_back for rows in made.values() for row in rows):
        console.print(LATER, markup=False)
    for line in records.lines(list(made)):
        console.print(line, markup=False)
    finished = [lab.name for lab, rows in made.items() if all(row.done for row in rows)]
    again = reminder(folder, "handgrad review" if folder == Path() else f"handgrad review {typed(folder)}", finished)
    if again:
        console.print(again, markup=False)
    console.print(_next(made), markup=False)
    return 0


def _as_json(row: Row) -> dict[str, Any]:
    return {
        "score": row.score,
        "max_score": row.max_score,
        "tried": row.tried,
        "hints": row.hints,
        "answer": row.answered,
    }


def _table(lab: str, rows: Sequence[Row]) -> Table:
    table = Table(title=lab, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in COLUMNS:
        table.add_column(column, justify="right" if column == "points" else "left")
    for row in rows:
        mark, *others = row.cells()
        table.add_row(f"[{_STYLES[mark]}]{mark}[/]", *others)
    table.add_row(*(f"[bold]{cell}[/]" if cell else "" for cell in total(rows)))
    return table


def _next(made: Mapping[Path, Sequence[Row]]) -> str:
    for lab, rows in made.items():
        step = next_step(rows, lab.name)
        if step:
            return step
    return next_lab(list(made)[-1])
