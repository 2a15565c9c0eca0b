"""The student's verbs: copy the labs, check a notebook from a terminal, show the progress."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from course_utils.cells import checked_exercise
from course_utils.checking.verdict import shown
from course_utils.errors import UserError
from course_utils.help.worked import remember
from course_utils.labs import lab_folders, packaged_labs, packaged_solutions
from course_utils.standing import COLUMNS, LATER, Row, next_lab, next_step, rows_of, total

_STYLES = {"✓": "green", "✗": "red", "○": "dim"}
CELL_SECONDS = 300  # a student's own machine may be slow; a loop that never ends is stopped all the same


def start(folder: Path) -> int:
    """Copy the labs into `folder`. A notebook that is there already is somebody's work and stays as it is."""
    labs = lab_folders(packaged_labs())
    if not labs:
        raise UserError(f"There are no labs in {packaged_labs()}: run `handgrad build` in a checkout, or install again.")
    console = Console()
    for lab in labs:
        target = folder / lab.name
        target.mkdir(parents=True, exist_ok=True)
        kept = (target / f"{lab.name}.ipynb").exists()
        for path in filter(Path.is_file, lab.iterdir()):
            if path.suffix != ".ipynb" or not (target / path.name).exists():
                shutil.copyfile(path, target / path.name)
        console.print(f"{target}  {'your notebook is kept, its checks are refreshed' if kept else 'new'}", markup=False)
    remember(folder, packaged_solutions())
    console.print(f"\nNext: jupyter lab {folder / labs[0].name / labs[0].name}.ipynb", markup=False)
    return 0


def check(target: Path, exercise: str | None, *, as_json: bool) -> int:
    """Run a notebook in a kernel of its own and print the reports of its check cells; 0 when all of them pass."""
    path = _notebook(target)
    reports = _reports(path, exercise)
    if exercise and exercise not in reports:
        raise UserError(f"{path} has no check cell for {exercise!r}: it checks {', '.join(reports) or 'nothing'}.")
    if as_json:
        print(json.dumps({"notebook": str(path), "exercises": reports}, ensure_ascii=False))
    else:
        for report in reports.values():
            print(report["text"], end="\n\n")
        score, most = (sum(report[key] for report in reports.values()) for key in ("score", "max_score"))
        print(f"{shown(score)} of {shown(most)} points")
    return 0 if reports and all(report["score"] == report["max_score"] for report in reports.values()) else 1


def _notebook(target: Path) -> Path:
    for path in (target, target / f"{target.name}.ipynb", target.with_suffix(".ipynb")):
        if path.is_file():
            return path
    raise UserError(f"{target} is neither a notebook nor the folder of a lab: `handgrad start` makes one.")


def _reports(path: Path, only: str | None) -> dict[str, dict[str, Any]]:
    import nbformat
    from nbclient import NotebookClient

    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:
        raise UserError(f"{path} cannot be read as a notebook ({type(error).__name__}): was it saved whole?") from error
    asked = {}
    for number, cell in enumerate(notebook.cells):
        name = checked_exercise(cell.source) if cell.cell_type == "code" else None
        if name and name not in asked and only in (None, name):
            asked[name] = number
            cell.source += "\n" + _TELL.format(name=name)
    folder = str(path.resolve().parent)
    client = NotebookClient(
        notebook, timeout=CELL_SECONDS, interrupt_on_timeout=True, allow_errors=True, resources={"metadata": {"path": folder}}
    )
    with Console(stderr=True).status(f"running {path.name} …"):
        client.execute(stderr=subprocess.DEVNULL)  # the kernel's own log; what cells write on stderr is in the outputs
    return {name: _told(notebook.cells[number], name) for name, number in asked.items()}


_TELL = """import json as _json
_report = check({name!r})
print(_json.dumps(dict(score=_report.score, max_score=_report.max_score, text=_report.text())))"""


def _told(cell: Any, name: str) -> dict[str, Any]:
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            told: dict[str, Any] = json.loads(output.text.strip().splitlines()[-1])
            return told
    failed = next((output.evalue for output in cell.outputs if output.output_type == "error"), "nothing came back")
    return {"score": 0, "max_score": 1, "text": f"{name}: could not run: {failed}"}


def show_progress(folder: Path, *, as_json: bool) -> int:
    """Print what was last checked in the labs below `folder`, and what to try next."""
    labs = [folder] if (folder / "cases.npz").is_file() else lab_folders(folder)
    if not labs:
        raise UserError(f"There is no lab in {folder.resolve()}: go to the folder that `handgrad start` made.")
    made = {lab: rows_of(lab, lab) for lab in labs}
    if as_json:
        print(json.dumps({lab.name: {row.exercise: _as_json(row) for row in rows} for lab, rows in made.items()}, ensure_ascii=False))
        return 0
    console = Console()
    for lab, rows in made.items():
        console.print(_table(lab.name, rows))
    if any(row.kept_back for rows in made.values() for row in rows):
        console.print(LATER, markup=False)
    console.print(_next(made), markup=False)
    return 0


def _as_json(row: Row) -> dict[str, Any]:
    return {
        "score": row.score,
        "max_score": row.max_score,
        "tried": row.tried,
        "hints": row.hints,
        "answer": row.answered,
    }


def _table(lab: str, rows: Sequence[Row]) -> Table:
    table = Table(title=lab, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in COLUMNS:
        table.add_column(column, justify="right" if column == "points" else "left")
    for row in rows:
        mark, *others = row.cells()
        table.add_row(f"[{_STYLES[mark]}]{mark}[/]", *others)
    table.add_row(*(f"[bold]{cell}[/]" if cell else "" for cell in total(rows)))
    return table


def _next(made: Mapping[Path, Sequence[Row]]) -> str:
    for lab, rows in made.items():
        step = next_step(rows, lab.name)
        if step:
            return step
    return next_lab(list(made)[-1])
