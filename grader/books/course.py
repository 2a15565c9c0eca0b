"""An nbgrader course on the disk: where things are, and what an assignment of it is graded by."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any, cast

import nbformat
from nbformat import NotebookNode

from course_utils.checking.lab import Lab
from course_utils.console import typed
from course_utils.errors import UserError
from grader.books.database import Cells, Database, cells_of
from grader.books.loaded import loads_of
from grader.books.released import released_files
from grader.books.settings import Settings
from grader.build import course_config, generate, install, scripts_on_path
from grader.intake import NOBODY, Layout, Template, is_python, make_template
from grader.judging import Assignment

# Drawing is what most notebooks spend their time on, and what they often import only when they first draw.
PICTURES = ("matplotlib.pyplot", "matplotlib_inline.backend_inline", "grader.sandbox.first_picture", "grader.sandbox.still_explorers")
NO_HELP = "grader.sandbox.no_help"


_OF_A_COURSE = ("submitted", "source", "nbgrader_config.py", "nbgrader_config.json", "gradebook.db")

Prepared = tuple[tuple[Template, ...], Lab | None]


@dataclass(frozen=True)
class Course:
    """Paths of a course and nbgrader's settings for it."""

    root: Path
    config: Any  # traitlets' Config has no types

    @cached_property
    def layout(self) -> Layout:
        """Where the folders of the steps are."""
        return Layout.of(self.root, self.config.CourseDirectory)

    @cached_property
    def settings(self) -> Settings:
        """What the course's settings ask for. Raises UserError for what they ask for in vain."""
        return Settings.of(self.config)

    @property
    def database(self) -> Database:
        """The gradebook, not yet opened."""
        return Database(self)

    def folder(self, step: str, student: str, lab: str) -> Path:
        """The folder of one step ("submitted", "autograded", "feedback") for one student."""
        return self.layout.folder(step, student, lab)

    def own(self, step: str, lab: str) -> Path:
        """The instructor's folder of an assignment: "source" or "release"."""
        return self.layout.folder(step, NOBODY, lab)

    def step(self, step: str) -> Path:
        """The folder of a step, as far as the course's settings lead to it before they name a student or an assignment."""
        return self.layout.step(step)

    def notes(self, lab: str) -> Path:
        """Where the journal and the traces of a lab are; for the instructor only."""
        return self.root / ".handgrad" / lab


def open_course(root: Path) -> Course:
    """The course in a folder, or where the settings there say that it is, when the folder is only where one stands.

    Raises UserError when there is none.
    """
    if not root.is_dir():
        raise UserError(f"{root} is not a folder: name the course with --course, or make one with `handgrad demo {typed(root)}`.")
    if not any((root / name).exists() for name in _OF_A_COURSE):
        told = "it has neither submitted/ nor nbgrader_config.py. Name the course with --course."
        raise UserError(f"There is no course in {root.resolve()}: {told}")
    config = course_config(root, asked=root != Path())
    return Course(Path(config.CourseDirectory.root), config)


def prepare(course: Course, name: str, solutions: Path | None) -> Prepared:
    """Bring the assignment up to date in the course; gives its templates, and its lab when Handgrad knows it.

    Raises UserError when neither `solutions/` nor the course's `source/` has the assignment, and for a gradebook that cannot be used.
    """
    if not name or "/" in name or name.startswith(".") or not name.isprintable():
        raise UserError(f"{name!r} cannot be the name of a lab.")
    course.settings  # noqa: B018 - asked for now, so that what is refused is refused before anything is made
    source = solutions / name if solutions else None
    known, lab = _known_cells(course, name), None
    if source is not None and (source / "notebook.py").is_file():
        if install(source, course.root, deepcopy(course.config), known=bool(known and name in known)):
            known = None
        lab = cast(Lab, LabLater(source, course.database.budget(name) if known else None))
    elif not course.own("source", name).is_dir():
        raise UserError(f"There is no {name}{_but(assignments(course, solutions))}. Is the name right, and --solutions?")
    whole = known and course.own("release", name).is_dir()
    templates = _templates(course, name, known if known and whole else _generated(course, name, ours=lab is not None))
    if not known or lab is None:
        for template in templates:
            _refuse_unanswerable(template, lab)
    if lab is not None:
        course.database.note_budget(name, lab.budget)
    return templates, lab


def assignments(course: Course, solutions: Path | None) -> list[str]:
    """What can be graded in this course, by name."""
    ours = solutions.glob("*/notebook.py") if solutions else ()
    return sorted({*(path.parent.name for path in ours), *course.layout.assignments()})


def _but(names: list[str]) -> str:
    return f"; there are {', '.join(names)}" if names else ""


class LabLater:
    """A lab of `solutions/` that is read when more of it is asked for than its name and its budget."""

    def __init__(self, source: Path, budget: Mapping[str, float] | None) -> None:
        self._source, self.name = source, source.name
        if budget is not None:
            self.budget = budget

    def __getattr__(self, name: str) -> Any:
        if "_lab" not in vars(self):
            self._lab = Lab.from_source(self._source)
        return getattr(self._lab, name)


def _known_cells(course: Course, name: str) -> Cells | None:
    """The assignment's cells by the gradebook, if it has them. Raises UserError when it had, and has them no more."""
    database = course.database
    known = database.recall(name)
    if known is not None:
        return known
    used = database.was_used(name)
    if database.missing:
        if used:
            raise database.gone(name)
        return None
    with database.open() as gradebook, database.plainly():
        known = cells_of(gradebook, name)
    if used and known is None:
        raise database.gone(name)
    if used and known:
        database.remember(name, known)
    return known


def _generated(course: Course, name: str, *, ours: bool) -> Cells:
    """The assignment's cells after nbgrader generated it, where it had not yet."""
    with course.database.open() as gradebook, course.database.plainly():
        cells = cells_of(gradebook, name)
        if not cells or not course.own("release", name).is_dir():
            with scripts_on_path():
                generate(name, deepcopy(course.config), ours=ours)
            cells = cells_of(gradebook, name)
    return cells or {}


def _templates(course: Course, name: str, cells: Cells) -> tuple[Template, ...]:
    """The released notebooks with what only the gradebook has."""
    folder = course.own("release", name)
    return tuple(make_template(notebook, _released(folder / f"{notebook}.ipynb"), kept) for notebook, kept in cells.items())


def _released(path: Path) -> NotebookNode:
    """A notebook that nbgrader released, and so validated, in format 4."""
    notebook: NotebookNode = nbformat.convert(nbformat.reader.reads(path.read_text(encoding="utf-8")), 4)
    if any(_is_outdated(cell.metadata.get("nbgrader")) for cell in notebook.cells):
        from grader.build import upgraded

        return upgraded(notebook)
    return notebook


def _is_outdated(role: Any) -> bool:
    """Whether nbgrader's metadata of a cell are those of before schema 3, which knows tasks."""
    return isinstance(role, Mapping) and role.get("schema_version", 0) in (0, 1, 2)


def _refuse_unanswerable(template: Template, lab: Lab | None) -> None:
    """Refuse a lab's notebook without its checks; a function named `check` of another course is that course's own."""
    if lab is None and not any("course_utils" in cell.source for cell in template.cells if cell.kind == "code"):
        return
    unknown = [cell.check for cell in template.graded if cell.check and (lab is None or cell.check not in lab.checks)]
    if unknown:
        raise UserError(
            f"{template.name} asks check({unknown[0]!r}), which no lab here answers: say with --solutions where the lab's source is."
        )


def make_assignment(course: Course, name: str, prepared: Prepared, seeds: tuple[int, ...], seconds: float) -> Assignment:
    """All that a worker needs to grade one submission."""
    templates, lab = prepared
    files = released_files(course, name, lab=lab is not None)
    files = {path: data for path, data in files.items() if not course.settings.is_own(name, path)}
    return Assignment(name, templates, lab, seeds, files, seconds, trimming=course.settings.trimming)


def fingerprint(templates: tuple[Template, ...], lab: Lab | None, solutions: Path | None, settings: str = "") -> str:
    """Names the state of an assignment, so that a change of its checks, or of settings that scores hang on, is noticed."""
    digest = hashlib.sha256(settings.encode())
    for template in templates:
        cells = [(cell.grade_id, cell.source, cell.node.metadata.get("nbgrader", {}).get("points")) for cell in template.cells]
        kernel = () if is_python(template.kernel[1] or "python") else template.kernel
        digest.update(json.dumps([template.name, cells, *kernel]).encode())
    for name in ("checks.py", "mistakes.py", "notebook.py") if lab and solutions else ():
        path = (solutions or Path()) / (lab.name if lab else "") / name
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:16]


def imports_of(templates: tuple[Template, ...]) -> list[str]:
    """The modules that an assignment's code cells import: what a warm process has ready."""
    modules: dict[str, None] = {}
    in_python = [template for template in templates if is_python(template.kernel[1] or "python")]
    for cell in (cell for template in in_python for cell in template.cells if cell.kind == "code"):
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:  # magics
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                modules.update(dict.fromkeys(alias.name for alias in node.names))
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules[node.module] = None
                modules.update(dict.fromkeys(f"{node.module}.{alias.name}" for alias in node.names))
    return list(modules)


def to_preload(templates: tuple[Template, ...], files: Mapping[str, bytes]) -> list[str]:
    """Those of the imports that are installed, and not files of the assignment; `package:name` for a name in a package.

    After them what the cells load of the labs' data.
    """
    local = {name.split("/")[0].removesuffix(".py") for name in files} | {"checks"}
    found = []
    for module in [*imports_of(templates), *PICTURES, NO_HELP]:
        package, _, name = module.rpartition(".")
        if module.split(".")[0] in local:
            continue
        if _is_module(module):
            found.append(module)
        elif package and _is_module(package):  # a package may import what stands behind a name when it is asked for it
            found.append(f"{package}:{name}")
    return found + loads_of(templates)


def _is_module(name: str) -> bool:
    """Whether there is a module of that name; `from package import name` may also mean something inside the package.

    Nothing is imported: to look into a package by `find_spec` alone imports it, and matplotlib's takes a second.
    """
    top, *below = name.split(".")
    spec = importlib.util.find_spec(top)
    for number, _ in enumerate(below, 2):
        if spec is None or spec.submodule_search_locations is None:
            return False
        spec = PathFinder.find_spec(".".join(name.split(".")[:number]), spec.submodule_search_locations)
    return spec is not None
