"""Nothing that sees a student's text needs much longer for it than for an honest one of the same length.

Every pattern and renderer gets a megabyte of what is worst for patterns of its kind. Processor time is counted, never the clock.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from course_utils.cells import as_python, checked_exercise, defined_in, only_shows, syntax_error
from course_utils.pages import markdown
from course_utils.pages.markdown import LONGEST, can_afford, render_markdown
from grader.intake import notebook, sanitise
from grader.intake.markup import clean_html
from grader.intake.notebook import StudentCell, parse_notebook
from grader.intake.repairing import repair
from grader.intake.sanitise import clean_markdown, clean_outputs, clean_prose, clean_text, one_line
from grader.intake.submission import is_copied, is_student
from grader.intake.template import Template, defined_names
from grader.intake.untrusted import Unreadable, shown

from ...today import share

MEGABYTE = 10**6
SECONDS = 3.0  # of a processor that others use as well; what is quadratic takes hours for a megabyte


def display(kind: str) -> Callable[[str], Any]:
    return lambda text: clean_outputs([{"output_type": "display_data", "data": {kind: text}}])


def stored(**cell: Any) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        filled = {key: text if value is None else value for key, value in cell.items()}
        return parse_notebook(json.dumps({"nbformat": 4, "cells": [filled]}).encode())

    return parse


READERS: dict[str, Callable[[str], Any]] = {
    "render_markdown": render_markdown,
    "clean_markdown": clean_markdown,
    "clean_html": clean_html,
    "clean_text": clean_text,
    "one_line": one_line,
    "stream": lambda text: clean_outputs([{"output_type": "stream", "text": text}]),
    "error": lambda text: clean_outputs([{"output_type": "error", "ename": text, "evalue": text, "traceback": text.split("\n")}]),
    **{kind: display(kind) for kind in ("text/html", "text/markdown", "text/latex", "text/plain", "image/svg+xml", "image/png")},
    "defined_names": defined_names,
    "defined_in": lambda text: list(defined_in(text)),
    "checked_exercise": checked_exercise,
    "only_shows": only_shows,
    "syntax_error": syntax_error,
    "is_student": is_student,
    "is_copied": is_copied,
    "shown": shown,
    "a cell": stored(cell_type="code", source=None),
    "an id": stored(cell_type="markdown", source="x", id=None, metadata={"nbgrader": {"grade_id": None}}),
    "attachments": stored(cell_type="markdown", source="x", attachments={"a": {"image/png": None}}),
    "many outputs": lambda text: clean_outputs({"output_type": "stream", "text": line} for line in text.split("\n")),
}

# One opener after the other, and whatever a pattern looks for far behind it.
ATOMS = [
    *("[", "]", "](", "[]", "[a]", "[a](", "![a](b", "[a]: ", "\n[a]: b", "\n[", "[^1]", "\n[^1]: a", "[a](<b", '[a](b "', "(", "[*", "!["),
    *("*", "**", "_", "*a", "a*", "*a _", "*_", "**a**", "~~", "~~a", "~", "^", "a^", "***", "_a_", "\\*", "\\", "\\a"),
    *("`", "``a`", "`\n", "```", "```\n", "~~~\n", "```python\n", "``` ", "`~", "\n```brainfuck\n", "~~~~ mermaid"),
    *("$", "a$ ", "$$", "$$a", "\\$", "\\\\[", "\\\\(", "\\\\]", "\\begin{", "\\begin{a}", "\\begin{a}\\end{b}", "\\end{a}", "\\href{"),
    *("<", "<a", "<a ", "<a b='", '<a b="', "<a b=c ", "<!--", "<!", "<?", "<![CDATA[", "</a", "<b>", "<div>", "<ul><li>", "<b></p>"),
    *("<p><b x>", "<b></b>", "<pre>\n", "<a a a", "a=1 ", "<a@b", "<http:", "<table>", "<svg>", "<img src='data:image/png;base64,"),
    *("&", "&a", "&#1", "&amp;", "data:image/png;base64,", "attachment:a", "a|b\n-|-\n", "|", "| a | b |\n", "\n|-|-|\n"),
    *("- a\n", "\n- ", "\n -", " - ", "\n1. ", "\n> ", ">>> ", "\n>- ", "a\n: b\n", "- [x] a\n", "#", "\n#", "\n# a", "\n=", "a\n=\n"),
    *(" ", "\t", "\n", " \n", "\n ", "\n    a", "a  \n", "\r", "\r\n", "\x0c", "\n\x0c", "\0", "\u2028", "\n\u2028", "\u00a0", "é", "😀"),
    *("a", "a ", "http://", "http://.", "x" * 500, "\x1b", "\x1b[", "\x1b[0;", "\x1b[1m", "\x1b[" + "1;" * 20 + "m"),
    *("a=", "a:", "a: b", "def ", "def a\n", "async ", "class a:", "a\n", "'''\n", "!a\n", "%a\n", "a?\n", "=!", "check(", "-", "(", "a."),
    *("### BEGIN HIDDEN TESTS\n", "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", "\t### BEGIN", "### END HIDDEN TESTS"),
]


def seconds(read: Callable[[str], Any], text: str) -> float:
    """Processor seconds that this process takes; a sentence instead of a result is as good."""
    started = time.process_time()
    with contextlib.suppress(Unreadable):
        read(text)
    return time.process_time() - started


def repeated(atom: str, length: int) -> str:
    return (atom * (length // len(atom) + 1))[:length]


QUICK = [
    *(("clean_markdown", atom) for atom in ("\\begin{a}", "`", "[a]: ", "```python\n")),
    *(("text/html", atom) for atom in ("<div>", "<b></p>", "<a b='")),
    *(
        ("defined_names", "a "),
        ("stream", "\x1b["),
        ("syntax_error", "!a\n"),
        ("a cell", "["),
    ),
]


@pytest.mark.parametrize(("reader", "atom"), QUICK)
def test_a_megabyte_of_openers(reader: str, atom: str) -> None:
    """The quick selection of the test below."""
    assert seconds(READERS[reader], repeated(atom, MEGABYTE)) < SECONDS


@pytest.mark.stress
@pytest.mark.parametrize("reader", READERS)
def test_a_megabyte_of_anything(reader: str) -> None:
    taken = {atom: seconds(READERS[reader], repeated(atom, MEGABYTE)) for atom in share(ATOMS, 6)}
    assert {atom: spent for atom, spent in taken.items() if spent > SECONDS} == {}


@pytest.mark.stress
@pytest.mark.parametrize("reader", ["render_markdown", "clean_markdown", "clean_html", "text/markdown", "syntax_error", "only_shows"])
@pytest.mark.parametrize("length", [300, 1900, 3900, 4900, LONGEST - 100])
def test_the_most_that_is_still_read(reader: str, length: int) -> None:
    """Just below the lengths from which on a text is shown as it is."""
    taken = {atom: seconds(READERS[reader], repeated(atom, length)) for atom in share(ATOMS, 6)}
    assert {atom: spent for atom, spent in taken.items() if spent > SECONDS} == {}


def test_a_cell_of_formulas_that_never_end() -> None:
    source = "\\begin{a}" * 16_000
    assert seconds(clean_markdown, source) < 0.5
    shown_as = render_markdown(source)
    assert shown_as == f"<div><pre>{source}</pre></div>"
    assert seconds(nbconvert, clean_markdown(source)) < 0.5  # where nothing but nbconvert renders it, as in formgrader


def nbconvert(source: str, attachments: Any = None) -> str:
    return str(MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments or {})).render(source))


def honest() -> list[str]:
    """The prose of a lab as it was released."""
    (path,) = (Path(__file__).parents[3] / "labs").glob("lab01*/*.ipynb")
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]


def test_honest_text_is_rendered_as_by_nbconvert() -> None:
    for source in honest():
        assert can_afford(source)
        assert render_markdown(source) == nbconvert(source)
        cleaned = clean_markdown(source)
        assert cleaned == source or render_markdown(cleaned) == nbconvert(cleaned)


HONEST = [
    "```python\nx = [i for i in range(3)]\n```\n\n- a `list`\n- of *two*",
    "| a | b |\n|---|---|\n| $x_1$ | \\\\(y\\\\) |",
    "\\begin{align}\na &= b \\\\\n\\end{align}\n\n$$\\int_0^1 x\\,dx$$",
    "term\n: what it means\n\n~~gone~~ https://example.org <b>bold</b> &amp; [x](#y)",
    "```txt\nplain\n```",
    "![a photo](data:image/png;base64,iVBORw0KGgo=) and ![another](data:image/jpeg;base64,/9j/4AAQ)",
]


@pytest.mark.parametrize("source", HONEST)
def test_other_honest_text_too(source: str) -> None:
    assert render_markdown(source) == nbconvert(source)


def test_large_honest_pictures_are_shown() -> None:
    """As Colab and VS Code put them into the text, and as JupyterLab attaches them."""
    photo = "iVBORw0KGgo" + "A" * 2**20
    inline = f"What I see:\n\n![a photo](data:image/png;base64,{photo})"
    (cell,) = parse_notebook(json.dumps({"nbformat": 4, "cells": [{"cell_type": "markdown", "source": inline}]}).encode())
    attached = {"photo.png": {"image/png": photo}}
    for cleaned in (clean_markdown(cell.source), clean_markdown("![a photo](attachment:photo.png)", attached)):
        assert 'src="data:image/png;base64,iVBORw0KGgoAAAA' in cleaned
        assert len(cleaned) > len(photo)


def test_one_picture_does_not_become_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "PICTURES", 2**20)
    attached = {"a": {"image/png": "A" * 2**14}}
    many = "![x](attachment:a) " * 200
    assert len(clean_markdown(many, attached)) < 2**20
    again = "[p]: data:image/png;base64," + "A" * 2**14 + "\n\n" + "![x][p] " * 200
    assert len(clean_markdown(again)) < 2**20
    link = "[p]: http://" + "a" * 9000 + "\n\n" + "[p] " * 1500
    assert len(clean_markdown(link)) < 10 * LONGEST


def test_a_place_held_for_a_picture_cannot_be_forged() -> None:
    source = "![a](data:image/png;base64,held1held) ![b](data:image/png;base64,AAAA) ;base64,held7held"
    assert render_markdown(source) == nbconvert(source)


def test_languages_that_take_for_ever_are_not_coloured() -> None:
    assert render_markdown("```brainfuck\n+[]\n```").startswith("<div><pre>")
    assert render_markdown("- ~~~ brainfuck\n  +[]").startswith("<div><pre>")
    assert "<span" in render_markdown("```python\nx = 1\n```")


def test_the_prose_of_a_notebook_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanitise, "PROSE", 2000)
    cells = [StudentCell("markdown", f"# a <b>{number}</b>" + "x" * 480) for number in range(10)]
    repaired = repair(Template("lab", (), NotebookNode()), cells)
    clean_prose(repaired)
    assert ["<h1>" in cell.source for cell in repaired.notebook.cells] == [True] * 4 + [False] * 6
    assert all(cell.source.startswith("<div>") for cell in repaired.notebook.cells)


def test_a_cell_that_displays_markdown_without_end() -> None:
    shown = [{"output_type": "display_data", "data": {"text/markdown": "a" * (LONGEST - 100)}}] * 200
    assert len(clean_outputs(shown)) < 10


@pytest.mark.stress
def test_prose_of_the_worst_kind() -> None:
    repaired = repair(Template("lab", (), NotebookNode()), [StudentCell("markdown", "\n# a" * 4900 + "<b>")] * 100)
    assert seconds(lambda _: clean_prose(repaired), "") < 3 * SECONDS


@pytest.mark.parametrize("grade_id", ["", "double", "double_check"])
@pytest.mark.parametrize(("kind", "source"), [("code", "def double(x): pass"), ("code", 'check("double")'), ("markdown", "x")])
def test_two_thousand_cells(template: Template, kind: str, grade_id: str, source: str) -> None:
    cells = [StudentCell(kind, source, grade_id, "same")] * notebook.CELLS
    assert seconds(lambda _: repair(template, cells), "") < SECONDS


@pytest.mark.parametrize("magics", ["!a\n", "%a\n", "a?\n", "x = !a\n", "x = %a\n"])
def test_magics_without_end(magics: str) -> None:
    """IPython reads a cell once more for each of them, and gives up after 500."""
    for count in (30, 600, 5000):
        assert seconds(syntax_error, magics * count) < SECONDS
    assert syntax_error(magics * 600) == ""
    assert as_python("%time x\n") == "get_ipython().run_line_magic('time', 'x')\n"


def test_pygments_knows_the_languages_that_are_coloured() -> None:
    from pygments.lexers import get_lexer_by_name

    for language in markdown._LANGUAGES - {"txt"}:  # nbconvert shows what it does not know as plain text
        get_lexer_by_name(language)
