"""The style of all pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def page_style() -> str:
    """CSS: colours for light and dark, letters, tables, code, paper."""
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")
