"""A course with a gradebook and grades, made by nbgrader's API and the grader's own books; no notebook is run for it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook, Student

from course_utils.cli import main
from grader.batch.journal import Journal
from grader.books.course import open_course
from grader.books.gradebook import Scores
from grader.judging.result import GRADED, CellScore, Result

LAB = "lab01_perceptron"
AUTO, ESSAY = 8.0, 2.0  # what the two cells of the lab are worth
DUE = datetime(2026, 5, 1, 12)


class Office:
    """A course, and what an instructor does with it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def gradebook(self) -> Any:
        return closing(Gradebook(f"sqlite:///{self.root / 'gradebook.db'}"))

    def enrol(self, *students: str, **fields: str) -> None:
        """Put students into the gradebook by id."""
        with self.gradebook() as gradebook:
            gradebook.db.add_all([Student(id=name, **fields) for name in students])
            gradebook.db.commit()

    def grade(self, given: dict[str, float], *, essay: float | None = 1.0, when: datetime | None = None, status: str = GRADED) -> None:
        """Have these students graded with these points of 8; `essay` is None where a person still has to mark it."""
        results = []
        for student, points in given.items():
            cells = {LAB: {"auto_check": CellScore(points, AUTO, "a"), "essay": CellScore(essay, ESSAY, "a")}}
            stamp = when.isoformat() if when else None
            results.append(Result(student, LAB, "d", status, score=points, max_score=AUTO + ESSAY, cells=cells, timestamp=stamp))
        course = open_course(self.root)
        with Journal(course.notes(LAB)) as journal:
            journal.begin("one", force=False)
            for result in results:
                journal.add(result)
        with Scores(course, LAB) as scores:
            scores.write(results, {})

    def hand_in(self, student: str) -> None:
        folder = self.root / "submitted" / student / LAB
        folder.mkdir(parents=True)
        (folder / f"{LAB}.ipynb").write_text("{}")

    def page(self, student: str, text: str = "<p>well done</p>") -> None:
        folder = self.root / "feedback" / student / LAB
        folder.mkdir(parents=True)
        (folder / f"{LAB}.html").write_text(text)

    def students(self) -> dict[str, tuple[str | None, ...]]:
        """What nbgrader has of each student."""
        with self.gradebook() as gradebook:
            return {one.id: (one.first_name, one.last_name, one.email, one.lms_user_id) for one in gradebook.students}

    def run(self, *words: str | Path) -> int:
        """What `handgrad` does when this is typed."""
        return main([str(word) for word in (*words, "--course", self.root)])


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one lab of 10 points and nobody in it; copy it, never write to it."""
    root = tmp_path_factory.mktemp("furnished") / "course"
    (root / "source" / LAB).mkdir(parents=True)
    (root / "source" / LAB / f"{LAB}.ipynb").write_text("{}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nbgrader.api.get_alembic_version", lambda: "of no concern")  # asking takes a process and seconds
        opened = Gradebook(f"sqlite:///{root / 'gradebook.db'}")
    with closing(opened) as gradebook:
        gradebook.add_assignment(LAB, duedate=DUE)
        gradebook.add_notebook(LAB, LAB)
        gradebook.add_grade_cell("auto_check", LAB, LAB, max_score=AUTO, cell_type="code")
        gradebook.add_grade_cell("essay", LAB, LAB, max_score=ESSAY, cell_type="markdown")
        gradebook.add_solution_cell("essay", LAB, LAB)
    return root


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Office:
    shutil.copytree(furnished, tmp_path / "course")
    return Office(tmp_path / "course")


def lines(*rows: str, end: str = "\n") -> bytes:
    """Rows of a file in UTF-8."""
    return "".join(row + end for row in rows).encode()


def save(folder: Path, name: str, data: bytes | Sequence[str]) -> Path:
    """A file as a platform hands it out."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else lines(*data))
    return path
