"""What nbgrader and formgrader are told to grade, done by Handgrad, in courses whose settings name `Sandboxed`.

nbgrader looks the name up when it makes one of its steps, `Autograde` or `GenerateFeedback`, and so imports this module. A step that was
made with `Sandboxed` starts `handgrad` in a process of its own, since a Jupyter server has threads and secrets that no grader should
inherit, and tells in its log what came of it. Where that seam should ever fail, nbgrader's own way ends at `Sandboxed`, which refuses.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from textwrap import wrap
from typing import Any, NoReturn

from nbconvert.exporters import NotebookExporter
from nbgrader import plugins, preprocessors
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue

from course_utils.errors import UserError
from grader.books import open_course
from grader.cli.grade import find_solutions
from grader.intake import one_line
from grader.judging import FAILED, UNGRADABLE

Step = Any  # nbgrader has no types
_STARTED = "import sys; from course_utils.cli import main; sys.exit(main())"
_WIDTH = 72
_SQLITE = "sqlite:///"
_HEARD = {"force", "root", "student_id", "assignment_id", "notebook_id"}  # what the step itself says, wherever it was set
_READ = {"CourseDirectory", "BaseConverter", "Autograde", "GenerateFeedback", *preprocessors.__all__, *plugins.__all__}


class Sandboxed(NotebookExporter):
    """The exporter by whose name a course is known to be graded by Handgrad. It exports nothing."""

    def from_filename(self, *words: Any, **more: Any) -> NoReturn:
        """Refuse: only nbgrader's own steps would come here, and they run code without a sandbox."""
        raise NbGraderException(
            "This course is graded by Handgrad, and this nbgrader does not hand over to it. Nothing was run: use `handgrad grade`."
        )


def _autograde(step: Step) -> None:
    """`handgrad grade`, for those whom nbgrader was told to grade."""
    _start(step, "grade", *(["--force"] if step.force else []), tell=_graded)


def _generate_feedback(step: Step) -> None:
    """`handgrad feedback`: pages with the marks of now. No code runs."""
    _start(step, "feedback", *(["--force"] if step.force else []), tell=_written)


def _hand_over(step: type, ours: Callable[[Step], None]) -> None:
    """Have a step's `start` done by Handgrad where it was made with `Sandboxed`."""
    theirs = step.start  # type: ignore[attr-defined]

    @wraps(theirs)
    def start(self: Step) -> None:
        if not issubclass(self.exporter_class, Sandboxed):
            theirs(self)
            return
        try:
            ours(self)
        except NbGraderException as error:  # formgrader shows where it was raised; the log has all that matters
            raise error.with_traceback(None) from None

    step.start = start  # type: ignore[attr-defined]


def _start(step: Step, verb: str, *words: str, tell: Callable[[Step, list[dict[str, Any]]], None]) -> None:
    """Run a verb of ours for the lab and the students of a step, and tell of it. Raises NbGraderException for what did not go well."""
    place = step.coursedir
    if place.notebook_id != "*":
        _refuse(step, "Handgrad grades all notebooks of a submission together: leave --notebook out.")
    root = Path(place.root).resolve()
    _refuse_unheard(step, root)
    written = find_solutions(root, place.assignment_id)
    where = [f"--course={root}", *([f"--solutions={written}"] if written else [])]
    who = [] if place.student_id == "*" else [f"--student={place.student_id}"]
    code, results = _run(step, root, [verb, *where, "--json", *who, *words, "--", place.assignment_id])
    if not results:
        _refuse(step, f"Nothing was graded: there is no submission of {one_line(place.assignment_id)} that may be.")
    tell(step, results)
    if code:
        raise NbGraderException("Not everything went well; the log says what.")


def _run(step: Step, root: Path, words: Sequence[str]) -> tuple[int, list[dict[str, Any]]]:
    """Run `handgrad WORDS`; its exit code, and its lines of JSON. What it says meanwhile goes into the log; so does why it does nothing."""
    complaint = last = ""
    command = [sys.executable, "-P", "-c", _STARTED, *words]  # -P: no module that lies in a course is imported by chance
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.PIPE,
            text=True, encoding="utf-8", errors="replace", env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        ) as process,
    ):  # fmt: skip
        assert process.stderr is not None
        for line in filter(None, (one_line(said, 2000) for said in process.stderr)):
            last = line
            if line.startswith("handgrad: "):
                complaint = line.removeprefix("handgrad: ")
            else:
                _log(step.log.info, line)
        code = process.wait()
        told.seek(0)
        results = [json.loads(line) for line in told if line.startswith(b"{")]  # settings may print what they like
    if code not in (0, 1) or complaint:
        _refuse(step, complaint or f"Handgrad itself failed ({last or f'exit code {code}'}).")
    return code, results


def _graded(step: Step, results: list[dict[str, Any]]) -> None:
    """Say what each submission got. Raises NbGraderException where one could not be graded, as nbgrader does."""
    bad = [result["student"] for result in results if result["status"] in (UNGRADABLE, FAILED)]
    for result in results:
        _log(step.log.error if result["student"] in bad else step.log.info, _sentence(result))
    if bad:
        who = one_line(bad[0]) if len(bad) == 1 else f"{len(bad)} submissions"
        raise NbGraderException(f"{who} could not be graded; the log says why.")


def _sentence(result: dict[str, Any]) -> str:
    """One result in words."""
    who, points = one_line(result["student"]), f"{result['score']:g} of {result['max_score']:g} points"
    if result["status"] in (UNGRADABLE, FAILED):
        return f"{who}: {result['status']}, so {points}. {one_line(result['reason'])}"
    how = "in Handgrad's sandbox" if result["sandbox"] != "none" else "WITHOUT A SANDBOX"
    when = "" if result["fresh"] else " before, and not changed since"
    return f"{who}: {result['status']} {how}{when}; the tests gave {points}. {one_line(result['reason'])}".rstrip()


def _written(step: Step, results: list[dict[str, Any]]) -> None:
    """Say whose pages were written. Raises NbGraderException for who has none, because the graded notebook is gone."""
    (told,) = results
    renewed, missing = ([one_line(name) for name in told[key]] for key in ("renewed", "without_page"))
    if missing:
        _refuse(step, f"There is no page for {', '.join(missing)}, whose graded notebook is not there: autograde again.")
    _log(step.log.info, f"Handgrad's feedback pages, with the marks of now: {', '.join(renewed) or 'all were up to date'}.")


def _log(tell: Callable[[str, str], None], sentence: str) -> None:
    """Log a sentence in lines that formgrader's window has room for."""
    tell("%s", "\n".join(wrap(sentence, _WIDTH, break_long_words=False, break_on_hyphens=False)))


def _refuse(step: Step, sentence: str) -> NoReturn:
    _log(step.log.error, sentence)
    raise NbGraderException(sentence) from None


def _refuse_unheard(step: Step, root: Path) -> None:
    """Refuse where nbgrader was told something of grading that Handgrad, which reads files of settings only, would not hear."""
    try:
        known = open_course(root).config
    except UserError as error:
        _refuse(step, str(error))
    unheard = sorted(_unheard(step.config, known, root))
    if unheard:
        sentence = f"{', '.join(unheard)}: set on the command line, or where Handgrad does not look. Set it in nbgrader_config.py in "
        _refuse(step, f"{sentence}{root}, or nowhere.")


def _unheard(told: Config, known: Config, root: Path) -> Iterator[str]:
    for section in _READ.intersection(told):
        for name, value in told[section].items():
            if name not in _HEARD and not _same(_absolute(value, root), _absolute(known[section].get(name), root)):
                yield f"{section}.{name}"


def _absolute(value: Any, root: Path) -> Any:
    """A gradebook's address with its whole path: nbgrader opens it from within the course."""
    file = str(value).removeprefix(_SQLITE)
    return f"{_SQLITE}{root / file}" if file != str(value) else value


def _same(one: Any, other: Any) -> bool:
    """Whether two settings are the same; a program that is read twice makes its classes twice, and its additions to a list."""
    if isinstance(one, LazyConfigValue):
        return isinstance(other, LazyConfigValue)
    if callable(one) and callable(other):
        return bool(getattr(one, "__qualname__", one) == getattr(other, "__qualname__", other))
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return all(map(_same, one, other))
    return bool(one == other)


_hand_over(Autograde, _autograde)
_hand_over(GenerateFeedback, _generate_feedback)
