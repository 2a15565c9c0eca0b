"""The page of a class that the grader itself has graded: attempts, time, an example from a graded notebook, links that lead somewhere."""

from __future__ import annotations

import re

import pytest

from course_utils.cli import main
from grader.batch import count_attempts, read_results
from grader.books import open_course

from .conftest import LAB, SQUARED
from .test_class_page import Page


@pytest.mark.stress
def test_what_grading_leaves_behind_is_what_the_page_shows(classroom):
    wrong = classroom.made_up.right | {"double": "def double(x):  # Ada's own\n    return x * x"}
    classroom.hand_in("ada")
    classroom.hand_in("bob", classroom.made_up.notebook(wrong))
    classroom.hand_in("cleo", b"{")
    classroom.grade()
    classroom.hand_in("ada", classroom.made_up.notebook(wrong))
    classroom.grade()
    notes = open_course(classroom.root).notes(LAB)
    assert count_attempts(notes) == {"ada": 2, "bob": 1, "cleo": 1}
    assert read_results(notes)["ada"].processor_seconds > 0
    assert main(["report", LAB, "--course", str(classroom.root), "--html"]) == 0
    text = (classroom.root / "reports" / f"{LAB}.html").read_text(encoding="utf-8")
    page = Page(text)
    assert re.search(rf"2 of 2 in double: {SQUARED}\.", page.said("say"))
    assert "def double(x): return x * x" in page.said("say")
    assert "Ada's own" not in text
    assert "Could not be graded: 1 cleo" in page.said("write")
    assert sum(link.startswith("../feedback/") for link in set(page.links)) == 3
