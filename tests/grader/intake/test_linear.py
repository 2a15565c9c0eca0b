"""Nothing that sees a student's text needs much longer for it than for an honest one of the same length.

Every pattern and renderer gets a megabyte of what is worst for patterns of its kind. Processor time is counted, never the clock.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from course_utils.cells import as_python, checked_exercise, defined_in, only_shows, syntax_error
from grader.intake import markdown, notebook, sanitise
from grader.intake.markdown import LONGEST, can_afford, render_markdown
from grader.intake.markup import clean_html
from grader.intake.notebook import StudentCell, parse_notebook
from grader.intake.repairing import repair, without_hidden
from grader.intake.sanitise import clean_markdown, clean_outputs, clean_prose, clean_text, one_line
from grader.intake.submission import is_copied, is_student
from grader.intake.template import Template, defined_names
from grader.intake.untrusted import Unreadable, shown

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
    "without_hidden": without_hidden,
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
        ("without_hidden", "### BEGIN HIDDEN TESTS\n"),
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
    taken = {atom: seconds(READERS[reader], repeated(atom, MEGABYTE)) for atom in ATOMS}
    assert {atom: spent for atom, spent in taken.items() if spent > SECONDS} == {}


@pytest.mark.stress
@pytest.mark.parametrize("reader", ["render_markdown", "clean_markdown", "clean_html", "text/markdown", "syntax_error", "only_shows"])
@pytest.mark.parametrize("length", [300, 1900, 3900, 4900, LONGEST - 100])
def test_the_most_that_is_still_read(reader: str, length: int) -> None:
    """Just below the lengths from which on a text is shown as it is."""
    taken = {atom: seconds(READERS[reader], repeated(atom, length)) for atom in ATOMS}
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
    many = "![x](attachment:a) " * 900
    assert len(clean_markdown(many, attached)) < 2**20
    again = "[p]: data:image/png;base64," + "A" * 2**14 + "\n\n" + "![x][p] " * 1000
    assert len(clean_markdown(again)) < 2**20
    link = "[p]: http://" + "a" * 9000 + "\n\n" + "[p] " * 2500
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


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
@pytest.mark.parametrize("grade_id", ["", "double", "double_check", "nobody"])
@pytest.mark.parametrize("source", ["x = 1", "def double(x): pass", 'check("double")'])
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


BOMBS = {
    "lists in lists": b'{"nbformat": 4, "cells": [%s1]}' % (b"[]," * 1_000_000),
    "cells without end": b'{"nbformat": 4, "cells": [%s{}]}' % (b"{}," * 1_000_000),
    "keys": b'{"nbformat": 4, "metadata": {%s"x": 1}, "cells": []}' % b"".join(b'"%d":1,' % number for number in range(1_000_000)),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_grows_in_memory_is_refused_before_it_is_read(bomb: str) -> None:
    with pytest.raises(Unreadable, match=r"^lab.ipynb holds \d+ values, more than the limit of 2000000\.$"):
        parse_notebook(BOMBS[bomb], "lab.ipynb")


def test_long_numbers_and_deep_trees_are_sentences() -> None:
    for tree in (b"1" * 10**6, b"1." + b"7" * 10**6, b"-" * 10**6, b"[" * 10**6, b'{"a":' * 10**5, b'{"nbformat": ' + b"1" * 4000 + b"}"):
        with pytest.raises(Unreadable):
            parse_notebook(tree)


# What takes the most memory of what is read, by the kind of thing; a fresh process each, whose peak is its own.
LARGEST = {
    "one emoji in 40 MB": "b'{\"cells\": [], \"a\": \"' + b'x' * (40 * 2**20 - 100) + '😀'.encode() + b'\"}'",
    "one arrow in 64 MB": "b'{\"cells\": [], \"a\": \"' + b'x' * (64 * 2**20 - 100) + '→'.encode() + b'\"}'",
    "dictionaries": "b'{\"cells\": [' + b'{\"a\":1},' * (VALUES // 3 - 10) + b'1]}'",
    "short texts": "b'{\"cells\": [], \"a\": [' + '\"€xyz\",'.encode() * (VALUES - 10) + b'1]}'",
}
_PEAK = """
import resource
from grader.intake.notebook import VALUES, parse_notebook
from grader.intake.untrusted import Unreadable
data = {data}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    parse_notebook(data)
except Unreadable as sentence:
    assert "cells" in str(sentence), sentence
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.stress
@pytest.mark.parametrize("kind", LARGEST)
def test_reading_takes_a_few_hundred_megabytes(kind: str) -> None:
    code = _PEAK.format(data=LARGEST[kind])
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    assert int(run.stdout) < 400, run.stdout


def test_emoji_in_a_very_large_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "_BYTES_WITH_EMOJI", 1000)
    data = json.dumps({"nbformat": 4, "cells": [], "metadata": "x" * 2000 + "😀"}, ensure_ascii=False).encode()
    with pytest.raises(Unreadable, match="emoji"):
        parse_notebook(data)
    assert parse_notebook(data.replace("😀".encode(), b"")) == ()


def test_all_cells_together_have_a_limit() -> None:
    cells = [{"cell_type": "code", "source": "#" * (notebook.SOURCE_CHARACTERS - 1)}] * 5
    with pytest.raises(Unreadable, match="The cells of the notebook have 5242875 characters"):
        parse_notebook(json.dumps({"nbformat": 4, "cells": cells}).encode())


def test_pygments_knows_the_languages_that_are_coloured() -> None:
    from pygments.lexers import get_lexer_by_name

    for language in markdown._LANGUAGES - {"txt"}:  # nbconvert shows what it does not know as plain text
        get_lexer_by_name(language)
