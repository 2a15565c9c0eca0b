"""`handgrad check`: run a notebook in a kernel of its own, and print what its check cells say."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course_utils.cells import checked_exercise
from course_utils.checking.verdict import shown
from course_utils.errors import UserError
from course_utils.help.worked import solutions_of
from course_utils.places import notebook
from course_utils.terminal.running import read_notebook, run_notebook

# how a report says in a notebook whom to ask; a terminal has a command for it
_STUCK = re.compile(r'^Stuck\? (?:from course_utils import \w+; )?(hint|answer)\("(\w+)"\)', re.MULTILINE)


def check(
    target: Path | None, exercise: str | None, *, as_json: bool = False, everything: bool = False, solutions: Path | None = None
) -> int:
    """Run a notebook in a kernel of its own and print the reports of its check cells; 0 when all of them pass.

    With `everything` the hidden checks of its lab's solutions run too. Raises UserError where these are not at hand.
    """
    path = notebook(target)
    read = read_notebook(path)
    if exercise:
        _refuse_unknown(path, exercise, [name for cell in read.cells if (name := _asked(cell))])
    reports = _reports(path, read, exercise, _solutions(path, solutions) if everything else None)
    if as_json:
        print(json.dumps({"notebook": str(path), "exercises": reports}))
    else:
        blank = {} if exercise else {name: report for name, report in reports.items() if not report["begun"]}
        for report in (report for name, report in reports.items() if name not in blank):
            print(_STUCK.sub(r"Stuck? `handgrad \1 \2`", report["text"]), end="\n\n")
        if blank:
            print(f"Not written yet: {', '.join(blank)}\n")
        score, most = (sum(report[key] for report in reports.values()) for key in ("score", "max_score"))
        print(f"{shown(score)} of {shown(most)} points")
    return 0 if reports and all(report["score"] == report["max_score"] for report in reports.values()) else 1


def _solutions(path: Path, given: Path | None) -> Path:
    folder = path.resolve().parent
    found = solutions_of(folder.name, folder, given)
    if found is None:
        raise UserError(f"The hidden checks of {folder.name} are not at hand: say with --solutions where a checkout's solutions/ is.")
    return found.resolve()


def _asked(cell: Any) -> str | None:
    return checked_exercise(cell.source) if cell.cell_type == "code" else None


def _refuse_unknown(path: Path, exercise: str, known: Sequence[str]) -> None:
    if exercise not in known:
        near = difflib.get_close_matches(exercise, known, 1)
        instead = f"do you mean {near[0]!r}?" if near else f"it checks {', '.join(known) or 'nothing'}."
        raise UserError(f"{path} has no check cell for {exercise!r}: {instead}")


def _reports(path: Path, read: Any, only: str | None, solutions: Path | None) -> dict[str, dict[str, Any]]:
    asked = {}
    for number, cell in enumerate(read.cells):
        name = _asked(cell)
        if name and name not in asked and only in (None, name):
            asked[name] = number
            cell.source += "\n" + _TELL.format(ask=f"check_all({name!r}, {str(solutions)!r})" if solutions else f"check({name!r})")
    run_notebook(read, path)
    return {name: _told(read.cells[number], name) for name, number in asked.items()}


_TELL = """import json as _json
from course_utils.notebook import check_all
_report = {ask}
print(_json.dumps(dict(score=_report.score, max_score=_report.max_score, begun=_report.begun, text=_report.text())))"""


def _told(cell: Any, name: str) -> dict[str, Any]:
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            told: dict[str, Any] = json.loads(output.text.strip().splitlines()[-1])
            return told
    failed = next((output.evalue for output in cell.outputs if output.output_type == "error"), "nothing came back")
    return {"score": 0, "max_score": 1, "begun": True, "text": f"{name}: could not run: {failed}"}
