"""Labs as pages: how large, how quickly made, and whether every explorer on them lives with no kernel and no network.

    python tests/benchmarks/page.py [LAB …]

Each lab is solved, run from top to bottom, written as `handgrad page` writes it, and opened from the disk in Chromium. Every explorer is
dragged, or a knob is turned, and has to draw another picture. Expected of lab04: at most 5 MB; of all: no picture in the place of
an explorer, nothing asked of the network, no complaint.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import jupytext
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from course_utils.pages.notebook import Made, make_page
from course_utils.terminal.page import SETTINGS
from course_utils.terminal.running import run_notebook

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))
from conftest import CHROMIUM, ROOT, complaints

COLUMNS = ["lab", "MB", "explorers", "that follow", "predictions", "still", "cells that failed", "run (s)", "page (s)"]


def made_of(lab: str, folder: Path) -> tuple[Made, float, float]:
    """A lab's page, with the seconds that the notebook ran and those that its page took."""
    place = folder / lab
    shutil.copytree(ROOT / "labs" / lab, place)
    notebook = jupytext.read(ROOT / "solutions" / lab / "notebook.py")
    begin = time.perf_counter()
    run_notebook(notebook, place / f"{lab}.ipynb", **SETTINGS)
    ran = time.perf_counter()
    made = make_page(notebook, f"{lab}.ipynb")
    (folder / f"{lab}.html").write_bytes(made.html)
    return made, ran - begin, time.perf_counter() - ran


def follows(explorer: Locator, page: Page) -> bool:
    """Whether an explorer draws another picture when it is dragged, or a slider or a choice is moved."""
    canvas = explorer.locator("canvas")
    canvas.scroll_into_view_if_needed()
    before, box = canvas.evaluate("canvas => canvas.toDataURL()"), canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.45 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.17 * box["width"], box["y"] + 0.6 * box["height"], steps=3)
    page.mouse.up()
    sliders = [(knob, key) for knob in explorer.locator("input[type=range]").all() for key in ("Home", "End")]
    moves = [lambda knob=knob, key=key: knob.press(key) for knob, key in sliders]
    moves += [choice.click for choice in explorer.locator(".hg-choice label").all()]
    for move in [lambda: None, *moves]:
        move()
        if canvas.evaluate("canvas => canvas.toDataURL()") != before:
            return True
    return False


def opened(browser: Browser, path: Path) -> tuple[int, int, list[str]]:
    """How many explorers there are on a page and how many follow, and what it asked for or complained of."""
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.context.set_offline(True)
    told = complaints(page)
    page.on("request", lambda request: None if request.url.startswith(("data:", path.as_uri())) else told.append(request.url))
    page.goto(path.as_uri())
    expect(page.locator(".alive > .still")).to_have_count(0)
    explorers = page.locator(".hg-explorer:has(canvas)").all()
    following = sum(follows(explorer, page) for explorer in explorers)
    page.close()
    return len(explorers), following, told


def main() -> int:
    parser = argparse.ArgumentParser()
    every = sorted(path.parent.name for path in ROOT.glob("labs/*/cases.npz"))
    parser.add_argument("labs", nargs="*", default=every)
    labs = parser.parse_args().labs
    right = True
    print(f"| {' | '.join(COLUMNS)} |\n|---{'|---:' * (len(COLUMNS) - 1)}|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for lab in labs:
            made, ran, written = made_of(lab, Path(folder))
            count, following, told = opened(browser, Path(folder) / f"{lab}.html")
            size = len(made.html) / 1e6
            cells = (f"{size:.1f}", count, following, made.alive["prediction"], made.still, made.stopped, f"{ran:.0f}", f"{written:.1f}")
            print(f"| {lab} | {' | '.join(map(str, cells))} |", *told, sep="\n  ", flush=True)
            right &= following == count and not made.still and not told
        browser.close()
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
