"""What nbgrader's own package brings, as courses: its user guide with the submissions there, and the notebooks of its tests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbgrader

from .both import Compared, compare, run

PACKAGE = Path(nbgrader.__file__).parent
GUIDE = PACKAGE / "docs" / "source" / "user_guide"
_APPS, _STEPS = PACKAGE / "tests" / "apps" / "files", PACKAGE / "tests" / "preprocessors" / "files"

# By name: the source notebook, and what students make of it, each the path of a notebook; None: of what was released nothing
_NOTEBOOKS: Mapping[str, tuple[Path, Sequence[Path]]] = {
    "submitted": (_APPS / "submitted-unchanged.ipynb", sorted(_APPS.glob("submitted-*.ipynb"))),
    "steps": (_STEPS / "submitted-unchanged.ipynb", sorted(_STEPS.glob("submitted-*.ipynb"))),
    "autotest simple": (_APPS / "autotest-simple.ipynb", sorted(_APPS.glob("autotest-simple-*.ipynb"))),
    "autotest hashed": (_APPS / "autotest-hashed.ipynb", sorted(_APPS.glob("autotest-hashed-*.ipynb"))),
    "autotest hidden": (_APPS / "autotest-hidden.ipynb", sorted(_APPS.glob("autotest-hidden-*.ipynb"))),
    "autotest multi": (_APPS / "autotest-multi.ipynb", sorted(_APPS.glob("autotest-multi-*.ipynb"))),
    "task cells": (_STEPS / "test_taskcell.ipynb", []),
    "by hand": (_STEPS / "manually-graded-code-cell.ipynb", []),
    "side effects": (_APPS / "side-effects.ipynb", []),
    "a file beside": (_APPS / "open_relative_file.ipynb", []),
    "schema 0": (_APPS / "test-v0.ipynb", []),
    "schema 1": (_APPS / "test-v1.ipynb", []),
    "schema 2": (_APPS / "test-v2.ipynb", []),
    "hidden tests": (_APPS / "test-hidden-tests.ipynb", []),
    "outputs": (_APPS / "test-with-output.ipynb", []),
}
MATERIAL = ("user guide", *_NOTEBOOKS)


def grade_material(root: Path, name: str) -> Compared:
    """Have both grade one of `MATERIAL`."""
    ours, theirs = root / "ours", root / "theirs"
    theirs.mkdir(parents=True)
    (theirs / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'guide'\n", encoding="utf-8")
    if name == "user guide":
        shutil.copytree(GUIDE / "source", theirs / "source", ignore=shutil.ignore_patterns("ps1_autotest"))
        shutil.copytree(GUIDE / "submitted", theirs / "submitted")
        shutil.copytree(theirs, ours)
        run("nbgrader", "generate_assignment", "ps1", at=theirs)
        return compare(ours, theirs, "ps1")
    _single(theirs, *_NOTEBOOKS[name])
    shutil.copytree(theirs, ours)
    if name.startswith("schema"):
        for folder in ("source", "submitted"):
            run("nbgrader", "update", folder, at=theirs)
    run("nbgrader", "generate_assignment", "ps", at=theirs)
    return compare(ours, theirs, "ps", "--without", "nose")  # which some of them import, and no Python of today has


def _single(root: Path, source: Path, submitted: Sequence[Path]) -> None:
    """A course of one notebook, which one student hands in as it is, answers included, and the others as their notebooks have it."""
    folder = root / "source" / "ps"
    folder.mkdir(parents=True)
    shutil.copy(source, folder / "p1.ipynb")
    (root / "autotests.yml").write_bytes((_APPS / "autotests.yml").read_bytes())
    shutil.copy(_APPS / "data.txt", folder)
    for path in (source, *submitted):
        made = json.loads(path.read_text(encoding="utf-8"))
        target = root / "submitted" / path.stem / "ps"
        target.mkdir(parents=True, exist_ok=True)
        (target / "p1.ipynb").write_text(json.dumps(made), encoding="utf-8")
