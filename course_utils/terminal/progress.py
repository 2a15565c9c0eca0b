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
from course_utils.errors import UserError
from course_utils.places import labs_below
from course_utils.reviewing.rounds import reminder
from course_utils.standing import COLUMNS, LATER, Row, next_lab, next_step, opened_alone, rows_of, total

_STYLES = {"✓": "green", "✗": "red", "○": "dim"}


def show_progress(folder: Path, *, as_json: bool) -> int:
    """Print what was last checked in the labs below `folder`, and what to try next."""
    made = _found(folder)
    if as_json:
        print(json.dumps({lab.name: {row.exercise: _as_json(row) for row in rows} for lab, rows in made.items()}))
        return 0
    console = Console()
    begun = {lab: rows for lab, rows in made.items() if len(made) == 1 or any(map(_touched, rows))}
    for lab, rows in begun.items():
        console.print(_table(lab.name, rows))
    if len(begun) < len(made):
        console.print(_not_begun({lab.name: rows for lab, rows in made.items() if lab not in begun}))
    if any(row.kept_back for rows in made.values() for row in rows):
        console.print(LATER, markup=False)
    for line in records.lines(list(made)):
        console.print(line, markup=False)
    finished = [lab.name for lab, rows in made.items() if all(row.done for row in rows)]
    again = reminder(folder, "handgrad review" if folder == Path() else f"handgrad review {typed(folder)}", finished)
    if again:
        console.print(again, markup=False)
    console.print(_next(begun, made), markup=False)
    return 0


def _found(folder: Path) -> dict[Path, list[Row]]:
    """The rows of the labs below `folder`, or of those whose notebook lies there alone. Raises UserError where there are none."""
    try:
        return {lab: rows_of(lab, lab) for lab in map(Path.resolve, labs_below(folder))}
    except UserError:
        alone = opened_alone(folder)
        if not alone:
            raise
        return {lab: rows_of(lab, folder) for lab in alone}


def _touched(row: Row) -> bool:
    return row.tried or row.answered or bool(row.hints)


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


def _not_begun(labs: Mapping[str, Sequence[Row]]) -> Table:
    """A line for each: a lab's exercises are of interest once it is begun."""
    table = Table(title="not begun yet", title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column, justify in (("", "left"), ("lab", "left"), ("exercises", "right"), ("points", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for lab, rows in labs.items():
        table.add_row(f"[{_STYLES['○']}]○[/]", lab, str(len(rows)), total(rows)[2])
    return table


def _next(begun: Mapping[Path, Sequence[Row]], made: Mapping[Path, Sequence[Row]]) -> str:
    """The next exercise: of a lab that is begun, before one that was passed over."""
    for lab, rows in [*begun.items(), *made.items()]:
        step = next_step(rows, lab.name)
        if step:
            return step
    return next_lab(list(made)[-1])
