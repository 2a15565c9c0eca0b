"""The labs as a page: one of them solved in the browser's own Python, and a wrong answer named as everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from course_utils.checking.lab import Lab as Checked
from grader.site import build_site

from ..onsite import DRAG, JUDGE, WARNED, Lab, Outside, Served, chromium, mistakes_cell, solved
from ..pyodide import CannotBeHad, pyodide_folder
from .conftest import CHROMIUM

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
LAB, EXERCISE = "lab00_start", "add_bias"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    pytest.importorskip("jupyterlite_core", reason="a site is built with jupyterlite-core and its kernel, which are not installed here")
    try:
        return build_site(tmp_path_factory.mktemp("site") / "labs", ROOT / "labs", str(pyodide_folder())).target
    except CannotBeHad as reason:
        pytest.skip(f"Pyodide for tests cannot be had: {reason}")


@pytest.fixture
def outside() -> Iterator[Outside]:
    outside = Outside()
    yield outside
    outside.close()


def test_a_lab_is_solved_in_the_browser_with_no_network(site: Path, outside: Outside, browser: Browser) -> None:
    """All points, every mistake of an exercise by its own sentence, an explorer that follows; the second visit loads nothing."""
    lab = Checked.from_source(ROOT / "solutions" / LAB)
    served = Served(site)
    given = solved(LAB, JUDGE, mistakes_cell(LAB, EXERCISE))
    served.instead = {f"files/{LAB}/{LAB}.ipynb": given}
    with chromium(browser.browser_type, str(CHROMIUM), outside) as shut:
        context = shut.new_context(viewport={"width": 1200, "height": 1400})
        page = context.new_page()
        page.goto(served.address)
        expect(page.get_by_role("link", name="begin")).to_have_count(10)
        opened = Lab(page, served.address, LAB)
        opened.run_all()
        judged, told = json.loads(opened.told("JUDGED")), json.loads(opened.told("MISTAKEN"))
        assert {name: pair[:2] for name, pair in judged.items()} == {
            name: [points := sum(check.points for check in checks if not check.hidden), points] for name, checks in lab.checks.items()
        }
        assert {name: sentences for name, (_, sentences) in told.items()} == {
            f"{EXERCISE}/{mistake.name}": [mistake.sentence] for mistake in lab.mistakes[EXERCISE]
        }
        red = page.locator(WARNED).all_text_contents()
        explorer = page.locator(".hg-explorer").first
        explorer.scroll_into_view_if_needed()
        assert explorer.evaluate(DRAG) == ""
        still = "(each) => getComputedStyle(each.closest('.jp-OutputArea-child').nextElementSibling).display"
        assert explorer.evaluate(still) == "none", "no picture stands below what lives"
        with page.expect_download() as begun:
            page.get_by_role("menuitem", name="File", exact=True).click()
            page.get_by_role("menuitem", name="Download", exact=True).click()
        kept = nbformat.read(begun.value.path(), as_version=4)
        assert [cell.source for cell in kept.cells] == [cell.source for cell in nbformat.reads(given, as_version=4).cells]
        assert any("JUDGED" in str(output) for output in kept.cells[-3].outputs), "what is handed in is what was run"
        page.goto(served.address)
        total = sum(points for points, _, _ in judged.values())
        expect(page.locator(f"[data-lab={LAB}] .done")).to_have_text(f"{total:g} of {total:g}")
        served.megabytes()
        Lab(page, served.address, LAB)
        assert set(served.sent) <= {"service-worker.js"}, "a second visit asks for nothing but a newer edition"
        assert opened.errors == []
        assert red == [], "nothing warns a beginner of what is none of his business"
        context.close()
    served.close()
    assert outside.asked == []
