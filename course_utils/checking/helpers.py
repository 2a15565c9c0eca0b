"""Which exercises another one calls: one slip is charged once, and a report says where to mend it."""

from __future__ import annotations

from collections.abc import Container, Iterable

from course_utils.checking.report import Report
from course_utils.checking.session import Ref, Session

_MOST = 60  # functions of a notebook that are looked through


def called_by(exercise: str, session: Session, exercises: Container[str], *, through: bool = True) -> list[str]:
    """The exercises that one calls: itself, or through functions of the notebook, with `through` those of other exercises too."""
    found: dict[str, None] = {}
    seen, ahead = {exercise}, [exercise]
    while ahead and len(seen) < _MOST:
        value = session.lookup(ahead.pop(0)).value
        for name in value.reaches if isinstance(value, Ref) else ():
            if name in seen:
                continue
            seen.add(name)
            if name in exercises:
                found[name] = None
            if through or name not in exercises:
                ahead.append(name)
    return list(found)


def at_fault(helpers: Iterable[str], called: Container[str], reports: dict[str, Report]) -> list[str]:
    """The helpers that are called, were tried, and fail their own checks."""
    return [name for name in helpers if name in called and name in reports and is_wrong(reports[name])]


def is_wrong(report: Report) -> bool:
    """Whether an exercise was written, and fails its checks."""
    return any(verdict.outcome == "failed" for verdict in report.verdicts)
