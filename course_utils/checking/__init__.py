"""The check engine: declare, observe, compare, diagnose, judge, report.

Authors of labs need `check`, `mistake`, `solution`, `budget`, `libraries` and what `values` offers; the rest is for `course_utils`
and `grader`.
"""

from course_utils.checking.declare import Check, Mistake, budget, check, libraries, mistake, solution
from course_utils.checking.judge import Oracle, check_exercise, judge, observe_all
from course_utils.checking.lab import Lab, Live
from course_utils.checking.local import Local
from course_utils.checking.observe import Trace, observe
from course_utils.checking.report import Report
from course_utils.checking.session import Raised, Ref, Reply, Seeded, Session
from course_utils.checking.values import Bound, Follows, Opaque, at_least, at_most, close, follows
from course_utils.checking.verdict import Verdict

__all__ = [
    "Bound",
    "Check",
    "Follows",
    "Lab",
    "Live",
    "Local",
    "Mistake",
    "Opaque",
    "Oracle",
    "Raised",
    "Ref",
    "Reply",
    "Report",
    "Seeded",
    "Session",
    "Trace",
    "Verdict",
    "at_least",
    "at_most",
    "budget",
    "check",
    "check_exercise",
    "close",
    "follows",
    "judge",
    "libraries",
    "mistake",
    "observe",
    "observe_all",
    "solution",
]
