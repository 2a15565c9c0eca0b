"""The instructor's desk: a class as one page, wrong answers by kind, one sentence to all who gave the same.

In go the results of a class and what its gradebook holds. Out come pages to look at, groups of answers, and comments that reach
everybody in a group.
"""

from grader.desk.comments import TakenIn, left_groups, say, share, take_back, take_in
from grader.desk.groups import Counted, Group, count, find_group, groups_of, with_examples
from grader.desk.skeleton import skeleton

__all__ = [
    "Counted",
    "Group",
    "TakenIn",
    "count",
    "find_group",
    "groups_of",
    "left_groups",
    "say",
    "share",
    "skeleton",
    "take_back",
    "take_in",
    "with_examples",
]
