"""A class of lab_tiny as the grader leaves it, made without running anybody's code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.batch.journal import Journal
from grader.books import Scores, open_course
from grader.demo.made_up import make_up
from grader.judging import GRADED, UNGRADABLE, CellScore, Result
from grader.platforms import Person, write_people

LAB = "lab_tiny"
SOLUTIONS = Path(__file__).parents[2] / "fixtures" / "solutions"
SQUARED, ROWS = "x is squared, not doubled", "the mean is taken over the row: axis=0 runs down the columns"
POINTS = {"double": 3.0, "center": 4.0, "true_lines": 2.0}


def check(score: float, most: float, outcome: str = "failed", mistake: str | None = None, message: str = "y differs") -> dict[str, Any]:
    return {"title": "a check", "outcome": outcome, "score": score, "max_score": most, "message": message, "mistake": mistake}


def entry(*checks: Mapping[str, Any], first: str = "") -> dict[str, Any]:
    return {
        "score": sum(one["score"] for one in checks),
        "max_score": sum(one["max_score"] for one in checks),
        "first": first,
        "checks": [*checks],
    }


def graded(student: str, exercises: Mapping[str, Mapping[str, Any]], **more: Any) -> Result:
    """A result in which the exercises that are not named are right, and the reflection waits for a person."""
    entries = {name: entry(check(most, most, "passed", message="")) for name, most in POINTS.items()} | dict(exercises)
    cells = {f"{name}_check": CellScore(entries[name]["score"], most) for name, most in POINTS.items()}
    cells["reflection"] = CellScore(None, 3.0)
    found = Result(student, LAB, f"digest of {student}", GRADED, sandbox="bwrap", cells={LAB: cells}, exercises=dict(entries), seconds=1.25)
    found.no_response, found.answers = {LAB: []}, {LAB: {}}
    found.count()
    for name, value in more.items():
        setattr(found, name, value)
    return found


def unreadable(student: str, reason: str) -> Result:
    cells = {f"{name}_check": CellScore(0.0, most, "unreadable") for name, most in POINTS.items()} | {"reflection": CellScore(0.0, 3.0)}
    found = Result(student, LAB, "torn", UNGRADABLE, reason, cells={LAB: cells}, no_response={LAB: []}, answers={LAB: {}})
    found.count()
    return found


def squared() -> dict[str, Any]:
    return {"double": entry(check(0.0, 2.0, mistake=SQUARED), check(0.0, 1.0, mistake=SQUARED))}


def over_rows() -> dict[str, Any]:
    return {"center": entry(check(0.0, 4.0, mistake=ROWS))}


@pytest.fixture(scope="session")
def class_root(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which a class was graded: ada right, bob and cleo squared, dan in the wrong direction, eve unreadable, flo nothing."""
    import shutil

    root = tmp_path_factory.mktemp("desk") / "course"
    shutil.copytree(installed, root, symlinks=True)
    results = [
        graded("ada", {}, processor_seconds=0.5),
        graded("bob", squared(), timestamp="2026-01-03T12:00:00"),
        graded("cleo", squared() | {"true_lines": entry(check(0.0, 2.0, "not attempted", message="not written yet"))}),
        graded("dan", squared() | over_rows()),
        unreadable("eve", "lab_tiny.ipynb is <b>torn</b>."),
    ]
    course = open_course(root)
    with Journal(course.notes(LAB)) as journal:
        journal.begin("one", force=False)
        journal.add(graded("bob", over_rows(), digest="an earlier one"))
        for result in results:
            journal.add(result)
    with course.database.open() as gradebook:
        gradebook.update_or_create_student("flo", first_name="Flo", last_name="Late")
        gradebook.update_or_create_assignment(LAB, duedate=datetime(2026, 1, 2, 12) + timedelta(0))
    with Scores(course, LAB) as scores:
        scores.write(results, {})
    write_people(
        course,
        [
            Person("ada", "Ada", "Lovelace", "ada@example.org", "north"),
            Person("bob", "<script>", "Bobby", "bob@example.org?bcc=all", "south"),
            Person("eve", "Eve", "Öztürk", "eve@example.org", "south"),
        ],
    )
    made_up = make_up(SOLUTIONS / LAB, nbformat.read(root / "release" / LAB / f"{LAB}.ipynb", as_version=4))
    wrong = {name: next(iter(codes.values())) for name, codes in made_up.wrong.items()}
    for student, more in {
        "bob": {"double": "def double(bob):\n    return bob * bob\n"},  # his name is in it
        "cleo": {"double": 'def double(x):  # by Cleo\n    """Cleo wrote this."""\n    return x * x\n'},
        "dan": {"double": wrong["double"], "center": wrong["center"]},
    }.items():
        path = root / "autograded" / student / LAB / f"{LAB}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(made_up.file(made_up.right | more))
        page = root / "feedback" / student / LAB / f"{LAB}.html"
        page.parent.mkdir(parents=True)
        page.write_text("a page", encoding="utf-8")
    return root
