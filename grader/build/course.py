"""Put a lab into an ordinary nbgrader course: `source/`, `release/` and the gradebook, as its own tools would."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config

from grader.build import fingerprint
from grader.build.assign import course_config, generate, scripts_on_path
from grader.build.names import CASES, HINTS

CONFIG = '''"""Settings of an ordinary nbgrader course."""

from grader.build.stubs import preprocessors

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "handgrad"

# The gradebook is gradebook.db beside this file. A course that several machines grade may name a server instead:
# c.CourseDirectory.db_url = "postgresql://user@host/handgrad"

# nbgrader's own steps, with one that lets an unsolved value such as `answer = None` run.
c.GenerateAssignment.preprocessors = preprocessors()

# `nbgrader export` leaves out what was not handed out yet.
c.ExportApp.plugin_class = "grader.books.export.HandedOut"
'''


def install(lab_source: Path, course: Path, *, known: bool = False) -> bool:
    """Put the lab of `solutions/<lab>` into a course; makes the course if there is none. Gives whether there was something to do.

    Students' side only: the course gets the public checks, never the hidden ones or the mistakes. Does nothing when the lab in
    the course is what this would make, and its gradebook has it, which need not be asked when it is `known`.
    Raises UserError for a lab that cannot be built, or when nbgrader refuses, as it does when graded cells come or go after submissions
    were graded.
    """
    course.mkdir(parents=True, exist_ok=True)
    if not (course / "nbgrader_config.py").exists():
        (course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    config = course_config(course)
    with scripts_on_path():
        return _bring_up_to_date(lab_source, course, config, known=known)


def _bring_up_to_date(lab_source: Path, course: Path, config: Config, *, known: bool) -> bool:
    stamp = course / ".handgrad" / f"{lab_source.name}.installed.json"
    if fingerprint.is_stamped(stamp, _fingerprint(lab_source, course)) and (known or _in_gradebook(lab_source.name, config)):
        return False
    from grader.build.release import files, make
    from grader.build.source import written

    folder = course / "source" / lab_source.name
    folder.mkdir(parents=True, exist_ok=True)
    parts = make(lab_source, lab_source.parent.parent / "labs")
    for name, content in files(parts, lab_source.name).items():
        (folder / name).write_bytes(content)
    (folder / f"{lab_source.name}.ipynb").write_text(written(parts.source), encoding="utf-8")
    if parts.hints is None:
        (folder / HINTS).unlink(missing_ok=True)
    generate(lab_source.name, config)
    fingerprint.write_stamp(stamp, _fingerprint(lab_source, course))
    return True


def _fingerprint(lab_source: Path, course: Path) -> dict[str, str]:
    """Digests of what goes in, the code that makes it included, and of what came out."""
    lab = lab_source.name
    made = [course / folder / lab / name for folder in ("source", "release") for name in (f"{lab}.ipynb", "checks.py", CASES, HINTS)]
    return {
        "source": fingerprint.of([*sorted(lab_source.glob("*.py")), *sorted(lab_source.glob("*.md"))]),
        "tools": fingerprint.of_tools(*fingerprint.MAKERS),
        "course": fingerprint.of([*made, course / "nbgrader_config.py"]),
    }


def _in_gradebook(lab: str, config: Config) -> bool:
    from nbgrader.api import Gradebook, MissingEntry
    from nbgrader.coursedir import CourseDirectory

    settings = CourseDirectory(config=config)
    with Gradebook(settings.db_url, settings.course_id) as gradebook:
        try:
            gradebook.find_notebook(lab, lab)
        except MissingEntry:
            return False
    return True
