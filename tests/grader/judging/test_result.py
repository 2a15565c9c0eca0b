"""The one line of the class table that says most."""

from __future__ import annotations

import pytest

from grader.judging import GRADED, Result, telling

PASSED, FAILED, EMPTY = "passed", "failed", "not attempted"


def a_result(**outcomes: str) -> Result:
    """One exercise for each word, with one check of ten points that ended so."""
    exercises = {
        name: {
            "first": "",
            "checks": [
                {
                    "title": "a title",
                    "outcome": outcome,
                    "score": 10.0 if outcome == PASSED else 0.0,
                    "max_score": 10.0,
                    "message": "" if outcome != FAILED else f"{name} is off by one",
                    "mistake": None,
                }
            ],
        }
        for name, outcome in outcomes.items()
    }
    return Result("ada", "lab", "digest", GRADED, exercises=exercises)


@pytest.mark.parametrize(
    ("outcomes", "line"),
    [
        ({"one": PASSED, "two": PASSED}, ""),
        ({"one": PASSED, "two": EMPTY}, "not written: two"),
        ({"one": PASSED, "two": EMPTY, "three": EMPTY, "four": EMPTY}, "not written: two, three, four"),
        ({"one": PASSED, "two": EMPTY, "three": EMPTY, "four": EMPTY, "five": EMPTY}, "not written: two, three, four and 1 more"),
        ({"one": FAILED, "two": EMPTY}, "one: one is off by one"),
        ({"one": EMPTY, "two": EMPTY}, "nothing was written"),
        ({}, ""),
    ],
)
def test_who_left_something_out_is_told_apart_from_who_has_all(outcomes, line):
    assert telling(a_result(**outcomes)) == line
