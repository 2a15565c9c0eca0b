"""What an instructor runs: build labs, grade submissions in a sandbox, keep nbgrader's books."""

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType

_SERVER = "nbgrader.server_extensions"


def _import_nbgrader() -> None:
    """Import nbgrader's package without the web server that its front door opens: it takes a second, and none of it is used here.

    Whoever asks for the server's parts afterwards gets them, as if nothing had happened.
    """
    parts = ("assignment_list", "course_list", "formgrader", "validate_assignment")
    absent = {name: ModuleType(name) for name in (_SERVER, *(f"{_SERVER}.{part}" for part in parts))}
    for name, module in absent.items():
        module.load_jupyter_server_extension = _loader(name)  # type: ignore[attr-defined]
    sys.modules.update(absent)
    try:
        importlib.import_module("nbgrader")
    finally:
        for name in absent:
            del sys.modules[name]


def _loader(name: str) -> object:
    return lambda app: importlib.import_module(name).load_jupyter_server_extension(app)


if "nbgrader" not in sys.modules and find_spec("nbgrader"):
    _import_nbgrader()
