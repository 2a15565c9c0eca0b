"""What one slip costs a whole lab: the grader grades the solved notebook with one exercise answered wrongly."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from grader.batch.lab import Options, Watch, grade_lab
from grader.build.course import install
from grader.demo.made_up import make_up
from grader.sandbox import Limits

from .corpus import Stranger
from .doors import CALL_SECONDS
from .notebook import Notebook


class Slip(NamedTuple):
    """A wrong answer to one exercise, the points that it loses there, those that it loses in all, and where else."""

    label: str
    own: float
    all: float
    others: tuple[str, ...]


def cascades(notebook: Notebook, wrong: Sequence[Stranger]) -> list[Slip]:
    """The slips in exercises that others call, the dearest first; each is a submission of a class that is graded as any other."""
    helpers = notebook.helpers()
    slips = {f"slip{number}": stranger for number, stranger in enumerate(wrong) if stranger.exercise in helpers}
    if not slips:
        return []
    with tempfile.TemporaryDirectory() as folder:
        results = _grade(notebook, slips, Path(folder) / "course")
    return sorted((_slip(slips[name], results[name]) for name in slips), key=lambda slip: slip.own - slip.all)


def _grade(notebook: Notebook, slips: dict[str, Stranger], course: Path) -> dict[str, Any]:
    source, name = notebook.folder, notebook.folder.name
    install(source, course)
    made_up = make_up(source, nbformat.read(course / "release" / name / f"{name}.ipynb", as_version=4))
    for student, stranger in slips.items():
        path = course / "submitted" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(made_up.notebook({**made_up.right, stranger.exercise: stranger.source}), path)
    limits = Limits(call_seconds=CALL_SECONDS)
    options = Options(name, course, source.parent, 1, "bwrap", False, limits, pictures=False)
    return dict(grade_lab(options, Watch()).results)


def _slip(stranger: Stranger, result: Any) -> Slip:
    lost = {name: exercise["max_score"] - exercise["score"] for name, exercise in result.exercises.items()}
    others = tuple(name for name, points in lost.items() if points > 0 and name != stranger.exercise)
    return Slip(stranger.label, lost.get(stranger.exercise, 0.0), sum(lost.values()), others)
