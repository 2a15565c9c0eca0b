"""A worker: a forked process with a sandbox of its own that grades one submission after the other.

It is told a student's name in a line of JSON and answers with a line of JSON. When it dies or hangs, the batch starts another one.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from course_utils.errors import UserError
from grader.books import Course, write_autograded
from grader.intake import TIMESTAMP, is_student, make_room, read_submission
from grader.judging import FAILED, Assignment, Result, grade, save_answers
from grader.sandbox import Card, CardTrouble, Sandbox, SandboxUnavailable, prove

_PR_SET_PDEATHSIG = 1
_UNAVAILABLE, _UNLENDABLE = "unavailable", "unlendable"
SandboxMaker = Callable[[Card | None], AbstractContextManager[Sandbox]]


class Worker:
    """The batch's end of a worker."""

    def __init__(self, course: Course, assignment: Assignment, make_sandbox: SandboxMaker, kind: str, card: Card | None = None) -> None:
        ours, theirs = socket.socketpair()
        self.socket, self.card = ours, card
        self.student: str | None = None
        self.since = 0.0
        self._received = b""
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            ours.close()
            _live(parent, theirs, course, assignment, make_sandbox, kind, card)
        theirs.close()

    def give(self, student: str) -> None:
        """Have a submission graded."""
        self.student, self.since = student, time.monotonic()
        self.socket.sendall(json.dumps(student).encode() + b"\n")

    def receive(self) -> Result | None:
        """A result that has come in whole. Raises ConnectionError when the worker has died, CardTrouble when its card cannot be lent."""
        data = self.socket.recv(2**20)
        if not data:
            raise ConnectionError("the worker ended")
        self._received += data
        if not self._received.endswith(b"\n"):
            return None
        line, self._received, self.student = json.loads(self._received), b"", None
        if _UNAVAILABLE in line:
            raise UserError(f"{line[_UNAVAILABLE]} `handgrad doctor` examines this machine; --sandbox none goes without one.")
        if _UNLENDABLE in line:
            raise CardTrouble(line[_UNLENDABLE])
        return Result.from_dict(line)

    def end(self) -> str:
        """Kill it with all it started; tells how it ended."""
        self.socket.close()
        # its sandbox dies with it: bubblewrap was told so
        os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status):
            return f"ended by {signal.Signals(os.WTERMSIG(status)).name}"
        return f"ended with code {os.WEXITSTATUS(status)}"


def _live(
    parent: int, line: socket.socket, course: Course, assignment: Assignment, make_sandbox: SandboxMaker, kind: str, card: Card | None
) -> None:
    """The life of the forked process; never returns."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the batch decides what Ctrl-C means
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            _alone()
            with make_sandbox(card) as sandbox:
                if card:
                    prove(sandbox)
                _serve(line, course, assignment, sandbox, kind)
            code = 0
    except SandboxUnavailable as sentence:
        line.sendall(json.dumps({_UNAVAILABLE: str(sentence)}).encode() + b"\n")
    except CardTrouble as sentence:
        line.sendall(json.dumps({_UNLENDABLE: str(sentence)}).encode() + b"\n")
    except BaseException:  # noqa: BLE001 - a forked process must not run on into the code of its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def _alone() -> None:
    """Have torch work in this thread alone: it would wait for the threads of the process that we were forked from."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)


def _serve(line: socket.socket, course: Course, assignment: Assignment, sandbox: Sandbox, kind: str) -> None:
    with line.makefile("rb") as requests:
        for request in requests:
            result = grade_one(course, assignment, sandbox, kind, json.loads(request))
            line.sendall(json.dumps(result.as_dict()).encode() + b"\n")


def grade_one(course: Course, assignment: Assignment, sandbox: Sandbox, kind: str, student: str) -> Result:
    """Grade one submission and write its autograded folder; an exception of ours becomes a result that is to be retried."""
    names = tuple(template.name for template in assignment.templates)
    digest = ""
    try:
        now = datetime.now(UTC).replace(tzinfo=None)
        submission = read_submission(course.root / "submitted", student, assignment.name, names, now)
        digest = submission.digest
        submission = make_room(submission, [*assignment.files, *(f"{name}.ipynb" for name in names), TIMESTAMP])
        graded = grade(submission, assignment, sandbox, kind)
        graded.result.device = str(sandbox.card or "")
        files = {**submission.files, **assignment.files}
        folder = course.folder("autograded", student, assignment.name)
        if is_student(student):
            write_autograded(folder, graded.notebooks, files, graded.result.timestamp)
        if graded.answers:
            save_answers(course.notes(assignment.name), digest, graded.answers, assignment.seeds)
        return graded.result
    except CardTrouble as sentence:
        return Result(student, assignment.name, digest, FAILED, f"{sentence} It will be tried again.", sandbox=kind)
    except Exception:  # noqa: BLE001 - stands for every mistake of ours: told to the instructor, never held against the student
        return Result(student, assignment.name, digest, FAILED, FAULT, sandbox=kind, detail=traceback.format_exc()[-8000:])


FAULT = "The grader itself failed on this submission; it will be tried again."
