"""What lies beside a notebook of an ordinary assignment: the assignment's other notebooks, and the files that they made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from grader.intake import SECRET, TIMESTAMP, Repaired, clashing, is_copied, one_line
from grader.judging.cells import Runner

if TYPE_CHECKING:
    from grader.judging.grading import Assignment, Graded

_NAMED = 3


def siblings(repaired: Mapping[str, Repaired]) -> dict[str, bytes]:
    """A submission's notebooks, for `%run` and the like, by file: without hidden tests, which no code of a student may read."""
    return {f"{name}.ipynb": _as_given(one) for name, one in repaired.items()} if len(repaired) > 1 else {}


def _as_given(repaired: Repaired) -> bytes:
    pairs = zip(repaired.notebook.cells, repaired.roles, strict=True)
    cells = [{**cell, "source": role.released} if role is not None and role.locked else cell for cell, role in pairs]
    return json.dumps({**repaired.notebook, "cells": cells}).encode()


def keep_made(runner: Runner, assignment: Assignment, files: Mapping[str, bytes], graded: Graded) -> None:
    """Take what the cells wrote, for the notebooks that follow and for whoever marks it. What was released stays as it is."""
    made, too_much = runner.made()
    ours = {*assignment.files, *(f"{template.name}.ipynb" for template in assignment.templates), TIMESTAMP, SECRET}
    new = [name for name in made if name not in ours]
    clash = set(clashing(new, {*ours, *files, *new}))
    kept = {name: made[name] for name in new if name not in clash}
    graded.made.update(kept)
    alone = [name for name in (*kept, *too_much) if name in too_much or not is_copied(name)]
    if alone:
        named = ", ".join(one_line(name, 80) for name in alone[:_NAMED]) + (f" and {len(alone) - _NAMED} more" if alone[_NAMED:] else "")
        told = f"The notebook wrote {named}, which does not go along: only data, pictures and code of some size do."
        graded.result.repairs += [] if told in graded.result.repairs else [told]
