"""`check("name")`: what a student calls in a notebook."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from course_utils import progress
from course_utils.checking.judge import check_exercise
from course_utils.checking.lab import Lab
from course_utils.checking.local import Local
from course_utils.checking.report import Report
from course_utils.errors import UserError
from course_utils.labs import find_lab


def check(exercise: str) -> Report | Unavailable:
    """Check one exercise of this notebook; the value is a report that shows itself and is worth its points."""
    folder = Path.cwd()
    try:
        lab, _ = find_lab(exercise, folder)
    except UserError as error:
        return Unavailable(str(error))
    report = check_in(lab, exercise, _namespace())
    progress.record(folder, lab, report)
    return report


def check_in(lab: Lab, exercise: str, namespace: Mapping[str, Any]) -> Report:
    """Check one exercise of a lab against a namespace, with the lab's public seeds."""
    public = {name: [check for check in checks if not check.hidden] for name, checks in lab.checks.items()}
    report = check_exercise(exercise, public[exercise], Local(namespace), lab.oracle, lab.seeds, public)
    return replace(report, kept_back=lab.kept_back.get(exercise, 0.0))


class Unavailable:
    """Shown in a report's place when there is no such check; worth no points."""

    score = max_score = 0.0

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def text(self) -> str:
        """The sentence."""
        return self.sentence

    def __repr__(self) -> str:
        return "0.0"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<div>{escape(self.sentence)}</div>"


def _namespace() -> Mapping[str, Any]:
    """The names of the notebook; outside IPython, of the caller."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell.user_ns if shell else sys._getframe(2).f_globals
