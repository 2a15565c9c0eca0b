"""The laws of review: what holds for the questions of every lab. A new lab adds no test code."""

from __future__ import annotations

import re
from pathlib import Path

import jupytext
import numpy as np
import pytest

from course_utils.checking import Lab
from course_utils.checking.declare import load_checks, load_declared
from course_utils.reviewing.released import FILE, MOST_BYTES, read
from grader.build.helped import answer_lines, lines_told
from grader.build.reviewed import givens_of

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "solutions").glob("*/review.py"))
each_lab = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
FEWEST = 10  # questions of a lab of this course
NO_PLACE = re.compile(r"\b(table|picture|example|cell|text) above\b|\bbelow\b.*\bcell\b")  # a question stands alone


@each_lab
def test_a_lab_brings_ten_questions_or_more_about_most_of_its_exercises(folder):
    questions, path = read(ROOT / "labs" / folder.name), ROOT / "labs" / folder.name / FILE
    exercises = {check.exercise for check in load_checks(folder / "checks.py")}
    assert len(questions) >= FEWEST
    assert {question.exercise for question in questions} <= exercises
    assert len({question.exercise for question in questions}) >= len(exercises) / 2
    assert path.stat().st_size <= MOST_BYTES


@each_lab
def test_every_question_comes_with_other_numbers_and_choices_that_differ(folder):
    for question in read(ROOT / "labs" / folder.name):
        assert len({variant.given for variant in question.variants}) == len(question.variants) >= 3, question.name
        for variant in question.variants:
            assert 3 <= len(variant.choices) <= 4, question.name
            assert len({choice.text for choice in variant.choices}) == len(variant.choices), question.name


@each_lab
def test_every_answer_is_told_why(folder):
    for question in read(ROOT / "labs" / folder.name):
        assert question.text.endswith("?")
        for variant in question.variants:
            assert all(choice.why or choice.shows for choice in variant.choices), question.name
            assert not any(NO_PLACE.search(choice.why or choice.text) for choice in variant.choices), question.name


@pytest.mark.stress  # the build asks it too
@each_lab
def test_no_question_gives_a_line_of_an_answer_away(folder):
    lines = set(answer_lines(jupytext.read(folder / "notebook.py").cells))
    text = (ROOT / "labs" / folder.name / FILE).read_text(encoding="utf-8")
    assert lines
    assert lines_told(text, lines) == set()
    assert not re.search(r"\bsolution\.|\blambda\b|\bdef ", text)


@pytest.mark.stress
@pytest.mark.parametrize("folder", [each for each in FOLDERS if not load_declared(each / "checks.py")[1]], ids=lambda each: each.name)
def test_no_input_of_a_hidden_check_is_shown(folder):
    lab = Lab.from_source(folder)
    hidden = [check for checks in lab.checks.values() for check in checks if check.hidden]
    traces = [lab.oracle.wanted(check, seed) for check in hidden for seed in check.asked_with(lab.seeds)]
    asked = [np.asarray(value) for trace in traces for inputs in trace.inputs.values() for value in inputs.values()]
    large = [value.ravel() for value in asked if value.dtype.kind in "biuf" and value.size >= 3]
    for name, values in givens_of(folder, lab).items():
        for value in values:
            given = np.asarray(value)
            if given.dtype.kind in "biuf" and given.size >= 3:
                assert not any(other.size == given.size and np.allclose(other, given.ravel()) for other in large), name
