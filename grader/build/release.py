"""A lab's folder below `labs/`: the notebook without answers, the public checks, recorded cases."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from traitlets.config import Config

from course_utils.checking import Lab
from course_utils.checking.cases import Cases
from grader.build.assign import generate, without_database
from grader.build.public import public_checks
from grader.build.same import same_cases
from grader.build.source import METADATA, source_notebook, written

CASES = "cases.npz"
# What Jupyter, Python and a student's own progress leave in any folder that one works in.
_BESIDE = {".ipynb_checkpoints", "__pycache__", ".handgrad"}


@dataclass(frozen=True)
class BuiltLab:
    """One built lab: where it lies and which of its files the build had to write."""

    name: str
    folder: Path
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """All that is made from one folder of `solutions/`."""

    source: str
    """The nbgrader source notebook with answers."""
    notebook: str
    """The notebook without answers."""
    checks: str
    cases: Cases


def build_lab(source: Path, labs_dir: Path) -> BuiltLab:
    """Write `labs_dir/<lab>` from `solutions/<lab>`. Files that already say the same are left alone, to the byte."""
    folder = labs_dir / source.name
    changed = tuple(differing(parts := make(source), folder))
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        (folder / name).write_bytes(files(parts, source.name)[name])
    return BuiltLab(source.name, folder, changed)


def stale(source: Path, labs_dir: Path) -> list[str]:
    """What in `labs_dir/<lab>` is not what the build makes today, one sentence each; empty when all is well."""
    folder = labs_dir / source.name
    where = f"{labs_dir.name}/{source.name}"
    parts = make(source)
    again = f'run "handgrad build {source.name}"'
    found = [
        f"{where}/{name} is not what {source.parent.name}/{source.name} builds today: {again}."
        if (folder / name).exists()
        else f"{where}/{name} is missing: {again}."
        for name in differing(parts, folder)
    ]
    made = {*files(parts, source.name), *_BESIDE}
    unknown = sorted(path.name for path in folder.glob("*") if path.name not in made)
    return found + [f"{where}/{name} is made by no build: delete it, or write it in {source.parent.name}." for name in unknown]


def orphans(solutions: Path, labs_dir: Path) -> list[str]:
    """One sentence for each folder of labs without a source."""
    return [
        f'{labs_dir.name}/{folder.name} has no {solutions.name}/{folder.name}: write it, or delete the folder.'
        for folder in sorted(labs_dir.glob("*/"))
        if not (solutions / folder.name / "notebook.py").is_file() and any(folder.glob("*.ipynb"))
    ]


def make(source: Path) -> Parts:
    """Build all of one lab in memory. Raises UserError for a lab that breaks a rule."""
    answers = written(source_notebook(source))
    checks = public_checks((source / "checks.py").read_text(encoding="utf-8"), f"{source.parent.name}/{source.name}/checks.py")
    return Parts(answers, _released(source.name, answers), checks, Lab.from_source(source).record())


def files(parts: Parts, lab: str) -> Mapping[str, bytes]:
    """The files of `labs/<lab>`."""
    return {f"{lab}.ipynb": parts.notebook.encode(), "checks.py": parts.checks.encode(), CASES: parts.cases.to_bytes()}


def differing(parts: Parts, folder: Path) -> list[str]:
    """The names of the files in a folder that differ from the built parts; cases are compared by value."""
    names = []
    for name, content in files(parts, folder.name).items():
        path = folder / name
        same = path.is_file() and path.read_bytes() == content
        if not same and name == CASES and path.is_file() and "checks.py" not in names:
            same = same_cases(folder / "checks.py", path, parts.cases)
        if not same:
            names.append(name)
    return names


def _released(lab: str, answers: str) -> str:
    """The notebook as nbgrader releases it, made in a course of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="handgrad-build-") as temporary:
        course = Path(temporary)
        notebook = course / "source" / lab / f"{lab}.ipynb"
        notebook.parent.mkdir(parents=True)
        notebook.write_text(answers, encoding="utf-8")
        config = Config()
        config.CourseDirectory.root = str(course.resolve())
        generate(lab, without_database(config))
        released = nbformat.read(course / "release" / lab / f"{lab}.ipynb", as_version=4)
    released.metadata = nbformat.from_dict(METADATA)
    return written(released)
