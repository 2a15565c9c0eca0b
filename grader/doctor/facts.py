"""What came of a round, read from outside: scores, pages, words of the grader. Nothing here knows what an attack wanted."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.doctor.arena import HONEST, Round
from grader.doctor.attacks.case import LAB, NOTEBOOK
from grader.doctor.stage import Seen
from grader.doctor.stage import read as read_seen
from grader.doctor.usage import Usage
from grader.sandbox import groups_of

_READABLE = 5_000_000  # bytes
_UNLIKE = ("seconds", "memory_bytes")  # of a result: what no two runs have alike
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z| UTC)?")
_SCORES = (
    "select a.student_id, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade from grade g "
    "join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id "
    "join submitted_assignment a on a.id = n.assignment_id order by a.student_id, c.name"
)


@dataclass
class Facts:
    """The facts of one round."""

    folder: Path
    seen: Seen | None
    usage: Usage
    code: int = 0
    stdout: str = ""
    stderr: str = ""
    contacts: str = ""
    results: dict[str, dict[str, Any]] = field(default_factory=dict)  # by student, what the grader says; nbgrader says nothing
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)  # by student, the gradebook
    students: list[str] = field(default_factory=list)
    bytes: int = 0  # of the course on the disk
    groups: list[str] = field(default_factory=list)  # control groups that are still there

    @property
    def course(self) -> Path:
        return self.folder / "course"

    def score(self, student: str) -> tuple[float, float]:
        """The lowest and the highest score that is told of a student."""
        told = [float(sum(sum(part or 0.0 for part in row[1:4]) for row in self.rows.get(student, ())))]
        if student in self.results:
            told.append(float(self.results[student].get("score", 0.0)))
        return min(told), max(told)

    def page(self, student: str) -> str:
        """A student's feedback; empty where there is none."""
        return "".join(_text(path) for path in sorted((self.course / "feedback" / student / LAB).glob("*.html")))

    def autograded(self, student: str) -> str:
        """The notebook that instructors open."""
        return _text(self.course / "autograded" / student / LAB / NOTEBOOK)

    def imported(self, student: str) -> list[str]:
        """The files beside that notebook which its kernel would import on its start, in the place of installed modules."""
        folder = self.course / "autograded" / student / LAB
        return [f"{name}.py" for name in ("ipykernel_launcher", "contextlib", "warnings") if (folder / f"{name}.py").exists()]

    def files(self, student: str) -> str:
        """All that was copied for a student, beside the notebooks and the pages."""
        folders = [self.course / step / student / LAB for step in ("autograded", "feedback")]
        paths = (path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix not in (".ipynb", ".html"))
        return "".join(_text(path) for path in paths if path.is_file() and path.stat().st_size < _READABLE)

    def honest(self) -> dict[str, str]:
        """All that honest students get, without times and dates, by student and thing."""
        found = {}
        for student in HONEST:
            result = {name: value for name, value in self.results.get(student, {}).items() if name not in _UNLIKE}
            found[f"{student}'s result"] = json.dumps(result, sort_keys=True)
            found[f"{student}'s rows in the gradebook"] = repr(self.rows.get(student))
            found[f"{student}'s feedback"] = _TIME.sub("", self.page(student))
            found[f"{student}'s autograded notebook"] = _TIME.sub("", self.autograded(student))
        return found


def gather(watched: Round, usage: Usage, code: int) -> Facts:
    """Read the facts of a round that has ended."""
    facts = Facts(watched.folder, read_seen(watched.out), usage, code)
    facts.stdout, facts.stderr = _text(watched.out / "stdout"), _text(watched.out / "stderr")
    facts.contacts = _text(watched.out / "contacts")
    facts.results = dict(_results(facts.stdout))
    facts.rows, facts.students = _gradebook(watched.course / "gradebook.db")
    facts.bytes = _bytes_in(watched.course, ("autograded", "feedback", ".handgrad"))
    facts.groups = _groups_of(usage.pids)
    return facts


def _groups_of(pids: set[int]) -> list[str]:
    """Control groups that one of these processes made, has left, and will not clear away any more.

    A number that lives again is somebody else's.
    """
    left = groups_of(pid for pid in pids if not Path("/proc", str(pid)).exists())
    for path in left:  # what was seen is cleared away: nothing of a trial stays on the machine
        with contextlib.suppress(OSError):
            path.rmdir()
    return sorted(map(str, left))


def _results(stdout: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for line in stdout.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, Mapping) and "student" in told and "score" in told:
            found.append((str(told["student"]), dict(told)))
    return found


def _gradebook(path: Path) -> tuple[dict[str, list[tuple[Any, ...]]], list[str]]:
    rows: dict[str, list[tuple[Any, ...]]] = {}
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            for student, *row in database.execute(_SCORES):
                rows.setdefault(student, []).append(tuple(row))
            students = [str(name) for (name,) in database.execute("select id from student order by id")]
    except sqlite3.Error:
        return {}, []
    return rows, students


def _bytes_in(course: Path, folders: tuple[str, ...]) -> int:
    return sum(
        path.lstat().st_blocks * 512 for name in folders for path in (course / name).rglob("*") if not path.is_symlink() and path.is_file()
    )


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
