"""From `solutions/` to what students open, and into an nbgrader course.

`build_lab` writes one lab's folder below `labs/`, `stale` says what in it is no longer what the build would make,
`source_notebook` is a lab as its author sees it, with its answers, `install` puts a lab into a course, and `adopt` lets nbgrader's own
buttons grade through Handgrad.
In go `notebook.py`, `checks.py`, `mistakes.py` and `help.md`; out come a folder without answers, and an assignment of nbgrader.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.build.adopted import THROUGH_HANDGRAD, Adopted, adopt, is_adopted
    from grader.build.assign import generate, scripts_on_path
    from grader.build.config import beside, course_config
    from grader.build.course import install, noted_solutions
    from grader.build.release import BuiltLab, build_lab, is_built, orphans, stale
    from grader.build.source import source_notebook
    from grader.build.upgraded import upgraded

__all__ = [
    "THROUGH_HANDGRAD",
    "Adopted",
    "BuiltLab",
    "adopt",
    "beside",
    "build_lab",
    "course_config",
    "generate",
    "install",
    "is_adopted",
    "is_built",
    "noted_solutions",
    "orphans",
    "scripts_on_path",
    "source_notebook",
    "stale",
    "upgraded",
]

_HOMES = {
    "Adopted": "adopted",
    "THROUGH_HANDGRAD": "adopted",
    "adopt": "adopted",
    "beside": "config",
    "course_config": "config",
    "generate": "assign",
    "install": "course",
    "is_adopted": "adopted",
    "noted_solutions": "course",
    "scripts_on_path": "assign",
    "source_notebook": "source",
    "upgraded": "upgraded",
}


def __getattr__(name: str) -> Any:
    """Import what is behind a name when it is first asked for: a class that is graded already needs no builder."""
    if name not in __all__:
        raise AttributeError(f"module 'grader.build' has no attribute {name!r}: it offers {', '.join(__all__)}")
    return getattr(importlib.import_module(f"grader.build.{_HOMES.get(name, 'release')}"), name)
