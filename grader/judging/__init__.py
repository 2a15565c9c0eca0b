"""Judge one submission.

In goes a `Submission`, an `Assignment` with its checks, and a sandbox. The notebook's cells run there, the checks are asked and
judged on this side. Out comes a `Result`, the graded notebook, and the answers, kept so that they can be judged again.
"""

from grader.judging.again import report_on
from grader.judging.alike import SHARING, Print, cluster
from grader.judging.aside import put_aside
from grader.judging.grading import Assignment, Graded, grade
from grader.judging.kernels import kernels_of
from grader.judging.messages import common_words
from grader.judging.result import (
    ABOVE,
    FAILED,
    GRADED,
    PARTIAL,
    PUT_ASIDE,
    UNGRADABLE,
    UNREADABLE,
    CellScore,
    Result,
    exercise_entry,
    failures,
    mistakes_of,
    sentence_of,
    telling,
)
from grader.judging.sharing import with_print
from grader.judging.shown import report_output
from grader.judging.traces import load_answers, save_answers, sweep_traces
from grader.judging.trimming import Trimming

__all__ = [
    "ABOVE",
    "FAILED",
    "GRADED",
    "PARTIAL",
    "PUT_ASIDE",
    "SHARING",
    "UNGRADABLE",
    "UNREADABLE",
    "Assignment",
    "CellScore",
    "Graded",
    "Print",
    "Result",
    "Trimming",
    "cluster",
    "common_words",
    "exercise_entry",
    "failures",
    "grade",
    "kernels_of",
    "load_answers",
    "mistakes_of",
    "put_aside",
    "report_on",
    "report_output",
    "save_answers",
    "sentence_of",
    "sweep_traces",
    "telling",
    "with_print",
]
