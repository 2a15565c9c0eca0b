"""What a class has by the gradebook when grades go out: whose points are final, and whose have to wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from course_utils.errors import UserError
from grader.batch import read_report
from grader.books import Course, Standing
from grader.judging import FAILED, UNGRADABLE

TO_MARK, UNGRADED, BROKEN = "needs marking", "not graded yet", "the grader failed"


@dataclass(frozen=True)
class Grades:
    """Points by student, with marks of people and after penalties, of `maximum`; and what keeps others back.

    `waiting` has the reason by student, `ungradable` those who got 0 points because nothing could be graded.
    """

    points: Mapping[str, float]
    maximum: float
    waiting: Mapping[str, str]
    ungradable: list[str]
    standings: Mapping[str, Standing] = field(default_factory=dict)


def grades_of(course: Course, lab: str, *, unmarked: bool) -> Grades:
    """What everybody has in a lab. With `unmarked`, points count though a person still has to mark.

    Raises UserError where the lab was not graded, and where the gradebook cannot be read: then nobody knows what people marked.
    """
    report = read_report(lab, course.root)
    if report.trouble:
        raise UserError(f"{report.trouble} Without it nobody knows the marks and penalties: nothing was exported.")
    waiting = dict.fromkeys(report.ungraded, UNGRADED)
    points = {}
    for student, standing in report.standings.items():
        result = report.results.get(student)
        if result is None and not course.folder("autograded", student, lab).is_dir():
            continue  # an extension alone, such as of somebody who has handed in nothing yet
        waiting.pop(student, None)
        if result is not None and result.status == FAILED:
            waiting[student] = BROKEN
        elif standing.to_mark and not unmarked:
            waiting[student] = TO_MARK
        else:
            points[student] = standing.total
    waiting |= dict.fromkeys(report.results.keys() - points.keys() - waiting.keys(), BROKEN)
    ungradable = [student for student in points if student in report.results and report.results[student].status == UNGRADABLE]
    maximum = max((standing.max_score for standing in report.standings.values()), default=0.0)
    return Grades(points, maximum, waiting, ungradable, report.standings)
