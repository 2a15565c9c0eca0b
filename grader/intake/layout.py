"""Where an nbgrader course keeps things: the folders of its steps, and how these hold students and assignments. Opens no file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import combinations
from pathlib import Path, PurePosixPath
from string import Formatter
from types import MappingProxyType
from typing import Any

from traitlets.config.loader import LazyConfigValue

from course_utils.errors import UserError

STEPS = ("source", "release", "submitted", "autograded", "feedback")
BELOW = ("{student_id}", "{assignment_id}")  # of a step's folder, where a course does not say otherwise
STRUCTURE = "/".join(["{nbgrader_step}", *BELOW])
IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")  # nbgrader's own
NOBODY = "."  # stands for the student in source/ and release/, as in nbgrader
_KEYS = ("nbgrader_step", "student_id", "assignment_id")


@dataclass(frozen=True)
class Layout:
    """nbgrader's settings of a course's folders. A step is named as nbgrader names it, wherever its folder is."""

    root: Path
    structure: str = STRUCTURE
    steps: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({step: step for step in STEPS}))
    ignored: tuple[str, ...] = IGNORED

    @staticmethod
    def of(root: Path, settings: Mapping[str, Any]) -> Layout:
        """The layout that the settings of `CourseDirectory` ask for. Raises UserError for one that nbgrader could not read either."""
        structure = str(settings.get("directory_structure") or STRUCTURE)
        _refuse_structure(structure)
        steps = {step: str(settings.get(f"{step}_directory") or step) for step in STEPS}
        ignored = settings.get("ignore", IGNORED)
        if isinstance(ignored, LazyConfigValue):  # something was appended to nbgrader's own
            ignored = ignored.get_value(list(IGNORED))
        layout = Layout(root, structure, MappingProxyType(steps), tuple(map(str, ignored)))
        _refuse_one_folder(layout)
        return layout

    def folder(self, step: str, student: str, lab: str) -> Path:
        """The folder of one step for one student and assignment; NOBODY is the student of "source" and "release"."""
        return self.root / self.structure.format(nbgrader_step=self.steps[step], student_id=student, assignment_id=lab)

    def step(self, step: str) -> Path:
        """How far the path to a step's folders goes before it names a student or an assignment."""
        base, _ = self.split(step, "{assignment_id}")
        above = [path for path in (base, *base.parents) if "{assignment_id}" not in str(path)]
        return above[0]

    def split(self, step: str, lab: str) -> tuple[Path, tuple[str, ...]]:
        """The folder that lists the students of a step, and the pattern of each name below it."""
        text = self.structure.replace("{nbgrader_step}", self.steps[step].replace("{", "{{").replace("}", "}}"))
        parts = PurePosixPath(text).parts
        first = next(i for i, part in enumerate(parts) if "{student_id}" in part)
        base = self.root.joinpath(*(part.format(assignment_id=lab) for part in parts[:first]))
        return base, parts[first:]

    def assignments(self) -> list[str]:
        """The names of the assignments that have a notebook in their source."""
        marked = self.folder("source", NOBODY, "*")
        at = next(i for i, part in enumerate(marked.parts) if "*" in part)
        name = re.compile(re.escape(marked.parts[at]).replace(re.escape("*"), "(.+)", 1))
        base = Path(*marked.parts[:at])
        found = base.glob("/".join([*marked.parts[at:], "*.ipynb"]))
        return sorted({told[1] for path in found if (told := name.fullmatch(path.parts[at]))})

    def ignores(self, name: str) -> bool:
        """Whether the course leaves out files and folders of this name."""
        return fits(name, self.ignored)


def is_ignored(name: str) -> bool:
    """Whether nbgrader leaves out files and folders of this name in a course that does not say otherwise."""
    return fits(name, IGNORED)


def fits(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name fits one of the patterns, by the rules of a shell: `*` stands for no dot at the beginning."""
    return any(fnmatchcase(name, pattern) and (pattern[:1] == "." or name[:1] != ".") for pattern in patterns)


def names_below(patterns: Sequence[str], student: str, lab: str) -> list[str]:
    """The names on the way to a student's folder of an assignment."""
    return [pattern.format(student_id=student, assignment_id=lab) for pattern in patterns]


def student_in(name: str, pattern: str, lab: str) -> str | None:
    """Which student a folder's name belongs to, by the pattern of such names; None where it is none of these."""
    told, seen = "", False
    for text, key, _, _ in Formatter().parse(pattern):
        told += re.escape(text)
        if key == "student_id":
            told += "(?P=student)" if seen else "(?P<student>.+)"
            seen = True
        elif key is not None:
            told += re.escape(lab)
    found = re.fullmatch(told, name, re.DOTALL)
    return found["student"] if found else None


def _refuse_one_folder(layout: Layout) -> None:
    """A step that is written anew must not take another one with it."""
    students = {step: NOBODY if step in ("source", "release") else "student" for step in STEPS}
    places = {step: Path(os.path.normpath(layout.folder(step, student, "assignment"))) for step, student in students.items()}
    for one, other in combinations(STEPS, 2):
        if places[one].is_relative_to(places[other]) or places[other].is_relative_to(places[one]):
            told = f"CourseDirectory.{one}_directory and CourseDirectory.{other}_directory lead to one folder"
            raise UserError(f"nbgrader_config.py: {told}, and each step needs one of its own.")


def _refuse_structure(structure: str) -> None:
    said = f"nbgrader_config.py: CourseDirectory.directory_structure is {structure!r}"
    try:
        fields = [(key, spec, kind) for _, key, spec, kind in Formatter().parse(structure) if key is not None]
    except ValueError as error:
        raise UserError(f"{said}, which is no pattern ({error}). nbgrader's own is {STRUCTURE!r}.") from None
    if any(key not in _KEYS or spec or kind for key, spec, kind in fields):
        known = ", ".join(f"{{{key}}}" for key in _KEYS)
        raise UserError(f"{said}: it may name {known} and nothing else. nbgrader's own is {STRUCTURE!r}.")
    missing = [key for key in _KEYS if key not in {key for key, _, _ in fields}]
    if missing:
        raise UserError(f"{said}: {{{missing[0]}}} is missing, so two of them would share a folder. nbgrader's own is {STRUCTURE!r}.")
    below = structure[structure.index("{student_id}") :]
    if ".." in PurePosixPath(below).parts:
        raise UserError(f"{said}: `..` below a student's folder leads out of it. nbgrader's own is {STRUCTURE!r}.")
