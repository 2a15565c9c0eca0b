"""A feedback page as it opens from a mail: no network, no script, formulas drawn, words readable in every window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser, Page, expect

from course_utils.checking.html import render
from course_utils.checking.verdict import Verdict
from grader.books import Marks, render_page
from grader.intake import make_template
from grader.judging import Result

pytestmark = pytest.mark.browser
LABS = Path(__file__).parents[2] / "labs"
HOSTILE = """<script>document.title = "run"</script> <img src="https://evil.example/x.png" onerror="document.title = 'run'">
<iframe src="https://evil.example"></iframe> <a href="javascript:document.title = 'run'">a link</a> ![](https://evil.example/y.png)"""


def notebook() -> NotebookNode:
    """The lab with the most formulas, a wrong answer, and what an enemy would print."""
    lab = nbformat.read(LABS / "lab04_backprop" / "lab04_backprop.ipynb", as_version=4)
    wrong = Verdict("a title", "failed", 0.0, 2.0, "called with z (3, 5)\\nz differs", mistake=None)
    report = new_output("execute_result", {"text/html": render("affine", "0 of 2 points", [wrong], "", []), "text/plain": "0.0"})
    printed = new_output("display_data", {"text/html": HOSTILE})
    long_line = new_output("stream", text="x" * 500)
    shown = [new_markdown_cell(HOSTILE), new_code_cell("y" * 300, outputs=[report, printed, long_line])]
    return new_notebook(cells=[*lab.cells, *shown])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = notebook()
    path = tmp_path_factory.mktemp("mail") / "page.html"
    template = make_template("lab", made, {})
    path.write_bytes(
        render_page(made, template, Result("ada", "lab", "0", "partial", "cell 3: ran too long"), Marks({}, {}, 1.0, 2.0, 0.5))
    )
    return path


@pytest.fixture(params=["light", "dark"])
def seen(written: Path, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page, opened from the disk; whatever it asks for or complains of fails the test."""
    with browser.new_page(color_scheme=request.param, viewport={"width": 400, "height": 800}) as page:
        asked: list[str] = []
        told: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(written.as_uri())
        yield page
        assert [url for url in asked if not url.startswith("data:")] == [written.as_uri()]
        assert told == []
        assert page.title() == "lab: feedback"


def test_formulas_are_drawn(seen: Page) -> None:
    drawn = seen.locator("math:visible")
    assert drawn.count() > 100
    sizes = drawn.evaluate_all("all => all.map(one => one.getBoundingClientRect()).filter(box => box.width < 3 || box.height < 3).length")
    assert sizes == 0
    expect(seen.locator("code.tex")).to_have_count(0)
    # MathML, and no row of letters: the two sides of a fraction lie over each other
    above, below = seen.locator("mfrac:visible").first.evaluate("one => [...one.children].map(side => side.getBoundingClientRect().top)")
    assert above < below


def test_nothing_is_wider_than_a_narrow_window(seen: Page) -> None:
    assert seen.evaluate("document.documentElement.scrollWidth") <= 400
    expect(seen.get_by_text("Graded only in part")).to_be_in_viewport()


def test_a_folded_block_opens(seen: Page) -> None:
    block = seen.locator("details").first
    inside = block.locator(":scope > :not(summary)").first
    expect(inside).to_be_hidden()
    block.locator("summary").click()
    expect(inside).to_be_visible()


def test_what_an_enemy_printed_is_harmless(seen: Page) -> None:
    expect(seen.locator("script, iframe, [onerror], [src^='http'], [href^='javascript']")).to_have_count(0)
    expect(seen.get_by_text("picture: x.png").first).to_be_visible()  # named, not loaded
    expect(seen.locator(".handgrad-report")).to_be_visible()
