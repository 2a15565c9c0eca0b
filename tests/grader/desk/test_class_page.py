"""The page of a class: what it says first, that it says all, and that nothing of a student's runs or is loaded in it."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import stat
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from course_utils.cli import main

from .conftest import LAB, ROWS, SQUARED

VOID = {"meta", "br", "input"}


class Page(HTMLParser):
    """What a browser would see: the words in each element that has an id, all addresses, and the rows of tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.words: dict[str, str] = {}
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.script = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in known.items()]
        if tag == "a":
            self.links.append(known["href"])
        if tag not in VOID:
            self.open.append((tag, known.get("id", "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag
        if tag in ("td", "th", "button"):
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] == "script":
            self.script += data
            return
        for _, name in self.open:
            self.words[name] = self.words.get(name, "") + data

    def said(self, name: str) -> str:
        return " ".join(self.words[name].split())

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


@pytest.fixture(scope="module")
def written(class_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("page") / "course"
    shutil.copytree(class_root, root, symlinks=True)
    assert main(["report", LAB, "--course", str(root), "--html"]) == 0
    return root / "reports" / f"{LAB}.html"


@pytest.fixture(scope="module")
def page(written: Path) -> Page:
    return Page(written.read_text(encoding="utf-8"))


def test_it_begins_with_what_to_say_and_whom_to_write_to(page: Page) -> None:
    said = page.said("say")
    assert f"3 of 4 in double: {SQUARED}. 9 points in all" in said
    assert "return x * x" in said
    assert ROWS not in said  # of one student
    assert "double cost the class most: 9 of the 15 points that were lost." in said
    told = page.said("write")
    assert "Could not be graded: 1 write to all Eve Öztürk (lab_tiny.ipynb is <b>torn</b>)" in told
    assert "Less than half of the points: 2 dan (22 %) cleo (44 %; 1 of 4 not written)" in told
    assert "Nothing handed in: 1 Flo Late" in told
    assert "To mark in formgrader: 4 cells of 4 students." in told


def test_an_example_of_code_names_nobody(page: Page, written: Path) -> None:
    assert "Cleo" not in written.read_text(encoding="utf-8")
    assert "bob * bob" not in page.said("mistakes")
    assert "X - X.mean(axis=1, keepdims=True)" in page.said("mistakes")


def test_each_student_has_a_row_with_words_for_what_is_shown_by_colour(written: Path) -> None:
    rows = re.findall(r"<tr[^>]*><th scope=\"row\" data-v.*?</tr>", written.read_text(encoding="utf-8"))
    assert len(rows) == 6
    words = [re.findall(r'aria-label="([^"]*)"', row) for row in rows]
    assert words[:4] == [
        ["right", "right", "right", "to mark"],
        ["wrong", "right", "right", "to mark"],
        ["wrong", "right", "not written", "to mark"],
        ["wrong", "wrong", "right", "to mark"],
    ]
    assert words[4:] == [[], []]
    ada, bob, cleo, _, eve, flo = (re.sub(r"<[^>]*>", "|", row) for row in rows)
    assert re.findall(r"\|([✓✗–?])(?=\|)", cleo) == ["✗", "✓", "–", "?"]
    assert "1 d" in bob
    assert "|2|" in bob  # attempts
    assert "north" in ada
    assert "0.50" in ada  # processor seconds
    assert "ungradable" in eve
    assert "nothing handed in" in flo


def test_points_are_traced_to_slips_and_sections_are_compared(page: Page) -> None:
    assert re.search(rf"9 3 double {SQUARED} 4 1 center {re.escape(ROWS)} 2 1 true_lines not written", page.said("lost"))
    assert "south 2 2 67 %" in page.said("scores")
    assert "true_lines 3 0 1 0 2" in page.said("exercises")


def test_links_work_from_the_disk(page: Page, written: Path) -> None:
    feedback = [link for link in page.links if "feedback" in link]
    assert feedback
    assert all((written.parent / unquote(link)).is_file() for link in feedback)
    assert "mailto:?bcc=eve@example.org&subject=lab_tiny" in page.links
    assert "mailto" not in "".join(link for link in page.links if "bob" in link)  # that is no address


def test_nothing_runs_but_our_script_and_nothing_is_loaded(page: Page, written: Path) -> None:
    digest = base64.b64encode(hashlib.sha256(page.script.encode()).digest()).decode()
    (policy,) = [value for value in page.values("content") if "default-src" in value]
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert page.tags.count("script") == 1
    assert not {"img", "link", "iframe", "object", "base", "form"} & set(page.tags)
    assert [name for _, name, _ in page.attributes if name.startswith("on") or name == "src"] == []
    outside = [link for link in page.links if "://" in link]
    assert outside == [f"http://localhost:8888/formgrader/gradebook/{LAB}"]
    assert "url(http" not in written.read_text(encoding="utf-8")


def test_figures_have_titles_and_descriptions(page: Page) -> None:
    for name in ("scores", "outcomes"):
        assert page.said(f"{name}-title")
        assert page.said(f"{name}-desc")
    assert page.tags.count("svg") == 2
    assert "double: 1 right, 3 wrong" in page.said("outcomes-desc")
    ids = page.values("id")
    assert len(ids) == len(set(ids))


def test_only_its_owner_may_read_it_and_it_replaces_none_but_its_like(
    written: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    root = str(written.parents[1])
    assert main(["report", LAB, "--course", root, "--html"]) == 0  # again
    mine = tmp_path / "mine.html"
    mine.write_text("<p>mine</p>", encoding="utf-8")
    assert main(["report", LAB, "--course", root, "--html", str(mine)]) == 2
    assert f"{mine} is there already and is no page of `handgrad report`: name another file." in capsys.readouterr().err
    assert mine.read_text(encoding="utf-8") == "<p>mine</p>"


def test_a_lab_that_slips_into_the_place_of_the_file_is_noticed(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--course", str(written.parents[1]), "--html", LAB]) == 2
    assert f"`handgrad report {LAB} --html` writes the page of a lab." in capsys.readouterr().err
