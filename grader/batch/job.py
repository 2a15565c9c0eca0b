"""The jobs of a batch, as one function of bytes: it reads, runs, judges and renders what a stranger wrote, in a worker.

What is asked for and what came of it are lines of JSON; files go into the course's folders from here.
"""

from __future__ import annotations

import gc
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from grader.batch.rejudge import judge_again
from grader.batch.worker import Lost, tell_so_far
from grader.books import Course, Marks, write_autograded
from grader.files import sweep, write_atomically
from grader.intake import SECRET, TIMESTAMP, Submission, is_student, make_room, read_secret, read_submission
from grader.judging import Assignment, Result, grade, put_aside, save_answers
from grader.sandbox import Card, Sandbox, prove

SandboxMaker = Callable[[Card | None], Sandbox]
Order = dict[str, Any]


@dataclass
class Desk:
    """What a worker does its jobs by; one that only reads or renders has no sandbox."""

    course: Course
    assignment: Assignment
    kind: Literal["bwrap", "none"]
    sandbox: Sandbox | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(template.name for template in self.assignment.templates)


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


def _read(desk: Desk, student: str) -> Submission:
    now = datetime.now(UTC).replace(tzinfo=None)
    return read_submission(desk.course.root / "submitted", student, desk.assignment.name, desk.names, now)


def _look(desk: Desk, order: Order) -> dict[str, str]:
    """The state of some submissions, by student."""
    return {student: _read(desk, student).digest for student in order["students"]}


def _grade(desk: Desk, order: Order) -> dict[str, Any]:
    """Grade one submission and write its autograded folder."""
    assert desk.sandbox is not None
    course, assignment, student = desk.course, desk.assignment, order["student"]
    submission = _read(desk, student)
    when = submission.timestamp.isoformat() if submission.timestamp else None
    tell_so_far(_line({"digest": submission.digest, "timestamp": when}))
    submission = make_room(submission, [*assignment.files, *(f"{name}.ipynb" for name in desk.names), TIMESTAMP])
    graded = grade(submission, assignment, desk.sandbox, desk.kind, lambda name, entry: tell_so_far(_line({"exercises": {name: entry}})))
    if not desk.sandbox.alive:
        raise Lost("the sandbox ended while a submission was graded")
    graded.result.device = str(desk.sandbox.card or "")
    if is_student(student):
        folder = course.folder("autograded", student, assignment.name)
        write_autograded(folder, graded.notebooks, {**submission.files, **assignment.files}, graded.result.timestamp, assignment.files)
    if graded.answers:
        save_answers(course.notes(assignment.name), submission.digest, graded.answers, assignment.seeds)
    return graded.result.as_dict()


def _put_aside(desk: Desk, order: Order) -> dict[str, Any]:
    """Make a result and a notebook of what was judged before the budget was used up; nothing of the student's is looked at."""
    graded = put_aside(Result.from_dict(order["result"]), desk.assignment)
    if is_student(graded.result.student):
        student, name, files = graded.result.student, desk.assignment.name, desk.assignment.files
        secret = read_secret(desk.course.root, "submitted", student, name)
        with_secret = {**files, SECRET: secret} if secret else files
        write_autograded(desk.course.folder("autograded", student, name), graded.notebooks, with_secret, graded.result.timestamp, files)
    return graded.result.as_dict()


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
        page = render_page(notebook, template, result, Marks(**order["marks"][template.name]))
        write_atomically(folder / f"{template.name}.html", page, 0o644)
    _write_for_release(desk, result)
    return {"written": True}


def _write_for_release(desk: Desk, result: Result) -> None:
    """What `nbgrader release_feedback` reads beside a page: without it for one student, it would release nobody's.

    Who did not hand in through the exchange has no secret, and cannot fetch: one that nobody knows, and no time, are as good then.
    """
    student, name = result.student, desk.assignment.name
    folder = desk.course.folder("feedback", student, name)
    kept = (read_secret(desk.course.root, step, student, name) for step in ("autograded", "feedback"))
    secret = next(filter(None, kept), None) or secrets.token_urlsafe(32).encode()
    write_atomically(folder / SECRET, secret, 0o644)
    write_atomically(folder / TIMESTAMP, f"{result.timestamp} UTC\n".encode() if result.timestamp else b"", 0o644)


def _judge_again(desk: Desk, order: Order) -> dict[str, Any]:
    """The result by the checks of today; None where the submission has changed or its answers were not kept."""
    old = Result.from_dict(order["result"])
    unchanged = _read(desk, old.student).digest == old.digest
    fresh = judge_again(desk.course, desk.assignment, old) if unchanged else None
    return {"result": None if fresh is None else fresh.as_dict()}


_JOBS: dict[str, Callable[[Desk, Order], Any]] = {
    "look": _look,
    "grade": _grade,
    "put aside": _put_aside,
    "page": _page,
    "judge again": _judge_again,
}
