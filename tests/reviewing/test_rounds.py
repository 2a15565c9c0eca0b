"""Which questions come, with which numbers, and what an answer leaves behind."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from course_utils import logbook
from course_utils.errors import UserError
from course_utils.reviewing.released import FILE
from course_utils.reviewing.rounds import begun, reminder

from .conftest import ASKED

Student = Callable[..., Path]
DAY = 740_000


def names(dealt) -> list[str]:
    return [item.candidate.question.name for item in dealt.items]


def kept(labs: Path, exercise: str = "double", lab: str = "lab_one") -> dict[str, list[int]]:
    return logbook.entry(labs / lab, lab, exercise).get("review", {})


def play(labs: Path, *, right: bool, today: int = DAY, count: int = 5, seed: int = 0):
    dealt = begun(labs, count=count, today=today, chance=random.Random(seed))
    for item in dealt.items:
        dealt.answer(item.right if right else (item.right + 1) % len(item.choices))
    return dealt


def test_only_exercises_with_points_are_asked(student: Student) -> None:
    assert names(begun(student(done=("center",)), today=DAY)) == ["middle"]
    assert not begun(student("lab_two", done=()), lab="lab_two", today=DAY).items


def test_from_a_notebook_the_labs_beside_it_are_asked_too(student: Student) -> None:
    student()
    labs = student("lab_two")
    assert {item.candidate.lab for item in begun(labs / "lab_two", today=DAY).items} == {"lab_one", "lab_two"}
    assert {item.candidate.lab for item in begun(labs, lab="lab_one", today=DAY).items} == {"lab_one"}


def test_a_notebook_without_its_lab_is_asked_about_what_was_checked_there(tmp_path: Path) -> None:
    logbook.update(tmp_path, "lab04_backprop", "affine", lambda entry: entry.update(score=2))
    dealt = begun(tmp_path, today=DAY)
    assert {item.way for item in dealt.items} == {"lab04_backprop, affine"}
    dealt.answer(0)
    assert logbook.entry(tmp_path, "lab04_backprop", "affine")["review"]


def test_right_answers_wait_and_wrong_ones_come_tomorrow(student: Student) -> None:
    labs = student()
    play(labs, right=True)
    assert kept(labs)["twice"][:2] == [2, DAY]
    play(labs, right=False, today=DAY + 2)
    assert kept(labs)["twice"][:2] == [1, DAY + 2]


def test_what_is_due_comes_before_what_is_new_and_that_before_what_is_early(student: Student) -> None:
    variants = {name: {**ASKED, "exercise": exercise} for name, exercise in {"due": "double", "new": "center"}.items()}
    labs = student(questions={**variants, "early": {**ASKED, "exercise": "double"}})
    cards = {"due": [1, DAY - 1, 0], "early": [3, DAY - 1, 0]}
    logbook.update(labs / "lab_one", "lab_one", "double", lambda entry: entry.update(review=cards))
    for seed in range(5):
        assert names(begun(labs, today=DAY, chance=random.Random(seed))) == ["due", "new", "early"]
    assert begun(labs, today=DAY).early == 1


def test_the_longest_overdue_comes_first_and_no_exercise_twice_while_there_are_others(student: Student) -> None:
    labs = student(questions={name: {**ASKED, "exercise": "double"} for name in "ab"} | {"c": {**ASKED, "exercise": "center"}})
    cards = {"a": [1, DAY - 20, 0], "b": [1, DAY - 30, 0]}
    logbook.update(labs / "lab_one", "lab_one", "double", lambda entry: entry.update(review=cards))
    assert names(begun(labs, today=DAY, count=2)) == ["b", "c"]
    assert names(begun(labs, today=DAY)) == ["b", "c", "a"]


def test_other_numbers_come_the_next_time(student: Student) -> None:
    labs = student(done=("double",))
    for day in range(20):
        before = kept(labs).get("twice", [0, 0, -1])[2]
        play(labs, right=bool(day % 2), today=DAY + day, seed=day)
        assert kept(labs)["twice"][2] != before


def test_choices_stand_in_any_order_and_the_right_one_stays_right(student: Student) -> None:
    labs, places = student(done=("double",)), set()
    for seed in range(30):
        (item,) = begun(labs, today=DAY, chance=random.Random(seed)).items
        assert item.choices[item.right].text == str(2 * int(dict(item.given)["x"]))
        places.add(item.right)
    assert places == {0, 1, 2}


def test_what_is_said_to_an_answer(student: Student) -> None:
    labs = student(done=("double",))
    (item,) = (dealt := begun(labs, today=DAY)).items
    assert dealt.answer(item.right).lines() == ["Right. Twice is once and once more.", "Exercise: lab_one, double"]
    (item,) = (dealt := begun(labs, today=DAY)).items
    wrong = next(place for place, choice in enumerate(item.choices) if choice.why == "x is squared")
    letter, right = "abc"[wrong], "abc"[item.right]
    assert dealt.answer(wrong).lines()[0] == f"Not this time: {right}) is right. Your {letter}): x is squared."
    assert dealt.closing() == "0 of 1 right. What was wrong comes back tomorrow, the rest later. All of these came ahead of their day."


def test_a_fault_shows_what_each_fault_would_give(student: Student) -> None:
    labs = student(done=("center",))
    (item,) = (dealt := begun(labs, today=DAY)).items
    assert dict(item.given) == {"X": "[1, 3]", "Y, with a fault": "[0, 0]"}
    assert item.choices[item.right].text == "the rows are taken"
    assert dealt.answer(item.right).shows == ("Without the fault, Y", "[-1, 1]")
    (item,) = (dealt := begun(labs, today=DAY)).items
    wrong = next(place for place, choice in enumerate(item.choices) if choice.text == "nothing is taken")
    assert dealt.answer(wrong).shows == ("With the fault that you chose, Y", "[1, 3]")


def test_progress_keeps_all_that_it_had(student: Student) -> None:
    labs = student()
    play(labs, right=True)
    assert logbook.entry(labs / "lab_one", "lab_one", "double")["score"] == 2


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"questions": 3}', '{"questions": {"a": {}}}', '{"questions": {"a": {"kind": "which"}}}']
)
def test_a_damaged_file_asks_nothing(student: Student, damage: str) -> None:
    labs = student()
    (labs / "lab_one" / FILE).write_text(damage, encoding="utf-8")
    assert not begun(labs, today=DAY).items


def test_odd_entries_in_progress_do_no_harm(student: Student) -> None:
    labs = student()
    odd = {
        "lab_one": {"double": {"score": "2", "review": 7}, "center": {"score": 1, "review": {"middle": ["x", None]}}, "gone": {"score": 4}}
    }
    (labs / "lab_one" / logbook.FILE).write_text(json.dumps(odd), encoding="utf-8")
    assert names(play(labs, right=True)) == ["middle"]
    assert kept(labs, "center")["middle"][0] == 2


def test_wrong_wishes_are_one_sentence(student: Student, tmp_path: Path) -> None:
    labs = student()
    with pytest.raises(UserError, match=r"There is no lab_oen in .*: do you mean lab_one\?"):
        begun(labs, lab="lab_oen")
    with pytest.raises(UserError, match="A round has 1 to 50 questions, not 0"):
        begun(labs, count=0)
    with pytest.raises(UserError, match="There is no lab in"):
        begun(tmp_path / "nowhere")


def test_a_finished_lab_is_worth_a_round_and_later_what_is_due(student: Student, tmp_path: Path) -> None:
    labs = student()

    def told(*finished: str, today: int = DAY) -> str:
        return reminder(labs, "review()", finished, today=today)

    assert told() == ""
    assert told("lab_one") == "Will you know it next week? `review()` asks a few questions, with other numbers each time."
    play(labs, right=True, count=1)
    assert told() == ""
    assert told("lab_one"), "one question was not asked yet"
    assert told("lab_one", today=DAY + 9) == "1 question from earlier days is due: `review()` asks again."
    play(labs, right=False, today=DAY + 9)
    assert told("lab_one", today=DAY + 9) == ""
    assert told(today=DAY + 10) == "2 questions from earlier days are due: `review()` asks again."
    assert reminder(tmp_path / "no labs", "review()", ("lab_one",)) == ""
