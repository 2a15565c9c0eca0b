"""From `solutions/` to what students open, and into an nbgrader course.

`build_lab` writes one lab's folder below `labs/`, `stale` says what in it is no longer what the build would make,
`source_notebook` is a lab as its author sees it, with its answers, and `install` puts a lab into a course.
In go `notebook.py`, `checks.py`, `mistakes.py` and `help.md`; out come a folder without answers, and an assignment of nbgrader.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.build.assign import course_config, generate, scripts_on_path
    from grader.build.course import install
    from grader.build.release import BuiltLab, build_lab, is_built, orphans, stale
    from grader.build.source import source_notebook

__all__ = [
    "BuiltLab",
    "build_lab",
    "course_config",
    "generate",
    "install",
    "is_built",
    "orphans",
    "scripts_on_path",
    "source_notebook",
    "stale",
]

_HOMES = {
    "course_config": "assign",
    "generate": "assign",
    "install": "course",
    "scripts_on_path": "assign",
    "source_notebook": "source",
}


def __getattr__(name: str) -> Any:
    """Import what is behind a name when it is first asked for: a class that is graded already needs no builder."""
    if name not in __all__:
        raise AttributeError(f"module 'grader.build' has no attribute {name!r}: it offers {', '.join(__all__)}")
    return getattr(importlib.import_module(f"grader.build.{_HOMES.get(name, 'release')}"), name)
