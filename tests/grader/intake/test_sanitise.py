"""What a stranger wrote is shown in somebody else's browser, terminal and spreadsheet: nothing of it may act there."""

from __future__ import annotations

import re
from base64 import b64encode
from html.parser import HTMLParser
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from grader.intake.markup import clean_html
from grader.intake.notebook import StudentCell
from grader.intake.repairing import repair
from grader.intake.sanitise import LINES, OUTPUT_CHARACTERS, clean_markdown, clean_outputs, clean_prose, one_line
from grader.intake.template import Template

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
    "![x](attachment:missing.png)\r\r[x](javascript:alert(1))",
    "<b>b</b>\n\n    a\r\r    [x](javascript:alert(1))",
    "<pre>\n\x0c\n[x](javascript:alert(1))</pre>",
    "<pre>\n\x0b\n[x](javascript:alert(1))</pre>",
    "<pre>\n\x00\n[x](javascript:alert(1))</pre>",
    "<div>\r\r[x](javascript:alert(1))</div>",
    "<div>" * 400 + "<img src=x onerror=alert(1)>",
    "<b>" * 2000 + "\n\n[x](javascript:alert(1))" + "*" * 20_000,
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


@pytest.mark.parametrize("trick", ["\\href{javascript:alert(1)}{x}", "\\style{position:fixed}{x}", "\\cssId{score}{x}", "\\require{x}"])
def test_formulas_make_no_links_styles_and_names(trick: str) -> None:
    """What formgrader's MathJax would act upon."""
    for source in (f"${trick}$", f"<b>b</b> ${trick}$", f"$$\n{trick}\n$$", trick.replace("\\", "&#92;"), "`" * 30_000 + trick):
        assert trick[:4] not in rendered(clean_markdown(source))
    assert trick[:4] not in str(clean_one({"text/latex": trick, "text/html": trick}))
    assert clean_markdown("$\\hbar \\styleless \\urlx$") == "$\\hbar \\styleless \\urlx$"


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


def test_what_is_no_text_is_none() -> None:
    for odd in (None, 10**5000, [["deep"]], {"a": 1}, 1.5, True):
        for output in clean_outputs([{"output_type": kind, "text": odd, "evalue": odd, "traceback": odd} for kind in ("stream", "error")]):
            assert output.get("text", "") == output.get("evalue", "") == ""
    assert clean_one({"text/plain": ["a", 1, "b"], "text/html": {"a": 1}})["text/plain"] == "ab"


def test_html_of_other_programs_is_shown_whatever_its_length() -> None:
    table = "<table border=\"1\" class='dataframe'>" + "<tr><td>1</td><td>2.5<br></td></tr>\n" * 2000 + "</table>"
    shown = clean_one({"text/html": table})["text/html"]
    assert shown.count("<td>") == 4000
    assert clean_one({"text/html": f"<img src='data:image/png;base64,{'A' * 10**6}' width=400>"})["text/html"].startswith("<img ")


def test_html_that_would_take_for_ever_is_shown_as_text() -> None:
    for text in ("<div>" * 2000, "<b></p>" * 2000, "<a " + " ".join(f"b{n}" for n in range(9000)) + ">", '<i x="></i><p y=">' * 2000):
        assert clean_one({"text/html": text})["text/html"].startswith("<pre>&lt;")


def test_prose_is_cleaned_and_its_pictures_stand_in_the_text() -> None:
    picture = {"a.png": {"image/png": "AAAA"}}
    source = "![x](attachment:a.png)"
    cells = [StudentCell("markdown", source, attachments=picture), StudentCell("markdown", "plain"), StudentCell("code", "<b>")]
    repaired = repair(Template("lab", (), NotebookNode()), cells)
    clean_prose(repaired)
    shown, plain, code = repaired.notebook.cells
    assert 'src="data:image/png;base64,AAAA"' in shown.source
    assert "attachments" not in shown
    assert (plain.source, code.source) == ("plain", "<b>")


PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)


def shown_with(source: str, files: dict[str, bytes]) -> tuple[str, list[str]]:
    repaired = repair(Template("lab", (), NotebookNode()), [StudentCell("markdown", source)])
    told = clean_prose(repaired, files)
    return repaired.notebook.cells[0].source, told


@pytest.mark.parametrize(
    "source",
    [
        "![s](scan.png)",
        "![s](./scan.png)",
        "![][1]\n\n[1]: scan.png",
        "<img src='scan.png'>",
        "<IMG width=9 src=scan.png>",
        "![](my%20scan.png)",
    ],
)
def test_a_picture_beside_the_notebook_is_shown(source: str) -> None:
    shown, told = shown_with(source, {"scan.png": PNG, "my scan.png": PNG})
    assert f'src="data:image/png;base64,{b64encode(PNG).decode()}"' in shown
    assert told == []


@pytest.mark.parametrize(
    "source",
    ["![s](../scan.png)", "![s](/scan.png)", "![s](https://a.b/scan.png)", "![s](page.png)", "![s](none.png)", "`<img src='scan.png'>`"],
)
def test_nothing_else_is(source: str) -> None:
    shown, told = shown_with(source, {"scan.png": PNG, "page.png": b"<svg onload=alert(1)>"})
    assert "data:" not in shown
    assert "src=" not in shown or "<code>" in shown or shown == source
    assert told == []


def test_a_large_picture_makes_no_text_too_long_to_be_cleaned() -> None:
    photo = PNG + bytes(10_000)
    shown, _ = shown_with("<p>Above:\n<img src=scan.png>\n<p>It is <b>so</b>.", {"scan.png": photo})
    assert b64encode(photo).decode() + '"' in shown
    assert "<pre>" not in shown


def test_letters_that_stand_for_a_picture_bring_no_second_one() -> None:
    forged = "<img src='data:image/png;base64,held0album'>"
    shown, _ = shown_with(f"![s](scan.png) {forged * 9}", {"scan.png": PNG})
    assert shown.count(b64encode(PNG).decode()) == 1


def test_pictures_have_a_limit_whoever_shows_them_how_often() -> None:
    photo = PNG + bytes(5 * 2**20)
    shown, told = shown_with("![s](scan.png) " * 50 + "![t](small.png)", {"scan.png": photo, "small.png": PNG})
    assert len(shown) < 17 * 2**20
    assert b64encode(PNG).decode() + '"' in shown
    assert told == ["scan.png is too large to be shown in the text that names it: open the file."]


def test_terminal_escapes_go_but_colours_stay() -> None:
    (stream,) = clean_outputs([{"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J"}])
    assert stream.text == "\x1b[31mred\x1b[0m ]0;title [2J"
    assert one_line("a\x1b[31mb\n\x9b2Jc") == "ab 2Jc"
    assert one_line("Ada\u202eecalevoL\u2066 \u05d0\u200f") == "AdaecalevoL \u05d0\u200f"  # of a language's own signs nothing is taken


KINDS = st.sampled_from(["stream", "error", "display_data", "execute_result"])
VALUES = st.one_of(KINDS, st.text(), st.integers(), st.lists(st.text()), st.dictionaries(st.text(), st.text()))
KEYS = st.sampled_from(["output_type", "data", "text", "name", "traceback", "ename", "execution_count"])


@given(st.lists(st.dictionaries(KEYS, VALUES)))
def test_whatever_comes_is_valid_nbformat(outputs: list[dict[str, Any]]) -> None:
    cell = nbformat.v4.new_code_cell("x", outputs=clean_outputs(outputs))
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
