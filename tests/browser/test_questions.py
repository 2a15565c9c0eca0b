"""Predictions and a round of questions in JupyterLab: by mouse or keys, answered at once, kept in kernel and folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, expect

from .conftest import ROOT, complaints, eventually, open_notebook, run_all

pytestmark = pytest.mark.browser

QUESTION = "You double `b`. What does the border do?"
ANSWER = {"answer": "It moves away from the origin.", "why": "Because the sum is *twice* as large."}
OPTIONS = ["it moves towards the origin", "it moves away from the origin", "it turns"]
LAB = "lab04_backprop"
DONE = ("affine", "affine_backward", "relu_backward")
CELLS = {
    "setup": "from course_utils import predict, review",
    "mouse": f"asked = predict({QUESTION!r}, {OPTIONS}); asked",
    "unknown": 'predict("Why?", ["a", "b"])',
    "kept": "print('kept', asked.choice)",
    "keys": f"predict({QUESTION!r}, {OPTIONS})",
    "round": "review(count=2)",
    "no round": "review('lab99')",
}


@pytest.fixture(scope="module")
def folder(lab_folder: Path) -> Path:
    """A lab with some points and one prediction, and a notebook that asks."""
    folder = lab_folder / "questions" / LAB
    shutil.copytree(ROOT / "labs" / LAB, folder)
    (folder / "hints.json").write_text(json.dumps({"exercises": {}, "predictions": {QUESTION: ANSWER}}), encoding="utf-8")
    progress = folder / ".handgrad" / "progress.json"
    progress.parent.mkdir()
    progress.write_text(json.dumps({LAB: {name: {"score": 1, "max_score": 2} for name in DONE}}), encoding="utf-8")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[new_code_cell(code) for code in CELLS.values()], metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "asks.ipynb")
    return folder


@pytest.fixture(scope="module")
def cells(browser: Browser, folder: Path, lab_address: str) -> Iterator[dict[str, Locator]]:
    """The notebook, run in JupyterLab: its cells by name. The console may not complain."""
    page = browser.new_page(viewport={"width": 1200, "height": 2400})  # so that every cell is on the page
    errors = complaints(page)
    open_notebook(page, lab_address, f"questions/{LAB}/asks.ipynb")
    run_all(page)
    cells = {name: page.locator(".jp-CodeCell").nth(number) for number, name in enumerate(CELLS)}
    expect(cells["no round"]).to_contain_text("There is no lab99")
    yield cells
    page.close()
    assert not errors


def kept(cells: dict[str, Locator]) -> str:
    cells["kept"].locator(".cm-content").click()
    cells["kept"].page.keyboard.press("Control+Enter")
    return cells["kept"].locator(".jp-OutputArea").inner_text()


def test_a_wrong_prediction_is_told_with_the_answer_and_its_reason(cells: dict[str, Locator]) -> None:
    asked = cells["mouse"]
    expect(asked.get_by_role("status")).to_be_empty()
    asked.get_by_role("button", name="it turns").click()
    told = "Not this time. The answer: it moves away from the origin. Because the sum is twice as large."
    expect(asked.get_by_role("status")).to_have_text(told)
    expect(asked.get_by_role("button", name="✗ it turns (your choice)")).to_have_attribute("aria-pressed", "true")
    expect(asked.get_by_role("button", name="✓ it moves away from the origin (the answer)")).to_be_visible()
    asked.get_by_role("button", name="it moves towards the origin").click(force=True)  # is disabled now
    expect(asked.get_by_role("button", name="it turns")).to_contain_text("your choice")
    eventually(lambda: "kept 2" in kept(cells), "the kernel has the first choice")
    expect(cells["unknown"]).to_contain_text("There is no answer to 'Why?'")


def test_keys_are_enough_to_predict(cells: dict[str, Locator]) -> None:
    asked, keys = cells["keys"], cells["keys"].page.keyboard
    asked.get_by_role("button").first.focus()
    keys.press("ArrowDown")
    expect(asked.get_by_role("button").nth(1)).to_be_focused()
    keys.press("Tab")
    expect(asked.get_by_role("button").nth(2)).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(asked.get_by_role("status")).to_contain_text("Right. Because")
    expect(asked.get_by_role("button").nth(1)).to_be_focused()
    expect(asked.get_by_role("button", name="✓ it moves away from the origin (your choice)")).to_be_visible()


def test_a_whole_round_by_keys(cells: dict[str, Locator], folder: Path) -> None:
    cell, keys = cells["round"], cells["round"].page.keyboard
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
