"""Tables of numbers that a reader is to see a pattern in: words of the page, so that they follow its size and its theme."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.pictures.plots import attempt

STEP = 1e-5  # half the distance over which a slope is measured


class Table:
    """Columns of numbers under their heads; the last expression of a cell shows it."""

    def __init__(self, heads: Sequence[str], rows: Sequence[Sequence[str]]):
        self.heads, self.rows = list(heads), [list(row) for row in rows]

    def _repr_html_(self) -> str:
        lines = [_line("th", self.heads), *(_line("td", row) for row in self.rows)]
        return f"<table>{''.join(lines)}</table>"

    def __repr__(self) -> str:
        lines = [self.heads, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _line(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def columns(**named: Sequence[float] | np.ndarray) -> Table:
    """Columns by name, all of one length. A name is shown as it is written."""
    return Table(list(named), [[number(value) for value in row] for row in zip(*named.values(), strict=True)])


def lines(heads: Sequence[str], *rows: Sequence[Any]) -> Table:
    """Rows of words, shapes and numbers under their heads."""
    return Table(heads, [[number(value) if isinstance(value, float) else str(value) for value in row] for row in rows])


def slopes(g: Callable[..., Any], z: Sequence[float] | np.ndarray, name: str = "g(z)") -> Table:
    """z, g(z) and how steep g is there, measured: the rise from just before z to just behind it, over the run.

    g: the student's function of an array (N,), entry by entry. Where it gives no numbers yet, one line says so.
    """
    z = np.asarray(z, dtype=float)
    seen = [attempt(g, at, shape=z.shape) for at in (z, z + STEP, z - STEP)]
    problem = next((line for line in seen if isinstance(line, str)), None)
    if problem is not None:
        return Table([f"{name}: {problem}"], [])
    heights, ahead, behind = map(np.asarray, seen)
    return columns(**{"z": z, name: heights, "slope": (ahead - behind) / (2 * STEP)})


def rows(heads: Sequence[str], compute: Callable[[], Any]) -> Table:
    """The rows (K, len(heads)) that compute() makes with the student's functions. Where it gives none yet, one line says so."""
    found = attempt(compute)
    if isinstance(found, str):
        return Table([found], [])
    return Table(heads, [[number(value) for value in row] for row in found])


def number(value: float) -> str:
    """At most four decimals, none that say nothing, and a true minus sign."""
    rounded = round(float(value), 4) + 0.0  # + 0.0: never −0
    return f"{rounded:.10g}".replace("-", "−")
