"""Whether a lab that changed may be built: its laws, as far as half a minute allows, and its points."""

from __future__ import annotations

import time
from pathlib import Path

import grader
from course_utils.checking import Lab
from course_utils.checking.lab import exercise_cells
from course_utils.errors import UserError
from grader.build import fingerprint
from grader.build.laws import hold

WHOLE = 100  # points of a lab of this course
SECONDS = 30.0  # what an author waits for


def held_to_laws(lab: Lab, source: Path, worth: float, memory: Path) -> tuple[str, ...]:
    """What the author of `solutions/<lab>`, worth so many points, should know. Raises UserError where a law is broken.

    The folder `memory` remembers what was asked: new prose around the same checks, mistakes and answers asks nothing again.
    """
    where = f"{source.parent.name}/{source.name}"
    odd = () if worth == WHOLE else (f"{where}: its points add up to {worth:g}, not to {WHOLE}.",)
    if odd and _of_this_course(source):
        raise UserError(odd[0])
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
