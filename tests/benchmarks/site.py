"""The site in Chromium, against JupyterLab's own kernel: `python tests/benchmarks/site.py [LAB …] [--site DIR] [--quick | --whole]`.

Builds the site from tests' Pyodide (tests/pyodide.py), serves it by a plain server, and shuts every way to the outside. Every lab is
solved and run from top to bottom in both; printed are its points, its checks' time as a multiple, its explorers (drawn, and followed a
drag), what the page complained of and who was asked outside; and for two labs the sentences of all mistakes. Before that, for lab01:
megabytes over the wire, processor seconds from boot to the first check, and what a second visit loads. `--quick` does that alone,
`--whole` all but that.
Wished for: the same points and sentences, 0 outside, 0 complaints, at most 35 MB, 6 s, and 3 times in the median; exit code 1 where
points, sentences, explorers, complaints or the outside are not as wished.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbclient import NotebookClient
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from conftest import CHROMIUM

from grader.site import build_site
from tests.onsite import DRAG, FINISH, JUDGE, WARNED, Lab, Outside, Served, StoppedError, chromium, mistakes_cell, processor_seconds, solved
from tests.pyodide import pyodide_folder

ROOT = Path(__file__).resolve().parents[2]
OF_MISTAKES = ("lab01_perceptron", "lab03_gradient_descent")


def natively(lab: str, data: bytes) -> dict[str, str]:
    """What a kernel of this machine prints, by mark."""
    notebook: Any = nbformat.reads(data.decode(), as_version=4)
    with tempfile.TemporaryDirectory() as scratch:
        folder = shutil.copytree(ROOT / "labs" / lab, Path(scratch) / lab)
        NotebookClient(notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    said = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", ()))
    return {line.partition(" ")[0]: line.partition(" ")[2] for line in said.splitlines() if line.startswith(("JUDGED ", "MISTAKEN "))}


def explorers(page: Page) -> list[str]:
    """What is wrong with each explorer of the page, "" where nothing is."""
    found = []
    cells = page.locator(".jp-CodeCell")
    for number in range(cells.count()):
        cells.nth(number).scroll_into_view_if_needed()
        for explorer in cells.nth(number).locator(".hg-explorer").all():
            explorer.locator("canvas, .hg-problem").first.wait_for()
            found.append(explorer.evaluate(DRAG))
    return found


class Ran(NamedTuple):
    """One lab: what is not as wished, and by exercise how many times as long as natively its check took."""

    wrong: list[str]
    times: list[float]


def whole_lab(browser: Any, served: Served, outside: Outside, lab: str) -> Ran:
    """Run a solved lab on the site and natively, and print what came of it."""
    data = solved(lab, JUDGE, *([mistakes_cell(lab)] if lab in OF_MISTAKES else []))
    served.instead = {f"files/{lab}/{lab}.ipynb": data}
    native = {mark: json.loads(said) for mark, said in natively(lab, data).items()}
    context = browser.new_context(viewport={"width": 1200, "height": 1400})
    page, began = context.new_page(), processor_seconds()
    opened = Lab(page, served.address, lab)
    try:
        opened.run_all()
    except StoppedError as stopped:
        print(f"{lab}: {stopped}", flush=True)
        return Ran([str(stopped)], [])
    here = {mark: json.loads(opened.told(mark)) for mark in native}
    used = processor_seconds() - began
    judged, wanted = here["JUDGED"], native["JUDGED"]
    wrong = [f"{name}: {judged[name][:2]}, natively {wanted[name][:2]}" for name in wanted if judged[name][:2] != wanted[name][:2]]
    drawn = explorers(page)
    wrong += [f"an explorer {each}" for each in drawn if each] + [f"the page complains: {error[:300]}" for error in opened.errors]
    wrong += [f"in red: {each[:300]}" for each in page.locator(WARNED).all_text_contents()]
    told, said = native.get("MISTAKEN", {}), here.get("MISTAKEN", {})
    wrong += [f"{name} is told {said.get(name)}, natively {told[name]}" for name in told if said.get(name) != told[name]]
    wrong += [f"{place} was asked" for place in outside.asked]
    times = [judged[name][2] / wanted[name][2] for name in wanted]
    print(
        f"{lab:<24} {sum(score for score, _, _ in judged.values()):g} points; checks {statistics.median(times):.1f} times native "
        f"({min(times):.1f} to {max(times):.1f}); {len(drawn)} explorers; {len(told) or 'no'} mistakes; {used:.0f} processor s; "
        f"{served.megabytes():.1f} MB; {len(wrong) or 'nothing'} not as natively",
        *wrong,
        sep="\n    ",
        flush=True,
    )
    context.close()
    return Ran(wrong, times)


def first_check(browser: Any, served: Served, lab: str, *, pictures: bool) -> None:
    """From boot to the first check: without what is drawn before it, and with."""
    notebook: Any = nbformat.reads(solved(lab).decode(), as_version=4)
    place = next(number for number, cell in enumerate(notebook.cells) if cell.source.startswith("check("))
    kept = [cell for cell in notebook.cells[: place + 1] if cell.cell_type == "code"]
    if not pictures:
        kept = [cell for cell in kept if "setup" in cell.metadata.get("tags", ()) or cell.metadata.get("nbgrader")]
    notebook.cells = [*kept, nbformat.v4.new_code_cell(FINISH)]
    served.instead = {f"files/{lab}/{lab}.ipynb": nbformat.writes(notebook).encode()}
    context = browser.new_context()
    page = context.new_page()
    served.megabytes()
    began = processor_seconds()
    opened = Lab(page, served.address, lab)
    booted = processor_seconds() - began
    opened.run_all()
    used, loaded = processor_seconds() - began, served.megabytes()
    print(
        f"{lab}, first check {'with' if pictures else 'without'} pictures: {used:.1f} processor s ({booted:.1f} to Idle), {loaded:.1f} MB"
    )
    page.close()
    page = context.new_page()
    began = processor_seconds()
    opened = Lab(page, served.address, lab)
    opened.run_all()
    print(f"    second visit: {processor_seconds() - began:.1f} processor s, {served.megabytes():.3f} MB")
    context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", nargs="*", metavar="LAB")
    parser.add_argument("--site", type=Path, help="a site that is built already")
    parser.add_argument("--quick", action="store_true", help="the first check only")
    parser.add_argument("--whole", action="store_true", help="the whole labs only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        site = options.site or build_site(Path(scratch) / "site", ROOT / "labs", str(pyodide_folder())).target
        served, outside, ran = Served(site), Outside(), list[Ran]()
        with sync_playwright() as playwright, chromium(playwright.chromium, str(CHROMIUM), outside) as browser:
            for pictures in () if options.whole else (False, True):
                first_check(browser, served, "lab01_perceptron", pictures=pictures)
            if not options.quick:
                found = sorted(path.name for path in (site / "files").iterdir() if path.is_dir())
                ran = [whole_lab(browser, served, outside, lab) for lab in options.labs or found]
                times = [each for lab in ran for each in lab.times]
                print(f"{len(times)} checks: {statistics.median(times):.1f} times native in the median")
        print(f"asked outside: {outside.asked}")
    return int(any(lab.wrong for lab in ran) or bool(outside.asked))


if __name__ == "__main__":
    sys.exit(main())
