"""What an installation for students leaves out, and how whoever needs it is told: one sentence with the command.

`pip install handgrad` brings what all labs but those on torch need. `handgrad[torch]`, `handgrad[grader]` and others bring the rest.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from course_utils.errors import UserError

# by extra, the modules that nothing else brings
MODULES = {
    "torch": ("torch",),
    "grader": ("msgpack", "nbgrader"),
    "site": ("msgpack", "nbgrader", "jupyterlite_core", "jupyterlite_pyodide_kernel"),
}
_UNIX = ("fcntl", "pwd", "resource")  # Python on Windows is without these
_LINUX = "is for instructors, and needs Linux. What students type runs here; on Windows, WSL runs the rest."


def has(module: str) -> bool:
    """Whether a module is installed; it is not imported."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # somebody blocked it
        return False


def extra_of(module: str) -> str:
    """The extra that brings a module; "" for what belongs to none."""
    return next((extra for extra, modules in MODULES.items() if module.partition(".")[0] in modules), "")


def command(extra: str) -> str:
    """What to type to get an extra; double quotes are right in every shell."""
    return f'pip install "handgrad[{extra}]"'


def require(extra: str, verb: str) -> None:
    """Raise UserError where the extra that a verb needs, "" for none, is not installed or cannot be used on this system."""
    if extra and not all(map(has, _UNIX)):
        raise UserError(f"`handgrad {verb}` {_LINUX}")
    missing = [module for module in MODULES.get(extra, ()) if not has(module)]
    if missing:
        raise UserError(_needs(f"`handgrad {verb}`", missing, extra))


def in_terminal(error: ModuleNotFoundError, verb: str) -> str:
    """What a verb says that found a module missing on its way; "" where no extra brings that module."""
    if error.name in _UNIX:
        return f"`handgrad {verb}` {_LINUX}"
    return in_file(error, f"`handgrad {verb}`")


def in_file(error: ModuleNotFoundError, where: str) -> str:
    """The same of a file that imports, or of whatever is named by `where`."""
    module = (error.name or "").partition(".")[0]
    return _needs(where, [module], extra_of(module)) if extra_of(module) else ""


def in_notebook(error: ModuleNotFoundError) -> str:
    """The same for a cell that imports, to stand in the place of the error's own words."""
    module = (error.name or "").partition(".")[0]
    if not extra_of(module):
        return ""
    if sys.platform == "emscripten":
        return f"No module named '{module}': it does not run in a browser. Go on in JupyterLab on your own machine."
    again = f"Run `%{command(extra_of(module))}` in a cell of its own, then this cell again."
    return f"No module named '{module}': it is not installed here. {again}"


def lacks(notebook: Path) -> str:
    """The sentence on a notebook whose set-up cells import what an extra would bring; "" where nothing is missing."""
    missing = [module for module in dict.fromkeys(_set_up(notebook)) if extra_of(module) and not has(module)]
    return _needs(notebook.stem, missing, extra_of(missing[0])) if missing else ""


def _needs(who: str, missing: Sequence[str], extra: str) -> str:
    are, them = ("is", "it") if len(missing) == 1 else ("are", "them")
    return f"{who} needs {' and '.join(missing)}, which {are} not installed here: `{command(extra)}` brings {them}."


def _set_up(notebook: Path) -> Iterator[str]:
    """The modules that the set-up cells of a notebook import; none where it cannot be read."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if "setup" in cell["metadata"].get("tags", ())]
        statements = [statement for source in sources for statement in ast.parse(source).body]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SyntaxError):
        return
    yield from imported(statements)


def imported(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """The top-level modules that statements import at their margin: what stands in a `try` or a function may well be missing."""
    for statement in statements:
        if isinstance(statement, ast.Import):
            yield from (each.name.partition(".")[0] for each in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            yield statement.module.partition(".")[0]
