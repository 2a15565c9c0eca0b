"""What an instructor and a student open after grading: nbgrader's formgrader, and a feedback page."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import BIN, ROOT, SECONDS, jupyter

pytestmark = pytest.mark.browser
LAB = "lab01_perceptron"


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A class of ten, made and graded by the demo."""
    folder = tmp_path_factory.mktemp("demo") / "course"
    done = subprocess.run(
        [BIN / "handgrad", "demo", str(folder), "--students", "10"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "New results for all 10 submissions: " in done.stdout, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def formgrader(course):
    with jupyter("jupyter", "lab", cwd=course) as address:
        yield f"{address}/formgrader"


@pytest.fixture
def visitor(browser):
    """A page that may complain: nbgrader's own load MathJax and fonts from the network."""
    with browser.new_page(viewport={"width": 1200, "height": 1000}) as page:
        page.set_default_timeout(1000 * SECONDS)
        yield page


def test_formgrader_lists_the_class_and_opens_a_submission(course, formgrader, visitor):
    visitor.goto(f"{formgrader}/manage_submissions/{LAB}")
    rows = visitor.locator("tbody tr")
    expect(rows).to_have_count(10)
    expect(rows.filter(has_text="100 / 100").first).to_be_visible()
    visitor.goto(f"{formgrader}/gradebook/{LAB}/{LAB}")
    # they are shuffled, so that marking is blind: the first may be one that could not be graded
    graded = visitor.locator("tbody tr", has_text="100 / 100").first
    graded.locator("a", has_text="Submission #").click()
    expect(visitor.locator(".handgrad-report").first).to_be_visible(timeout=30_000)
    scores = visitor.locator("input.score")
    expect(scores.first).to_be_visible()


def test_feedback_shows_reports_and_names(course, page):
    """The page of somebody whose answers are wrong, as it opens from a disk."""
    pages = sorted(course.glob(f"feedback/*/{LAB}/{LAB}.html"))
    assert len(pages) == 10
    told = next(path for path in pages if "failed</td>" in path.read_text(encoding="utf-8"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(told.as_uri())
    wrong = page.locator(".handgrad-next li").first
    expect(wrong).to_contain_text("points):")
    wrong.locator("a").click()
    expect(page.locator(f"[id='{page.url.rpartition('#')[2]}']")).to_be_in_viewport()
    expect(page.locator(".handgrad-report").first).to_be_visible()
    expect(page.locator("a[href$='.ipynb']")).to_have_count(0)  # other labs are not beside this page
    assert [url for url in asked if not url.startswith("data:")] == [told.as_uri()]
