"""Where things lie on this machine that a sandbox has to show, to cover or to bring along."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path


def folder(package: object) -> Path:
    """The folder of a package that is imported."""
    return Path(str(getattr(package, "__file__", ""))).resolve().parent


def locations(name: str) -> list[Path]:
    """Where a top-level package lies, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        return []
    if spec.submodule_search_locations is not None:
        return [Path(place) for place in spec.submodule_search_locations]
    return [Path(spec.origin)] if spec.origin and Path(spec.origin).is_file() else []


def listed_fonts() -> Path | None:
    """The list of fonts that matplotlib made for this user last, if there is one: making it takes seconds."""
    places = [os.environ.get("MPLCONFIGDIR"), Path(os.environ.get("XDG_CACHE_HOME", "~/.cache"), "matplotlib")]
    found = [path for place in places if place for path in Path(place).expanduser().glob("fontlist-*.json")]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)
