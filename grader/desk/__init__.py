"""The instructor's desk: a class as one page, wrong answers by kind, one sentence to all who gave the same.

In go the results of a class and what its gradebook holds. Out come pages to look at, groups of answers, and comments that reach
everybody in a group.
"""
