"""Make what a stranger wrote fit to be shown in somebody else's browser or terminal: pure.

Feedback, formgrader and JupyterLab render a notebook's Markdown and HTML as they are, so everything of the student is cleaned
before it is written into the autograded notebook.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_utils.pages.figures import Album
from course_utils.pages.markdown import as_block, as_text, can_afford, render_markdown, weight
from grader.intake.markup import clean_formulas, clean_html
from grader.intake.repairing import Repaired

OUTPUT_CHARACTERS = 4 * 2**20  # of one cell, pictures included
LINES, TRACEBACK_LINES, OUTPUTS = 1000, 100, 200
_RENDERING = 50  # times as long as to clean a character of text it takes to render one of Markdown
PROSE = 100_000  # characters of a notebook's prose that are rendered: five times what a lab and its answers have
_CONTROL = re.compile(  # colours stay
    r"\x1b(?!\[(?:[0-9]{1,3}(?:;[0-9]{1,3}){0,7})?m)|[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f]"
)
# colours, and what changes the direction of all that follows: a name could turn the rest of its line around
_UNSEEN = re.compile(r"\x1b\[[0-9;]*m|[\u202a-\u202e\u2066-\u2069]")
_BASE64 = re.compile(r"[A-Za-z0-9+/=]*")
# Raw HTML, links, pictures and entities are where Markdown can carry active content.
_ACTIVE_MARKDOWN = re.compile(r"<[A-Za-z/!?]|\]\s*[(:\[]|!\[|&[#\w]")


def clean_text(text: Any, limit: int = OUTPUT_CHARACTERS) -> str:
    """Text without control sequences other than colours, cut at `limit` characters; what is no text is none."""
    text = _joined(text)
    text = text if len(text) <= limit else text[:limit] + "\n... Output truncated ..."
    return _CONTROL.sub("", text.encode("utf-8", "replace").decode())


def _joined(text: Any) -> str:
    """A text as nbformat may hold it: whole, or in a list of lines."""
    if isinstance(text, list):
        return "".join(part for part in text if isinstance(part, str))
    return text if isinstance(text, str) else ""


def one_line(text: str, limit: int = 300) -> str:
    """Text for a log, a table or a message: one line, no control sequences at all."""
    return " ".join(_UNSEEN.sub("", clean_text(text, limit)).split())


def clean_markdown(source: str, attachments: Mapping[str, Any] | None = None, album: Album | None = None) -> str:
    """A Markdown source that renders to nothing active, in no more time than it should. Plain prose and formulas stay as they are.

    Pictures are shown if they are data, attached, or in the `album`.
    """
    if not can_afford(source, attachments):
        return clean_formulas(as_text(source))
    if not _ACTIVE_MARKDOWN.search(source):
        return clean_formulas(source)
    rendered = render_markdown(source, attachments)
    return as_block(album.put_back(clean_html(album.hold(rendered))) if album else clean_html(rendered))


def clean_prose(repaired: Repaired, files: Mapping[str, bytes] | None = None) -> list[str]:
    """Clean what the student wrote as prose: it is going to be rendered in other people's browsers.

    Pictures among the `files` beside the notebook are put into the text. Returns a sentence for those that are too large.
    """
    room, album = PROSE, Album(files or {})
    for cell, role in zip(repaired.notebook.cells, repaired.roles, strict=True):
        if cell.cell_type != "markdown" or not (role is None or role.solution):
            continue
        room -= weight(cell.source)
        if room < 0:
            cleaned = clean_formulas(as_text(cell.source))
        else:
            cleaned = clean_markdown(cell.source, cell.get("attachments"), album)
        if cleaned != cell.source:
            cell.source = cleaned
            cell.pop("attachments", None)  # what is shown of them stands in the text now
    return [f"{one_line(name, 80)} is too large to be shown in the text that names it: open the file." for name in album.too_large]


def clean_outputs(outputs: Iterable[Any]) -> list[NotebookNode]:
    """A cell's outputs as nbformat 4 without active content, within limits."""
    cleaned: list[NotebookNode] = []
    room = OUTPUT_CHARACTERS
    for output in outputs:
        made = _OUTPUTS.get(str(output.get("output_type")), lambda _: None)(output) if isinstance(output, Mapping) else None
        if made is None:
            continue
        room -= _size(made) + _RENDERING * _size_of_markdown(output)
        if room < 0 or len(cleaned) >= OUTPUTS:
            cleaned.append(_stream({"name": "stdout", "text": "... Output truncated ...\n"}))
            break
        cleaned.append(made)
    return cleaned


def _size_of_markdown(output: Mapping[str, Any]) -> int:
    data = output.get("data")
    return len(_joined(data.get("text/markdown"))) if isinstance(data, Mapping) else 0


def _size(output: NotebookNode) -> int:
    """The characters of a cleaned output."""
    texts = [*output.get("data", {}).values(), *output.get("traceback", ())]
    return sum(map(len, texts), len(output.get("text", "")) + len(output.get("evalue", "")) + 50)


def _stream(output: Mapping[str, Any]) -> NotebookNode:
    lines = clean_text(output.get("text", "")).split("\n")
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], "... Output truncated ..."]
    name = "stderr" if output.get("name") == "stderr" else "stdout"
    return NotebookNode(output_type="stream", name=name, text="\n".join(lines))


def _error(output: Mapping[str, Any]) -> NotebookNode:
    trace = output.get("traceback")
    lines = trace if isinstance(trace, list) else []
    if len(lines) > TRACEBACK_LINES:
        half = TRACEBACK_LINES // 2
        lines = [*lines[:half], "... Traceback truncated ...", *lines[-half + 1 :]]
    lines = [clean_text(line) for line in lines]
    name, value = clean_text(output.get("ename", ""), 200), clean_text(output.get("evalue", ""), 10_000)
    return NotebookNode(output_type="error", ename=name, evalue=value, traceback=lines)


def _display(output: Mapping[str, Any]) -> NotebookNode:
    data = output.get("data")
    bundle = _bundle(data if isinstance(data, Mapping) else {})
    about = {kind: _picture_metadata(output.get("metadata"), kind) for kind in bundle if kind.startswith("image/")}
    return NotebookNode(output_type="display_data", data=bundle, metadata=nbformat.from_dict(about))


def _picture_metadata(metadata: Any, kind: str) -> dict[str, Any]:
    """The size and the text of a picture; a page puts them into an <img>, so they are numbers and plain words."""
    found = metadata.get(kind) if isinstance(metadata, Mapping) else None
    found = found if isinstance(found, Mapping) else {}
    sizes = {name: found[name] for name in ("width", "height") if type(found.get(name)) is int and 0 < found[name] < 5000}
    return {**sizes, "alt": one_line(_joined(found.get("alt")) or "a picture")}


def _result(output: Mapping[str, Any]) -> NotebookNode:
    count = output.get("execution_count")
    return NotebookNode(_display(output), output_type="execute_result", execution_count=count if isinstance(count, int) else None)


_OUTPUTS: dict[str, Any] = {"stream": _stream, "error": _error, "display_data": _display, "execute_result": _result}


def _bundle(data: Mapping[str, Any]) -> NotebookNode:
    """The kinds of output that are safe, or can be made so; scripts, widgets and unknown kinds are left out."""
    kept: dict[str, Any] = {}
    texts = {kind: _joined(content) for kind, content in data.items()}
    for kind, content in texts.items():
        if kind in ("image/png", "image/jpeg"):
            content = "".join(content.split())
            if _BASE64.fullmatch(content):
                kept[kind] = content
        elif kind == "text/plain":
            kept[kind] = clean_text(content)
        elif kind == "text/latex":
            kept[kind] = clean_formulas(clean_text(content))
    made_html = _html_of(texts)
    if made_html is not None:
        kept["text/html"] = made_html
    return NotebookNode(kept)


def _html_of(texts: Mapping[str, str]) -> str | None:
    if "text/html" in texts:
        return clean_html(clean_text(texts["text/html"]))
    if "text/markdown" in texts:
        return clean_markdown(clean_text(texts["text/markdown"]) + "\n\n<!-- -->")  # made HTML whatever it holds
    if "image/svg+xml" in texts and "image/png" not in texts:
        # inside <img>, an SVG can neither run scripts nor load anything
        encoded = base64.b64encode(clean_text(texts["image/svg+xml"]).encode()).decode()
        return f'<img alt="a figure" src="data:image/svg+xml;base64,{encoded}">'
    return None
