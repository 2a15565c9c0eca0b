"""The instructor's desk: a class as one page, wrong answers by kind, one sentence to all who gave the same.

In go the results of a class and what its gradebook holds. Out come pages to look at, groups of answers, and comments that reach
everybody in a group.
"""

from grader.desk.class_page import write_class_page
from grader.desk.comments import TakenIn, left_groups, say, share, take_back, take_in
from grader.desk.course_page import write_course_page
from grader.desk.groups import Counted, Group, count, find_group, groups_of, with_examples
from grader.desk.progress import course_data, print_course, read_course_report
from grader.desk.skeleton import skeleton

__all__ = [
    "Counted",
    "Group",
    "TakenIn",
    "count",
    "course_data",
    "find_group",
    "groups_of",
    "left_groups",
    "print_course",
    "read_course_report",
    "say",
    "share",
    "skeleton",
    "take_back",
    "take_in",
    "with_examples",
    "write_class_page",
    "write_course_page",
]
