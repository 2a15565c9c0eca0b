"""Which of a student's cells is which cell of the template: by id, then by content. Metadata is a hint, never an order.

The template is ours and short; a submission may have thousands of cells. Each of these is looked at a few times, never in pairs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from course_utils.cells import checked_exercise
from grader.intake.notebook import StudentCell
from grader.intake.template import Template, TemplateCell, defined_names

Matches = dict[int, int]  # index in the template -> index in the submission
Free = dict[int, StudentCell]  # the student's cells that match nothing yet, by index, in order


def match_cells(template: Template, cells: Sequence[StudentCell]) -> Matches:
    """Match every cell of the template to at most one of the student's cells."""
    matches = _by_id(template, cells)
    for step in (_by_source, _by_content):
        taken = set(matches.values())
        free = {s: cell for s, cell in enumerate(cells) if s not in taken}
        matches.update(step({t: c for t, c in enumerate(template.cells) if t not in matches}, free))
    return matches | _by_neighbours(template, cells, matches)


def by_grade_id(cells: Iterable[StudentCell]) -> dict[str, list[int]]:
    """Where the student has cells of each id."""
    found = defaultdict(list)
    for s, cell in enumerate(cells):
        if cell.grade_id:
            found[cell.grade_id].append(s)
    return dict(found)


def holds_own_code(wanted: TemplateCell, cell: StudentCell) -> bool:
    """Whether a locked cell was used by the student to write something new, which must not be overwritten."""
    if not wanted.locked or wanted.kind != "code" or wanted.is_as_given(cell.source):
        return False
    return bool(defined_names(cell.source) - defined_names(wanted.source))


def _by_id(template: Template, cells: Sequence[StudentCell]) -> Matches:
    matches, named = {}, by_grade_id(cells)
    for t, wanted in enumerate(template.cells):
        candidates = [s for s in named.get(wanted.grade_id, ()) if not holds_own_code(wanted, cells[s])]
        if candidates:
            matches[t] = _best(wanted, cells, candidates)
    return matches


def _best(wanted: TemplateCell, cells: Sequence[StudentCell], candidates: list[int]) -> int:
    """Of several copies: of a locked cell the first that is intact, of an answer the last that answers something."""
    if len(candidates) == 1:
        return candidates[0]
    if wanted.locked:
        return next((s for s in candidates if wanted.is_as_given(cells[s].source)), candidates[0])
    answers = [s for s in candidates if cells[s].source != wanted.source]
    named = [s for s in answers if wanted.names & defined_names(cells[s].source)]
    return (named or answers or candidates)[-1]


def _by_source(open_: dict[int, TemplateCell], free: Free) -> Matches:
    """Unchanged cells, each taken once, in order."""
    same: dict[tuple[str, str], list[int]] = defaultdict(list)
    for s, cell in reversed(free.items()):
        same[cell.kind, cell.source.strip()].append(s)
    found: Matches = {}
    for t, wanted in open_.items():
        texts = (wanted.source.strip(), wanted.released.strip())
        candidates = next((places for text in texts if text and (places := same.get((wanted.kind, text)))), None)
        if candidates:
            found[t] = candidates.pop()
    return found


def _by_content(open_: dict[int, TemplateCell], free: Free) -> Matches:
    """Answers that lost their id define what the stub defines; check cells ask for the same check."""
    sought = {name for wanted in open_.values() for name in wanted.names}
    defining: dict[str, set[int]] = defaultdict(set)
    checking: dict[str, set[int]] = defaultdict(set)
    for s, cell in free.items():
        if cell.kind != "code":
            continue
        for name in sought & defined_names(cell.source):
            defining[name].add(s)
        if (check := checked_exercise(cell.source)) is not None:
            checking[check].add(s)
    found: Matches = {}
    taken: set[int] = set()
    for t, wanted in open_.items():
        candidates = set().union(*(defining.get(name, ()) for name in wanted.names), checking.get(wanted.check or "", ())) - taken
        if candidates:  # the last one counts, as it does when the notebook runs
            found[t] = min(candidates) if wanted.check else max(candidates)
            taken.add(found[t])
    return found


def _by_neighbours(template: Template, cells: Sequence[StudentCell], matches: Matches) -> Matches:
    """A written answer that lost its id stands between the same cells as in the template."""
    found: Matches = {}
    taken = set(matches.values())
    for t, wanted in enumerate(template.cells):
        if t in matches or not (wanted.solution and wanted.kind == "markdown"):
            continue
        before = max((matches[other] for other in matches if other < t), default=-1)
        after = min((matches[other] for other in matches if other > t), default=len(cells))
        between = (s for s in range(before + 1, after) if s not in taken and cells[s].kind == "markdown" and not cells[s].grade_id)
        if (place := next(between, None)) is not None:
            found[t] = place
            taken.add(place)
    return found


def longest_rising(values: Sequence[int]) -> set[int]:
    """The positions of one longest rising subsequence; these cells are where they should be, the others were moved."""
    piles: list[list[int]] = []  # by length: where a rising chain of that length ends, the values falling
    previous = [-1] * len(values)
    for i, value in enumerate(values):
        length = bisect_left(piles, value, key=lambda pile: values[pile[-1]])
        if length:
            below = piles[length - 1]
            previous[i] = below[bisect_right(below, -value, key=lambda j: -values[j])]  # the first that is smaller
        if length == len(piles):
            piles.append([])
        piles[length].append(i)
    chain = set()
    at = piles[-1][0] if piles else -1
    while at >= 0:
        chain.add(at)
        at = previous[at]
    return chain
