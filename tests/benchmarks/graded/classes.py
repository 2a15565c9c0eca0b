"""Classes to be graded: different submissions of a lab, each with the outputs that a student's saved notebook has.

Running sixty notebooks takes minutes, so they are kept in the system's folder for temporary files until what they are made from changes.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grader.books import open_course, prepare, to_preload
from grader.build import install
from grader.demo.made_up import MadeUp, make_up, strange_ones, students
from grader.sandbox import Limits, Sandbox

from .answers import ROOT, notebook_answers, read_pool

STILL = ("grader.sandbox.still_explorers", "grader.sandbox.no_help")  # a student's notebook has explorers and hints
PLAIN_CONFIG = 'c = get_config()  # noqa: F821\nc.CourseDirectory.course_id = "handgrad"\n'  # without our step for generate_assignment


def make_course(source: Path, course: Path, count: int) -> None:
    """A course in which `count` students handed in different notebooks of a lab."""
    install(source, course)
    for number, notebook in enumerate(different_notebooks(source, course, count)):
        hand_in(course, source.name, f"student{number:02}", notebook)


def hand_in(course: Path, lab: str, student: str, notebook: bytes) -> None:
    """Put a notebook into `submitted/`."""
    path = course / "submitted" / student / lab / f"{lab}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(notebook)


def for_nbgrader(course: Path, other: Path, lab: str, count: int) -> None:
    """The same course with its first `count` students, as somebody has it who never heard of Handgrad."""
    shutil.copytree(course, other, ignore=shutil.ignore_patterns("submitted", ".handgrad"))
    (other / "nbgrader_config.py").write_text(PLAIN_CONFIG, encoding="utf-8")
    for folder in sorted((course / "submitted").iterdir())[:count]:
        shutil.copytree(folder / lab, other / "submitted" / folder.name / lab)


def copy_students(course: Path, lab: str, count: int) -> None:
    """Have `count` students in the course: those who are there, again under other names."""
    there = sorted((course / "submitted").iterdir())
    for number, folder in zip(range(len(there), count), itertools.cycle(there)):
        shutil.copytree(folder / lab, course / "submitted" / f"copy{number:05}" / lab)


def made_up_class(source: Path, course: Path, count: int) -> None:
    """A course with `count` made-up students, none of them broken or hostile."""
    install(source, course)
    made_up = made_up_of(source, course)
    strange = {name for name, _ in strange_ones(made_up)}
    honest = ((name, notebook) for name, notebook in students(made_up, count + 3 * len(strange)) if name not in strange)
    for name, notebook in itertools.islice(honest, count):
        hand_in(course, source.name, name, notebook)


def made_up_of(source: Path, course: Path) -> MadeUp:
    """The lab as it was released into a course."""
    return make_up(source, nbformat.read(course / "release" / source.name / f"{source.name}.ipynb", as_version=4))


def different_notebooks(source: Path, course: Path, count: int) -> list[bytes]:
    """`count` different submissions as files. The course has the lab installed."""
    kept = Path(tempfile.gettempdir()) / "handgrad-classes" / f"{source.name}-{_fingerprint(source)}"
    kept.mkdir(parents=True, exist_ok=True)
    missing = [number for number in range(count) if not (kept / f"{number}.ipynb").exists()]
    if missing:
        with Student(source, course) as student:
            for number in missing:
                if number % 10 == 0:
                    print(f"{source.name}: students run notebook {number + 1} and on, of {count}", file=sys.stderr, flush=True)
                (kept / f"{number}.new").write_bytes(student.notebook(number))
                (kept / f"{number}.new").rename(kept / f"{number}.ipynb")
    found = [(kept / f"{number}.ipynb").read_bytes() for number in range(count)]
    if len(set(found)) < count:
        raise ValueError(f"{source.name} has two notebooks that are the same: draw other answers.")
    return found


class Student:
    """Answers a lab, runs it from top to bottom with everything drawn, and saves it."""

    def __init__(self, source: Path, course: Path) -> None:
        self._pool, self._made_up = read_pool(source), made_up_of(source, course)
        released = course / "release" / source.name
        self._files = {path.name: path.read_bytes() for path in released.iterdir() if path.suffix != ".ipynb" and path.is_file()}
        templates, _ = prepare(open_course(course), source.name, source.parent)
        self._sandbox = Sandbox(preload=[name for name in to_preload(templates, {}) if name not in STILL], limits=Limits())

    def __enter__(self) -> Student:
        return self

    def __exit__(self, *error: object) -> None:
        self._sandbox.close()

    def notebook(self, number: int) -> bytes:
        """The saved notebook of this number. An answer that ends its process or never ends is drawn again."""
        for attempt in itertools.count():
            answers = notebook_answers(self._pool, random.Random(f"{number} {attempt}"))
            notebook = self._saved(answers)
            if notebook is not None:
                return f"{nbformat.writes(notebook)}\n".encode()
        raise AssertionError

    def _saved(self, answers: Mapping[str, str]) -> NotebookNode | None:
        notebook = self._made_up.notebook(answers)
        with self._sandbox.start() as child:
            for name, data in self._files.items():
                child.put_file(name, data)
            for count, cell in enumerate(_code_cells(notebook), 1):
                outcome = child.execute(cell.source)
                if outcome.status not in ("ok", "error"):
                    return None
                cell.execution_count = count
                cell.outputs = [nbformat.from_dict(output) for output in outcome.outputs]
                for output in cell.outputs:
                    if output.output_type == "execute_result":
                        output.execution_count = count
        nbformat.validate(notebook)
        return notebook


def _code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip())


def _fingerprint(source: Path) -> str:
    """Of what decides the answers; today's pictures and check reports cost about the same as those of yesterday."""
    strangers = ROOT / "tests" / "strangers" / source.name
    ours = [Path(__file__).with_name("answers.py"), ROOT / "tests" / "equivalents" / f"{source.name}.py"]
    ours += [source / "notebook.py", source / "mistakes.py", strangers / "right.py", strangers / "wrong.py"]
    digest = hashlib.sha256()
    for path in ours:
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:12]
