"""The made-up class: who is in it, and what its answers are made from."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.books import open_course
from grader.demo.course import enrol, make_class
from grader.demo.made_up import made_by, name_of

LAB = Path(__file__).resolve().parents[2] / "fixtures" / "solutions" / "lab_tiny"


@pytest.mark.parametrize(
    ("student", "name"),
    [
        ("ada", ("Ada", "Lovelace")),
        ("tim", ("Tim", "Berners-Lee")),
        ("ada2", ("Ada", "Lovelace 2")),
        ("never-ends", ("Never ends", "(made up)")),
        ("truncated", ("Truncated", "(made up)")),
    ],
)
def test_everybody_has_a_first_and_a_last_name(student, name):
    assert name_of(student) == name


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("mean, (std, *rest) = f(other)", {"mean", "std", "rest"}),
        ("one = two = 3", {"one", "two"}),
        ("kept[index] = 3", set()),
        ("def f(x):\n    y = x", {"f"}),
        ("import numpy as np, math", {"np", "math"}),
        ("from course_utils.checking import mistake", set()),
    ],
)
def test_a_statement_makes_all_the_names_that_it_binds(statement, names):
    assert made_by(ast.parse(statement).body[0]) == names


@pytest.mark.stress
def test_the_gradebook_lists_the_class_by_name_and_keeps_what_a_person_wrote(tmp_path):
    make_class(LAB, tmp_path / "course", 7)
    with open_course(tmp_path / "course").database.open() as gradebook:
        listed = {student.id: (student.first_name, student.last_name) for student in gradebook.students}
        assert sorted(listed) == sorted(path.name for path in (tmp_path / "course" / "submitted").iterdir())
        assert listed["ada"] == ("Ada", "Lovelace")
        assert all(first and last for first, last in listed.values())
        gradebook.update_or_create_student("ada", first_name="Augusta Ada", last_name="King")
    enrol(tmp_path / "course", ["ada", "alan"])
    with open_course(tmp_path / "course").database.open() as gradebook:
        assert gradebook.find_student("ada").last_name == "King"
