"""Kill the grader at any moment and start it again: the gradebook is the same."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.demo.made_up import strange_ones, students

from ...today import share

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py
KILLS = int(os.environ.get("HANDGRAD_KILLS", "6"))
CLASS = 60 if KILLS >= 50 else 40  # students
VICTIMS = ("grader", "worker", "warm process")


def command(classroom: Classroom) -> list[str]:
    handgrad = str(Path(sys.executable).with_name("handgrad"))
    options = ["--course", str(classroom.root), "--solutions", str(classroom.solutions), "--workers", "2", "--cell-seconds", "3"]
    return [handgrad, "grade", LAB, *options, "--json"]


def files(classroom: Classroom) -> dict[str, bytes]:
    """What the honest students get; how far a hostile cell comes before it is stopped is a matter of luck."""
    hostile = {student for student, _ in strange_ones(classroom.made_up)}
    steps = [path for step in ("autograded", "feedback") for path in (classroom.root / step).rglob("*") if path.is_file()]
    names = {str(path.relative_to(classroom.root)): path for path in steps}
    return {name: path.read_bytes() for name, path in names.items() if name.split("/")[1] not in hostile}


def test_a_result_that_was_not_published_is_published_first(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    classroom.hand_in("ada")

    class Killed(BaseException):
        pass

    def kill(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("grader.batch.publish.Publisher.is_written", kill)
        with pytest.raises(Killed):
            classroom.grade()
    assert classroom.grade().fresh == []
    assert classroom.written("feedback", "ada").exists()
    assert classroom.scores()


@pytest.mark.stress
@pytest.mark.timeout(3600)
def test_killed_at_random_moments(classroom: Classroom) -> None:
    """The grader itself, a worker, or a sandbox's warm process, at moments that take turns; `HANDGRAD_KILLS` says how many there are."""
    for student, notebook in students(classroom.made_up, CLASS):
        classroom.hand_in(student, notebook)
    subprocess.run(command(classroom), capture_output=True, check=False)
    whole_scores, whole_files = classroom.scores(), files(classroom)
    chance = random.Random(7)
    moments = sorted(chance.uniform(0.5, 12) for _ in range(KILLS))
    for moment, victim in share(list(zip(moments, itertools.cycle(VICTIMS), strict=False)), 2):
        classroom.forget_results()
        start_and_kill(classroom, moment, victim, chance)
        done = subprocess.run(command(classroom), capture_output=True, check=False)
        assert done.returncode == 1, done.stderr  # the truncated notebook is ungradable
        assert classroom.scores() == whole_scores
        assert differences(whole_files, files(classroom)) == []


def differences(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """What differs, with the place in each file where it begins."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, b""), after.get(name, b"")
        if old != new:
            place = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new)))
            found.append(f"{name}: {old[max(0, place - 80) : place + 200]!r} became {new[max(0, place - 80) : place + 200]!r}")
    return found


def start_and_kill(classroom: Classroom, seconds: float, victim: str, chance: random.Random) -> None:
    process = subprocess.Popen(command(classroom), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
        return
    except subprocess.TimeoutExpired:
        grader = psutil.Process(process.pid)
        family = grader.children(recursive=True)
        workers = grader.children()
        warm = [child for child in family if is_warm(child)]
        found = {"grader": [grader], "worker": workers, "warm process": warm}[victim] or [grader]
        chance.choice(sorted(found, key=lambda one: one.pid)).kill()
    if victim == "grader":
        process.wait()
        _, alive = psutil.wait_procs(family, timeout=60)
        assert not alive  # nothing of it is left on the machine
    else:
        assert process.wait(300) in (1, -signal.SIGKILL)  # it went on and graded everybody; the truncated notebook is ungradable


def is_warm(process: psutil.Process) -> bool:
    try:
        return "grader.sandbox.warm" in process.cmdline() and "bwrap" not in process.name()
    except psutil.Error:  # it has gone meanwhile
        return False
