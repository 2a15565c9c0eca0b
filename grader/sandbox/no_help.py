"""Importing this lets `hint`, `answer`, `progress` and `review` show and read nothing: nobody is stuck while a notebook is graded."""

from course_utils import asking

asking.silent = True
