"""Counting a class: outcomes, slips and what they cost."""

from __future__ import annotations

import pytest

from grader.batch import ClassReport
from grader.desk.tally import BROKEN, ERROR, FOLLOWS, NAMED, NOTHING, PARTLY, RIGHT, UNNAMED, UNWRITTEN, WAITS, WRONG, tally
from grader.judging import CellScore, Result

from .conftest import LAB, SQUARED, check, entry, graded, over_rows, squared, unreadable

UNRUN = "the cell that defines double did not run: SyntaxError: invalid syntax"


@pytest.mark.parametrize(
    ("checks", "outcome", "kind"),
    [
        ([check(0.0, 3.0, mistake=SQUARED)], WRONG, NAMED),
        ([check(2.0, 2.0, "passed"), check(0.0, 1.0)], PARTLY, UNNAMED),
        ([check(0.0, 3.0, message="called with x\nTypeError: no\nin the line: y")], WRONG, ERROR),
        ([check(0.0, 3.0, message="AdaError: no")], WRONG, UNNAMED),
        ([check(0.0, 3.0, "could not run", message="out of memory")], BROKEN, BROKEN),
        ([check(0.0, 3.0, "not attempted", message=UNRUN)], BROKEN, BROKEN),
        ([check(0.0, 3.0, "not attempted", message="not written yet")], UNWRITTEN, UNWRITTEN),
    ],
)
def test_an_exercise_has_one_outcome_and_its_points_one_reason(checks, outcome, kind):
    found = tally(ClassReport({"ada": graded("ada", {"double": entry(*checks)})}, {}), {})
    assert [mark.outcome for mark in found.rows[0].marks] == [outcome, RIGHT, RIGHT, WAITS]
    assert [(slip.exercise, slip.kind) for slip in found.slips] == [("double", kind)]
    assert found.slips[0].points == found.lost(0)


def test_what_follows_from_another_exercise_is_not_its_own_slip():
    follows = {"center": entry(check(0.0, 4.0), first="mend double first")}
    found = tally(ClassReport({"ada": graded("ada", squared() | follows)}, {}), {})
    assert {slip.exercise: slip.kind for slip in found.slips} == {"double": NAMED, "center": FOLLOWS}


def test_known_mistakes_come_first_and_those_of_many_before_those_of_few():
    results = {name: graded(name, squared()) for name in ("ada", "bob")}
    results["cleo"] = graded("cleo", over_rows())
    results |= {name: graded(name, {"true_lines": entry(check(0.0, 2.0))}) for name in ("dan", "eve", "flo")}
    found = tally(ClassReport(results, {}), {"ada": 3})
    assert [(slip.exercise, len(slip.students), slip.points) for slip in found.slips] == [
        ("double", 2, 6),
        ("center", 1, 4),
        ("true_lines", 3, 6),
    ]
    assert [row.slips for row in found.rows] == [[0], [0], [1], [], [], []]
    assert [row.attempts for row in found.rows] == [3, 1, 1, 1, 1, 1]


def test_what_waits_for_a_mark_does_not_count_yet_and_what_was_not_read_never_does():
    results = {"ada": graded("ada", squared()), "eve": unreadable("eve", "torn")}
    ada, eve = tally(ClassReport(results, {}), {}).rows
    assert (ada.score, ada.most, ada.share) == (6.0, 12.0, pytest.approx(6 / 9))
    assert eve.share is None
    assert {mark.outcome for mark in eve.marks} == {NOTHING}


def test_an_ordinary_course_has_cells_in_the_place_of_exercises():
    cells = {
        "one": {"t": CellScore(1.0, 2.0), "note": CellScore(0.0, 0.0)},
        "two": {"t": CellScore(0.0, 2.0), "essay": CellScore(0.0, 1.0)},
    }
    result = Result("ada", LAB, "d", "graded", cells=cells, no_response={"one": [], "two": ["essay"]}, max_score=5.0, score=1.0)
    found = tally(ClassReport({"ada": result}, {}), {})
    assert [part.name for part in found.parts] == ["one: t", "two: t", "two: essay"]
    assert [mark.outcome for mark in found.rows[0].marks] == [PARTLY, WRONG, UNWRITTEN]
    assert found.slips == []
