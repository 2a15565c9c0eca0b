"""A lab's folder below `labs/`: the notebook without answers, the public checks, recorded cases."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from course_utils.checking import Lab
from course_utils.checking.cases import Cases
from course_utils.checking.declare import load_checks
from course_utils.checking.written import compiled
from grader.build import fingerprint
from grader.build.assign import generate, without_database
from grader.build.helped import hints_of, load_help, with_blocks
from grader.build.lawful import held_to_laws
from grader.build.names import CASES, HINTS, REVIEW
from grader.build.pair import keep_in_step
from grader.build.public import public_checks
from grader.build.reviewed import reviews_of
from grader.build.rules import CHECK_SUFFIX, points_of
from grader.build.same import same_cases
from grader.build.source import METADATA, existing, for_nbgrader, notebook_of, read, written
from grader.build.stated import completed, points_in

# What Jupyter, Python and a student's own progress leave in any folder that one works in.
_BESIDE = {".ipynb_checkpoints", "__pycache__", ".handgrad"}


@dataclass(frozen=True)
class BuiltLab:
    """One built lab: where it lies, which of its files the build had to write, and what its author should know."""

    name: str
    folder: Path
    changed: tuple[str, ...]
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parts:
    """All that is made from one folder of `solutions/`."""

    text: str  # notebook.py with whole nbgrader metadata
    authored: NotebookNode  # the same as a notebook, answers in place
    source: NotebookNode  # nbgrader's source notebook, with the first hints under the check cells
    notebook: str  # the same without answers
    checks: str  # checks.py without the hidden checks
    cases: Cases
    hints: str | None  # hints.json, of a lab that has a help.md
    review: str | None  # review.json, of a lab that has a review.py
    lab: Lab


def build_lab(source: Path, labs_dir: Path, *, laws: bool = True) -> BuiltLab:
    """Write `labs_dir/<lab>` from `solutions/<lab>`; files that already say the same are left alone, to the byte.

    In `solutions/<lab>` it completes nbgrader's metadata in `notebook.py` and writes the author's `notebook.ipynb`.
    Nothing is done for a lab that is as the last build left it, which `.handgrad/` beside `labs_dir` remembers.
    Raises UserError for a lab that breaks a rule or, with `laws`, a law, or when that notebook holds work that `notebook.py` lacks.
    """
    folder = labs_dir / source.name
    memory = labs_dir.parent / ".handgrad"
    stamp = memory / f"{source.name}.built.json"
    if is_built(source, labs_dir, laws=laws):
        return BuiltLab(source.name, folder, ())
    parts = make(source, labs_dir)
    notes = held_to_laws(parts.lab, source, parts.authored.cells, memory) if laws else ()
    told = (*notes, *keep_in_step(source, parts.text, parts.authored))
    changed = tuple(differing(parts, folder))
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        (folder / name).write_bytes(files(parts, source.name)[name])
    fingerprint.write_stamp(stamp, {**_fingerprint(source, folder), "laws": laws})
    return BuiltLab(source.name, folder, changed, told)


def is_built(source: Path, labs_dir: Path, *, laws: bool) -> bool:
    """Whether a lab is as the last build left it, which asked for its laws if `laws` are wanted."""
    stamp, now = labs_dir.parent / ".handgrad" / f"{source.name}.built.json", _fingerprint(source, labs_dir / source.name)
    return any(fingerprint.is_stamped(stamp, {**now, "laws": held}) for held in {laws, True})


def _fingerprint(source: Path, folder: Path) -> dict[str, str]:
    tools = fingerprint.of_tools(*fingerprint.MAKERS)
    return {"source": fingerprint.of_folder(source), "made": fingerprint.of_folder(folder), "tools": tools}


def stale(source: Path, labs_dir: Path) -> list[str]:
    """What in `labs_dir/<lab>` is not what the build makes today, one sentence each; empty when all is well."""
    folder = labs_dir / source.name
    where = f"{labs_dir.name}/{source.name}"
    parts = make(source, labs_dir)
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
        f"{labs_dir.name}/{folder.name} has no {solutions.name}/{folder.name}: write it, or delete the folder."
        for folder in sorted(labs_dir.glob("*/"))
        if not (solutions / folder.name / "notebook.py").is_file() and any(folder.glob("*.ipynb"))
    ]


def make(source: Path, labs_dir: Path) -> Parts:
    """Build all of one lab in memory. `labs_dir` has the last build, whose points a check cell may still state.

    Raises UserError for a lab that breaks a rule.
    """
    checks = load_checks(existing(source, "checks.py"))
    where = f"{source.parent.name}/{source.name}"
    points = {f"{exercise}{CHECK_SUFFIX}": worth for exercise, worth in points_of(checks).items()}
    text = completed(read(source, "notebook.py"), points, _built_points(labs_dir / source.name))
    compiled(text, source / "notebook.py")  # every cell, also those that only show something
    authored = notebook_of(text, checks, where)
    public = public_checks(read(source, "checks.py"), f"{where}/checks.py")
    lab = Lab.from_source(source)
    found = load_help(source, lab, authored.cells)
    source_for_nbgrader = with_blocks(for_nbgrader(authored), found)
    hints = hints_of(found, lab) if found else None
    released = _released(source.name, source_for_nbgrader)
    return Parts(text, authored, source_for_nbgrader, released, public, lab.record(), hints, reviews_of(source, lab, authored.cells), lab)


def _built_points(folder: Path) -> dict[str, float]:
    path = folder / f"{folder.name}.ipynb"
    try:
        return points_in(nbformat.read(path, as_version=4))
    except (FileNotFoundError, nbformat.reader.NotJSONError):  # never built, or damaged and about to be made again
        return {}


def files(parts: Parts, lab: str) -> Mapping[str, bytes]:
    """The files of `labs/<lab>`."""
    made = {f"{lab}.ipynb": parts.notebook.encode(), "checks.py": parts.checks.encode(), CASES: parts.cases.to_bytes()}
    asked = {HINTS: parts.hints, REVIEW: parts.review}
    return made | {name: text.encode() for name, text in asked.items() if text is not None}


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


def _released(lab: str, source: NotebookNode) -> str:
    """The notebook as nbgrader releases it, made in a course of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="handgrad-build-") as temporary:
        course = Path(temporary)
        notebook = course / "source" / lab / f"{lab}.ipynb"
        notebook.parent.mkdir(parents=True)
        notebook.write_text(written(source), encoding="utf-8")
        config = Config()
        config.CourseDirectory.root = str(course.resolve())
        generate(lab, without_database(config))
        released = nbformat.read(course / "release" / lab / f"{lab}.ipynb", as_version=4)
    released.metadata = nbformat.from_dict(METADATA)
    return written(released)
