"""`handgrad page`: a notebook as one HTML file that needs nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from posixpath import normpath
from typing import Any
from urllib.parse import unquote

from course_utils.console import typed
from course_utils.errors import UserError
from course_utils.places import notebook
from course_utils.terminal.running import read_notebook, run_notebook

_SHOWN = re.compile(r"""!\[[^\]\n]*\]\(\s*<?([^)>"\n]{1,300})|<img\b[^>\n]{0,300}?\ssrc\s*=\s*["']?([^"'>\n]{1,300})""")
_LARGEST = 16 * 2**20  # bytes of a picture
# Seconds for one explorer's pictures, ten times what a notebook takes: nobody waits for them, and they are shown often.
SETTINGS = {"HANDGRAD_EXPLORER_SECONDS": "20"}
_HEAD = 2000  # bytes in which a page says what made it


def page(target: Path | None, out: Path | None, *, run: bool = False) -> int:
    """Write the page of a notebook and say what works on it; `run`: run a copy of it first. The notebook stays as it is.

    Raises UserError where there is no notebook, or where something else lies in the page's place.
    """
    from course_utils.pages.notebook import make_page

    path = notebook(target)
    read = read_notebook(path)
    place = _place(path, out)
    if run:
        run_notebook(read, path, **SETTINGS)
    made = make_page(read, path.name, dict(_pictures(read.cells, path.resolve().parent)))
    scratch = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        scratch.write_bytes(made.html)
        scratch.replace(place)
    finally:
        scratch.unlink(missing_ok=True)
    print(f"{place}: {len(made.html) / 1e6:.1f} MB, one file that needs no network.{_alive(made.alive)}")
    for line in _left(made, typed(target or path), run=run):
        print(line)
    return 0


def _place(path: Path, out: Path | None) -> Path:
    """Where the page goes: the file that was named, a file in the folder that was named, or one where the reader stands."""
    from course_utils.pages.notebook import GENERATOR

    name = Path(f"{path.stem}.html")
    place = name if out is None else out / name if out.is_dir() else out
    if not place.parent.is_dir():
        raise UserError(f"There is no folder {place.parent}: make it, or name another file with --out.")
    if place.exists():
        with place.open("rb") as file:
            ours = f'content="{GENERATOR}"'.encode() in file.read(_HEAD)
        if not ours:
            raise UserError(f"{place} is there already, and `handgrad page` did not write it: name another file with --out.")
    return place


def _pictures(cells: Iterable[Any], folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files beside the notebook that its prose shows as pictures, by path. What lies outside of its folder is not read."""
    texts = (str(cell.get("source", "")) for cell in cells if cell.get("cell_type") == "markdown")
    for found in (found for text in texts for found in _SHOWN.finditer(text)):
        name = normpath(unquote(found[1] or found[2]).strip())
        if ":" in name:  # an address, or data
            continue
        with suppress(OSError, ValueError):  # what no file can be called
            path = (folder / name).resolve()
            if path.is_relative_to(folder) and path.is_file() and path.stat().st_size <= _LARGEST:
                yield name, path.read_bytes()


def _alive(alive: dict[str, int]) -> str:
    counted = [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in alive.items() if count]
    return f" {' and '.join(counted)} work{'s' if sum(alive.values()) == 1 else ''} in it." if counted else ""


def _left(made: Any, named: str, *, run: bool) -> Iterator[str]:
    """What the reader of the page will miss, and what to do about it."""
    unrun = made.cells - made.run
    if unrun:
        yield f"{unrun} of {made.cells} code cells were not run{': the page has no results' if not made.run else ''}."
    if made.still:
        yield f"Explorers and other widgets that stand still: {made.still}. The notebook was saved without what moves them."
    if made.foreign:
        yield f"Widgets that stand still because they need Python behind them: {made.foreign}."
    if made.stopped:
        yield f"Cells that stopped with an error: {made.stopped}. The page shows the error."
    if (unrun or made.still) and not run:
        yield f"`handgrad page {named} --run` runs a copy of the notebook first; run only what you trust."
