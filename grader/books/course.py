"""An nbgrader course on the disk: where things are, and what an assignment of it is graded by."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from course_utils.checking.lab import Lab
from course_utils.errors import UserError
from grader.books.loaded import loads_of
from grader.build import course_config, generate, install, scripts_on_path
from grader.intake import FILE_BYTES, Template, Unreadable, make_template, read_regular
from grader.judging import Assignment

# What a released lab checks with: students have it, but while their code is graded it stays on our side.
KEPT_BACK = ("checks.py", "cases.npz", "hints.json")
BUSY_SECONDS = 60  # that SQLite waits for another program, such as formgrader
# Drawing is what most notebooks spend their time on, and what they often import only when they first draw.
PICTURES = ("matplotlib.pyplot", "matplotlib_inline.backend_inline", "grader.sandbox.first_picture", "grader.sandbox.still_explorers")
NO_HELP = "grader.sandbox.no_help"


Prepared = tuple[tuple[Template, ...], Lab | None]


@dataclass(frozen=True)
class Course:
    """Paths of a course and nbgrader's settings for it."""

    root: Path
    config: Any  # traitlets' Config has no types

    @property
    def settings(self) -> CourseDirectory:
        return CourseDirectory(config=self.config)

    def folder(self, step: str, student: str, lab: str) -> Path:
        """The folder of one step ("submitted", "autograded", "feedback") for one student."""
        return self.root / step / student / lab

    def notes(self, lab: str) -> Path:
        """Where the journal and the traces of a lab are; for the instructor only."""
        return self.root / ".handgrad" / lab

    def gradebook(self) -> Gradebook:
        """nbgrader's database; SQLite waits for another writer rather than fail."""
        settings = self.settings
        url = settings.db_url
        if url.startswith("sqlite:///") and "?" not in url:
            url += f"?timeout={BUSY_SECONDS}"
        with scripts_on_path():
            return Gradebook(url, settings.course_id)


def open_course(root: Path) -> Course:
    """The course in a folder. Raises UserError when there is none."""
    if not root.is_dir():
        raise UserError(f"{root} is not a folder: name the course with --course, or make one with `handgrad demo {root}`.")
    return Course(root.resolve(), course_config(root))


def prepare(course: Course, name: str, solutions: Path | None) -> Prepared:
    """Bring the assignment up to date in the course; gives its templates, and its lab when Handgrad knows it.

    Raises UserError when neither `solutions/` nor the course's `source/` has the assignment.
    """
    if not name or "/" in name or name.startswith("."):
        raise UserError(f"{name!r} cannot be the name of a lab.")
    source = solutions / name if solutions else None
    lab = None
    if source is not None and (source / "notebook.py").is_file():
        install(source, course.root)
        lab = Lab.from_source(source)
    elif not (course.root / "source" / name).is_dir():
        where = f"{solutions} nor in " if solutions else ""
        raise UserError(f"There is no {name} in {where}{course.root / 'source'}: is the name right, and --solutions?")
    templates = _templates(course, name)
    for template in templates:
        _refuse_unanswerable(template, lab)
    return templates, lab


def _templates(course: Course, name: str) -> tuple[Template, ...]:
    with course.gradebook() as gradebook:
        try:
            assignment = gradebook.find_assignment(name)
        except MissingEntry:
            assignment = None
        if assignment is None or not assignment.notebooks or not (course.root / "release" / name).is_dir():
            with scripts_on_path():
                generate(name, course_config(course.root))
            gradebook.db.expire_all()
            assignment = gradebook.find_assignment(name)
        made = []
        for notebook in assignment.notebooks:
            released = nbformat.read(course.root / "release" / name / f"{notebook.name}.ipynb", as_version=4)
            made.append(make_template(notebook.name, released, {cell.name: cell for cell in notebook.source_cells}))
    return tuple(made)


def _refuse_unanswerable(template: Template, lab: Lab | None) -> None:
    unknown = [cell.check for cell in template.graded if cell.check and (lab is None or cell.check not in lab.checks)]
    if unknown:
        raise UserError(
            f"{template.name} asks check({unknown[0]!r}), which no lab here answers: say with --solutions where the lab's source is."
        )


def make_assignment(course: Course, name: str, prepared: Prepared, seeds: tuple[int, ...], seconds: float) -> Assignment:
    """All that a worker needs to grade one submission."""
    templates, lab = prepared
    return Assignment(name, templates, lab, seeds, released_files(course, name), seconds)


def released_files(course: Course, name: str) -> dict[str, bytes]:
    """The files that were released beside the notebooks, without what checks them."""
    folder = course.root / "release" / name
    files = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix != ".ipynb" and relative not in KEPT_BACK and "__pycache__" not in path.parts:
            try:
                files[relative] = read_regular(folder, relative, FILE_BYTES)
            except Unreadable as reason:
                raise UserError(f"release/{name}: {reason}") from None
    return files


def fingerprint(templates: tuple[Template, ...], lab: Lab | None, solutions: Path | None) -> str:
    """Names the state of an assignment, so that a change of its checks is noticed."""
    digest = hashlib.sha256()
    for template in templates:
        cells = [(cell.grade_id, cell.source, cell.node.metadata.get("nbgrader", {}).get("points")) for cell in template.cells]
        digest.update(json.dumps([template.name, cells]).encode())
    for name in ("checks.py", "mistakes.py", "notebook.py") if lab and solutions else ():
        path = (solutions or Path()) / (lab.name if lab else "") / name
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:16]


def imports_of(templates: tuple[Template, ...]) -> list[str]:
    """The modules that an assignment's code cells import: what a warm process has ready."""
    modules: dict[str, None] = {}
    for cell in (cell for template in templates for cell in template.cells if cell.kind == "code"):
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
    """Whether there is a module of that name; `from package import name` may also mean something inside the package."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
