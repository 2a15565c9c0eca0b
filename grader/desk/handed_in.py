"""How a class handed in: who gave the same notebook byte by byte, and whom a platform calls late where nbgrader does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from course_utils.errors import UserError
from grader.batch import ClassReport, some
from grader.books import Course
from grader.judging import Result
from grader.platforms import Collected, read_collected

_NAMED = 20  # students in one sentence
_SENTENCES = 12
LATE_THERE = (
    "Late for the platform but not for nbgrader, which takes nothing off without the time (`handgrad collect --late-at`) and a due date"
)


@dataclass
class HandedIn:
    """`identical` are students with one and the same notebook, largest groups first; `late` those who are late for the platform only.

    `trouble` says why it is not known what was collected; then a team that handed in once looks like students with the same notebook.
    """

    identical: list[list[str]] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    trouble: str = ""


def handed_in(course: Course, lab: str, report: ClassReport) -> HandedIn:
    """Compare what was handed in, by the digests of the journal. No notebook is opened."""
    collected: Mapping[str, Collected] = {}
    trouble = ""
    try:
        collected = read_collected(course, lab)
    except UserError as reason:
        trouble = str(reason)
    timely = (student for student in report.results if (stands := report.standings.get(student)) is not None and not stands.late)
    late = [student for student in timely if (one := collected.get(student)) is not None and one.late]
    return HandedIn(identical(report.results.values(), collected), late, trouble)


def identical(results: Iterable[Result], collected: Mapping[str, Collected]) -> list[list[str]]:
    """Students whose notebooks have the same bytes. One team that handed in once is none, and notebooks in which nobody wrote are none."""
    by_content: dict[str, list[str]] = defaultdict(list)
    for result in results:
        if result.content and not _untouched(result):
            by_content[result.content].append(result.student)
    groups = [sorted(students) for students in by_content.values() if not _one_team(students, collected)]
    return sorted(groups, key=lambda group: (-len(group), group))


def _one_team(students: list[str], collected: Mapping[str, Collected]) -> bool:
    first = collected.get(students[0])
    return set(students) <= {students[0], *(first.together if first else ())}


def _untouched(result: Result) -> bool:
    """Whether no answer differs from what was released."""
    waits = any(cell.auto is None for cells in result.cells.values() for cell in cells.values())
    return not waits and all(set(named) <= set(result.no_response.get(name, ())) for name, named in result.answers.items())


def told_of_handing_in(found: HandedIn) -> Iterator[str]:
    """The same as sentences."""
    if found.trouble:
        yield found.trouble
    if found.late:
        yield f"{LATE_THERE}: {some(found.late, _NAMED)}."
    for group in found.identical[:_SENTENCES]:
        yield f"Identical submissions, the same notebook byte by byte: {some(group, _NAMED)}."
    if rest := found.identical[_SENTENCES:]:
        yield f"And {len(rest)} more such groups: --json has them all, as `identical`."
    if found.identical:
        yield "Why they are identical, the files do not say."
