"""The public attacks, one list for each row of what a grader must survive. A case says what it tries and what its honest part deserves."""

from __future__ import annotations

from grader.doctor.attacks import broken, denial, reader, score_cells, score_code, seen, stealing
from grader.doctor.attacks.case import ROWS, Case

_LISTS = (score_cells, score_code, stealing, denial, broken, reader, seen)
CASES: tuple[Case, ...] = tuple(case for part in _LISTS for case in part.CASES)

__all__ = ["CASES", "ROWS", "Case"]
