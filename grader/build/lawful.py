"""Whether a lab that changed may be built: its laws, as far as half a minute allows, and its points."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

import grader
from course_utils.checking import Lab
from course_utils.checking.lab import exercise_cells
from course_utils.errors import UserError
from grader.build import fingerprint
from grader.build.helped import HELP
from grader.build.laws import hold
from grader.build.style import lapses

WHOLE = 100  # points of a lab of this course
SECONDS = 30.0  # what an author waits for


def held_to_laws(lab: Lab, source: Path, cells: Sequence[NotebookNode], memory: Path) -> tuple[str, ...]:
    """What the author of `solutions/<lab>`, whose notebook has these cells, should know. Raises UserError where a law is broken.

    The folder `memory` remembers what was asked: new prose around the same checks, mistakes and answers asks nothing again.
    """
    where = f"{source.parent.name}/{source.name}"
    worth = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in cells)
    odd: tuple[str, ...] = () if worth == WHOLE else (f"{where}: its points add up to {worth:g}, not to {WHOLE}.",)
    if _of_this_course(source):
        if not (source / HELP).is_file():
            raise UserError(f"{where} has no {HELP}: whoever is stuck finds hints in every lab of this course, so write them.")
        if odd:
            raise UserError(odd[0])
        labs = {path.parent.name for path in source.parent.glob("*/notebook.py")}
        odd = tuple(f"{where}: {sentence}." for sentence in lapses(cells, labs))
    stamp, asked = memory / f"{source.name}.lawful.json", _fingerprint(source)
    if fingerprint.is_stamped(stamp, asked):
        return odd
    until = time.monotonic() + SECONDS
    held = hold(lab, (source / "mistakes.py").read_text(encoding="utf-8"), where, lambda: time.monotonic() < until)
    if held.broken:
        raise UserError("\n".join(held.broken))
    fingerprint.write_stamp(stamp, asked)
    return odd if held.whole else (*odd, f"{where}: {SECONDS:g} seconds were too short for all laws; the tests ask the rest.")


def _fingerprint(source: Path) -> dict[str, str]:
    return {
        "lab": fingerprint.of([source / "checks.py", source / "mistakes.py"]),
        "answers": fingerprint.of_text(*exercise_cells(source / "notebook.py").values()),
        "engine": fingerprint.of_tools("course_utils/checking", "grader/build"),
    }


def _of_this_course(source: Path) -> bool:
    """Whether a lab lies in the checkout that this code is in; other courses count as they like."""
    return source.resolve().parent.parent == Path(str(grader.__file__)).resolve().parent.parent
