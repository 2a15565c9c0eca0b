"""A notebook as one page that needs nothing else: prose, code, outputs, and the explorers and predictions alive. Pure.

The only script on it is this package's own, named by its digest in the page's policy. What the notebook's writer put into it is cleaned
as in feedback pages, and what lives is drawn from data.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from course_utils.pages.cells import body, is_python
from course_utils.pages.outputs import joined, shown
from course_utils.pages.style import page_style
from course_utils.pages.widgets import VIEW, Box, Living, Widgets, scripts, styles

GENERATOR = "handgrad page"
_HERE = Path(__file__).parent
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
_SECTION = re.compile(r'<h2[^>]*? id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_ANCHOR = re.compile(r'<a [^>]*class="anchor-link"[^>]*>.*?</a>', re.DOTALL)
_LINK = re.compile(r"</?a\b[^>]*>")
_SECTIONS = 4  # from so many on, a page has a list of them
_HEADING = re.compile(r"^#\s+(.+)$", re.MULTILINE)
_UNRUN = '<p class="notice">This notebook was not run: there are no results on this page.</p>\n'
_STILL = "<small>In the notebook this can be moved; here it stands still.</small>"
_DAMAGED = "<small>Something in this cell is damaged and left out.</small>"


@dataclass
class Made:
    """A page, and what its maker is to be told of it."""

    html: bytes = b""
    alive: dict[str, int] = field(default_factory=lambda: {"explorer": 0, "prediction": 0})  # how many of each work
    still: int = 0  # widgets that stand still because their state was not saved with the notebook
    foreign: int = 0  # widgets that stand still because they need Python behind them
    cells: int = 0  # of code that say anything
    run: int = 0  # of these
    stopped: int = 0  # with an error


def make_page(notebook: Mapping[str, Any], name: str, pictures: Mapping[str, bytes] | None = None) -> Made:
    """One page of a notebook, which is not changed. `pictures` are the files beside it that its prose may show, by path."""
    page = _Page(notebook, pictures or {})
    cells = list(page.cells())
    whole = "\n".join(cells)
    cells.insert(1 if cells and "<h1" in cells[0] else 0, _contents(whole))
    made, kinds = page.made, {one.kind for one in page.living.values()}
    script = scripts(kinds) + _read("page.js") if kinds else ""
    digest = base64.b64encode(hashlib.sha256(f"\n{script}".encode()).digest()).decode()
    parts = {
        "policy": _POLICY + (f"; script-src 'sha256-{digest}'" if script else ""),
        "generator": GENERATOR,
        "title": escape(_title(notebook) or name),
        "style": page_style() + styles(kinds) + _read("notebook.css") + (_font() if "<math" in whole else ""),
        "notice": _UNRUN if made.cells and not made.run else "",
        "cells": "\n".join(cells),
        "footer": _footer(name, made),
        "data": "\n".join(f'<script type="application/x-widget" id="{place}">{one.packed}</script>' for place, one in page.living.items()),
        "script": f'<script type="module">\n{script}</script>\n' if script else "",
    }
    made.html = _read("notebook.html").format(**parts).encode("utf-8", "replace")
    return made


def _title(notebook: Mapping[str, Any]) -> str:
    """The first heading of the notebook, without the marks of Markdown."""
    texts = (joined(cell.get("source", "")) for cell in _dicts(notebook.get("cells")) if cell.get("cell_type") == "markdown")
    found = next((found for text in texts if (found := _HEADING.search(text))), None)
    return re.sub(r"[*`$]|<[^>]*>", "", found[1]).strip() if found else ""


def _contents(cells: str) -> str:
    """The sections of a long page, as links."""
    found = _SECTION.findall(cells)
    if len(found) < _SECTIONS:
        return ""
    links = [f'<li><a href="#{place}">{_LINK.sub("", _ANCHOR.sub("", words))}</a></li>' for place, words in found]
    return f'<details class="contents"><summary>Contents</summary><ul>{"".join(links)}</ul></details>'


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _font() -> str:
    """A font for formulas: few phones have one, and roots and brackets need its larger forms."""
    letters = base64.b64encode((_HERE / "formulas.woff2").read_bytes()).decode()
    face = f'@font-face {{ font-family: "formulas"; src: url("data:font/woff2;base64,{letters}") format("woff2"); }}'
    return f'{face}\nmath {{ font-family: "formulas", math, serif; }}\n'


def _footer(name: str, made: Made) -> Markup:
    said = f"{escape(name)} as a page. It needs no network and sends nothing to anybody."
    if sum(made.alive.values()):
        said += " Move the explorers, choose before you read on: nothing of it is kept."
    return Markup(said)


def _dicts(values: Any) -> list[Mapping[str, Any]]:
    return [value for value in values if isinstance(value, Mapping)] if isinstance(values, Sequence) else []


class _Page:
    """One page while it is made: what lives on it, and what was counted."""

    def __init__(self, notebook: Mapping[str, Any], pictures: Mapping[str, bytes]) -> None:
        self.made = Made()
        self.living: dict[str, Living] = {}  # by the place of its data on the page
        self._places: dict[str, str] = {}  # by the widget's number
        metadata = notebook.get("metadata") or {}
        self._notebook, self._pictures, self._coloured = notebook, pictures, is_python(metadata)
        self._widgets = Widgets(metadata)

    def cells(self) -> Iterator[str]:
        for cell in _dicts(self._notebook.get("cells")):
            source, outputs = joined(cell.get("source", "")), _dicts(cell.get("outputs"))
            if cell.get("cell_type") == "code" and source.strip():
                self.made.cells += 1
                self.made.run += bool(outputs or cell.get("execution_count"))
                self.made.stopped += any(output.get("output_type") == "error" for output in outputs)
            try:
                yield body(cell, source, self._coloured, files=self._pictures)
                drawn = [output for output in self._outputs(outputs) if output]
            except (AttributeError, KeyError, TypeError, ValueError):  # a stranger's file holds what it likes
                drawn = [_DAMAGED]
            if drawn:
                yield f'<div class="outputs">\n{"".join(drawn)}\n</div>'

    def _outputs(self, outputs: list[Mapping[str, Any]]) -> Iterator[str]:
        rest = iter(outputs)
        for output in rest:
            number = ((output.get("data") or {}).get(VIEW) or {}).get("model_id")
            found = self._widgets.find(number) if number else None
            if not number:
                yield from shown([output], hide_traces=False)
            elif found:
                after = next(rest, None) if self._widgets.is_doubled(number) else None
                picture = "".join(shown([after or output], hide_traces=False))
                yield f'<div class="alive">{self._alive(found)}<div class="still">{picture}</div></div>'
            else:
                yield from self._still(output, rest)

    def _still(self, output: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Iterator[str]:
        """What cannot live: its picture or its words, in the same output or in the next, with a note."""
        drawn = [output] if joined((output.get("data") or {}).get("text/plain", "")).strip() else [*filter(None, [next(rest, None)])]
        yield from shown(drawn, hide_traces=False)
        if any("text/html" in (one.get("data") or {}) for one in drawn):
            return  # a prediction or a quiz: its words say how to use them here
        if self._widgets.is_saved(output["data"][VIEW]["model_id"]):
            self.made.foreign += 1
        else:
            self.made.still += 1
        yield _STILL

    def _alive(self, found: Living | Box) -> str:
        """Where a widget is to live. Its data are put on the page once, however often it is shown."""
        if isinstance(found, Box):
            return f'<div class="{found.way}">{"".join(map(self._alive, found.parts))}</div>'
        place = self._places.setdefault(found.number, f"widget-{len(self._places)}")
        self.living[place] = found
        self.made.alive[found.kind] += 1
        return f'<div data-alive="{place}"></div>'
