"""What a course's settings say, read from the places where nbgrader reads them, and told in today's names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

from course_utils.errors import UserError
from grader.build.stubs import unread
from grader.intake import Layout

_SQLITE = "sqlite:///"
# What nbgrader takes for something else, because it was called so once: sections, and options of `NbGrader` and others.
_SECTIONS = {
    "NbGraderConfig": "NbGrader",
    "BasicConfig": "NbGrader",
    "BaseNbGraderApp": "NbGrader",
    "BaseApp": "NbGrader",
    "BaseNbConvertApp": "BaseConverter",
    "AutogradeApp": "Autograde",
    "AssignApp": "GenerateAssignment",
    "Assign": "GenerateAssignment",
    "FeedbackApp": "GenerateFeedback",
    "Feedback": "GenerateFeedback",
    "DisplayAutoGrades": "Validator",
}
_OF_A_COURSE = (
    "course_id",
    "student_id",
    "assignment_id",
    "notebook_id",
    "directory_structure",
    "source_directory",
    "release_directory",
    "submitted_directory",
    "autograded_directory",
    "feedback_directory",
    "solution_directory",
    "db_url",
    "ignore",
)
_OPTIONS = {
    **{("NbGrader", name): ("CourseDirectory", name) for name in _OF_A_COURSE},
    ("NbGrader", "course_directory"): ("CourseDirectory", "root"),
    ("Exchange", "course_id"): ("CourseDirectory", "course_id"),
    ("TransferApp", "timezone"): ("Exchange", "timezone"),
    ("TransferApp", "timestamp_format"): ("Exchange", "timestamp_format"),
    ("TransferApp", "exchange_directory"): ("Exchange", "root"),
    ("TransferApp", "cache_directory"): ("Exchange", "cache"),
}


def course_config(course: Path, *, asked: bool = True) -> Config:
    """What nbgrader would read for a course, with the course's folder as root.

    Where nobody `asked` for this folder, because it is only where one stands, its settings may name another one as the course's, whose own
    settings then come on top. Raises UserError for a file that cannot be read, and for folders that nbgrader could not use either.
    """
    root = course.resolve()
    config = _read(root)
    if not asked and config.CourseDirectory.get("root"):
        here, root = root, (root / str(config.CourseDirectory.root)).resolve()
        config = config if root == here else _read(root, here)
    config.CourseDirectory.root = str(root)
    Layout.of(root, config.CourseDirectory)
    url = str(config.CourseDirectory.get("db_url") or "")
    if url.startswith(_SQLITE) and url != _SQLITE and not url.startswith((f"{_SQLITE}/", f"{_SQLITE}:", f"{_SQLITE}file:")):
        config.CourseDirectory.db_url = f"{_SQLITE}{root / url.removeprefix(_SQLITE)}"  # nbgrader goes there before it opens it
    return config


@contextmanager
def beside(course: Path) -> Iterator[None]:
    """Within this, Python finds modules in the course's folder, as it does for nbgrader's commands there, such as a plugin."""
    sys.path.append(str(course))
    try:
        yield
    finally:
        sys.path.remove(str(course))


def _read(*courses: Path) -> Config:
    """The settings of the first of these folders; the others, and Jupyter's own, are read before it."""
    from jupyter_core.paths import jupyter_config_dir, jupyter_config_path

    jupyter = list(dict.fromkeys(map(Path, [jupyter_config_dir(), *jupyter_config_path()])))
    places = {"jupyter_config": jupyter, "nbgrader_config": [*courses, *jupyter]}
    config = Config()
    with chdir(courses[0]), beside(courses[0]), unread():
        for name, folders in places.items():
            for folder in reversed(folders):
                for kind, loader in ((".py", PyFileConfigLoader), (".json", JSONFileConfigLoader)):
                    path = folder / (name + kind)
                    if path.is_file():
                        config.merge(_load(loader, path))
    return _in_todays_names(config)


def _load(loader: type[PyFileConfigLoader | JSONFileConfigLoader], path: Path) -> Config:
    try:
        return loader(path.name, path=str(path.parent)).load_config()
    except Exception as error:  # whatever an instructor's file raises is told, with its place
        where = _line(error, path)
        raise UserError(f"{path}{where} cannot be used: {type(error).__name__}: {error}. Mend it; nothing was done.") from error


def _line(error: Exception, path: Path) -> str:
    """The line of a settings file at which it failed."""
    if isinstance(error, SyntaxError):
        return f", line {error.lineno},"
    trace, line = error.__traceback__, ""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = f", line {trace.tb_lineno},"
        trace = trace.tb_next
    return line


def _in_todays_names(config: Config) -> Config:
    for old, new in _SECTIONS.items():
        if old in config:
            config[new].merge(config.pop(old))
    for (section, name), (its, todays) in _OPTIONS.items():
        if section in config and name in config[section]:
            config[its][todays] = config[section].pop(name)
    if "TransferApp" in config:
        config.Exchange.merge(config.pop("TransferApp"))
    return config
