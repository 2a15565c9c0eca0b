"""Tables in a terminal or a log. What a platform or a student wrote is shown as text, never as markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.intake import one_line

_LOG_WIDTH = 140


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[str] = ()) -> None:
    """Print rows below titles; the columns named in `right` are numbers. Columns without a word in any row are left out."""
    cells = [[one_line(cell, 200) for cell in row] for row in rows]
    used = [at for at in range(len(titles)) if any(row[at] for row in cells)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at in used:
        table.add_column(titles[at], justify="right" if titles[at] in right else "left", overflow="fold")
    for row in cells:
        table.add_row(*(Text(row[at]) for at in used))
    console = Console(highlight=False)
    (console if console.is_terminal else Console(highlight=False, width=_LOG_WIDTH)).print(table)
