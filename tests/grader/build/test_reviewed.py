"""A lab's review.py in the build: what it makes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jupytext
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.checking import Lab
from course_utils.errors import UserError
from course_utils.reviewing.released import read
from grader.build import build_lab, stale
from grader.build.reviewed import reviews_of
from grader.build.shown import Unlike, places_for, shown

HEAD = "import numpy as np\nfrom course_utils.reviewing import Asked, question, small\n"
GOOD = '''
@question("double", "Twice is once and once more.")
def twice(double, rng):
    """x is a number.
    What is twice x?"""
    x = int(rng.integers(3, 40))
    return Asked({"x": x}, double(x), "result")
'''
MORE = """
@mistake("double", "1 is added")
def one_more(x):
    return x + 1


@mistake("double", "the sign is turned around")
def turned(x):
    return -2 * x


@mistake("double", "x comes back")
def unchanged(x):
    return x
"""


@pytest.fixture
def asked(tiny: Path):
    """The questions that a text of review.py makes beside lab_tiny, whose `double` has some mistakes more."""
    path = tiny / "mistakes.py"
    path.write_text(path.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    lab = Lab.from_source(tiny)

    def make(text: str) -> dict[str, Any]:
        (tiny / "review.py").write_text(HEAD + text, encoding="utf-8")
        made = reviews_of(tiny, lab)
        assert made
        return json.loads(made)["questions"]

    return make


def test_wrong_choices_come_from_the_mistakes_with_their_sentences(asked) -> None:
    made = asked(GOOD)
    assert list(made) == ["twice", "twice_fault"]
    which, fault = made.values()
    assert which["text"] == "x is a number. What is twice x?"
    answers = {"x is squared, not doubled": lambda x: x * x, "1 is added": lambda x: x + 1, "the sign is turned around": lambda x: -2 * x}
    answers["x comes back"] = lambda x: x
    assert len({variant["given"][0][1] for variant in which["variants"]}) == len(which["variants"]) == 5
    for variant in which["variants"]:
        x = int(variant["given"][0][1])
        assert variant["right"] == str(2 * x)
        assert len(variant["wrong"]) == 3
        assert all(text == str(answers[which["sentences"][number]](x)) for text, number in variant["wrong"])
    for variant in fault["variants"]:
        x = int(variant["given"][0][1])
        assert variant["answer"] == str(2 * x)
        for text, number in [variant["right"], *variant["wrong"]]:
            assert text == str(answers[fault["sentences"][number]](x))
    assert len({variant["right"][1] for variant in fault["variants"]}) > 1  # not always the same fault


def test_the_same_text_makes_the_same_questions(asked) -> None:
    assert asked(GOOD) == asked(GOOD)


def test_a_lab_without_questions_has_no_file(tiny: Path) -> None:
    assert reviews_of(tiny, Lab.from_source(tiny)) is None


def test_of_two_choices_that_read_alike_neither_is_offered(asked) -> None:
    made = asked(GOOD.replace("rng.integers(3, 40)", "rng.integers(1, 40)"))  # where x is 1 or 2, mistakes agree with others, or are right
    for variant in made["twice"]["variants"]:
        texts = [variant["right"], *(text for text, _ in variant["wrong"])]
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace('"double", "Tw', '"dubble", "Tw'), "twice asks about dubble, which is no exercise of this lab"),
        (GOOD.replace('more.")', 'more.", without=["cubed"])'), "twice leaves out cubed, which is no mistake of double"),
        (GOOD.replace("twice x?", "twice x."), "the docstring of twice does not end in a question"),
        (GOOD.replace(', "Twice is once and once more."', ""), "twice does not say why"),
        (GOOD.replace("double(x)", "double(y)"), "twice stops with the reference (NameError"),
        (GOOD.replace('return Asked({"x": x}, double(x), "result")', "return double(x)"), "twice returns no Asked"),
        (GOOD.replace("int(rng.integers(3, 40))", "7"), "twice has 1 variants with other numbers"),
        (GOOD.replace('"result")', 'others={"one is this": 2 * x, "one is that": 0})'), '("one is this" reads like another choice)'),
        (GOOD.replace('"result")', 'others={"a": 2 * x + 1e-9, "b": 0})'), '("a" reads like another choice)'),
        (GOOD.replace('"result")', 'others={"only one": 0})'), "at least 3 choices"),
        (GOOD.replace('{"x": x}', '{"x": x, "y": "long" * 5000}'), "show smaller arrays"),
    ],
)
def test_what_is_refused(asked, text: str, told: str) -> None:
    with pytest.raises(UserError) as refused:
        asked(text)
    assert "lab_tiny/review.py" in str(refused.value)
    assert told in str(refused.value)


def test_no_line_of_an_answer_is_given_away(tiny: Path) -> None:
    told = GOOD.replace("x is a number.", "x is no X - X.mean(axis=0) here.")
    (tiny / "review.py").write_text(
        HEAD + told.replace("double(x)", "2 * x").replace('"result")', 'others={"a": 0, "b": 1})'), encoding="utf-8"
    )
    cells = jupytext.read(tiny / "notebook.py").cells
    with pytest.raises(UserError, match=r"give a line of an answer away \(X-X\.mean\(axis=0\)\)"):
        reviews_of(tiny, Lab.from_source(tiny), cells)


@pytest.mark.stress
def test_a_built_lab_has_its_questions_beside_it_and_loses_them_with_their_text(tiny: Path, tmp_path: Path) -> None:
    path = tiny / "review.py"
    path.write_text(HEAD + GOOD.replace('"result")', 'others={"a": 0, "b": 1})'), encoding="utf-8")
    built = build_lab(tiny, tmp_path / "labs", laws=False)
    assert [question.name for question in read(built.folder)] == ["twice"]
    assert stale(tiny, tmp_path / "labs") == []
    path.unlink()
    assert stale(tiny, tmp_path / "labs") == ["labs/lab_tiny/review.json is made by no build: delete it, or write it in solutions."]


# --- numbers as they are shown


def test_an_array_is_shown_as_students_know_it() -> None:
    assert shown(np.array([[1.0, -2.5], [0.25, 3.0]]), 2) == "[[ 1.00, -2.50],\n [ 0.25,  3.00]]"
    assert shown((3, 4), 0) == "(3, 4)"
    assert shown((np.array([1, 2]), (5,)), 0) == "([1, 2], (5,))"
    assert shown(-0.0001, 2) == "0.00"
    assert shown({"a": 1.5, "b": np.inf}, 1) == "a: 1.5, b: inf"


@pytest.mark.parametrize("value", [None, np.zeros(100), [], object(), np.array(["a"])])
def test_what_cannot_be_read_is_no_choice(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        shown(value, 2)


@settings(max_examples=40)
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=4), st.integers(0, 4), st.floats(-1, 1))
def test_values_that_differ_by_rounding_alone_are_alike(values: list[float], places: int, part: float) -> None:
    one = np.round(values, places) + 0.37 * 10.0**-places  # no whole number of units
    assert not Unlike(places)(one, one + part * 10.0**-places)


@settings(max_examples=40)
@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=4))
def test_whole_numbers_need_no_places_and_one_makes_a_difference(values: list[int]) -> None:
    assert places_for([np.array(values, dtype=float)]) == 0
    assert Unlike(0)(values[0], values[0] + 1)
