"""What a student sees after `handgrad start --open`: the first lab, no tools of authors, no question about news."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import IDLE, jupyter

pytestmark = pytest.mark.browser


def test_the_first_lab_is_open_and_nothing_of_an_author_is_to_be_seen(page: Page, tmp_path: Path) -> None:
    with jupyter("handgrad", "start", "Übungen von Zoë", "--open", cwd=tmp_path) as address:
        page.goto(address)
        expect(page.get_by_text(IDLE)).to_be_visible()
        expect(page.locator(".jp-NotebookPanel h1").first).to_be_visible()
        assert page.url.endswith("/lab00_start/lab00_start.ipynb")
        for word in ("Create Assignment", "Validate", "Formgrader", "Assignment List", "Nbgrader"):
            expect(page.get_by_text(word, exact=True)).to_have_count(0)
        told = json.loads(page.locator("#jupyter-config-data").inner_text())
        assert "@jupyterlab/apputils-extension:announcements" in told["disabledExtensions"], "no question about news"
        expect(page.get_by_text("Jupyter news")).to_have_count(0)
        page.close()  # before the server: a page complains when it is left alone
    assert not (tmp_path / ".jupyter-test" / "labconfig").exists(), "the reader's own settings stay as they are"
