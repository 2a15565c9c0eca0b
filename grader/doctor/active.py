"""What in a page would do something in a reader's browser: scripts, handlers, addresses that are loaded or lead to a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

_DOING = {"script", "iframe", "frame", "object", "embed", "applet", "base", "form", "animate", "set", "foreignobject", "portal", "link"}
_LOADED = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href", "ping", "code", "manifest"}
_FOLLOWED = {"href", "xlink:href", "action", "formaction", "src", "data", "from", "to", "values"}
_SCRIPT_ADDRESS = re.compile(r"^[\s\x00-\x20]*(javascript|vbscript|data:text/html|data:image/svg|data:application)", re.IGNORECASE)
_OUTSIDE = re.compile(r"\s*(https?:|ftp:|file:)?//", re.IGNORECASE)
_CSS_ADDRESS = re.compile(r"url\(\s*['\"]?\s*(?:https?:)?//|@import|expression\(|-moz-binding", re.IGNORECASE)
_ACTIVE_TYPES = ("javascript", "widget-view", "widget-state", "application/pdf", "application/vnd", "text/x-python")
_MATH = re.compile(r"\\(?:href|url|unicode|require|style|cssId|class)\s?\{[^}]{0,200}\}")
_PIECE = 2000  # characters
_LONG = re.compile(rf"[^>]{{{2 * _PIECE + 1},}}")
_MATHJAX = re.compile(r"MathJax\.js|/tex-[a-z-]{1,30}\.js")


class _Finder(HTMLParser):
    """Collects what is active, each as a short text by which two pages can be compared."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.formulas: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name.lower(): (value or "") for name, value in attrs}
        if tag in _DOING or (tag == "meta" and told.get("http-equiv", "").lower() == "refresh"):
            self.found.append(f"<{tag}> {told.get('src') or told.get('href') or told.get('content') or ''}".strip()[:200])
        self._inside = tag if tag in ("script", "style") else ""
        for name, value in told.items():
            self.found += _attribute(tag, name, value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.found.append(f"script: {data.strip()[:300]}")
        elif self._inside == "style" and _CSS_ADDRESS.search(data):
            self.found.append(f"style: {data.strip()[:300]}")
        else:
            self.formulas += [f"formula: {formula}" for formula in _MATH.findall(data) if "script:" in formula.lower()]


def _attribute(tag: str, name: str, value: str) -> Iterator[str]:
    loaded = name in _LOADED or (name == "href" and tag in ("link", "use", "image"))
    if (
        name.startswith("on")
        or name == "srcdoc"
        or (name in _FOLLOWED and _SCRIPT_ADDRESS.match(value) and tag != "img")  # a picture runs nothing, not even one in SVG
        or (loaded and _OUTSIDE.match(value))
        or (name == "style" and _CSS_ADDRESS.search(value))
    ):
        yield f"<{tag} {name}> {value[:200]}"


def in_page(page: str) -> set[str]:
    """What is active in an HTML page."""
    finder = _Finder()
    finder.feed(_LONG.sub(_shortened, page))
    finder.close()
    return set(finder.found + (finder.formulas if _typesets_anything(page) else []))


def _shortened(found: re.Match[str]) -> str:
    """A long piece in which no tag ends, without its middle: the parser takes quadratic time over what is left open."""
    return found[0][:_PIECE] + found[0][-_PIECE:]


def _typesets_anything(page: str) -> bool:
    """Whether a page loads MathJax without its extension that refuses scripts in formulas."""
    addresses = (re.split(r"[\"'\s]", page[found.start() : found.start() + 200], maxsplit=1)[0] for found in _MATHJAX.finditer(page))
    return any("Safe" not in address for address in addresses)


def in_notebook(text: str) -> set[str]:
    """What is active in a notebook when JupyterLab or formgrader shows it."""
    try:
        notebook = json.loads(text)
    except ValueError:
        return set()
    found: set[str] = {f"metadata: {name}" for name in notebook.get("metadata", {}) if name == "widgets"}
    for cell in notebook.get("cells", ()):
        if cell.get("cell_type") == "markdown":
            found |= in_page(_joined(cell.get("source", "")))
        for output in cell.get("outputs", ()):
            found |= _in_data(output.get("data", {}))
        for bundle in (cell.get("attachments") or {}).values():
            found |= {f"attachment of type {kind}" for kind in bundle if kind not in ("image/png", "image/jpeg", "image/gif")}
    return found


def _in_data(data: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    for kind, content in data.items():
        if any(word in kind for word in _ACTIVE_TYPES):
            found.add(f"output of type {kind}")
        elif kind in ("text/html", "image/svg+xml", "text/markdown"):
            found |= in_page(_joined(content))
    return found


def _joined(source: Any) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
