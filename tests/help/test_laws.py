"""The laws of help: what holds for the hints, the answers and the predictions of every lab. A new lab adds no test code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jupytext
import nbformat
import pytest

from course_utils.checking.declare import load_checks
from course_utils.help.page import in_letters
from course_utils.help.released import FILE, read
from course_utils.help.source import HINT_WORDS, STEPS, parse, words
from course_utils.help.worked import worked
from grader.build.helped import answer_lines, lines_told
from grader.build.predicted import asked_in

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = sorted(path.parent for path in (ROOT / "solutions").glob("*/notebook.py"))
each_lab = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@pytest.fixture
def released(folder):
    return ROOT / "labs" / folder.name


@each_lab
def test_every_exercise_has_hints_from_a_question_to_the_last_step(folder, released):
    found = read(released)
    assert found, f"solutions/{folder.name}/help.md is missing: every lab of this course has one"
    assert list(found.exercises) == list(dict.fromkeys(check.exercise for check in load_checks(folder / "checks.py")))
    fewest, most = STEPS
    for exercise in found.exercises.values():
        assert fewest <= len(exercise.steps) <= most
        assert all(words(hint.text) <= HINT_WORDS for hint in exercise.hints)


@each_lab
def test_no_hint_gives_a_line_of_an_answer_away(folder, released):
    lines = set(answer_lines(jupytext.read(folder / "notebook.py").cells))
    assert lines
    assert lines_told((released / FILE).read_text(encoding="utf-8"), lines) == set()


@each_lab
def test_the_answers_prose_is_not_released(folder, released):
    text = json.dumps(json.loads((released / FILE).read_text(encoding="utf-8")), ensure_ascii=False)
    for name, exercise in parse((folder / "help.md").read_text(encoding="utf-8")).exercises.items():
        assert json.dumps(exercise.answer, ensure_ascii=False)[1:-1] not in text, name


@each_lab
def test_the_first_hint_stands_under_every_check_cell(folder, released):
    cells = nbformat.read(released / f"{folder.name}.ipynb", as_version=4).cells
    below = {cells[place].metadata.nbgrader.grade_id: cells[place + 1] for place in range(len(cells) - 1) if is_check(cells[place])}
    for name, exercise in read(released).exercises.items():
        block = below[f"{name}_check"]
        assert block.id == f"{name}_stuck"
        assert block.source.startswith("<details><summary>Stuck? ")
        assert exercise.steps[0].text in block.source


@each_lab
def test_every_prediction_is_answered(folder, released):
    cells = nbformat.read(released / f"{folder.name}.ipynb", as_version=4).cells
    asked = {found.question for cell in cells for found in asked_in(cell)}
    assert asked == set(read(released).predictions)


@each_lab
def test_every_worked_answer_can_be_shown(folder):
    for name, exercise in parse((folder / "help.md").read_text(encoding="utf-8")).exercises.items():
        found = worked(name, folder)
        assert found.derivation == exercise.answer
        assert name in found.code
        assert "SOLUTION" not in found.code


@each_lab
def test_every_formula_is_readable_in_a_terminal(folder):
    commands = set(re.findall(r"\\([A-Za-z]+)", (folder / "help.md").read_text(encoding="utf-8")))
    left = {name for name in commands if name in in_letters(rf"$\{name}{{x}}{{y}}$")}
    assert left <= {"log", "ln", "exp", "max", "min", "sinh", "cosh", "tanh"}


def is_check(cell):
    stated = cell.metadata.get("nbgrader", {})
    return stated.get("grade") and stated.get("grade_id", "").endswith("_check") and not stated.get("solution")
