"""The report as HTML for a notebook: a table of checks, with a heat-map of yours minus the wanted values.

Inline styles only, because a notebook's page, nbgrader's feedback and exported HTML each bring their own style sheet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from course_utils.checking.compare import Difference, close_enough
from course_utils.checking.verdict import MARKS, Verdict, shown, told

COLOURS = {"passed": "#009E73", "failed": "#D55E00", "not attempted": "#767676", "could not run": "#A85688"}
TOO_LARGE, TOO_SMALL = "213,94,0", "0,114,178"  # the course's gradient and forward colours
MAX_SIDE = 12
_CELL = "padding:2px 12px 2px 0;text-align:left;vertical-align:top;background:transparent;border:none"
_CODE = "font-family:var(--jp-code-font-family,monospace);font-size:0.92em;white-space:pre-wrap"


def render(exercise: str, points: str, verdicts: Sequence[Verdict], first: str, notes: Sequence[str]) -> str:
    """A report as a fragment of HTML. `first` is what to do before anything else, `notes` close it."""
    rows = "".join(_row(verdict, lines) for verdict, lines in told(verdicts))
    closing = "".join(f'<div style="margin-top:4px">{_with_code(note)}</div>' for note in notes)
    outcomes = [verdict.outcome for verdict in verdicts]
    colour = COLOURS[next((outcome for outcome in ("failed", "could not run", "not attempted") if outcome in outcomes), "passed")]
    return (
        f'<div class="handgrad-report" style="border-left:4px solid {colour};padding:2px 0 2px 12px;margin:4px 0">'
        f"<div><b>{escape(exercise)}</b>&ensp;{escape(points)}</div>"
        f"{_first(first)}"
        f'<table style="border-collapse:collapse;margin:2px 0">{rows}</table>{closing}</div>'
    )


def _with_code(note: str) -> str:
    """A line whose calls, such as `hint("relu")`, are to be typed as they stand."""
    parts = re.split(r"""(`[^`]+`|(?:from course_utils import \w+; )?\w+\("\w+"\))""", note)
    return "".join(f"<code>{escape(part.strip('`'))}</code>" if number % 2 else escape(part) for number, part in enumerate(parts))


def _first(sentence: str) -> str:
    return f'<div style="margin:2px 0"><b>{escape(sentence)}</b></div>' if sentence else ""


def _row(verdict: Verdict, lines: Sequence[str]) -> str:
    colour = COLOURS[verdict.outcome]
    head = (
        f'<tr style="background:transparent"><td style="{_CELL};color:{colour};white-space:nowrap" title="{verdict.outcome}">'
        f"<b>{MARKS[verdict.outcome]}</b>&nbsp;{'' if verdict.outcome == 'passed' else verdict.outcome}</td>"
        f'<td style="{_CELL}">{escape(verdict.title)}</td>'
        f'<td style="{_CELL};text-align:right">{shown(verdict.score)}/{shown(verdict.max_score)}</td></tr>'
    )
    if not lines:
        return head
    text = "\n".join(_emphasised(line, verdict) for line in lines)
    picture = _heat_map(verdict.difference) if verdict.difference and len(lines) > 1 else ""
    return (
        f'{head}<tr style="background:transparent"><td style="{_CELL}"></td>'
        f'<td style="{_CELL}" colspan="2"><div style="{_CODE}">{text}</div>{picture}</td></tr>'
    )


def _emphasised(line: str, verdict: Verdict) -> str:
    return f"<b>{escape(line)}</b>" if line and line in verdict.diagnosis.split("\n") else escape(line)


def _heat_map(difference: Difference) -> str:
    got, want = difference.got, difference.want
    if got is None or want is None or got.shape != want.shape or want.size < 2:
        return ""
    if "c" in (got.dtype.kind, want.dtype.kind):
        return ""
    good, gap, where = _shown(close_enough(got, want), got.astype(float) - want.astype(float))
    finite = np.abs(gap[np.isfinite(gap)])
    scale = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    height, width = (min(MAX_SIDE, side) for side in gap.shape)
    entries = [[_entry(gap[i, j], scale, bool(good[i, j])) for j in range(width)] for i in range(height)]
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in entries)
    cut = f" (the first {MAX_SIDE} rows and columns)" if max(gap.shape) > MAX_SIDE else ""
    return (
        # in a narrow window the picture scrolls by itself, and the lines above it stay readable
        '<div style="display:grid;grid-template-columns:minmax(0,1fr)"><div style="overflow-x:auto">'
        '<table style="border-collapse:collapse;margin:4px 0;font-size:0.85em">'
        '<caption style="text-align:left;caption-side:top;color:inherit;white-space:nowrap">'
        f"yours minus expected{where}{cut}; ✓ agrees</caption>"
        f"{rows}</table></div></div>"
    )


def _shown(good: NDArray[np.bool_], gap: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.float64], str]:
    """What of a difference is drawn: a row, a matrix, or of more axes the matrix that differs most, and at which index that is."""
    if gap.ndim <= 2:
        return np.atleast_2d(good), np.atleast_2d(gap), ""
    worst = int(np.argmax(np.where(good, -1.0, np.nan_to_num(np.abs(gap), nan=np.inf))))
    index = tuple(map(int, np.unravel_index(worst, gap.shape)))[:-2]
    return good[index], gap[index], f" at [{', '.join(map(str, index))}]"


def _entry(gap: float, scale: float, good: bool) -> str:
    if good:
        return _td("transparent", "✓")
    if not np.isfinite(gap):
        return _td("rgba(128,128,128,0.4)", str(gap))
    colour = TOO_LARGE if gap > 0 else TOO_SMALL
    return _td(f"rgba({colour},{0.15 + 0.45 * abs(gap) / scale:.2f})", f"{gap:+.2g}")


def _td(colour: str, text: str) -> str:
    style = f"background:{colour};border:1px solid rgba(128,128,128,0.3);padding:1px 6px;text-align:right"
    return f'<td style="{style}">{text}</td>'
