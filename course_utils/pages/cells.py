"""A cell's own text as a page shows it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from course_utils.pages.colours import code
from course_utils.pages.prose import markdown


def is_python(metadata: Mapping[str, Any]) -> bool:
    """Whether a notebook's metadata say that its cells are Python; those that say nothing are."""
    told = [(metadata.get("language_info") or {}).get("name"), (metadata.get("kernelspec") or {}).get("language")]
    return next((name for name in told if name), "python") in ("python", "ipython")


def body(cell: Mapping[str, Any], source: str, coloured: bool, *, ours: bool = False, files: Mapping[str, bytes] | None = None) -> Markup:
    """Prose as HTML, code in colours, anything else as its text; empty for an empty cell that is no prose.

    `ours` says that a course's author wrote it, so that it may be of any length; `files` holds the pictures that it may show.
    """
    if cell.get("cell_type") == "markdown":
        return Markup(f'<div class="prose">{markdown(source, cell.get("attachments"), ours=ours, pictures=files)}</div>')
    if cell.get("cell_type") != "code" or not source.strip():
        return Markup(f"<pre>{escape(source)}</pre>" if source.strip() else "")
    count = cell.get("execution_count")
    number = f'<span class="count">[{count:d}]</span>' if isinstance(count, int) else ""
    return Markup(f'<pre class="code">{number}{code(source) if coloured else escape(source)}</pre>')
