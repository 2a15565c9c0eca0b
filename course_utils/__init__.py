"""What a lab's notebook imports."""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["check", "plots"]

_HOMES = {"check": "course_utils.notebook", "plots": "course_utils.plots"}


def __getattr__(name: str) -> Any:
    """Import a part of the front door when it is first asked for, so that a notebook pays only for what it uses."""
    if name not in _HOMES:
        raise AttributeError(f"module 'course_utils' has no attribute {name!r}: it offers {', '.join(__all__)}")
    module = importlib.import_module(_HOMES[name])
    value = module if _HOMES[name].endswith(f".{name}") else getattr(module, name)
    globals()[name] = value
    return value
