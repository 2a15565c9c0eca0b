"""Put a lab into an ordinary nbgrader course: `source/`, `release/` and the gradebook, as its own tools would."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config

from grader.build import fingerprint
from grader.build.adopted import LINES
from grader.build.assign import generate, scripts_on_path
from grader.build.config import course_config
from grader.build.names import CASES, HINTS, REVIEW
from grader.intake import NOBODY, Layout

CONFIG = f'''"""Settings of an ordinary nbgrader course."""

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "handgrad"

# The gradebook is gradebook.db beside this file. A course that several machines grade may name a server instead:
# c.CourseDirectory.db_url = "postgresql://user@host/handgrad"

{LINES[0]}

# nbgrader's own steps for generate_assignment, with one that lets an unsolved value such as `answer = None` run, and its export,
# without what was not handed out yet.
try:
    from grader.build.stubs import preprocessors
except ImportError:  # a formgrader without Handgrad: it still has to read what is above
    pass
else:
    c.GenerateAssignment.preprocessors = preprocessors()
    c.ExportApp.plugin_class = "grader.books.export.HandedOut"
'''


def install(lab_source: Path, course: Path, config: Config | None = None, *, known: bool = False) -> bool:
    """Put the lab of `solutions/<lab>` into a course; makes the course if there is none. Gives whether there was something to do.

    `config` are the course's settings, if they were read already.

    Students' side only: the course gets the public checks, never the hidden ones or the mistakes. Does nothing when the lab in
    the course is what this would make, and its gradebook has it, which need not be asked when it is `known`.
    Raises UserError for a lab that cannot be built, or when nbgrader refuses, as it does when graded cells come or go after submissions
    were graded.
    """
    course.mkdir(parents=True, exist_ok=True)
    if not (course / "nbgrader_config.py").exists():
        (course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    _note_solutions(course, lab_source)
    config = config or course_config(course)
    with scripts_on_path():
        return _bring_up_to_date(lab_source, course, config, known=known)


def _note_solutions(course: Path, lab_source: Path) -> None:
    """Remember where a lab is written, for formgrader, whose buttons cannot be told."""
    place, told = _noted_at(course, lab_source.name), f"{lab_source.parent.resolve()}\n"
    if not place.is_file() or place.read_text(encoding="utf-8") != told:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(told, encoding="utf-8")


def noted_solutions(course: Path, lab: str) -> Path | None:
    """Where a lab of this course was written when it was last put into it, if it came from a `solutions/`."""
    place = _noted_at(course, lab)
    return Path(place.read_text(encoding="utf-8").strip()) if place.is_file() else None


def _noted_at(course: Path, lab: str) -> Path:
    return course / ".handgrad" / f"{lab}.solutions"


def _bring_up_to_date(lab_source: Path, course: Path, config: Config, *, known: bool) -> bool:
    stamp = course / ".handgrad" / f"{lab_source.name}.installed.json"
    if fingerprint.is_stamped(stamp, _fingerprint(lab_source, course, config)) and (known or _in_gradebook(lab_source.name, config)):
        return False
    from grader.build.release import files, make
    from grader.build.source import written

    folder = Layout.of(course, config.CourseDirectory).folder("source", NOBODY, lab_source.name)
    folder.mkdir(parents=True, exist_ok=True)
    parts = make(lab_source, lab_source.parent.parent / "labs")
    for name, content in files(parts, lab_source.name).items():
        (folder / name).write_bytes(content)
    (folder / f"{lab_source.name}.ipynb").write_text(written(parts.source), encoding="utf-8")
    for name in {HINTS, REVIEW} - files(parts, lab_source.name).keys():
        (folder / name).unlink(missing_ok=True)
    generate(lab_source.name, config)
    fingerprint.write_stamp(stamp, _fingerprint(lab_source, course, config))
    return True


def _fingerprint(lab_source: Path, course: Path, config: Config) -> dict[str, str]:
    """Digests of what goes in, the code that makes it included, and of what came out."""
    lab = lab_source.name
    layout = Layout.of(course, config.CourseDirectory)
    folders = [layout.folder(step, NOBODY, lab) for step in ("source", "release")]
    made = [folder / name for folder in folders for name in (f"{lab}.ipynb", "checks.py", CASES, HINTS, REVIEW)]
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
