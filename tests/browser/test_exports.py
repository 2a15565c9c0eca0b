"""Exported pages without a network: where an explorer or a prediction was, a picture or text is to be seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, expect

from .conftest import SECONDS

pytestmark = pytest.mark.browser

QUESTION = "Which way?"
CELLS = [
    "import numpy as np\nfrom course_utils import explore_activation, predict",
    "explore_activation(np.tanh)",
    f'predict("{QUESTION}", ["up", "down"])',
    "explore_activation(lambda: 1)",
]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """A notebook as `nbconvert --execute` and JupyterLab with saved widget state leave it."""
    folder = tmp_path_factory.mktemp("exported")
    hints = {"exercises": {}, "predictions": {QUESTION: {"answer": "Down.", "why": "The slope says so."}}}
    (folder / "hints.json").write_text(json.dumps(hints), encoding="utf-8")
    notebook = new_notebook(cells=[new_code_cell(code) for code in CELLS])
    NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(folder)}}).execute()
    assert notebook.metadata.widgets
    return notebook


@pytest.mark.parametrize("state", ["with state", "without state"])
@pytest.mark.parametrize("template", ["lab", "classic"])
def test_nothing_is_blank_without_a_network(executed: NotebookNode, browser: Browser, tmp_path: Path, state: str, template: str) -> None:
    notebook = executed.copy()
    notebook.metadata = executed.metadata if state == "with state" else NotebookNode()
    page, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    with browser.new_page() as seen:  # it may complain: what it loads from the network is not there
        seen.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
        seen.goto((tmp_path / "page.html").as_uri())
        expect(seen.locator("img[src^='data:image/png']")).to_be_visible()
        expect(seen.get_by_text(QUESTION).last).to_be_visible()
        expect(seen.get_by_text("The slope says so.")).to_be_hidden()
        seen.get_by_text("open the answer").click()
        expect(seen.get_by_text("The slope says so.")).to_be_visible()
        expect(seen.get_by_text("cannot be called like this")).to_be_visible()
