"""From a learning platform to the course and back: Canvas, Moodle, Gradescope, PrairieLearn.

In go the files that a platform hands out: a roster, a zip of submissions, a sheet of grades. Out come nbgrader's own folders and students,
and the files that the platform takes back.
"""

from grader.platforms.extensions import extend
from grader.platforms.people import Person, read_people, write_people
from grader.platforms.printed import print_table
from grader.platforms.roster import Plan, Step, carry_out, plan_roster

__all__ = ["Person", "Plan", "Step", "carry_out", "extend", "plan_roster", "print_table", "read_people", "write_people"]
