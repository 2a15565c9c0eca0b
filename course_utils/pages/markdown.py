"""Markdown as nbconvert renders it, at a cost that nobody's text can drive up: pure.

nbconvert's renderer walks to the end of a text again and again for what is opened and never closed, and colours a block of code in
whatever language it claims to be. So a text is weighed first, in one pass. What is too much is shown as the text that it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

LONGEST = 20_000  # characters of one text, pictures left out: some twenty times what a lab asks for
PICTURES = 16 * 2**20  # characters of all pictures that one text shows
_STEPS = 2_000_000  # over all openers of formulas, the characters that may lie behind them: some 50 ms
_RENDERED = 2**20  # characters: one reference can be asked for by thousands of links
_OPENERS = re.compile(r"\\begin\{|\\\\[(\[]")
_DATA = re.compile(r"(data:image/(?:png|jpeg|gif|webp);base64,)([A-Za-z0-9+/=]+)")
_ATTACHED = re.compile(r"attachment:([^\s()<>\"']+)")
_HELD = re.compile(r";base64,held([0-9]{1,6})held")
_LANGUAGE = re.compile(r"(?<![`~])(?:```|~~~)[`~]*+[^\S\n]*+([^\s`]++)")  # what a block of code claims to be
# Pygments knows hundreds of languages, and some of them take for ever; these take a tenth of a second for this many characters.
_LANGUAGES = frozenset(["python", "python3", "py", "text", "txt", "bash", "sh", "shell", "json", "latex", "tex", "c", "cpp", "r"])
_COLOURED = 4000
_GAP = re.compile(r"\n(?=[\s\ufeff\0])")  # before a line that some renderer may take for empty


def render_markdown(source: str, attachments: Mapping[str, Any] | None = None) -> str:
    """HTML that is not cleaned: nbconvert's, or the text itself, escaped, where rendering it would cost too much or fails."""
    if _is_block(source):
        return f"{source}\n\n"
    if not can_afford(source, attachments):
        return as_text(source)
    pictures: list[str] = []
    try:
        text = _DATA.sub(lambda found: found[1] + _hold(found[2], pictures), source)
        attached = {name: {kind: _hold(data, pictures) for kind, data in held.items()} for name, held in (attachments or {}).items()}
        rendered = _nbconvert(text, attached)
    except Exception:  # noqa: BLE001 - a renderer that a stranger's text broke
        return as_text(source)
    shown = sum(len(pictures[int(number)]) for number in _HELD.findall(rendered) if int(number) < len(pictures))
    if len(rendered) > _RENDERED or shown > PICTURES:
        return as_text(source)
    return _HELD.sub(lambda found: _put_back(found, pictures), rendered)


def can_afford(source: str, attachments: Mapping[str, Any] | None = None) -> bool:
    """Whether rendering a text, here or where nbconvert does it unguarded, takes time and room in keeping with its length."""
    length = weight(source)
    pictures = len(source) - length
    pictures += sum(_size(attachments[name]) for name in _ATTACHED.findall(source) if name in attachments) if attachments else 0
    if length > LONGEST or pictures > PICTURES:
        return False
    if len(_OPENERS.findall(source)) * length > _STEPS:
        return False
    languages = {language.lower() for language in _LANGUAGE.findall(source)}
    return not languages or (length <= _COLOURED and languages <= _LANGUAGES)


def weight(source: str) -> int:
    """The characters of a text that a renderer has to understand: all but the pictures in it."""
    return len(source) - sum(len(found[2]) for found in _DATA.finditer(source))


def as_text(source: str) -> str:
    """The text as HTML that shows it letter by letter, as one block of Markdown."""
    return as_block(f"<pre>{html.escape(source)}</pre>")


def as_block(cleaned: str) -> str:
    """HTML as one block of Markdown, which no renderer looks into: it would end at the first empty line."""
    text = cleaned.strip().replace("\r\n", "\n").replace("\r", "\n")
    return "<div>" + _GAP.sub("&#10;", text) + "</div>"


def _is_block(source: str) -> bool:
    """Whether a text is what `as_block` made."""
    return source.startswith("<div>") and source.endswith("</div>") and "\r" not in source and not _GAP.search(source)


def _nbconvert(source: str, attachments: dict[str, dict[str, str]]) -> str:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    return str(MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments)).render(source))


def _size(bundle: Any) -> int:
    return sum(len(data) for data in bundle.values() if isinstance(data, str)) if isinstance(bundle, Mapping) else 0


def _hold(picture: str, pictures: list[str]) -> str:
    """What stands for a picture while the renderer is at work."""
    pictures.append(picture)
    return f"held{len(pictures) - 1}held"


def _put_back(found: re.Match[str], pictures: list[str]) -> str:
    number = int(found[1])
    return f";base64,{pictures[number]}" if number < len(pictures) else found[0]
