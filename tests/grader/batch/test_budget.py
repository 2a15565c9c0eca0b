"""The grader's own budget: what one submission makes it do ends in time, costs that submission only, and keeps what was judged."""

from __future__ import annotations

import errno
import os
import signal
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from course_utils.errors import UserError
from grader.batch import engine, job
from grader.batch.lab import MOST, Watch, budget_of
from grader.batch.worker import Budget

Classroom = Any  # the fixture of conftest.py
SMALL = {"cpu_seconds": 1.0, "memory_bytes": 200 * 2**20}


def burn() -> None:
    while True:
        pass


def take_memory() -> None:
    kept = [bytearray(16 * 2**20) for _ in range(100)]
    time.sleep(60)
    del kept


def fill_slowly() -> None:
    """Memory that no limit on data sees: pages of a file that nobody named."""
    import mmap

    kept = mmap.mmap(-1, 400 * 2**20)
    for page in range(0, 400 * 2**20, 4096):
        kept[page] = 1
    time.sleep(60)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


@pytest.fixture
def after_double(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Has the worker misbehave on eve's submission, after the exercise `double` was judged."""

    def arrange(misbehave: Any) -> None:
        grade = job.grade

        def grade_and(submission: Any, assignment: Any, sandbox: Any, kind: str, judged: Any) -> Any:
            def hear(exercise: str, entry: Any) -> None:
                judged(exercise, entry)
                if submission.student == "eve" and exercise == "double":
                    misbehave()

            return grade(submission, assignment, sandbox, kind, hear)

        monkeypatch.setattr(job, "grade", grade_and)

    return arrange


@pytest.mark.stress
@pytest.mark.parametrize(
    ("misbehave", "said"),
    [(burn, "1 s of processor time"), (take_memory, "200 MiB of memory"), (fill_slowly, "200 MiB of memory")],
    ids=["processor", "memory", "memory of no data"],
)
def test_what_is_over_budget_keeps_what_was_judged(classroom: Classroom, after_double: Any, misbehave: Any, said: str) -> None:
    notebook = classroom.notebook()
    notebook.cells.append(nbformat.v4.new_markdown_cell("written by hand"))
    for student in ("ada", "eve", "zoe"):
        classroom.hand_in(student, notebook)
    after_double(misbehave)
    outcome = classroom.grade(own=SMALL)
    assert {name: result.status for name, result in outcome.results.items()} == {"ada": "graded", "eve": "partial", "zoe": "graded"}
    eve = outcome.results["eve"]
    assert f"it used up what the grader allows for one submission: {said}." in eve.reason
    assert (eve.score, list(eve.exercises)) == (3.0, ["double"])
    assert [row[3] for row in classroom.scores() if row[0] == "eve" and row[2] == "double_check"] == [3.0]
    page = classroom.written("feedback", "eve").read_text()
    assert "Graded in part" in page
    assert "written by hand" not in page  # nothing that the student wrote
    assert outcome.well
    assert classroom.grade().graded == []


def _works(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.stress
def test_the_kernel_keeps_the_budget_while_the_parent_is_at_work(classroom: Classroom, after_double: Any) -> None:
    for student in ("ada", "eve"):
        classroom.hand_in(student)
    after_double(burn)
    before = psutil.Process().children(recursive=True)

    told = []

    def busy(result: Any) -> None:
        """After the first result, until the kernel has ended the worker that burns."""
        told.append(result.student)
        workers, deadline = set(psutil.Process().children()) - set(before), time.monotonic() + 15
        while len(told) == 1 and all(map(_works, workers)) and time.monotonic() < deadline:
            time.sleep(0.05)

    outcome = classroom.grade(Watch(tell=busy), own=SMALL)
    assert outcome.results["eve"].reason.startswith("Graded in part: it used up what the grader allows for one submission: 1 s of")


@pytest.mark.stress
def test_a_crash_of_the_grader_happens_again_and_is_not_tried_for_ever(classroom: Classroom, after_double: Any) -> None:
    for student, secret in (("ada", b"\xff"), ("eve", b"s3cret"), ("zoe", b"")):
        classroom.hand_in(student).with_name("submission_secret.txt").write_bytes(secret)
    after_double(crash)
    outcome = classroom.grade()
    assert {name: result.status for name, result in outcome.results.items()} == {"ada": "graded", "eve": "partial", "zoe": "graded"}
    assert outcome.results["eve"].score == 3.0
    assert not outcome.well  # we are told this time
    # nbgrader's release_feedback names pages by these, and would stop at one that is empty or no text
    released = {name: classroom.written("feedback", name).with_name("submission_secret.txt").read_text() for name in outcome.results}
    assert released["eve"] == "s3cret"
    assert min(len(released["ada"]), len(released["zoe"])) > 20
    assert classroom.grade().well


@pytest.mark.stress
@pytest.mark.parametrize("step", ["look", "page"])
def test_reading_and_rendering_are_within_the_budget_too(classroom: Classroom, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    notebook = classroom.notebook()
    notebook.cells.append(nbformat.v4.new_markdown_cell("written by hand"))
    for student in ("ada", "eve", "zoe"):
        classroom.hand_in(student, notebook)
    first = job._JOBS[step]

    def burns(desk: Any, order: Any) -> Any:
        students = order["students"] if step == "look" else [order["student"]]
        if "eve" in students and not order.get("plain"):
            burn()
        return first(desk, order)

    monkeypatch.setitem(job._JOBS, step, burns)
    outcome = classroom.grade(own=SMALL)
    assert {result.status for result in outcome.results.values()} == {"graded"}
    assert {result.score for result in outcome.results.values()} == {outcome.results["ada"].score}
    page = classroom.written("feedback", "eve").read_text()
    assert "double" in page
    assert ("written by hand" in page) == (step == "look")


@pytest.mark.stress
@pytest.mark.parametrize("victim", ["warm", "worker"])
def test_who_is_killed_while_grading_costs_nobody_points(classroom: Classroom, after_double: Any, victim: str, tmp_path: Path) -> None:
    classroom.hand_in("eve")
    whole = classroom.grade().results["eve"]

    def kill() -> None:
        if not (tmp_path / "killed").exists():
            (tmp_path / "killed").touch()
            warm = [child for child in psutil.Process().children(recursive=True) if "grader.sandbox.warm" in child.cmdline()]
            (psutil.Process(os.getpid()) if victim == "worker" else warm[0]).kill()

    after_double(kill)
    found = classroom.grade(force=True).results["eve"]
    assert (found.status, found.score) == (whole.status, whole.score)


@pytest.mark.stress
def test_a_full_disk_is_one_sentence_and_what_was_graded_is_kept(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    for student in ("ada", "eve"):
        classroom.hand_in(student)
    write = job.write_autograded

    def full(folder: Path, *more: Any) -> None:
        if folder.parent.name == "eve":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
        write(folder, *more)

    with monkeypatch.context() as patch:
        patch.setattr(job, "write_autograded", full)
        with pytest.raises(UserError, match=r"No space left on device \(.*eve.*\): make room and start again\. What was graded is kept\."):
            classroom.grade()
    assert classroom.grade().graded in (["eve"], ["ada", "eve"])


@pytest.mark.stress
def test_a_result_of_no_form_is_as_bad_as_an_error(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    for student in ("ada", "eve"):
        classroom.hand_in(student)
    first = job._JOBS["grade"]

    def odd(desk: Any, order: Any) -> Any:
        found = first(desk, order)
        return found | {"score": float("nan")} if order["student"] == "eve" else found

    monkeypatch.setitem(job._JOBS, "grade", odd)
    outcome = classroom.grade()
    assert {name: result.status for name, result in outcome.results.items()} == {"ada": "graded", "eve": "partial"}
    assert outcome.faults == ["eve"]


def test_a_budget_follows_the_lab_within_bounds() -> None:
    assert budget_of(0.0, 0.0) == Budget(6.0, MOST.clock_seconds, MOST.memory_bytes)
    assert budget_of(1.0, 700.0)[:2] == (9.0, 700.0)
    assert budget_of(1000.0, 0.0).cpu_seconds == MOST.cpu_seconds == 20.0
    assert budget_of(0.0, 0.0, {"cpu_seconds": 2.0}).cpu_seconds == 2.0


def test_an_engine_of_another_kind_can_take_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """A future of the standard library's own executor is waited for in the same way."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(bytes.upper, word) for word in (b"a", b"b")]
        seen = set()
        while futures:
            for future in engine.first_done(pool, futures):
                futures.remove(future)
                seen.add(future.result())
    assert seen == {b"A", b"B"}
