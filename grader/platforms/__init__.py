"""From a learning platform to the course and back: Canvas, Moodle, Gradescope, PrairieLearn.

In go the files that a platform hands out: a roster, a zip of submissions, a sheet of grades. Out come nbgrader's own folders and students,
and the files that the platform takes back.
"""

from grader.platforms.people import Person, read_people, write_people

__all__ = ["Person", "read_people", "write_people"]
