"""From a learning platform to the course and back: Canvas, Moodle, Gradescope, PrairieLearn.

In go the files that a platform hands out: a roster, a zip of submissions, a sheet of grades. Out come nbgrader's own folders and students,
and the files that the platform takes back.
"""

from grader.platforms.extensions import extend
from grader.platforms.feedback_zip import Pages, feedback_pages
from grader.platforms.filling import Filling, fill_sheet
from grader.platforms.grades import Grades, grades_of
from grader.platforms.people import Person, read_people, write_people
from grader.platforms.printed import print_table
from grader.platforms.roster import Plan, Step, carry_out, plan_roster
from grader.platforms.table_of_grades import table_of_grades

__all__ = [
    "Filling",
    "Grades",
    "Pages",
    "Person",
    "Plan",
    "Step",
    "carry_out",
    "extend",
    "feedback_pages",
    "fill_sheet",
    "grades_of",
    "plan_roster",
    "print_table",
    "read_people",
    "table_of_grades",
    "write_people",
]
