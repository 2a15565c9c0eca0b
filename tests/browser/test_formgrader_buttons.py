"""formgrader's buttons in an adopted course: Autograde, a mark with a comment, Generate Feedback, Release Feedback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import nbgrader
import psutil
import pytest
from playwright.sync_api import Page, expect

from grader.build import adopt, course_config, generate, scripts_on_path

from .conftest import SECONDS, jupyter

pytestmark = pytest.mark.browser
LAB = "ps1"
GUIDE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
SETTINGS = """c = get_config()
c.CourseDirectory.course_id = "course101"
c.IncludeHeaderFooter.header = "source/header.ipynb"
c.Exchange.root = {exchange!r}
"""
SECRET = "what only the instructor knows"
HOSTILE = """
import os, pathlib, subprocess
def attempt(harm):
    try:
        print(harm())
    except Exception as error:
        print(type(error).__name__)
attempt(lambda: pathlib.Path({mark!r}).write_text('x'))
attempt(lambda: pathlib.Path({home!r}, 'secret.txt').read_text())
attempt(lambda: os.environ['HANDGRAD_SECRET'])
attempt(lambda: subprocess.Popen(['sleep', '86413'], start_new_session=True).pid)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """nbgrader's own example, adopted; its two students have handed in, a hostile one, and one whose notebook is torn."""
    folder = tmp_path_factory.mktemp("adopted")
    course, exchange, home = folder / "course", folder / "exchange", folder / "home"
    shutil.copytree(GUIDE / "source", course / "source", ignore=shutil.ignore_patterns("*.html", "ps1_autotest"))
    shutil.copytree(GUIDE / "submitted", course / "submitted")
    exchange.mkdir()
    exchange.chmod(0o777)
    home.mkdir()
    (home / "secret.txt").write_text(SECRET)
    (course / "nbgrader_config.py").write_text(SETTINGS.format(exchange=str(exchange)))
    assert adopt(course).line
    with scripts_on_path():
        generate(LAB, course_config(course))
    for student in ("eve", "zoe"):
        shutil.copytree(course / "submitted" / "hacker" / LAB, course / "submitted" / student / LAB)
    evil = course / "submitted" / "eve" / LAB / "problem1.ipynb"
    notebook = nbformat.read(evil, as_version=4)
    source = HOSTILE.format(mark=str(folder / "was here"), home=str(home))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(source))
    del notebook.cells[0]["id"]  # the notebook is of an older format
    nbformat.write(notebook, evil)
    for name in ("problem1", "problem2"):
        (course / "submitted" / "zoe" / LAB / f"{name}.ipynb").write_text('{"cells": [')
    return course


@pytest.fixture(scope="module")
def formgrader(course: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(course.parent / "home"))
        patch.setenv("HANDGRAD_SECRET", SECRET)
        with jupyter("jupyter", "lab", cwd=course) as address:
            yield f"{address}/formgrader"


@pytest.fixture
def submissions(formgrader: str, browser) -> Iterator[Page]:
    """formgrader's page of submissions. It may complain: nbgrader's own pages load MathJax and fonts from the network."""
    with browser.new_page(viewport={"width": 1200, "height": 1000}) as page:
        page.set_default_timeout(1000 * SECONDS)
        page.goto(f"{formgrader}/manage_submissions/{LAB}")
        yield page


def press(page: Page, student: str, button: str, kind: str = "success") -> str:
    """Press a button in the row of a student; gives what the window that opens says."""
    page.locator("tbody tr", has_text=student).locator(f".{button} a").click()
    window = page.locator(f"#{kind}-modal")
    expect(window).to_be_visible()
    told = " ".join(window.inner_text().split())
    window.get_by_role("button", name="OK").click()
    expect(window).to_have_count(0)
    return told


def type_in(page: Page, field: str, what: str, kept_at: str) -> None:
    """Write into the last field of a kind, and wait until the gradebook has it."""
    place = page.locator(field).last
    page.wait_for_function("window.formgrader?.grades?.loaded && window.formgrader.comments?.loaded")
    place.fill(what)
    with page.expect_response(lambda answer: answer.request.method == "PUT" and f"/api/{kept_at}/" in answer.url):
        place.blur()


def test_a_mark_reaches_the_exchange_and_nothing_hostile_happens(course: Path, formgrader: str, submissions: Page) -> None:
    told = press(submissions, "eve", "autograde")
    assert "Successfully autograded 'ps1' for student 'eve'." in told
    assert "eve: graded in Handgrad's sandbox; the tests gave" in told
    row = submissions.locator("tbody tr", has_text="eve")
    expect(row.locator(".status")).to_have_text("needs manual grading")
    graded = (course / "autograded" / "eve" / LAB / "problem1.ipynb").read_text(encoding="utf-8")
    assert "FileNotFoundError" in graded  # it was run, and tried
    assert "KeyError" in graded
    assert not (course.parent / "was here").exists()
    assert not [process for process in psutil.process_iter(["cmdline"]) if "86413" in (process.info["cmdline"] or ())]
    assert not [path for path in course.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert "zoe: ungradable, so 0 of 13 points. problem1.ipynb is not" in press(submissions, "zoe", "autograde", "error")

    submissions.goto(f"{formgrader}/manage_students/eve/{LAB}")
    submissions.locator("tbody tr a", has_text="problem2").click()
    type_in(submissions, "textarea.comment", "Well *argued*.", "comment")
    type_in(submissions, "input.score", "1.75", "grade")

    submissions.goto(f"{formgrader}/manage_submissions/{LAB}")
    assert "Handgrad's feedback pages, with the marks of now: eve." in press(submissions, "eve", "generate-feedback")
    page = (course / "feedback" / "eve" / LAB / "problem2.html").read_text(encoding="utf-8")
    assert "Well <em>argued</em>." in page
    assert "1.75" in page
    assert "Releasing feedback for student 'eve'" in press(submissions, "eve", "release-feedback")
    assert page in [path.read_text(encoding="utf-8") for path in (course.parent / "exchange" / "course101" / "feedback").glob("*.html")]
