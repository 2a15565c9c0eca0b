"""A round of questions in JupyterLab: played by keys alone, answered at once, kept beside the notebook."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Page, expect

from .conftest import ROOT, open_notebook, run_all

pytestmark = pytest.mark.browser

LAB = "lab04_backprop"
DONE = ("affine", "affine_backward", "relu_backward")
CELLS = ["from course_utils import review\nreview(count=2)", "review('lab99')"]


@pytest.fixture
def folder(lab_folder: Path) -> Path:
    """A lab with some points, and a notebook that asks for a round."""
    folder = lab_folder / LAB
    shutil.copytree(ROOT / "labs" / LAB, folder, dirs_exist_ok=True)
    progress = folder / ".handgrad" / "progress.json"
    progress.parent.mkdir(exist_ok=True)
    progress.write_text(json.dumps({LAB: {name: {"score": 1, "max_score": 2} for name in DONE}}), encoding="utf-8")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[new_code_cell(code) for code in CELLS], metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "review.ipynb")
    return folder


def test_a_whole_round_by_keys(page: Page, folder: Path, lab_address: str) -> None:
    open_notebook(page, lab_address, f"{LAB}/review.ipynb")
    run_all(page)
    cell, keys = page.locator(".jp-CodeCell").first, page.keyboard
    choices, said = cell.get_by_role("group").get_by_role("button"), cell.get_by_role("status")
    expect(choices).to_have_count(4)
    expect(cell).to_contain_text("Question 1 of 2")
    choices.first.focus()
    keys.press("ArrowDown")
    expect(choices.nth(1)).to_be_focused()
    keys.press("d")
    expect(choices.nth(3)).to_be_focused()
    keys.press("Enter")
    expect(said).to_contain_text(f"Exercise: {LAB}, ")
    expect(choices.nth(3)).to_have_attribute("aria-pressed", "true")
    expect(choices.nth(3)).to_be_focused()
    keys.press("Tab")
    expect(cell.get_by_role("button", name="Next question")).to_be_focused()
    keys.press("Enter")
    expect(cell).to_contain_text("Question 2 of 2")
    keys.press("Tab")
    expect(choices.first).to_be_focused()
    keys.press("Space")
    expect(said).to_contain_text("of 2 right.")
    kept = json.loads((folder / ".handgrad" / "progress.json").read_text(encoding="utf-8"))[LAB]
    assert sum(len(entry.get("review", {})) for entry in kept.values()) == 2
    expect(page.locator(".jp-CodeCell").nth(1)).to_contain_text("There is no lab99")
