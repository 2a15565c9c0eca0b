"""The site's front page as a newcomer meets it: opened from a disk, and found again from a lab."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from string import Template

import pytest
from playwright.sync_api import Browser, Route, expect

pytestmark = pytest.mark.browser

PARTS = files("grader.site")
HOME = "http://labs.test/course/"
ROW = '<tr data-lab="lab_x" data-points="3"><td>lab_x</td><td><a href="lab/index.html?path=lab_x/lab_x.ipynb">begin</a></td></tr>'
LAB = """<div class="jupyterlite-loading-indicator-text">Loading</div>
<script type="module">await (await import("../controlled.js")).controlled(new URL("../", location.href).href);</script>"""


def _front() -> str:
    text = PARTS.joinpath("front.html").read_text(encoding="utf-8")
    return Template(text).substitute(rows=ROW, left_out="", megabytes=1, example="lab_x")


def test_a_page_from_a_disk_says_what_to_type_and_begins_no_lab_that_cannot_run(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(_front(), encoding="utf-8")
    for name in ("front.css", "front.js", "controlled.js"):
        (tmp_path / name).write_text(PARTS.joinpath(name).read_text(encoding="utf-8"), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    expect(page.get_by_text("python serve.py")).to_be_visible()
    assert page.locator("td a").evaluate("link => getComputedStyle(link).pointerEvents") == "none"
    page.close()


def test_a_lab_says_that_it_is_loading_and_leads_back_to_all_labs(browser: Browser) -> None:
    def answered(route: Route) -> None:
        name = route.request.url.removeprefix(HOME)
        if name in ("", "lab/index.html"):
            route.fulfill(body=_front() if not name else LAB, content_type="text/html")
        elif PARTS.joinpath(name).is_file():
            route.fulfill(
                body=PARTS.joinpath(name).read_text(encoding="utf-8"),
                content_type="text/css" if name.endswith("css") else "text/javascript",
            )
        else:
            route.fulfill(status=404)

    page = browser.new_page()
    page.route("**/*", answered)
    page.goto(f"{HOME}lab/index.html")
    expect(page.get_by_text("The lab is loading.")).to_be_visible()
    page.get_by_role("link", name="All labs").click()
    expect(page.get_by_role("heading", name="How a lab works")).to_be_visible()
    expect(page.get_by_text("python serve.py")).to_be_hidden()
    expect(page.get_by_role("link", name="All labs")).to_have_count(0)
    page.close()
