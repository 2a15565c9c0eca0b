"""In random classes with homonyms, accents and LATE in names, nobody gets what somebody else handed in."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.platforms import Collecting, Person, collect, open_source, plan_collecting, write_people

from .rosters import CASES, Case
from .zips import LAB, course, notebook, packed, submitted, texts


def judged(made, source, case: Case) -> tuple[int, int, Collecting]:
    """How many submissions would reach the right student, how many a wrong one, and the plan."""
    write_people(made, case.people)
    packed(source, case.files, compression=0)
    with open_source(source) as opened:
        plan = plan_collecting(made, LAB, opened)
        right = wrong = 0
        for row in plan.rows:
            for student in () if row.problem else row.students:
                said = {json.loads(opened.read(place))["cells"][0]["source"] for place in row.files.values()}
                right, wrong = right + (said == {student}), wrong + (said != {student})
    return right, wrong, plan


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return course(tmp_path_factory.mktemp("course"), [Person("nobody")])


@pytest.mark.parametrize("platform", CASES)
def test_nobody_gets_what_somebody_else_handed_in(made, platform):
    @settings(max_examples=12, database=None)
    @given(st.integers(0, 2**32))
    def holds(seed):
        _, wrong, plan = judged(made, made.root / "source.zip", CASES[platform](Random(seed)))
        assert plan.platform == platform
        assert wrong == 0

    holds()


@pytest.mark.parametrize("platform", CASES)
def test_most_submissions_reach_somebody(made, platform):
    found = [judged(made, made.root / "source.zip", CASES[platform](Random(seed))) for seed in range(8)]
    right, refused = sum(one[0] for one in found), sum(len(one[2].problems) for one in found)
    assert right > refused  # in these classes; in one without homonyms nothing is refused


def test_resubmissions_of_a_random_class_take_the_place_of_their_own(made):
    for seed in range(2):
        case = CASES["canvas"](Random(seed))
        write_people(made, case.people)
        for turn in ("first", "second"):
            source = packed(
                made.root / "source.zip",
                {name: notebook(json.loads(data)["cells"][0]["source"] + turn) for name, data in case.files.items()},
            )
            with open_source(source) as opened:
                collect(plan_collecting(made, LAB, opened))
        for student in submitted(made):
            assert texts(made)[student] in (f"{student}first", f"{student}second")
