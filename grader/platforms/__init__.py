"""From a learning platform to the course and back: Canvas, Moodle, Gradescope, PrairieLearn.

In go the files that a platform hands out: a roster, a zip of submissions, a sheet of grades. Out come nbgrader's own folders and students,
and the files that the platform takes back.
"""

from grader.platforms.archive import open_source
from grader.platforms.collected import Collected, read_collected
from grader.platforms.collecting import Plan as Collecting
from grader.platforms.collecting import Row as CollectedRow
from grader.platforms.collecting import collect, plan_collecting
from grader.platforms.extensions import extend, extensions_of, parse_time
from grader.platforms.feedback_zip import Pages, feedback_pages
from grader.platforms.filling import Filling, fill_sheet
from grader.platforms.grades import Grades, grades_of
from grader.platforms.mapping import read_table, write_table
from grader.platforms.people import Person, read_people, write_people
from grader.platforms.printed import print_table
from grader.platforms.recognising import PLATFORMS, TOLD
from grader.platforms.roster import Plan, Step, carry_out, held_by, known_people, plan_roster
from grader.platforms.table_of_grades import table_of_grades

__all__ = [
    "PLATFORMS",
    "TOLD",
    "Collected",
    "CollectedRow",
    "Collecting",
    "Filling",
    "Grades",
    "Pages",
    "Person",
    "Plan",
    "Step",
    "carry_out",
    "collect",
    "extend",
    "extensions_of",
    "feedback_pages",
    "fill_sheet",
    "grades_of",
    "held_by",
    "known_people",
    "open_source",
    "parse_time",
    "plan_collecting",
    "plan_roster",
    "print_table",
    "read_collected",
    "read_people",
    "read_table",
    "table_of_grades",
    "write_people",
    "write_table",
]
