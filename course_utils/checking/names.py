"""What the names in a probe's parameters stand for: the student's objects, and libraries on the student's side."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

MODULE = "module:"  # before a module's full name: the library itself, whatever the notebook has under that name


def find(name: str, namespace: Mapping[str, Any]) -> Any:
    """The object of that name. LookupError with a sentence where there is none."""
    if name.startswith(MODULE):
        try:
            return importlib.import_module(name.removeprefix(MODULE))
        except ImportError as error:
            raise LookupError(f"{name.removeprefix(MODULE)} cannot be imported here: {error}") from None
    if name not in namespace:
        raise LookupError(f"{name} is not defined")
    return namespace[name]
