"""The instructor's desk: a class as one page, wrong answers by kind, one sentence to all who gave the same.

In go the results of a class and what its gradebook holds. Out come pages to look at, groups of answers, and comments that reach
everybody in a group.
"""

from grader.desk.class_page import write_class_page
from grader.desk.course_page import write_course_page
from grader.desk.progress import course_data, print_course, read_course_report

__all__ = ["course_data", "print_course", "read_course_report", "write_class_page", "write_course_page"]
