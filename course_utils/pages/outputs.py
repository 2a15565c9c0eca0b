"""A cell's outputs as a page shows them. Pure."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from markupsafe import Markup

from course_utils.pages.colours import terminal
from course_utils.pages.formulas import with_formulas
from course_utils.pages.prose import fragment, markdown

_HIDDEN = "A test of this cell failed. Its message is not shown, because it would show a hidden test."


def joined(text: Any) -> str:
    """A text of a notebook's file, which may be a list of its lines."""
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def shown(outputs: Iterable[Mapping[str, Any]], *, hide_traces: bool, hide_errors: bool = False) -> Iterator[Markup]:
    """Each output as HTML; `hide_traces` keeps from a traceback everything but the error itself, `hide_errors` that as well."""
    for output in outputs:
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            yield Markup(f'<pre class="{name}">{terminal(joined(output.get("text", "")))}</pre>')
        elif kind == "error":
            text = _HIDDEN if hide_errors else _trace(output, hide_traces)
            yield Markup(f'<pre class="error">{terminal(text)}</pre>')
        else:
            yield _data(output.get("data") or {}, output.get("metadata") or {})


def _trace(output: Mapping[str, Any], hidden: bool) -> str:
    lines = [] if hidden else output.get("traceback") or []
    return "\n".join(map(str, lines)) or f"{output.get('ename', '')}: {output.get('evalue', '')}"


def _data(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Markup:
    """The kind that says most, in the order of nbconvert."""
    if "text/html" in data:
        html = joined(data["text/html"])
        # a report's own words are no formulas, even where two of them begin with $
        return _boxed(fragment(html, formulas="handgrad-report" not in html[:60]))
    if "text/markdown" in data:
        return _boxed(markdown(joined(data["text/markdown"])))
    if "image/svg+xml" in data:  # inside <img> it can neither run scripts nor load anything
        encoded = base64.b64encode(joined(data["image/svg+xml"]).encode("utf-8", "replace")).decode()
        return _picture("image/svg+xml", encoded, metadata)
    if "text/latex" in data:
        return _boxed(Markup(with_formulas(escape(joined(data["text/latex"]), quote=False))))
    for kind in ("image/png", "image/jpeg"):
        encoded = joined(data.get(kind, ""))
        if encoded and '"' not in encoded and "<" not in encoded:  # all that could end an attribute; the rest is the browser's
            return _picture(kind, encoded, metadata)
    return Markup(f"<pre>{terminal(joined(data['text/plain']))}</pre>" if "text/plain" in data else "")


def _boxed(html: Markup) -> Markup:
    return Markup(f'<div class="output">{html}</div>')


def _picture(kind: str, encoded: str, metadata: Mapping[str, Any]) -> Markup:
    """A picture that the page holds itself; `encoded` is base64."""
    about = metadata.get(kind)
    about = about if isinstance(about, Mapping) else {}
    sizes = "".join(f' {name}="{about[name]:d}"' for name in ("width", "height") if isinstance(about.get(name), int))
    return Markup(f'<img alt="{escape(str(about.get("alt") or "a picture"))}"{sizes} src="data:{kind};base64,{encoded}">')
