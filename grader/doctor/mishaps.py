"""Machinery: what befalls the grader itself. Afterwards a grader that is started again has to bring the class to its end, as ever."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from grader.doctor.attacks.case import LAB
from grader.doctor.scene import PATIENCE, Impossible, Mishap, Scene, last, sentence

_SMALL = 400 * 2**10  # bytes: room for the gradebook and little else


def _gradebook(scene: Scene) -> Path:
    return scene.round.course / "gradebook.db"


def _locked(scene: Scene) -> Iterator[str]:
    with closing(sqlite3.connect(_gradebook(scene), isolation_level=None)) as database:
        database.execute("begin exclusive")
        yield from sentence(scene, scene.run())


def _damaged(scene: Scene) -> Iterator[str]:
    kept = _gradebook(scene).read_bytes()
    _gradebook(scene).write_bytes(kept[:4096] + b"x" * 4096 + kept[8192:])
    yield from sentence(scene, scene.run())
    _gradebook(scene).write_bytes(kept)


def _no_database(scene: Scene) -> Iterator[str]:
    kept = _gradebook(scene).read_bytes()
    _gradebook(scene).write_bytes(b"this is no database" * 1000)
    yield from sentence(scene, scene.run())
    _gradebook(scene).write_bytes(kept)


def _read_only(scene: Scene) -> Iterator[str]:
    if os.geteuid() == 0 and scene.round.arena.kind == "bwrap":
        if not _immutable(_gradebook(scene), on=True):
            raise Impossible("root writes where nobody may, and this file system knows no files that stay as they are")
    else:
        scene.round.course.chmod(0o555)
        _gradebook(scene).chmod(0o444)
    try:
        yield from sentence(scene, scene.run())
    finally:
        _immutable(_gradebook(scene), on=False)
        scene.round.course.chmod(0o755)
        _gradebook(scene).chmod(0o644)


def _immutable(path: Path, *, on: bool) -> bool:
    program = shutil.which("chattr")
    return program is not None and subprocess.run([program, "+i" if on else "-i", path], capture_output=True, check=False).returncode == 0


def _missing(scene: Scene) -> Iterator[str]:
    _gradebook(scene).unlink()
    yield from ()


def _torn_journal(scene: Scene) -> Iterator[str]:
    yield from _graded_before(scene)
    journal = scene.round.course / ".handgrad" / LAB / "journal.jsonl"
    if journal.exists():
        data = journal.read_bytes()
        journal.write_bytes(data[: len(data) * 2 // 3])


def _garbage_in_journal(scene: Scene) -> Iterator[str]:
    yield from _graded_before(scene)
    journal = scene.round.course / ".handgrad" / LAB / "journal.jsonl"
    if journal.exists():
        with journal.open("ab") as file:
            file.write(b"\x00" * 5000 + b'\n{"event": "result"}\n[1]\n{"event": 7}\n')


def _graded_before(scene: Scene) -> Iterator[str]:
    if code := scene.run():
        yield f"it ends with {code} already when nothing is wrong"


def _full_disk(scene: Scene) -> Iterator[str]:
    course, away = scene.round.course, scene.round.folder / "away"
    if os.geteuid() != 0 or scene.round.arena.kind != "bwrap":
        raise Impossible("only root may mount a small disk")
    course.rename(away)
    course.mkdir()
    size = sum(path.stat().st_size + 4096 for path in away.rglob("*")) + _SMALL
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(course)], capture_output=True, check=False)
    try:
        if mounted.returncode:
            raise Impossible("no small disk can be mounted here")
        shutil.copytree(away, course, dirs_exist_ok=True)
        (course / "ballast").write_bytes(b"x" * (_free(course) - 40 * 2**10))
        yield from sentence(scene, scene.run())
        (course / "ballast").unlink()
        shutil.copytree(course, away, dirs_exist_ok=True)
    finally:
        subprocess.run(["umount", "-l", str(course)], capture_output=True, check=False)
        course.rmdir()
        away.rename(course)


def _free(folder: Path) -> int:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def _two_graders(scene: Scene) -> Iterator[str]:
    processes = [scene.start(), scene.start()]
    said = [scene.round.out / f"started-{number}" for number in range(2)]
    codes = [scene.finish(process) for process in processes]
    if all(codes):
        yield f"of two graders at once none came to its end: {codes}"
    if any("Traceback" in path.read_text(errors="replace") for path in said):
        yield "one of two graders ends with a traceback where a sentence belongs"
    if changed := scene.changed():
        yield f"two graders at once gave a class that differs: {', '.join(changed)}"


def _no_sandbox(scene: Scene) -> Iterator[str]:
    if scene.round.arena.kind != "bwrap":
        raise Impossible("this grader has no sandbox that could be missing")
    with_nothing = scene.round.folder / "bin"
    with_nothing.mkdir()
    yield from sentence(scene, scene.run(path=str(with_nothing)))


def _killed(after: float) -> Callable[[Scene], Iterator[str]]:
    """The grader is killed with all its processes some time after its start."""

    def act(scene: Scene) -> Iterator[str]:
        process = scene.start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(after)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        yield from ()

    return act


def _kills(word: bytes) -> Callable[[Scene], Iterator[str]]:
    """A process below the grader is killed as soon as it is there; the run has to end well all the same."""

    def act(scene: Scene) -> Iterator[str]:
        process, killed = scene.start(), False
        end = time.monotonic() + PATIENCE
        while process.poll() is None and not killed and time.monotonic() < end:
            killed = _kill_one(process.pid, word)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        code = scene.finish(process)
        if not killed:
            raise Impossible("no such process was seen")
        if code:
            yield f"the run ends with {code}: {last(scene.complaint())}"

    return act


def _kill_one(root: int, word: bytes) -> bool:
    from grader.doctor.usage import below

    for pid, command in below(root):
        if word in command:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                return True
    return False


def _leaves_groups(scene: Scene) -> Iterator[str]:
    assert scene.campaign.baseline is not None
    if scene.campaign.baseline.leaves_groups:
        yield "every run leaves empty control groups behind"


MISHAPS = (
    Mishap("control-groups-stay", "an ordinary run, and what is left of it", _leaves_groups, heals=False),
    Mishap("killed-at-the-start", "the grader is killed a second after its start", _killed(1.0)),
    Mishap("killed-while-it-grades", "the grader is killed while it grades", _killed(4.0)),
    Mishap("killed-later", "the grader is killed when it is nearly done", _killed(8.0)),
    Mishap("the-warm-process-dies", "the process that notebooks are forked from is killed", _kills(b"grader.sandbox.warm")),
    Mishap("a-kernel-dies", "the sandbox is killed", _kills(b"bwrap")),
    Mishap("a-locked-gradebook", "another program holds the gradebook for ever", _locked),
    Mishap("a-damaged-gradebook", "a page of the gradebook is damaged", _damaged),
    Mishap("no-gradebook-but-text", "the gradebook is no database", _no_database),
    Mishap("a-read-only-gradebook", "nobody may write the gradebook", _read_only),
    Mishap("a-missing-gradebook", "the gradebook is gone", _missing),
    Mishap("a-torn-journal", "the journal breaks off", _torn_journal),
    Mishap("rubbish-in-the-journal", "there is rubbish in the journal", _garbage_in_journal),
    Mishap("a-full-disk", "the disk is full", _full_disk),
    Mishap("two-graders", "two graders at once on one course", _two_graders),
    Mishap("no-bubblewrap", "bubblewrap is not installed", _no_sandbox),
)
