"""What of the system every sandbox sees: what programs consist of, and no place where somebody may keep settings, sources or notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOTS = (Path("/usr"), Path("/usr/local"))
_LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")  # on most systems
_PROGRAMS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32", "libexec", "include")
_SHARED = (
    "X11", "ca-certificates", "fontconfig", "fonts", "ghostscript", "glib-2.0", "graphviz", "icons", "icu", "locale", "matplotlib", "mime",
    "misc", "perl", "perl5", "poppler", "tcltk", "terminfo", "texlive", "texmf", "texmf-dist", "zoneinfo",
)  # fmt: skip


def system() -> Iterator[Path]:
    """The folders and links that are there."""
    places = [*map(Path, _LINKS), *(root / name for root in ROOTS for name in _PROGRAMS), *sorted(ROOTS[1].glob("cuda*"))]
    places += [root / "share" / name for root in ROOTS for name in _SHARED]
    yield from (place for place in places if place.is_symlink() or place.exists())


def is_shown(path: Path) -> bool:
    """Whether a path lies in one of them."""
    return any(map(path.is_relative_to, system()))
