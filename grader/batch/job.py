"""The jobs of a batch, as one function of bytes: it reads, runs, judges and renders what a stranger wrote, in a worker.

What is asked for and what came of it are lines of JSON; files go into the course's folders from here.
"""

from __future__ import annotations

import gc
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.batch.cluster.payload import unpack_submission
from grader.batch.rejudge import judge_again
from grader.batch.worker import Lost, tell_so_far
from grader.books import Course, Marks, write_autograded
from grader.files import share, sweep, write_atomically
from grader.intake import SECRET, TIMESTAMP, Submission, is_student, make_room, names_below, read_secret, read_submission
from grader.judging import Assignment, Graded, Result, grade, put_aside, save_answers
from grader.sandbox import Card, Kind, Sandbox, prove

SandboxMaker = Callable[[Card | None], Sandbox]
_LARGE = 2**20  # bytes of a released file: the copies that come back with every submission are not read
Order = dict[str, Any]


@dataclass
class Desk:
    """What a worker does its jobs by; one that only reads or renders has no sandbox.

    `inbox` is a file in which the submission comes to a machine that does not have the course.
    """

    course: Course
    assignment: Assignment
    kind: Kind
    sandbox: Sandbox | None = None
    inbox: Path | None = None
    accept_renamed: bool = False  # whether notebooks with other names are taken

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(template.name for template in self.assignment.templates)


def accepts_renamed(notes: Path, asked: bool) -> bool:
    """Whether renamed notebooks are taken: once asked for, always, or the next run would take them back."""
    mark = notes / "accepts-renamed"
    if asked:
        write_atomically(mark, b"", 0o600)
    return mark.exists()


_desk: Desk | None = None  # of this process


@contextmanager
def at_desk(desk: Desk, make_sandbox: SandboxMaker | None, card: Card | None) -> Iterator[None]:
    """The life of a worker: its sandbox is made once, for all jobs."""
    global _desk
    _desk = desk
    # the references and all that was imported live as long as the worker: no collection has to go through them
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    if make_sandbox is None:
        yield
        return
    with make_sandbox(card) as sandbox:
        if card:
            prove(sandbox)
        desk.sandbox = sandbox
        yield


def work(request: bytes) -> bytes:
    """One job: an order as JSON, and what came of it. Whatever is raised is our fault or the machine's."""
    assert _desk is not None
    order = json.loads(request)
    return _line(_JOBS[order["job"]](_desk, order))


def _line(found: Any) -> bytes:
    return json.dumps(found, separators=(",", ":")).encode()


def read(desk: Desk, student: str) -> Submission:
    """What one student handed in."""
    if desk.inbox is not None:
        return unpack_submission(desk.inbox.read_bytes())
    now = datetime.now(UTC).replace(tzinfo=None)
    course, name, ours = desk.course, desk.assignment.name, desk.assignment.files
    submitted, below = course.layout.split("submitted", name)
    large = frozenset(path for path, data in ours.items() if len(data) > _LARGE)
    return read_submission(
        submitted, student, name, desk.names, now, large, below=below, ignored=course.layout.ignores, accept_renamed=desk.accept_renamed
    )


def _look(desk: Desk, order: Order) -> dict[str, str]:
    """The state of some submissions, by student."""
    return {student: read(desk, student).digest for student in order["students"]}


def _grade(desk: Desk, order: Order) -> dict[str, Any]:
    """Grade one submission and write its autograded folder."""
    assert desk.sandbox is not None
    course, assignment, student = desk.course, desk.assignment, order["student"]
    submission = read(desk, student)
    when = submission.timestamp.isoformat() if submission.timestamp else None
    tell_so_far(_line({"digest": submission.digest, "timestamp": when}))
    submission = make_room(submission, [*assignment.files, *(f"{name}.ipynb" for name in desk.names), TIMESTAMP])
    graded = grade(submission, assignment, desk.sandbox, desk.kind, lambda name, entry: tell_so_far(_line({"exercises": {name: entry}})))
    if not desk.sandbox.alive:
        raise Lost("the sandbox ended while a submission was graded")
    graded.result.device = str(desk.sandbox.card or "")
    if is_student(student):
        folder = course.folder("autograded", student, assignment.name)
        files = {**submission.files, **graded.made, **assignment.files}
        _write(desk, folder, graded, files)
    if graded.answers:
        save_answers(course.notes(assignment.name), submission.digest, graded.answers, assignment.seeds)
    return graded.result.as_dict()


def _put_aside(desk: Desk, order: Order) -> dict[str, Any]:
    """Make a result and a notebook of what was judged before the budget was used up; nothing of the student's is looked at."""
    graded = put_aside(Result.from_dict(order["result"]), desk.assignment)
    if is_student(graded.result.student):
        student, name, files = graded.result.student, desk.assignment.name, desk.assignment.files
        secret = secret_of(desk, student, "submitted", "autograded")
        _write(desk, desk.course.folder("autograded", student, name), graded, {**files, SECRET: secret} if secret else files)
    return graded.result.as_dict()


def _write(desk: Desk, folder: Path, graded: Graded, files: Mapping[str, bytes]) -> None:
    """Write an autograded folder, for those who the course's settings say may read it."""
    settings = desk.course.settings
    write_autograded(folder, graded.notebooks, files, graded.result.timestamp, desk.assignment.files, settings.graded_mode)
    if settings.shared:
        share(folder, desk.course.step("autograded"))


def _page(desk: Desk, order: Order) -> dict[str, bool]:
    """Write one student's feedback; `plain`: with nothing of the student's in it."""
    from grader.books import render_page  # nobody renders where nothing is left to grade

    result, name = Result.from_dict(order["result"]), desk.assignment.name
    folder = desk.course.folder("feedback", result.student, name)
    graded = desk.course.folder("autograded", result.student, name)
    sweep(folder)
    plain = put_aside(result, desk.assignment).notebooks if order.get("plain") else None
    for template in desk.assignment.templates:
        path = graded / f"{template.name}.ipynb"
        if not path.exists():  # somebody took it away: the submission is going to be graded again
            return {"written": False}
        notebook = plain[template.name] if plain else json.loads(path.read_bytes())
        page = render_page(notebook, template, result, Marks(**order["marks"][template.name]), desk.assignment.files)
        write_atomically(folder / f"{template.name}.html", page, desk.course.settings.page_mode)
    _write_for_release(desk, result)
    if desk.course.settings.shared:
        share(folder, desk.course.step("feedback"))
    return {"written": True}


def _write_for_release(desk: Desk, result: Result) -> None:
    """What `nbgrader release_feedback` reads beside a page: without it for one student, it would release nobody's.

    Who did not hand in through the exchange has no secret, and cannot fetch: one that nobody knows, and no time, are as good then.
    """
    folder, mode = desk.course.folder("feedback", result.student, desk.assignment.name), desk.course.settings.page_mode
    secret = secret_of(desk, result.student, "autograded", "feedback") or secrets.token_urlsafe(32).encode()
    write_atomically(folder / SECRET, secret, mode)
    write_atomically(folder / TIMESTAMP, f"{result.timestamp} UTC\n".encode() if result.timestamp else b"", mode)


def secret_of(desk: Desk, student: str, *steps: str) -> bytes | None:
    """The exchange's secret of a submission, from the first of these steps that has one."""
    name = desk.assignment.name
    for step in steps:
        base, below = desk.course.layout.split(step, name)
        if secret := read_secret(base, *names_below(below, student, name)):
            return secret
    return None


def _judge_again(desk: Desk, order: Order) -> dict[str, Any]:
    """The result by the checks of today; None where the submission has changed or its answers were not kept."""
    old = Result.from_dict(order["result"])
    unchanged = read(desk, old.student).digest == old.digest
    fresh = judge_again(desk.course, desk.assignment, old) if unchanged else None
    return {"result": None if fresh is None else fresh.as_dict()}


_JOBS: dict[str, Callable[[Desk, Order], Any]] = {
    "look": _look,
    "grade": _grade,
    "put aside": _put_aside,
    "page": _page,
    "judge again": _judge_again,
}
