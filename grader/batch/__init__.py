"""Grade a class.

In goes the name of a lab with what the command line says. Workers grade, the journal remembers each result, and results are brought
to the books. Out comes an `Outcome`; a run that was killed goes on where it was.
"""

from grader.batch.alone import Alone, covered, packed
from grader.batch.errands import run_errands
from grader.batch.journal import count_attempts, read_results
from grader.batch.lab import Options, Outcome, grade_lab
from grader.batch.renew import Renewed, renew_pages
from grader.batch.replay import Change, left_out, replay_lab
from grader.batch.report import ClassReport, as_data, read_report, sentences, told_of
from grader.batch.watch import class_table, lateness, mistake_table, on_devices, print_table, progress, some, summary, without_sandbox

__all__ = [
    "Alone",
    "Change",
    "ClassReport",
    "Options",
    "Outcome",
    "Renewed",
    "as_data",
    "class_table",
    "count_attempts",
    "covered",
    "grade_lab",
    "lateness",
    "left_out",
    "mistake_table",
    "on_devices",
    "packed",
    "print_table",
    "progress",
    "read_report",
    "read_results",
    "renew_pages",
    "replay_lab",
    "run_errands",
    "sentences",
    "some",
    "summary",
    "told_of",
    "without_sandbox",
]
