"""Pictures that lie beside a notebook, put into the text that shows them: pure.

A reader's browser is given no address to follow, and a page of feedback is one file. So a picture that a text names is shown as data,
as an attached one is.
"""

from __future__ import annotations

import base64
import html
import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote

SHOWN = 16 * 2**20  # characters of all pictures of one album: what one text may hold of attached ones
_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
_IMG = re.compile(r"(?i)(<img\b[^<>]*?\ssrc=)(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>=`]+))")
_HELD = re.compile(r'(src="data:image/(?:png|jpeg|gif|webp);base64,)(held[0-9]{1,9}album)"')
_HEAD = 12  # bytes that tell what a picture is


class Album:
    """The pictures among some files, by path. Each one that a text shows takes some of the album's room.

    A text is cleaned with a few letters in the place of each picture: a photograph would make it too long to be cleaned.
    """

    def __init__(self, files: Mapping[str, bytes], room: int = SHOWN) -> None:
        self._files = files
        self._room = room
        self._held: dict[str, str] = {}  # the path of the picture for which some letters stand, until it is put back
        self._count = 0
        self.too_large: list[str] = []  # paths of those for which no room was left

    def hold(self, rendered: str) -> str:
        """HTML, not cleaned yet, with the letters for each picture of ours in the place of its path; all else stays."""
        return _IMG.sub(self._hold, rendered) if self._files and "<" in rendered else rendered

    def put_back(self, cleaned: str) -> str:
        """Cleaned HTML with the pictures. Each goes where it was taken from and nowhere else, whoever wrote the same letters."""
        return _HELD.sub(self._put_back, cleaned) if self._held else cleaned

    def _hold(self, found: re.Match[str]) -> str:
        name = posixpath.normpath(unquote(html.unescape(found[2] or found[3] or found[4] or "")))
        data = self._files.get(name)
        kind = kind_of_picture(data) if data is not None else None
        if data is None or kind is None:
            return found[0]
        size = 4 * len(data) // 3
        if size > self._room:
            self.too_large += [] if name in self.too_large else [name]
            return found[0]
        self._room -= size
        letters = f"held{self._count}album"
        self._count += 1
        self._held[letters] = name
        return f'{found[1]}"data:image/{kind};base64,{letters}"'

    def _put_back(self, found: re.Match[str]) -> str:
        name = self._held.pop(found[2], None)
        return found[0] if name is None else f'{found[1]}{base64.b64encode(self._files[name]).decode()}"'


def pictures_in(source: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of the files that are pictures and whose path stands in a text of Markdown, as it is or in an address's letters."""
    if not files:
        return {}
    said = source + unquote(source) if "%" in source else source
    return {name: data for name, data in files.items() if name in said and kind_of_picture(data)}


def kind_of_picture(data: bytes) -> str | None:
    """What kind of picture the bytes begin as, of those that every browser shows and that run nothing; None for all else."""
    head = bytes(data[:_HEAD])
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        return "webp"
    return next((kind for start, kind in _KINDS if head.startswith(start)), None)
