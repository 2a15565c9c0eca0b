"""What was last checked, kept in one small file beside the notebooks."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from course_utils.checking.lab import Lab
from course_utils.checking.report import Report

FILE = Path(".handgrad") / "progress.json"


def record(folder: Path, lab: Lab, report: Report) -> None:
    """Remember a report in `folder`; where that cannot be written, checking goes on without."""
    entry = {
        "score": report.score,
        "max_score": report.max_score,
        "when": round(time.time()),
        "outcomes": [[verdict.title, verdict.outcome] for verdict in report.verdicts],
    }
    known = read(folder)
    known.setdefault(lab.name, {})[report.exercise] = entry
    path = folder / FILE
    scratch = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        scratch.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")
        scratch.replace(path)
    except OSError:  # a read-only folder is no reason to withhold a report
        return


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """By lab and exercise, what was last checked in `folder`; an unreadable file counts as none."""
    try:
        known = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
