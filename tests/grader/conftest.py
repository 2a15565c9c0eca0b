"""A small class that does `lab_tiny`."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.batch.journal import Journal
from grader.batch.lab import Options, Outcome, Watch, grade_lab
from grader.books.course import open_course, prepare
from grader.build.course import install
from grader.demo.made_up import MadeUp, make_up
from grader.sandbox import Limits

LAB = "lab_tiny"
SOLUTIONS = Path(__file__).parents[1] / "fixtures" / "solutions"
# on a busy machine honest cells wait for their turn
LIMITS = Limits(memory_bytes=2**29, cell_seconds=30, call_seconds=30, notebook_seconds=200, processes=32)
HURRIED = replace(LIMITS, cell_seconds=3)


class Classroom:
    """A course on the disk, with short ways to hand in and to grade."""

    def __init__(self, root: Path, solutions: Path = SOLUTIONS) -> None:
        self.root, self.solutions = root, solutions
        released = nbformat.read(root / "release" / LAB / f"{LAB}.ipynb", as_version=4)
        self.made_up: MadeUp = make_up(solutions / LAB, released)
        self.options = Options(LAB, root, solutions, 1, "bwrap", False, LIMITS)
        self.hurried = HURRIED  # for a class in which a cell never ends

    def notebook(self, answers: Mapping[str, str] | None = None) -> Any:
        """The released notebook with answers; all the right ones by default."""
        return self.made_up.notebook(self.made_up.right if answers is None else answers)

    def hand_in(self, student: str, notebook: Any = None, lab: str = LAB) -> Path:
        """Put a notebook (a node, bytes, or the right answers) into submitted/."""
        path = self.root / "submitted" / student / lab / f"{lab}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        notebook = self.notebook() if notebook is None else notebook
        path.write_bytes(notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode())
        return path

    def grade(self, watch: Watch | None = None, **changes: Any) -> Outcome:
        """Grade what is left to grade."""
        return grade_lab(replace(self.options, **changes), watch or Watch())

    def forget_results(self) -> None:
        """Have everything graded again with the same secret seeds."""
        journal = self.root / ".handgrad" / LAB / "journal.jsonl"
        journal.write_bytes(journal.read_bytes().split(b"\n")[0] + b"\n")

    def written(self, step: str, student: str, lab: str = LAB) -> Path:
        """The file that a step wrote for a student."""
        return self.root / step / student / lab / (f"{lab}.html" if step == "feedback" else f"{lab}.ipynb")

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the gradebook directly."""
        with sqlite3.connect(self.root / "gradebook.db") as connection:
            found = list(connection.execute(statement, values))
        connection.close()
        return found

    def scores(self) -> list[tuple[Any, ...]]:
        """Every score in the gradebook, without nbgrader's random ids."""
        return self.query(
            "select s.student_id, s.timestamp, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade "
            "from grade g join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id "
            "join submitted_assignment s on s.id = n.assignment_id order by s.student_id, c.name",
        )

    def comments(self) -> list[tuple[Any, ...]]:
        """Every comment in the gradebook."""
        return self.query(
            "select s.student_id, c.name, m.auto_comment, m.manual_comment from comment m join base_cell c on c.id = m.cell_id "
            "join submitted_notebook n on n.id = m.notebook_id join submitted_assignment s on s.id = n.assignment_id "
            "order by s.student_id, c.name",
        )


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with lab_tiny installed and nothing handed in; copy it, never write to it."""
    root = tmp_path_factory.mktemp("installed") / "course"
    install(SOLUTIONS / LAB, root)
    return root


@pytest.fixture
def classroom(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Classroom:
    """A course of one's own, whose secret seeds are the same in every test."""
    shutil.copytree(installed, tmp_path / "course", symlinks=True)
    seeds = itertools.count(1)
    monkeypatch.setattr("grader.batch.journal.secrets.randbits", lambda bits: next(seeds))
    monkeypatch.setattr("grader.books.course.PICTURES", ())  # lab_tiny draws nothing
    monkeypatch.setattr("grader.sandbox.remote._GRACE", 30.0)  # an interrupted cell may take its time to come to its end
    return Classroom(tmp_path / "course")


@pytest.fixture(scope="session")
def template(installed: Path) -> Any:
    """lab_tiny's template."""
    (made,), _ = prepare(open_course(installed), LAB, SOLUTIONS)
    return made


@pytest.fixture
def journal(tmp_path: Path) -> Any:
    """An open journal of its own."""
    with Journal(tmp_path / "notes") as opened:
        opened.begin("one", force=False)
        yield opened
