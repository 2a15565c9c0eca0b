"""Consoles that know few letters: what they cannot show is spelt in letters that they can, and nothing ends in an error.

Windows' cp1252 and cp932, and `LC_ALL=C`, lack ticks, crosses, Greek letters or all of these.
"""

from __future__ import annotations

import codecs
import io
import re
import shlex
import sys
import unicodedata
from pathlib import Path

_NAME = "handgrad"  # of the rule, among Python's own "replace", "ignore" and so on
_SPELT = {
    "✓": "+", "✗": "x", "○": "o", "●": "*", "◆": "*", "▶": ">", "•": "*", "·": "*", "…": "...", "⋯": "...",
    "−": "-", "–": "-", "—": "--", "×": "x", "÷": "/", "⁄": "/", "±": "+-", "√": "sqrt", "∞": "inf", "∂": "d", "∇": "grad ",
    "∑": "sum", "∏": "prod", "∫": "int", "∈": " in ", "∀": "all ", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∼": "~", "≡": "==",
    "≪": "<<", "≫": ">>", "→": "->", "←": "<-", "↑": "^", "↓": "v", "↦": "->", "⇒": "=>", "⇔": "<=>", "⊙": "*", "∘": "o", "∝": "~",
    "′": "'", "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‖": "||", "⟨": "<", "⟩": ">",
    "°": " deg", "ℓ": "l", "ß": "ss", "█": "#", "▌": "|", "¦": "|",
}  # fmt: skip
_RAISED = {"<super>": "^", "<sub>": "_"}
_BARE = re.compile(r"[\w@%+=:,./\\-]+")  # needs no quotes in any shell, whatever the language


def spelt(text: str) -> str:
    """A text in ASCII, as readable as it goes: `x² ≤ σ` is `x^2 <= sigma`. A letter of a script of its own becomes `?`."""
    found, before = [], ""
    for letter in text:
        sign = _RAISED.get(unicodedata.decomposition(letter).partition(" ")[0], "")
        found.append(("" if sign == before else sign) + _letter(letter))  # one sign before several raised letters
        before = sign
    return "".join(found)


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in _SPELT:
        return _SPELT[letter]
    whole = "".join(_part(part) for part in unicodedata.normalize("NFKD", letter))
    return whole if whole or unicodedata.combining(letter) else "?"


def _part(part: str) -> str:
    """A part of a letter: accents and strokes are left out, Greek letters are named, lines of boxes become lines."""
    if part.isascii() or part in _SPELT:
        return _SPELT.get(part, part)
    name = unicodedata.name(part, "")
    if unicodedata.combining(part):
        return ""
    if name.startswith(("GREEK ", "LATIN ")) and " LETTER " in name:
        word = name.partition(" LETTER ")[2].partition(" WITH ")[0].rpartition(" ")[2].lower()
        word = "lambda" if word == "lamda" else word
        return word.capitalize() if part.isupper() else word
    if name.startswith("BOX DRAWINGS"):
        return "+" if " AND " in name else "-" if name.endswith("HORIZONTAL") else "|"
    return "*" if name.startswith("BRAILLE") else "?"


def _spell(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return spelt(error.object[error.start : error.end]), error.end


def be_readable() -> None:
    """Let this process's output spell what its console cannot show.

    UTF-8 shows every letter, but not half of one, as in the name of a file that another encoding wrote.
    """
    codecs.register_error(_NAME, _spell)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def typed(path: Path) -> str:
    """A path as one types it in a command: in quotes where it needs some. Windows knows only double ones."""
    text = str(path)
    if _BARE.fullmatch(text):
        return text
    return shlex.quote(text) if set(text) & set('"$`!\\') and sys.platform != "win32" else f'"{text}"'
