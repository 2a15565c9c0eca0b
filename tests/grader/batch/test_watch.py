"""What is told while a class is graded."""

from __future__ import annotations

import re
from typing import Any

from grader.batch import progress, watch
from grader.judging import Result


def test_a_log_tells_how_many_how_fast_how_long_and_by_how_many(capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(watch, "QUIET_SECONDS", -1.0)
    with progress("lab_tiny") as told:
        told.begin(3)
        told.workers(2)
        for student in ("ada", "bob"):
            told.tell(Result(student, "lab_tiny", "", "graded"))
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("grading lab_tiny: 1 of 3 (")
    assert re.fullmatch(r"grading lab_tiny: 2 of 3 \(\S+ a minute, \d+ \w+ left, 2 workers\)", second)
