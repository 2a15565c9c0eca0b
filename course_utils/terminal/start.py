"""`handgrad start`: copy the labs to a folder of the student's."""

from __future__ import annotations

import shutil
from pathlib import Path

from rich.console import Console

from course_utils.console import typed
from course_utils.errors import UserError
from course_utils.extras import lacks
from course_utils.help.worked import made_by_start, remember
from course_utils.labs import lab_folders, packaged_labs, packaged_solutions
from course_utils.terminal.lab import open_lab


def start(asked: Path | None, *, opened: bool = False) -> int:
    """Copy the labs into a folder, `handgrad-labs` unless another is asked for; `opened`: show the first one in JupyterLab.

    A notebook that is there already is somebody's work and stays as it is.
    """
    labs = lab_folders(packaged_labs())
    if not labs:
        raise UserError(f"There are no labs in {packaged_labs()}: run `handgrad build` in a checkout, or install again.")
    console, folder = Console(), _meant(asked)
    for lab in labs:
        target = folder / lab.name
        target.mkdir(parents=True, exist_ok=True)
        kept = (target / f"{lab.name}.ipynb").exists()
        for path in filter(Path.is_file, lab.iterdir()):
            if path.suffix != ".ipynb" or not (target / path.name).exists():
                shutil.copyfile(path, target / path.name)
        console.print(f"{target}  {'your notebook is kept, its checks are refreshed' if kept else 'new'}", markup=False, soft_wrap=True)
    remember(folder, packaged_solutions())
    for sentence in filter(None, (lacks(lab / f"{lab.name}.ipynb") for lab in labs)):
        console.print(sentence, markup=False, soft_wrap=True)
    if opened:
        return open_lab(folder, folder / labs[0].name / f"{labs[0].name}.ipynb")
    console.print(f"\nNext: handgrad start {typed(folder)} --open", markup=False, soft_wrap=True)
    return 0


def _meant(asked: Path | None) -> Path:
    """Where to copy to. Whoever stands in a folder of labs does not want another one inside, but may name it once more."""
    here = Path.cwd()
    inside = made_by_start(here) and not (asked and asked.exists()) and asked in (None, Path(here.name))
    return here if inside else asked or Path("handgrad-labs")
