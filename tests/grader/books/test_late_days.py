"""Points for late days: nbgrader's own step asks the plugin, and what it says is in the gradebook and in nbgrader's export."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from grader.books.lateness import Penalties

DAY = 86400.0


def step_with(**options: float) -> AssignLatePenalties:
    config = Config()
    config.AssignLatePenalties.plugin_class = "grader.books.late_days.PerDay"
    config.PerDay.update(options)
    step = AssignLatePenalties(config=config)
    step.init_plugin()
    return step


@pytest.mark.parametrize(
    ("options", "late", "taken"),
    [
        ({"points": 2.0}, 1.0, 2.0),
        ({"points": 2.0}, DAY, 2.0),
        ({"points": 2.0}, DAY + 1, 4.0),
        ({"points": 2.0}, 30 * DAY, 8.0),
        ({"percent": 10.0}, 3 * DAY, 2.4),
        ({"percent": 10.0, "points": 1.0}, DAY, 1.8),
        ({"percent": 50.0, "most_percent": 75.0}, 5 * DAY, 6.0),
        ({"points": 2.0, "grace_minutes": 15.0}, 900.0, None),
        ({"points": 2.0, "grace_minutes": 15.0}, 901.0, 2.0),
        ({}, DAY, 0.0),
    ],
)
def test_every_day_that_has_begun_costs(options: dict[str, float], late: float, taken: float | None) -> None:
    found = step_with(**options).plugin_inst.late_submission_penalty("ada", 8.0, late)
    assert found == (None if taken is None else pytest.approx(taken))


@settings(max_examples=30)
@given(st.floats(0, 100), st.floats(1, 1e7), st.floats(0, 20), st.floats(0, 100))
def test_it_takes_no_more_than_there_is_and_nbgrader_leaves_it_as_it_is(score: float, late: float, points: float, percent: float) -> None:
    step = STEP
    step.plugin_inst.points, step.plugin_inst.percent = points, percent
    taken = step.plugin_inst.late_submission_penalty("ada", score, late)
    assert 0 <= taken <= score
    assert step._check_late_penalty(SimpleNamespace(score=score), taken) == taken


STEP = step_with()


def test_the_grader_asks_it_as_nbgrader_does(tmp_path) -> None:
    config = Config()
    config.AssignLatePenalties.plugin_class = "grader.books.late_days.PerDay"
    config.PerDay.percent = 25
    assert Penalties(tmp_path, config).of("ada", 8.0, 2 * DAY) == 4.0
