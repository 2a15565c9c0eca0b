"""From a learning platform to the course and back: Canvas, Moodle, Gradescope, PrairieLearn.

In go the files that a platform hands out: a roster, a zip of submissions, a sheet of grades. Out come nbgrader's own folders and students,
and the files that the platform takes back.
"""

from grader.platforms.archive import open_source
from grader.platforms.collected import Collected, read_collected
from grader.platforms.collecting import Plan as Collecting
from grader.platforms.collecting import Row as CollectedRow
from grader.platforms.collecting import collect, plan_collecting
from grader.platforms.extensions import extend, parse_time
from grader.platforms.mapping import read_table, write_table
from grader.platforms.people import Person, read_people, write_people
from grader.platforms.printed import print_table
from grader.platforms.recognising import PLATFORMS, TOLD
from grader.platforms.roster import Plan, Step, carry_out, plan_roster

__all__ = [
    "PLATFORMS",
    "TOLD",
    "Collected",
    "CollectedRow",
    "Collecting",
    "Person",
    "Plan",
    "Step",
    "carry_out",
    "collect",
    "extend",
    "open_source",
    "parse_time",
    "plan_collecting",
    "plan_roster",
    "print_table",
    "read_collected",
    "read_people",
    "read_table",
    "write_people",
    "write_table",
]
