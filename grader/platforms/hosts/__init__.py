"""What other hosts run: Handgrad in the autograder's container of Gradescope, and in PrairieLearn's external grader.

In goes an assignment of a course. Out comes a zip or a folder: a wheel of this very Handgrad, the versions of what it needs, the
assignment with its references, and scripts. Inside, `arrange` puts aside what only the judge may see, `adapter` grades one submission.
"""

from grader.platforms.hosts.writing import HOSTS, write_host

__all__ = ["HOSTS", "write_host"]
