"""A student's hour in a real JupyterLab: a wrong gradient is told what is wrong, a mended one passes."""

from __future__ import annotations

import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import expect

from course_utils.labs import packaged_labs

from .conftest import open_notebook, run_all

pytestmark = pytest.mark.browser

PICTURE = "plots.points(*data.green_and_red(), 'two kinds')"
WRONG = "def sigmoid_grad(z):\n    return z * (1 - z)"
RIGHT = "def sigmoid_grad(z):\n    s = 1 / (1 + np.exp(-np.abs(z)))\n    return s * (1 - s)"


@pytest.fixture
def lab(lab_folder, lab_address, page):
    """lab01 with a wrong answer, opened in JupyterLab; gives the page."""
    folder = lab_folder / "lab01_perceptron"
    shutil.copytree(packaged_labs() / "lab01_perceptron", folder, dirs_exist_ok=True)
    path = folder / "lab01_perceptron.ipynb"
    notebook = nbformat.read(path, as_version=4)
    kept = {"sigmoid_grad", "sigmoid_grad_check"}
    # the set-up, one exercise and its check: the whole lab runs in the tests of the laws
    asked = [new_code_cell(code) for code in (PICTURE, "hint('sigmoid_grad')", "progress()")]
    notebook.cells = [*notebook.cells[:2], *(cell for cell in notebook.cells if cell.id in kept), *asked]
    next(cell for cell in notebook.cells if cell.id == "sigmoid_grad").source = WRONG
    nbformat.write(notebook, path)
    open_notebook(page, lab_address, "lab01_perceptron/lab01_perceptron.ipynb")
    return page


def test_a_wrong_gradient_is_named_and_a_mended_one_passes(lab):
    run_all(lab)
    report = lab.locator(".handgrad-report")
    expect(report).to_contain_text("0 of 8 points")
    expect(report).to_contain_text("✗ failed")
    expect(report).to_contain_text("apply σ first")
    expect(report).to_contain_text("yours minus expected")
    expect(report.locator("td[style*='rgba(0,114,178']").first).to_be_visible()
    expect(lab.locator(".jp-CodeCell").filter(has_text=PICTURE).locator("img")).to_be_visible()
    expect(lab.locator(".jp-RenderedMarkdown").last).to_contain_text("sigmoid_grad, hint 1 of")
    expect(lab.locator(".handgrad-progress")).to_contain_text("Next: perceptron (not tried yet)")
    cell = lab.locator(".jp-CodeCell").filter(has_text="def sigmoid_grad")
    cell.locator(".cm-content").click()
    lab.keyboard.press("Control+a")
    lab.keyboard.insert_text(RIGHT)
    run_all(lab)
    expect(report).to_contain_text("8 of 8 points")
    expect(report).not_to_contain_text("failed")
