"""Importing this lets `hint`, `answer` and `progress` show and read nothing: nobody is stuck while a notebook is graded."""

from course_utils import asking

asking.silent = True
