"""The student's verbs: copy the labs, check a notebook from a terminal, show the progress."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from course_utils import logbook
from course_utils.cells import checked_exercise
from course_utils.checking.verdict import shown
from course_utils.errors import UserError
from course_utils.labs import lab_folders, open_lab, packaged_labs

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
        for path in lab.iterdir():
            if path.suffix != ".ipynb" or not (target / path.name).exists():
                shutil.copyfile(path, target / path.name)
        console.print(f"{target}  {'your notebook is kept, its checks are refreshed' if kept else 'new'}", markup=False)
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
    standings = {lab.name: _standing(lab) for lab in labs}
    if as_json:
        print(json.dumps(standings, ensure_ascii=False))
        return 0
    console = Console()
    for lab, standing in standings.items():
        console.print(_table(lab, standing))
    console.print(_next_step(standings))
    return 0


def _standing(folder: Path) -> dict[str, dict[str, Any]]:
    """By exercise: score, max_score and whether anything was tried."""
    lab = open_lab(folder, (folder / "cases.npz").stat().st_mtime_ns)
    known = logbook.read(folder).get(lab.name, {})
    standing = {}
    for exercise, checks in lab.checks.items():
        entry = known.get(exercise, {})
        points = sum(check.points for check in checks)
        tried = any(outcome != "not attempted" for _, outcome in entry.get("outcomes", ()))
        standing[exercise] = {"score": entry.get("score", 0), "max_score": points, "tried": tried}
    return standing


def _table(lab: str, standing: Mapping[str, Mapping[str, Any]]) -> Table:
    table = Table(title=lab, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column, justify in (("", "left"), ("exercise", "left"), ("points", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for exercise, entry in standing.items():
        done = entry["score"] >= entry["max_score"]
        mark = "[green]✓[/]" if done else "[red]✗[/]" if entry["tried"] else "○"
        table.add_row(mark, exercise, f"{shown(entry['score'])}/{shown(entry['max_score'])}")
    score, most = (sum(entry[key] for entry in standing.values()) for key in ("score", "max_score"))
    table.add_row("", "[bold]all[/]", f"[bold]{shown(score)}/{shown(most)}[/]")
    return table


def _next_step(standings: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    for lab, standing in standings.items():
        for exercise, entry in standing.items():
            if entry["score"] < entry["max_score"]:
                what = "read its report again" if entry["tried"] else "not tried yet"
                return f"Next: [bold]{exercise}[/] in {lab} ({what})"
    return "All checks pass: everything here is done."
