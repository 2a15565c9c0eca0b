"""A feedback page: all that nbgrader's own say, nothing that runs or is loaded, and a cost in keeping with its length."""

from __future__ import annotations

import base64
import copy
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_utils.pages.prose import markdown
from grader.books import Marks, prepare_pages, render_page
from grader.books.database import Kept
from grader.intake import Template, clean_markdown, make_template
from grader.judging import FAILED, PARTIAL, UNGRADABLE, Result

VOID = {"meta", "img", "br", "hr", "wbr", "col"}


class Page(HTMLParser):
    """What a browser would see: elements, the text of each kind of element, and addresses."""

    def __init__(self, page: bytes | str) -> None:
        super().__init__()
        self.text, self.tags, self.attributes = "", [], []
        self._open: list[str] = []
        self.feed(page if isinstance(page, str) else page.decode())
        assert self._open == []  # well-formed

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def cell(make: Any, source: str, name: str, outputs: Any = (), **role: Any) -> Any:
    made = make(source)
    made.id = re.sub(r"\W", "-", name)
    flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, "grade_id": name}
    made.metadata.nbgrader = {**flags, **role}
    if outputs:
        made.outputs = list(outputs)
    return made


def ordinary(*more: Any, language: str = "python") -> Any:
    """A notebook of an ordinary course, with every kind of cell that nbgrader knows."""
    return new_notebook(
        metadata={"kernelspec": {"name": "k", "display_name": "k", "language": language}},
        cells=[
            new_markdown_cell("# Sheet 1\n\nWith $a^2$."),
            cell(new_code_cell, "def mean(xs):\n    return sum(xs)", "mean", solution=True),
            cell(new_code_cell, "assert mean([1]) == 1", "mean_test", grade=True, locked=True, points=2),
            cell(new_code_cell, "plot = 1", "plot", grade=True, solution=True, points=3),
            cell(new_markdown_cell, "Because.", "why", grade=True, solution=True, points=4),
            cell(new_markdown_cell, "Draw a picture.", "draw", task=True, points=5),
            *more,
        ],
    )


MARKS = Marks(
    {"mean_test": (2.0, 2.0), "plot": (3.5, 3.0), "why": (1.25, 4.0), "draw": (0.0, 5.0)},
    {"mean": None, "plot": "Well *drawn*.", "why": "No response.", "draw": None},
    6.75,
    14.0,
    0.5,
)


def template(notebook: Any) -> Template:
    return make_template("sheet1", nbformat.from_dict(copy.deepcopy(notebook)), {})


def result(status: str = "graded", **more: Any) -> Result:
    return Result("ada", "sheet1", "0", status, **more)


def page(notebook: Any, marks: Marks = MARKS, told: Result | None = None) -> str:
    return render_page(notebook, template(ordinary()), told or result(), marks).decode()


def output_of(output: Any, **role: Any) -> str:
    """How a page shows one output."""
    return page(ordinary(cell(new_code_cell, "x", "out", [output], **role)))


def test_all_of_nbgraders_page_is_there() -> None:
    shown = Page(page(ordinary()))
    text = " ".join(shown.text.split())
    assert "sheet1 (Score: 6.25 / 14.0)" in text
    assert "Test cell (Score: 2.0 / 2.0)" in text
    assert "Coding free-response (Score: 3.5 / 3.0) comment on plot" in text  # extra credit
    assert "Written response (Score: 1.25 / 4.0)" in text
    assert "Task (Score: 0.0 / 5.0)" in text
    waiting = Page(page(ordinary(), replace(MARKS, waiting=["draw"]))).text
    assert "Written response (Score: 1.25 / 4.0)" in waiting
    assert "Task (not marked yet, 5.0 points)" in waiting
    assert "Late submission penalty (Score: -0.5)" in text
    assert text.count("Student's answer") == 3
    assert "Grade cell: mean_test" in text
    assert "Student's task" in text
    assert "Comments: Well drawn." in text
    assert "Comments: No response." in text  # nothing of ours has told of it
    assert "return sum(xs)" in text


def test_every_link_inside_the_page_leads_somewhere() -> None:
    shown = Page(page(ordinary()))
    places = shown.values("id")
    assert {"mean_test", "plot", "why", "draw", "comment-mean", "comment-plot", "comment-draw", "top"} <= set(places)
    assert len(places) == len(set(places))
    assert {link[1:] for link in shown.values("href") if link.startswith("#")} <= set(places)


def test_a_file_and_a_node_give_the_same_page_and_stay_as_they_were() -> None:
    notebook = ordinary(new_code_cell("1", outputs=[new_output("stream", text="a\nb\n")]))
    before = nbformat.writes(notebook)
    assert page(notebook) == page(json.loads(before))  # in a file, texts are lists of lines
    assert nbformat.writes(notebook) == before


def test_what_a_class_shares_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = ordinary()
    notebook.cells[0].source += " Once."
    shared = template(notebook)
    prepare_pages(shared)
    monkeypatch.setattr("course_utils.pages.prose._nbconvert", lambda *told: pytest.fail("rendered again"))
    assert "Once." in render_page(notebook, shared, result(), Marks({}, {}, 0.0, 0.0, 0.0)).decode()


def test_our_own_silence_is_not_told_twice() -> None:
    told = result(exercises={"why": {"score": 0, "max_score": 4, "first": "", "checks": []}})
    assert "No response." not in page(ordinary(), told=told)


EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)><iframe src='https://evil.example'></iframe><style>*{display:none}</style>"
EVIL_LINKS = "[a](javascript:alert(1)) ![b](https://evil.example/x.png) <a href='data:text/html,x'>c</a> <form action=/x><input></form>"
NASTY = EVIL + EVIL_LINKS


def test_nothing_runs_and_nothing_is_loaded_whoever_wrote_it() -> None:
    notebook = ordinary(
        new_markdown_cell(NASTY),
        new_markdown_cell(f"$\\text{{{EVIL}}}$ and $<script>x</script>$"),
        cell(new_code_cell, NASTY, 'a"><script>', [new_output("stream", text=NASTY)], grade=True, solution=True, points=1),
        new_code_cell("1", outputs=[new_output("error", ename=EVIL, evalue=EVIL, traceback=[f"\x1b[31m{EVIL}"])]),
        new_code_cell("1", outputs=[new_output("display_data", {"text/html": NASTY})]),
        new_code_cell("1", outputs=[new_output("display_data", {"text/markdown": NASTY})]),
        new_code_cell("1", outputs=[new_output("display_data", {"text/latex": f"${EVIL}$"})]),
        new_code_cell("1", outputs=[new_output("display_data", {"image/svg+xml": f"<svg>{EVIL}</svg>"})]),
        new_code_cell("1", outputs=[new_output("display_data", {"image/png": '"><script>', "text/plain": EVIL})]),
        new_code_cell(
            "1", outputs=[new_output("display_data", {"image/png": "aa=="}, metadata={"image/png": {"alt": f'"{EVIL}', "width": "9"}})]
        ),
        new_code_cell("1", outputs=[new_output("display_data", {"application/javascript": "alert(1)"})]),
    )
    marks = copy.deepcopy(MARKS)
    marks.comments |= {'a"><script>': NASTY}
    told = result(PARTIAL, reason=NASTY, exercises={})
    whole = render_page(notebook, make_template("<script>", nbformat.from_dict(copy.deepcopy(notebook)), {}), told, marks)
    shown = Page(whole)
    assert not {"script", "iframe", "form", "input", "object", "embed", "link", "base", "svg", "frame"} & set(shown.tags)
    assert shown.tags.count("style") == 1
    assert [name for _, name, _ in shown.attributes if name.startswith("on")] == []
    assert all(source.startswith("data:image/") for source in shown.values("src"))
    assert all(re.match(r"https?://|mailto:|#", link) for link in shown.values("href"))
    assert "alert(1)" in shown.text  # it is shown, as the text that it is


def test_the_policy_allows_no_script_and_no_address() -> None:
    shown = page(ordinary())
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', shown)
    allowed = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert allowed["default-src"] == "'none'"
    assert not any(name.startswith("script") for name in allowed)
    assert "eval" not in policy
    assert "//" not in policy
    assert shown.index("Content-Security-Policy") < shown.index("<style>")


@pytest.mark.parametrize("mark", ["### BEGIN HIDDEN TESTS", "# BEGIN HIDDEN TESTS", "#<secret>"])
def test_what_students_were_not_given_is_not_shown(mark: str) -> None:
    """Whatever marks hidden tests in a course: what was released is what is shown."""
    whole = {
        "f": f"assert f(1) == 1\n{mark}\nassert f(2) == 'secret'\n### END HIDDEN TESTS\n",
        "plan": "Draw a plan.\n\nBEGIN MARK SCHEME\nsecret: two points\nEND MARK SCHEME",
    }
    wrong = new_output("error", ename="AssertionError", evalue="", traceback=["assert f(2) == 'secret'"])
    released = ordinary(
        cell(new_code_cell, "assert f(1) == 1", "f", grade=True, locked=True, points=1),
        cell(new_markdown_cell, "Draw a plan.", "plan", task=True, locked=True, points=1),
    )
    template = make_template("sheet", released, {name: Kept(source, None) for name, source in whole.items()})
    graded = copy.deepcopy(released)
    for one in graded.cells:
        one.source = whole.get(one.id, one.source)
        if one.id == "f":
            one.outputs = [wrong]
    shown = render_page(graded, template, result(), MARKS).decode()
    assert "secret" not in shown
    assert "BEGIN" not in shown
    assert "Draw a plan." in shown
    assert "AssertionError" in shown
    assert "1\nassert" in page(ordinary(new_code_cell("1", outputs=[new_output("error", ename="E", evalue="", traceback=["1", "assert"])])))


def test_a_picture_keeps_its_size_and_its_words() -> None:
    picture = new_output(
        "display_data", {"image/png": "aaaa\n", "text/plain": "<Figure>"}, metadata={"image/png": {"width": 30, "alt": "a curve"}}
    )
    assert '<img alt="a curve" width="30" src="data:image/png;base64,aaaa' in output_of(picture)


def test_pictures_from_elsewhere_are_named_and_never_loaded() -> None:
    shown = markdown("![a cat](https://pictures.example/cat.png) ![](plots/dog.png) ![x](data:image/png;base64,aaaa)")
    assert '<a href="https://pictures.example/cat.png" rel="noopener noreferrer">picture: a cat</a>' in shown
    assert "[picture: dog.png]" in shown
    assert '<img src="data:image/png;base64,aaaa"' in shown
    assert shown.count("<img") == 1


def test_a_released_picture_is_shown_where_the_assignment_shows_it() -> None:
    sheet, png = ordinary(new_markdown_cell("See ![a map](figures/map.png).")), b"\x89PNG\r\n\x1a\n" + bytes(9)
    files = {"figures/map.png": png}
    shown = render_page(sheet, template(sheet), result(), MARKS, files).decode()
    assert f'src="data:image/png;base64,{base64.b64encode(png).decode()}"' in shown
    assert "data:image" not in render_page(sheet, template(ordinary()), result(), MARKS, files).decode()  # a student wrote it
    assert "[picture: a map]" in render_page(sheet, template(sheet), result(), MARKS, {"figures/map.png": b"<svg>"}).decode()


def test_a_students_own_words_and_pictures_are_there() -> None:
    attached = {"a.png": {"image/png": "a" * 100_000}}
    words = clean_markdown("I *saw* ![it](attachment:a.png), $x$.", attached)
    shown = page(ordinary(cell(new_markdown_cell, words, "own", solution=True)))
    assert "<em>saw</em>" in shown
    assert "<math><mi>x</mi></math>" in shown
    assert f'src="data:image/png;base64,{"a" * 100_000}"' in shown
    long = page(ordinary(cell(new_markdown_cell, "*word* " * 9000, "own", solution=True)))
    assert "*word* *word*" in long  # too long to be rendered, never too long to be read


def test_tags_without_end_are_shown_as_the_text_that_they_are() -> None:
    deep = new_output("display_data", {"text/html": "<div>" * 20_000})
    flat = new_output("display_data", {"text/html": "<table>" + "<tr><td>1<br></td></tr>" * 2000 + "</table>"})
    assert "&lt;div&gt;&lt;div&gt;" in output_of(deep)
    assert "<td>1<br></td>" in output_of(flat)


def test_links_to_files_that_are_not_there_are_text() -> None:
    shown = markdown("[lab 2](../lab02/lab02.ipynb) and [a page](https://a.example)")
    assert ">lab 2</a>" in shown
    assert shown.count("href") == 1


def test_what_came_with_the_notebook_is_marked() -> None:
    note = new_output("display_data", {"text/plain": "as handed in", "text/html": "<small><i>as handed in</i></small>"})
    shown = page(ordinary(new_code_cell("1", outputs=[note, new_output("stream", text="42")])))
    assert '<div class="outputs">\n<div class="output"><small><i>as handed in</i></small></div>\n<pre class="stdout">42</pre>' in shown


def test_only_python_is_coloured() -> None:
    assert '<span class="keyword">def</span>' in page(ordinary())
    assert '<span class="keyword">' not in page(ordinary(language="R"))


@pytest.mark.parametrize("status", [UNGRADABLE, FAILED, PARTIAL])
def test_the_reason_stands_before_everything_else(status: str) -> None:
    shown = page(ordinary(), told=result(status, reason="The file is <cut>."))
    reason = shown.index("The file is &lt;cut&gt;.")
    assert shown.index("<h1>") < reason < shown.index("All points")
    said = "Graded only in part" if status == PARTIAL else "Not graded"
    assert 0 < reason - shown.index(f"<b>{said}</b>") < 60


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_all_words_can_be_told_from_their_ground() -> None:
    themes = re.findall(r":root \{(.+?)\}", page(ordinary()), re.DOTALL)
    assert len(themes) == 2  # by day and by night
    for theme in themes:
        colour = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", theme))
        for ground in ("paper", "code", "head"):
            for ink in ("ink", "soft", "forward", "gradient", "reference", "highlight"):
                light, dark = sorted((_luminance(colour[ink]), _luminance(colour[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
