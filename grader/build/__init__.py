"""From `solutions/` to what students open, and into an nbgrader course.

`build_lab` writes one lab's folder below `labs/`, `stale` says what in it is no longer what the build would make,
`source_notebook` is a lab as its author sees it, with its answers, and `install` puts a lab into a course.
In go `notebook.py`, `checks.py`, `mistakes.py` and `help.md`; out come a folder without answers, and an assignment of nbgrader.
"""

from grader.build.assign import course_config, generate, scripts_on_path
from grader.build.course import install
from grader.build.release import BuiltLab, build_lab, orphans, stale
from grader.build.source import source_notebook

__all__ = ["BuiltLab", "build_lab", "course_config", "generate", "install", "orphans", "scripts_on_path", "source_notebook", "stale"]
