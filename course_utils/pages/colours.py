"""Colours for code and for what a terminal would colour: HTML from text, each in one pass."""

from __future__ import annotations

import builtins
import keyword
import re
from html import escape

from markupsafe import Markup

from course_utils.pages.remember import Remembered

ROOM = 4 * 2**20  # characters of coloured code that a process keeps
LONGEST = 50_000  # characters of one cell that are coloured
_BUILTINS = "|".join(name for name in dir(builtins) if name.islower() and not keyword.iskeyword(name) and not name.startswith("_"))
# Every branch ends where it is, and what begins as a string is one to its end: no text makes it look twice at the same place.
_TOKEN = re.compile(
    rf"""
    (?P<comment> \#[^\n]* )
  | (?P<string> (?:(?<!\w)[rbuftRBUFT]{{1,2}})? (?:
        \"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+(?:\"\"\"|\\?\Z) | \"(?:[^\"\\\n]|\\.)*+\"?
      | \'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*+(?:\'\'\'|\\?\Z) | \'(?:[^\'\\\n]|\\.)*+\'? ) )
  | (?P<number> (?<![\w.])(?:\d|\.\d)[\w.]* )
  | (?P<defined> (?<=\bdef\ )[^\W\d]\w* | (?<=\bclass\ )[^\W\d]\w* )
  | (?P<decorator> ^[ \t]*@[\w.]+ )
  | (?<![\w.])(?: (?P<keyword> {"|".join(keyword.kwlist)}) | (?P<builtin> {_BUILTINS}) )(?!\w)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_ESCAPE = re.compile(r"\x1b(?:\[([0-9;]*)([A-Za-z])?)?")


def code(source: str) -> Markup:
    """Python with its words, strings, numbers and comments marked."""
    return Markup(_code(source) if len(source) <= LONGEST else escape(source))


def _coloured(source: str) -> str:
    return _TOKEN.sub(lambda found: f'<span class="{found.lastgroup}">{found[0]}</span>', escape(source, quote=False))


_code = Remembered(_coloured, ROOM)


def terminal(text: str) -> Markup:
    """Text in the colours that its escape sequences ask for: eight of them, and bold; all other sequences are left out."""
    if "\x1b" not in text:
        return Markup(escape(text, quote=False))
    parts, pieces, style = _ESCAPE.split(text), [], (0, False)
    for number in range(0, len(parts), 3):
        if number and parts[number - 1] == "m":
            style = _styled(style, parts[number - 2])
        shown = escape(parts[number], quote=False)
        names = " ".join([*([f"c{style[0]}"] if style[0] else []), *(["bold"] if style[1] else [])])
        pieces.append(f'<span class="{names}">{shown}</span>' if names and shown else shown)
    return Markup("".join(pieces))


def _styled(style: tuple[int, bool], codes: str) -> tuple[int, bool]:
    """The colour (0: the page's own) and weight after a sequence such as "1;31"."""
    colour, bold = style
    numbers = [int(number or 0) for number in codes.split(";")] if len(codes) <= 40 else [0]
    while numbers:
        match numbers.pop(0):
            case 0:
                colour, bold = 0, False
            case 1:
                bold = True
            case 22:
                bold = False
            case 39:
                colour = 0
            case value if 30 <= value <= 37 or 90 <= value <= 97:
                colour = value % 10 % 7
            case 38 | 48 as ground:
                wanted = _extended(numbers)
                colour = wanted if ground == 38 else colour
    return colour, bold


def _extended(numbers: list[int]) -> int:
    """The nearest of the eight colours to one of 256 or of all; takes its numbers away."""
    kind = numbers.pop(0) if numbers else 0
    if kind == 2:
        parts, numbers[:3] = numbers[:3], []
    else:
        index = numbers.pop(0) if numbers else 0
        if index < 16:
            return index % 8 % 7
        parts = _cube(index)
    most = max(parts, default=0)
    bits = sum(1 << place for place, part in enumerate(parts) if part > 0.6 * most) if most else 0
    return bits % 7  # grey of any kind is the page's own colour


def _cube(index: int) -> list[int]:
    place = index - 16
    return [place // 36, place // 6 % 6, place % 6] if index < 232 else [0, 0, 0]
