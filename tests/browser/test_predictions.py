"""A prediction in JupyterLab: chosen by mouse or keys, answered at once, legible in both themes, kept in the kernel."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, Page, expect

from .conftest import eventually, open_notebook, run_all

pytestmark = pytest.mark.browser

QUESTION = "You double `b`. What does the border do?"
ANSWER = {"answer": "It moves away from the origin.", "why": "Because the sum is *twice* as large."}
OPTIONS = ["it moves towards the origin", "it moves away from the origin", "it turns"]
ASK = f"asked = predict({QUESTION!r}, {OPTIONS}); asked"
CELLS = ["from course_utils import predict", ASK, 'predict("Why?", ["a", "b"])', "print('kept', asked.choice)"]


@pytest.fixture
def cells(page: Page, lab_folder: Path, lab_address: str) -> Locator:
    """A notebook with two predictions, run in JupyterLab; gives its cells."""
    folder = lab_folder / "predictions"
    folder.mkdir(exist_ok=True)
    hints = {"exercises": {}, "predictions": {QUESTION: ANSWER}}
    (folder / "hints.json").write_text(json.dumps(hints), encoding="utf-8")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[new_code_cell(code) for code in CELLS], metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "predictions.ipynb")
    open_notebook(page, lab_address, "predictions/predictions.ipynb")
    run_all(page)
    cells = page.locator(".jp-CodeCell")
    expect(cells.nth(3)).to_contain_text("kept -1")
    expect(cells.nth(1).get_by_role("button")).to_have_count(3)
    return cells


def kept(cells: Locator) -> str:
    cells.nth(3).locator(".cm-content").click()
    cells.page.keyboard.press("Control+Enter")
    return cells.nth(3).locator(".jp-OutputArea").inner_text()


def test_a_wrong_choice_is_told_with_the_answer_and_its_reason(cells: Locator) -> None:
    asked = cells.nth(1)
    expect(asked.get_by_role("status")).to_be_empty()
    asked.get_by_role("button", name="it turns").click()
    told = "Not this time. The answer: it moves away from the origin. Because the sum is twice as large."
    expect(asked.get_by_role("status")).to_have_text(told)
    expect(asked.get_by_role("button", name="✗ it turns (your choice)")).to_have_attribute("aria-pressed", "true")
    expect(asked.get_by_role("button", name="✓ it moves away from the origin (the answer)")).to_be_visible()
    asked.get_by_role("button", name="it moves towards the origin").click(force=True)  # is disabled now
    expect(asked.get_by_role("button", name="it turns")).to_contain_text("your choice")
    eventually(lambda: "kept 2" in kept(cells), "the kernel has the first choice")
    expect(cells.nth(2)).to_contain_text("There is no answer to 'Why?'")


def test_keys_are_enough(cells: Locator) -> None:
    asked, keys = cells.nth(1), cells.page.keyboard
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
