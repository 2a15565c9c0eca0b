"""A student's hour in Notebook 7: what JupyterLab shows, on the other page that Jupyter has."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import Browser, Locator, Page, expect

from course_utils.labs import packaged_labs

from ..onsite import DRAG
from .conftest import SECONDS, complaints, eventually, jupyter, run_all
from .test_lab import PICTURE, RIGHT, WRONG

pytestmark = pytest.mark.browser

LAB, EXERCISE = "lab01_perceptron", "sigmoid_grad"
ITS_OWN = "Cannot read properties of undefined (reading 'schema')"  # Notebook 7.6 says so of an empty notebook as well
PREDICTION = "make the bias w₀ larger"
ASKED = {
    "picture": PICTURE,
    "explore": "explore_activation(np.tanh)",
    "hint": f"hint('{EXERCISE}')",
    "review": "review(count=1)",
    "progress": "progress()",
    "widgets": "from ipywidgets.widgets.widget import _instances\nprint('run', len(In), 'with', len(_instances), 'widgets')",
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose console may complain of nothing but what Notebook itself does."""
    page = browser.new_page(viewport={"width": 1200, "height": 1800})
    page.set_default_timeout(1000 * SECONDS)
    errors = complaints(page)
    yield page
    page.close()
    assert [error for error in errors if ITS_OWN not in error] == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """lab01 with a wrong answer and its check, a prediction, and what a student types beside these."""
    folder = tmp_path / LAB
    shutil.copytree(packaged_labs() / LAB, folder)
    path = folder / f"{LAB}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    kept = [cell for cell in notebook.cells if cell.id in (EXERCISE, f"{EXERCISE}_check") or PREDICTION in cell.source]
    next(cell for cell in kept if cell.id == EXERCISE).source = WRONG
    setup = next(cell for cell in notebook.cells if "setup" in cell.metadata.get("tags", ()))
    notebook.cells = [setup, *kept, *map(new_code_cell, ASKED.values())]
    nbformat.write(notebook, path)
    progress = folder / ".handgrad" / "progress.json"
    progress.parent.mkdir()
    progress.write_text(json.dumps({LAB: {"perceptron": {"score": 8, "max_score": 8}}}), encoding="utf-8")
    return folder


def entry(folder: Path, exercise: str) -> dict:
    return json.loads((folder / ".handgrad" / "progress.json").read_text(encoding="utf-8"))[LAB].get(exercise, {})


def output(page: Page, code: str) -> Locator:
    return page.locator(".jp-CodeCell").filter(has_text=code).locator(".jp-OutputArea")


def connected(page: Page, address: str) -> bool:
    """Whether the server knows of a page at an idle kernel. The page's own sign says idle before there is one, and then no cell runs."""
    kernels = [each["kernel"] for each in page.request.get(f"{address}/api/sessions").json()]
    return any(kernel["connections"] and kernel["execution_state"] == "idle" for kernel in kernels)


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """A server of its own: of two files of one name, as Notebook and JupyterLab have for their fonts, a server gives only one."""
    with jupyter("jupyter", "notebook", cwd=folder.parent) as address:
        yield address


def test_everything_that_a_lab_uses_works_in_notebook_7(address: str, page: Page, folder: Path) -> None:
    page.goto(f"{address}/notebooks/{LAB}/{LAB}.ipynb")
    eventually(lambda: connected(page, address), "the page listens to a kernel")
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible()
    assert page.title().startswith(LAB), "this is Notebook, not JupyterLab"
    run_all(page)

    report = page.locator(".handgrad-report")
    expect(report).to_contain_text("0 of 8 points")
    expect(report).to_contain_text("apply σ first")
    expect(report.locator("td[style*='rgba(0,114,178']").first).to_be_visible()
    expect(output(page, ASKED["hint"])).to_contain_text(f"{EXERCISE}, hint 1 of")

    expect(output(page, PICTURE).locator("img")).to_be_visible()

    asked = output(page, PREDICTION)
    asked.get_by_role("button", name="it turns", exact=True).click()
    expect(asked.get_by_role("status")).to_contain_text("Not this time. The answer: it moves.")

    explorer = output(page, ASKED["explore"]).locator(".hg-explorer")
    explorer.scroll_into_view_if_needed()
    assert explorer.evaluate(DRAG) == ""
    still = "(each) => getComputedStyle(each.closest('.jp-OutputArea-child').nextElementSibling).display"
    assert explorer.evaluate(still) == "none", "no picture stands below what lives"

    quiz = output(page, ASKED["review"])
    quiz.get_by_role("group").get_by_role("button").first.click()
    expect(quiz.get_by_role("status")).to_contain_text("of 1 right.")
    assert entry(folder, "perceptron")["review"]
    expect(output(page, ASKED["progress"])).to_contain_text("Next: boundary")

    cell = page.locator(".jp-CodeCell").filter(has_text="def sigmoid_grad")
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(RIGHT)
    kept = output(page, "_instances").inner_text().split("with ")[1].strip()
    run_all(page)
    expect(report).to_contain_text("8 of 8 points")
    expect(output(page, "_instances")).to_contain_text(re.compile(rf"run 2\d with {kept}"))  # the first ones are gone
    eventually(lambda: entry(folder, EXERCISE).get("score") == 8, "the points are kept")
