"""A course with a class that was made up, graded before your eyes.

In goes a lab of this project; out comes a course folder like a real one.
"""

from grader.demo.course import show

__all__ = [
    "show",
]
