"""What a page shows of texts: the one gate through which HTML comes into it. Pure; what repeats is made once.

A page is made of our own template, of escaped text, and of what this module gives. Scripts, handlers, forms, frames and outside
pictures never pass, whoever wrote them; links to files that are not in the page are shown as plain text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

import nh3
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course_utils.pages.figures import Album, pictures_in
from course_utils.pages.formulas import with_formulas
from course_utils.pages.markdown import render_markdown
from course_utils.pages.remember import Remembered

ROOM = 16 * 2**20  # characters of rendered text that a process keeps
_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
_IMG = re.compile(r'<img((?:[^>"]|"[^"]*(?:"|\Z))*+)(?:>|\Z)')
_PART = re.compile(r' (src|alt)="([^"]*)"')
_ELSEWHERE = {"src", "srcset", "background", "poster", "cite", "longdesc"}
_ATTRIBUTES = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()} | {
    "*": {"class", "id", "title", "style", "lang", "dir"},
    "a": {"href", "name"},
    "details": {"open"},
}
# enough for tables, boxes and colours; nothing that could lie over the rest of the page
_STYLES = (
    "color background background-color border border-top border-right border-bottom border-left border-color border-style border-width "
    "border-radius border-collapse border-spacing padding padding-top padding-right padding-bottom padding-left margin margin-top "
    "margin-right margin-bottom margin-left text-align vertical-align text-decoration font font-family font-size font-style font-weight "
    "line-height white-space width max-width min-width height max-height overflow overflow-x caption-side list-style list-style-type "
    "display grid-template-columns gap"
)


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if _LINK.match(value) else None
    if attribute in _ELSEWHERE:
        return value if tag == "img" and attribute == "src" else None
    return value


_NEST = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_EMPTY = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_TAGS, _DEPTH = 1000, 200  # the cleaner's time grows with the number of tags times their depth
_GATE = nh3.Cleaner(
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    filter_style_properties=set(_STYLES.split()),
    url_schemes={"http", "https", "mailto", "data"},
    link_rel="noopener noreferrer",
)


def fragment(html: str, *, formulas: bool = True) -> Markup:
    """HTML that somebody wrote or printed, cleaned, with its formulas drawn; as the text that it is where it lies too deep."""
    if html.count("<") > _TAGS and _is_deep(html):
        return Markup(f"<pre>{escape(html, quote=False)}</pre>")
    clean = _GATE.clean(html)
    if "<img" in clean:
        clean = _IMG.sub(_picture, clean)
    return Markup(with_formulas(clean) if formulas else clean)


def _is_deep(html: str) -> bool:
    depth = 0
    for tag in _NEST.finditer(html):
        if tag[2].lower() not in _EMPTY:
            depth += -1 if tag[1] else 1
            if depth > _DEPTH:
                return True
    return False


def markdown(
    source: str, attachments: Mapping[str, Any] | None = None, *, ours: bool = False, pictures: Mapping[str, bytes] | None = None
) -> Markup:
    """Markdown as HTML that is clean, with its formulas drawn. `ours` says that a course's author wrote it: it may be of any length.

    `pictures` are files that lie beside the notebook, by path: those among them that the text shows are put into it.
    """
    held = json.dumps(attachments, sort_keys=True) if attachments else ""
    render = _of_author if ours else _of_student
    shown = pictures_in(source, pictures) if pictures else {}
    if shown:
        return Markup(render(source, held, shown))  # pictures are shown in few cells: too large to be kept
    return Markup((_ours if ours else _theirs)(source, held))


def _of_author(source: str, attachments: str, pictures: Mapping[str, bytes] | None = None) -> str:
    return _with_pictures(_nbconvert(source, attachments), pictures or {})


def _of_student(source: str, attachments: str, pictures: Mapping[str, bytes] | None = None) -> str:
    if source.startswith("<div>") and source.endswith("</div>"):  # cleaned before it was graded, with its pictures in it
        return str(fragment(source))
    return _with_pictures(render_markdown(source, json.loads(attachments) if attachments else None), pictures or {})


def _with_pictures(rendered: str, pictures: Mapping[str, bytes]) -> str:
    album = Album(pictures)
    return album.put_back(str(fragment(album.hold(rendered))))


def _nbconvert(source: str, attachments: str) -> str:
    renderer = IPythonRenderer(escape=False, attachments=json.loads(attachments) if attachments else {})
    return str(MarkdownWithMath(renderer=renderer).render(source))


_ours, _theirs = Remembered(_of_author, ROOM), Remembered(_of_student, ROOM)


def _picture(found: re.Match[str]) -> str:
    """A picture that the page holds itself; one from elsewhere is named, because nothing is loaded."""
    about = dict(_PART.findall(found[1]))
    source = unescape(about.get("src", ""))
    if _PICTURE.fullmatch(source):
        return found[0]
    name = about.get("alt") or escape(source.rpartition("/")[2][:80]) or "a picture"
    if _LINK.match(source):
        return f'<a href="{escape(source)}" rel="noopener noreferrer">picture: {name}</a>'
    return f'<span class="elsewhere">[picture: {name}]</span>'
