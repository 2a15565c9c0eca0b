"""HTML and formulas without what could act in a reader's browser, at a cost that nobody's text can drive up: pure."""

from __future__ import annotations

import html
import re

import nh3

# The cleaner's time grows with the number of tags times their depth, with the square of a tag's attributes, and its text can grow a
# hundredfold where tags overlap. So a text is short, or its tags are closed each in its turn, as pandas and others write them.
_SHORT, _TAGS = 5000, 300  # characters, tags
_DEPTH = 100
_GROWTH = 10
_TAG = re.compile(
    r"<!--[^<>]*+(?<=--)>|"
    r"<(/?)([A-Za-z][A-Za-z0-9]*+)(?:\s++[A-Za-z_:][\w:.-]*+(?:=(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'=<>`/]++))?+){0,30}+\s*+(/?)>"
)
_EMPTY = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
# What in a formula is no formula: MathJax makes links, styles and names of it, or loads more of itself.
_ACTING = re.compile(r"\\(?=(?:href|url|style|class|cssId|data|html\w*|require|csname|includegraphics|mmlToken|unicode)(?![A-Za-z]))")


def clean_html(text: str) -> str:
    """HTML without scripts, handlers, styles, forms and outside content; pictures only as data."""
    if _is_tame(text):
        cleaned = nh3.clean(text, url_schemes={"http", "https", "mailto", "data"}, attribute_filter=_attribute)
        if len(cleaned) <= _GROWTH * len(text) + 1000:
            return clean_formulas(cleaned)
    return clean_formulas(f"<pre>{html.escape(text)}</pre>")


def clean_formulas(text: str) -> str:
    """Text whose formulas are only formulas: what MathJax would act upon is shown as letters."""
    return _ACTING.sub(r"\\ ", text) if "\\" in text else text


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute in ("src", "srcset", "background", "poster", "cite", "longdesc"):
        return value if tag == "img" and attribute == "src" and _PICTURE.fullmatch(value) else None
    if attribute == "href":
        return value if _LINK.match(value) else None
    return value


def _is_tame(text: str) -> bool:
    """Whether cleaning takes time in keeping with the length."""
    tags = text.count("<")
    if len(text) <= _SHORT and tags <= _TAGS:
        return True
    open_: list[str] = []
    for tag in _TAG.finditer(text):
        tags -= 1
        closes, name, ends = tag[1], (tag[2] or "").lower(), tag[3]
        if closes:
            if not open_ or open_.pop() != name:
                return False
        elif name and name not in _EMPTY:
            open_.append(name)
            if ends or len(open_) > _DEPTH:
                return False
    return tags == 0 and not open_
