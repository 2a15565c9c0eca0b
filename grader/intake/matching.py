"""Which of a student's cells is which cell of the template: by id, then by content. Metadata is a hint, never an order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from course_utils.cells import checked_exercise
from grader.intake.submission import StudentCell
from grader.intake.template import Template, TemplateCell, defined_names

Matches = dict[int, int]  # index in the template -> index in the submission


def match_cells(template: Template, cells: Sequence[StudentCell]) -> Matches:
    """Match every cell of the template to at most one of the student's cells."""
    matches = _by_id(template, cells)
    for step in (_by_source, _by_content, _by_neighbours):
        free = [s for s in range(len(cells)) if s not in set(matches.values())]
        matches.update(step(template, cells, {t: c for t, c in enumerate(template.cells) if t not in matches}, free, matches))
    return matches


def holds_own_code(wanted: TemplateCell, cell: StudentCell) -> bool:
    """Whether a locked cell was used by the student to write something new, which must not be overwritten."""
    if not wanted.locked or wanted.kind != "code" or cell.source.strip() == wanted.source.strip():
        return False
    return bool(defined_names(cell.source) - defined_names(wanted.source))


def _by_id(template: Template, cells: Sequence[StudentCell]) -> Matches:
    matches = {}
    for t, wanted in enumerate(template.cells):
        candidates = [s for s, cell in enumerate(cells) if wanted.grade_id and cell.grade_id == wanted.grade_id]
        candidates = [s for s in candidates if not holds_own_code(wanted, cells[s])]
        if candidates:
            matches[t] = _best(wanted, cells, candidates)
    return matches


def _best(wanted: TemplateCell, cells: Sequence[StudentCell], candidates: list[int]) -> int:
    """Of several copies: of a locked cell the first that is intact, of an answer the last that answers something."""
    if wanted.locked:
        return next((s for s in candidates if cells[s].source == wanted.source), candidates[0])
    answers = [s for s in candidates if cells[s].source != wanted.source]
    named = [s for s in answers if wanted.names & defined_names(cells[s].source)]
    return (named or answers or candidates)[-1]


def _by_source(
    template: Template, cells: Sequence[StudentCell], open_: dict[int, TemplateCell], free: list[int], matches: Matches
) -> Matches:
    """Unchanged cells, each taken once, in order."""
    found: Matches = {}
    for t, wanted in open_.items():
        for s in free:
            same = cells[s].kind == wanted.kind and cells[s].source.strip() == wanted.source.strip()
            if same and wanted.source.strip() and s not in found.values():
                found[t] = s
                break
    return found


def _by_content(
    template: Template, cells: Sequence[StudentCell], open_: dict[int, TemplateCell], free: list[int], matches: Matches
) -> Matches:
    """Answers that lost their id define what the stub defines; check cells ask for the same check."""
    found: Matches = {}
    for t, wanted in open_.items():
        for s in free:
            if s in found.values() or cells[s].kind != "code":
                continue
            if wanted.names & defined_names(cells[s].source) or (wanted.check and checked_exercise(cells[s].source) == wanted.check):
                found[t] = s  # the last one counts, as it does when the notebook runs
                if wanted.check:
                    break
    return found


def _by_neighbours(
    template: Template, cells: Sequence[StudentCell], open_: dict[int, TemplateCell], free: list[int], matches: Matches
) -> Matches:
    """A written answer that lost its id stands between the same cells as in the template."""
    found: Matches = {}
    for t, wanted in open_.items():
        if not (wanted.solution and wanted.kind == "markdown"):
            continue
        before = max((matches[other] for other in matches if other < t), default=-1)
        after = min((matches[other] for other in matches if other > t), default=len(cells))
        between = [s for s in free if before < s < after and s not in found.values()]
        between = [s for s in between if cells[s].kind == "markdown" and not cells[s].grade_id]
        if between:
            found[t] = between[0]
    return found


def longest_rising(values: Sequence[int]) -> set[int]:
    """The positions of one longest rising subsequence; these cells are where they should be, the others were moved."""
    if not values:
        return set()
    length, previous = [1] * len(values), [-1] * len(values)
    for i, value in enumerate(values):
        for j in range(i):
            if values[j] < value and length[j] >= length[i]:
                length[i], previous[i] = length[j] + 1, j
    chain = [max(range(len(values)), key=lambda i: length[i])]
    while previous[chain[-1]] >= 0:
        chain.append(previous[chain[-1]])
    assert all(values[b] < values[a] for a, b in pairwise(chain))
    return set(chain)
