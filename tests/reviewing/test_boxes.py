"""When a question comes again: the boxes, and clocks that nobody can trust."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.reviewing.boxes import DAYS, Card, after, card, cards, waits

days = st.integers(1, 10**6)
known = st.builds(Card, st.integers(1, len(DAYS)), days, st.integers(0, 5))


def test_right_answers_on_their_days_come_further_and_further_apart() -> None:
    day, apart, now = 1000, [], None
    for _ in range(6):
        now = after(now, 0, day, right=True)
        apart.append(waits(now, day))
        day += apart[-1]
    assert apart == [2, 4, 8, 16, 16, 16]


@settings(max_examples=40)
@given(known, days)
def test_a_wrong_answer_leads_to_the_first_box_and_to_tomorrow(before: Card, today: int) -> None:
    now = after(before, 3, today, right=False)
    assert now == (1, today, 3)
    assert waits(now, today) == 1


@settings(max_examples=40)
@given(known)
def test_an_early_right_answer_moves_nothing(before: Card) -> None:
    for today in range(before.day, before.day + DAYS[before.box - 1]):
        assert after(before, 4, today, right=True) == before._replace(variant=4)


@settings(max_examples=40)
@given(known, days)
def test_no_clock_puts_a_question_off_for_ever(before: Card, today: int) -> None:
    assert waits(before, today) <= max(DAYS)
    for right in (True, False):
        assert waits(after(before, 0, today, right=right), today) <= max(DAYS)


@settings(max_examples=40)
@given(known, st.integers(1, 10**5))
def test_after_a_clock_that_ran_ahead_was_put_back_a_question_is_due(before: Card, ahead: int) -> None:
    assert waits(before, before.day - ahead) == 0
    assert after(before, 0, before.day - ahead, right=True).day == before.day - ahead


@pytest.mark.parametrize("odd", [None, 3, [1, 2], [0, 5, 1], [6, 5, 1], [1, "5", 1], [True, 5, 1], {"box": 1}, "1 5 1"])
def test_what_is_no_card_counts_as_none(odd: object) -> None:
    assert card(odd) is None
    assert cards({"review": {"one": odd, "two": [1, 5, 0]}}) == {"two": Card(1, 5, 0)}
    assert cards({"review": odd}) == {}
