"""Colours take nothing from a text and add nothing to it but marks, in one pass."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.pages.colours import LONGEST, code, terminal
from course_utils.pages.remember import Remembered

PIECES = st.sampled_from(
    [
        '"',
        "'",
        '"""',
        "'''",
        "\\",
        "\n",
        "#",
        "def ",
        "class ",
        "f",
        "rb",
        "x",
        "1",
        ".",
        "@",
        " ",
        "if",
        "print",
        "<",
        "&",
        "é",
        "\x1b[31m",
        "\x1b[0m",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))
KINDS = {"comment", "string", "number", "defined", "decorator", "keyword", "builtin"}


def plain(html: str) -> str:
    return unescape(re.sub(r"</?span[^>]*>", "", html))


@given(TEXTS)
@settings(max_examples=30)
def test_code_says_the_same_in_colour(source: str) -> None:
    shown = code(source)
    assert plain(shown) == source
    assert set(re.findall(r'<span class="(\w+)">', shown)) <= KINDS


@given(TEXTS)
@settings(max_examples=30)
def test_a_terminals_text_says_the_same_without_its_sequences(text: str) -> None:
    assert "\x1b" not in terminal(text)
    assert plain(terminal(text)) == re.sub(r"\x1b(\[[0-9;]*[A-Za-z]?)?", "", text)


def test_what_is_coloured() -> None:
    shown = code('@cache\ndef f(x):  # two\n    return print(f"{x}") + a.print + 1.5e3 + x1')
    found = re.findall(r'<span class="(\w+)">([^<]*)</span>', shown)
    assert found == [
        ("decorator", "@cache"),
        ("keyword", "def"),
        ("defined", "f"),
        ("comment", "# two"),
        ("keyword", "return"),
        ("builtin", "print"),
        ("string", 'f"{x}"'),
        ("number", "1.5e3"),
    ]


@pytest.mark.parametrize(
    ("codes", "names"),
    [
        ("31", "c1"),
        ("1;32", "c2 bold"),
        ("0", ""),
        ("38;5;28", "c2"),
        ("38;2;200;0;0", "c1"),
        ("90", ""),
        ("38;5;241", ""),
        ("48;5;9", ""),
        ("1" * 50, ""),
    ],
)
def test_eight_colours_of_a_terminal(codes: str, names: str) -> None:
    assert terminal(f"\x1b[{codes}mx\x1b[0m") == (f'<span class="{names}">x</span>' if names else "x")


@pytest.mark.parametrize("unit", ['"', '"""', '"""\\', "'''a", "'\\", "f", "1", "1.", "@", " ", "\n@", "#", "def ", "&", "lambda", "(" * 3])
def test_code_of_any_kind_costs_a_moment(unit: str) -> None:
    started = time.process_time()
    code(unit * (LONGEST // len(unit)))
    assert time.process_time() - started < 1
    assert "<span" not in code("1" * (LONGEST + 1))


def test_escapes_of_any_kind_cost_a_moment() -> None:
    for unit in ("\x1b[31m", "\x1b[31mx", "\x1b", "\x1b[", "\x1b[1;", "\x1b[38;5m"):
        started = time.process_time()
        terminal(unit * (2**16 // len(unit)))
        assert time.process_time() - started < 2


def test_what_is_remembered_has_a_bound() -> None:
    asked: list[str] = []

    def double(text: str) -> str:
        asked.append(text)
        return text * 2

    known = Remembered(double, 240)
    assert [known("a" * 4), known("a" * 4)] == ["a" * 8] * 2
    assert asked == ["aaaa"]
    for letter in "bcdefghijklmnopqrstuvwxyz":
        known(letter * 4)
        known("a" * 4)  # in use all the time
        assert known.size <= 240
    assert asked.count("aaaa") == 1
    known("b" * 4)
    assert asked.count("bbbb") == 2
    known("z" * 100)
    assert known.size <= 240
