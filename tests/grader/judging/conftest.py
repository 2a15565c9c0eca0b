"""A class that does `lab_chain`, whose exercises call each other."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest

from grader.batch.lab import Options, Watch, grade_lab
from grader.build.course import install
from grader.demo.made_up import make_up
from grader.judging.result import Result
from grader.sandbox import Limits

LAB = "lab_chain"
SOLUTIONS = Path(__file__).parents[2] / "fixtures" / "solutions"
LIMITS = Limits(memory_bytes=2**29, cell_seconds=2, call_seconds=4, notebook_seconds=30, processes=32)


class Class:
    """A course with lab_chain, and a way to grade one student's answers."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._made_up = make_up(SOLUTIONS / LAB, nbformat.read(root / "release" / LAB / f"{LAB}.ipynb", as_version=4))

    def hand_in(self, student: str, answers: Mapping[str, str]) -> None:
        path = self.root / "submitted" / student / LAB / f"{LAB}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(self._made_up.notebook(self._made_up.right | answers), path)

    def results(self) -> Mapping[str, Result]:
        """Of everybody; who has handed in since is graded."""
        return grade_lab(Options(LAB, self.root, SOLUTIONS, 1, "bwrap", False, LIMITS), Watch()).results

    def grade(self, student: str = "ada", /, **answers: str) -> Result:
        self.hand_in(student, answers)
        return self.results()[student]

    def page(self, student: str) -> str:
        return (self.root / "feedback" / student / LAB / f"{LAB}.html").read_text()


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("chain") / "course"
    install(SOLUTIONS / LAB, root)
    return root


@pytest.fixture
def course(chain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    monkeypatch.setattr("grader.books.course.PICTURES", ())
    shutil.copytree(chain, tmp_path / "course", symlinks=True)
    return Class(tmp_path / "course")


def scores(result: Result) -> dict[str, float]:
    return {name: entry["score"] for name, entry in result.exercises.items()}
