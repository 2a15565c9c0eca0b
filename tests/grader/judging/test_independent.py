"""Independent work is judged independently: an exercise that ends its process costs itself and what calls it."""

from __future__ import annotations

import pytest

from .conftest import LIMITS, Class, scores

pytestmark = pytest.mark.stress

ENDS = "def {name}(*arguments):\n    import os\n    os._exit(0)"


def ending(*names: str) -> dict[str, str]:
    return {name: ENDS.format(name=name) for name in names}


def test_what_never_calls_it_keeps_all_its_points(course: Class) -> None:
    result = course.grade(**ending("scale"))
    whole = scores(course.grade("eve"))
    found = scores(result)
    assert found["scale"] == 0
    assert found["total"] == whole["total"] > 0
    assert result.status == "partial"
    assert "scale: the notebook's process ended its own process (exit code 0)" in result.reason


@pytest.mark.stress
def test_however_many_do(course: Class) -> None:
    """More of them than there are deaths that a notebook's cells may cost."""
    result = course.grade(**ending("scale", "line", "same_line", "total"))
    assert scores(result) == {"scale": 0, "line": 0, "same_line": 0, "shuffled": 4, "total": 0}, result.reason


@pytest.mark.stress
def test_one_that_never_ends_costs_itself(course: Class) -> None:
    found = scores(course.grade(shuffled="def shuffled(*arguments):\n    while True:\n        pass"))
    assert {name: points for name, points in found.items() if points == 0} == {"shuffled": 0}


@pytest.mark.stress
def test_an_exercise_that_hangs_in_every_check_takes_the_time_of_two(course: Class) -> None:
    """Otherwise the exercises after it would have none left."""
    hangs = "def {name}(*arguments):\n    while True:\n        pass"
    result = course.grade(scale=hangs.format(name="scale"), line=hangs.format(name="line"))
    assert scores(result)["total"] == 4
    assert result.seconds < 5 * LIMITS.call_seconds + LIMITS.cell_seconds
