"""Formulas in a page as MathML, which browsers draw by themselves: no script, no font and no network is needed. Pure, and linear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

import nh3
from math_core import LatexError, LatexToMathML

LONGEST = 2000  # characters of one formula; a longer one is shown as its source
TEXT = 100_000  # characters between the tags of one fragment; formulas in a longer one are not looked for
_TAG = re.compile(r'(<(?:[^>"]|"[^"]*(?:"|\Z))*+(?:>|\Z))')  # it matches wherever a tag begins: nothing is looked at twice
_LITERAL = frozenset({"pre", "code", "kbd", "samp", "math"})
_MARK = re.compile(r"(\\[\\$]|\$\$|\$|\\[()\[\]]|\\(?:begin|end)\{[a-zA-Z]{1,20}\*?\})")
_CLOSES = {"$$": "$$", "$": "$", r"\(": r"\)", r"\[": r"\]"}
_NEAR = 16  # marks between which the $ is looked for that is in no braces
_INLINE = ("$", r"\(")
# What MathJax knows by another name, and numbers that would begin at 1 in every formula
_ENVIRONMENTS = {
    "split": "aligned",
    "eqnarray": "align*",
    "eqnarray*": "align*",
    "equation": "equation*",
    "align": "align*",
    "gather": "gather*",
}
_ENVIRONMENT = re.compile(r"(\\(?:begin|end)\{)([a-z]{1,20}\*?)(?=\})")
_MACROS = {"mbox": r"\text{#1}", "mathbbm": r"\mathbb{#1}", "bold": r"\mathbf{#1}"}
_ELEMENTS = (
    "math mrow mi mo mn ms mtext mspace msup msub msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd mstyle mpadded "
    "mphantom mmultiscripts mprescripts menclose"
)
_ATTRIBUTES = (
    "style mathvariant displaystyle scriptlevel lspace rspace stretchy symmetric minsize maxsize width height depth "
    "columnalign rowspacing columnspacing fence separator accent accentunder linethickness form largeop movablelimits notation"
)
_STYLES = (
    "color background-color border border-left border-right border-top width padding padding-left padding-right text-align "
    "justify-items margin-left"
)
_CONVERTER = LatexToMathML(fancy_error=False, macros=_MACROS, allow_unreliable_rendering=True)
_CLEANER = nh3.Cleaner(
    tags=set(_ELEMENTS.split()),
    attributes={"*": set(_ATTRIBUTES.split()), "math": {"display"}},
    filter_style_properties=set(_STYLES.split()),
)


def with_formulas(html: str) -> str:
    """A fragment of clean HTML in which formulas, written as Jupyter takes them, are drawn; those in code stay as they are."""
    if "$" not in html and "\\" not in html:
        return html
    literal, parts = 0, _TAG.split(html)
    if sum(map(len, parts[::2])) > TEXT:
        return html
    for number, part in enumerate(parts):
        if number % 2:
            literal += _depth(part)
        elif literal <= 0:
            parts[number] = "".join(_drawn(part))
    return "".join(parts)


def formula(source: str, *, display: bool) -> str:
    """One formula as MathML; its source as code where it cannot be drawn."""
    if len(source) <= LONGEST:
        known = source.replace(r"\newcommand", r"\providecommand")  # what the converter knows anyway, it refuses to be told
        if r"\tag" not in source and r"\label" not in source:
            known = _ENVIRONMENT.sub(lambda found: found[1] + _ENVIRONMENTS.get(found[2], found[2]), known)
        try:
            drawn = _CLEANER.clean(_CONVERTER.convert_with_local_state(known.strip(), displaystyle=display))
        except LatexError:
            pass
        else:
            # in a narrow window a long formula scrolls by itself
            return f'<span class="formula">{drawn}</span>' if display else drawn
    return f'<code class="tex">{escape(source.strip())}</code>'


def _depth(tag: str) -> int:
    """How a tag changes the number of open elements whose text is to be shown as it is."""
    name = tag[1:].lstrip("/").split(">")[0].split()
    return (-1 if tag.startswith("</") else 1) if name and name[0] in _LITERAL else 0


def _drawn(text: str) -> Iterator[str]:
    """A stretch of text between two tags. What is opened and never closed is no formula."""
    parts = _MARK.split(text)
    last = {mark: number for number, mark in enumerate(parts) if number % 2}
    number = 0
    while number < len(parts):
        part = parts[number]
        closing = _closing(part) if number % 2 else None
        if closing is not None and last.get(closing, -1) > number:
            end = _end(parts, number, closing)
            yield _between(parts[number : end + 1])
            number = end + 1
        else:
            yield "$" if part == r"\$" else part
            number += 1


def _closing(mark: str) -> str | None:
    return mark.replace("begin", "end", 1) if mark.startswith(r"\begin") else _CLOSES.get(mark)


def _end(parts: list[str], number: int, closing: str) -> int:
    """Where a formula ends: at its first closing mark, but a $ in braces, as in \\text{if $x$}, closes nothing."""
    depth = 0
    for later in range(number + 1, min(len(parts), number + _NEAR)):
        part = parts[later]
        if later % 2 == 0:
            depth += part.count("{") - part.count("}")
        elif part == closing and (depth <= 0 or closing not in _INLINE):
            return later
    return parts.index(closing, number + 1)


def _between(parts: list[str]) -> str:
    begin, source = parts[0], unescape("".join(parts[1:-1]))
    if begin.startswith(r"\begin"):
        return formula(f"{begin}{source}{parts[-1]}", display=True)
    return formula(source, display=begin not in _INLINE) if source.strip() else "".join(parts)
