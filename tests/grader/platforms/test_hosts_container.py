"""The whole way in a container that is none: what `handgrad export` wrote is laid out, set up without a network, and grades.

The lab is the one that `handgrad doctor --attack` besieges; its secrets are words that may stand nowhere in what a student reads.
"""

from __future__ import annotations

import json
import shutil
import socket
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader.books import open_course
from grader.doctor.arena import Arena
from grader.doctor.attacks import CASES
from grader.doctor.attacks.case import LAB, Draft
from grader.doctor.honest import right_answers, wrong_answers
from grader.platforms.hosts import write_host

from .container import Container, can_be_made

pytestmark = [
    pytest.mark.stress,
    pytest.mark.skipif(not can_be_made(), reason="only root can make what stands for a container, with bubblewrap on x86-64"),
]
BY_NAME = {case.name: case for case in CASES}
TORCH = ("torch", "torchgen", "functorch")  # which is not installed for a lab by hand
# Each word in `found` is a way in; an exercise tells of them, in an error that its check shows.
THIEF = """
import glob, os, signal, socket
found, own = [], str(os.getpid())
def attempt(word, act):
    try:
        act()
        found.append(word)
    except (OSError, ImportError):
        pass
for place in ("/opt/handgrad/judge", "/opt/handgrad/source", "/autograder/source", "/autograder/results"):
    attempt(f"lists {place}", lambda: os.listdir(place))
secrets = ("/autograder/submission_metadata.json", "/opt/handgrad/judge/assignment.bundle", "/autograder/source/assignment.bundle")
others = [path for name in ("environ", "mem", "maps") for path in glob.glob(f"/proc/[0-9]*/{name}") if path.split("/")[2] != own]
for path in (*secrets, *others):
    attempt(f"reads {path}", lambda: open(path, "rb").read(1))
for path in ("/autograder/results/results.json", "/autograder/run_autograder", "/autograder/new", "/opt/handgrad/grade",
             "/opt/handgrad/new", "/opt/handgrad/python/bin/python", "/opt/handgrad/python/lib/new", "/etc/new", "/new"):
    attempt(f"writes {path}", lambda: open(path, "a").close())
for name in {path.split("/")[2] for path in others}:
    attempt(f"stops {name}", lambda: os.kill(int(name), signal.SIGSTOP))
attempt("connects", lambda: socket.create_connection(("127.0.0.1", @PORT@), timeout=2))
attempt("becomes root", lambda: os.setuid(0))
attempt("imports torch", lambda: __import__("torch"))
import numpy as np
def relu(z):
    raise ValueError(f"found {found} of {len(others)}")
"""


class Host:
    """Gradescope, as far as it is known."""

    def __init__(self, arena: Arena, container: Container) -> None:
        self.arena, self.container = arena, container
        self.root = container.root / "autograder"
        self.released = json.loads((arena.base / "release" / LAB / f"{LAB}.ipynb").read_text())

    def draft(self, **words: str) -> Draft:
        """An honest submission to start from, with what an attacker knows of the place."""
        known = {"MARK": "mark", "RUN": "run", "COURSE": "/autograder", "SOURCES": "/opt/handgrad/judge", "HOME": "/root", "PORT": "9"}
        return Draft(self.released, right_answers(), "one", {**known, "SECRET_FILE": "/autograder/submission_metadata.json", **words})

    def hand_in(self, make: Callable[[Draft], object] = lambda draft: None, **words: str) -> dict[str, Any]:
        """One submission, honest but for what `make` does to it, with what Gradescope reads afterwards."""
        self.put(make, **words)
        done = self.container.run("/autograder/run_autograder")
        text = (self.root / "results" / "results.json").read_text()
        assert "canary-" not in text, done.stderr
        found: dict[str, Any] = json.loads(text)
        found["told"] = done
        return found

    def put(self, make: Callable[[Draft], object] = lambda draft: None, **words: str) -> None:
        """A submission where Gradescope puts it."""
        draft = self.draft(**words)
        make(draft)
        draft.hand_in(self.root / "drafts")
        shutil.rmtree(self.root / "submission", ignore_errors=True)
        shutil.move(self.root / "drafts" / "one" / LAB, self.root / "submission")
        (self.root / "submission_metadata.json").write_text(json.dumps({"previous_submissions": [self.arena.secrets["neighbour"]]}))
        (self.root / "submission_metadata.json").chmod(0o644)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    root = tmp_path_factory.mktemp("hosts")
    arena = Arena(root / "arena", "bwrap")
    arena.build()
    write_host("gradescope-autograder", LAB, open_course(arena.base), arena.solutions, root / "out.zip")
    found = Host(arena, Container(root / "container", without=TORCH))
    with zipfile.ZipFile(root / "out.zip") as archive:
        for entry in archive.infolist():
            Path(archive.extract(entry, found.root / "source")).chmod(entry.external_attr >> 16)
    shutil.copy(found.root / "source" / "run_autograder", found.root)
    done = found.container.run("/autograder/source/setup.sh", "arrange")
    assert done.returncode == 0, done.stderr
    yield found
    shutil.rmtree(root)


def test_a_submission_gets_the_points_that_handgrad_grade_gives(host: Host) -> None:
    def half(draft: Draft) -> None:
        for exercise, answer in wrong_answers().items():
            draft.answer(exercise, answer)

    found = host.hand_in(half)
    assert (found["score"], found["extra_data"]["handgrad"]) == (80, {"state": "graded", "sandbox": "container"})
    lost = {test["name"] for test in found["tests"] if test["status"] == "failed"}
    assert lost == {"center: columns far from zero", "center: many rows"}
    assert sum(test["max_score"] for test in found["tests"]) == 100


def test_prairielearn_reads_the_same_points_as_a_share(host: Host) -> None:
    host.draft().hand_in(host.root / "drafts")
    grade = host.container.root / "grade"
    shutil.move(host.root / "drafts" / "one" / LAB, grade / "student")
    (grade / "data").mkdir()
    (grade / "data" / "data.json").write_text("{}")
    done = host.container.run("/opt/handgrad/grade", "prairielearn")
    found = json.loads((grade / "results" / "results.json").read_text())
    assert (found["gradable"], found["score"], done.returncode) == (True, 1.0, 0)
    assert (grade / "data").stat().st_mode & 0o077 == 0
    assert sum(test["max_points"] for test in found["tests"]) == 100


def test_a_thief_finds_nothing_and_stops_nobody(host: Host) -> None:
    def steal(draft: Draft) -> None:
        draft.answer("relu", THIEF)

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        found = host.hand_in(steal, PORT=str(server.getsockname()[1]))
    told = next(test["output"] for test in found["tests"] if test["name"] == "relu: both signs")
    assert "found [] of " in told
    assert "found [] of 0" not in told  # others were there, and looked at
    assert found["score"] == 80


def test_a_bomb_costs_its_own_cell(host: Host) -> None:
    def bomb(draft: Draft) -> None:
        BY_NAME["a-fork-bomb"].make(draft)
        draft.insert("raise RuntimeError('never reached, or in a new process')", before="relu")

    found = host.hand_in(bomb)
    assert found["extra_data"]["handgrad"]["state"] in ("graded", "partial")
    assert found["told"].returncode == 0, found["told"].stderr


def test_doctor_says_what_holds_there_and_what_does_not(host: Host) -> None:
    done = host.container.run("/opt/handgrad/doctor")
    lines = {line[2:31].strip(): line[0] for line in done.stdout.splitlines()}
    not_there = {name for name, mark in lines.items() if mark == "✗"}
    assert not_there == {"own file system", "disk", "list of processes", "control groups"}, done.stdout
    assert {"files", "network", "processes", "system calls", "reads a file of the grader's", "kills every process it can"} <= set(lines)
    assert done.returncode == 1


def test_nothing_runs_where_the_reference_is_open_to_students(host: Host) -> None:
    host.put()
    judge = host.container.root / "opt" / "judge"
    judge.chmod(0o755)
    (judge / "assignment.bundle").chmod(0o644)
    try:
        done = host.container.run("/opt/handgrad/grade", "gradescope")
    finally:
        judge.chmod(0o700)
    assert done.returncode == 1
    assert "Students' code could get at /opt/handgrad/judge" in done.stderr
    found = json.loads((host.root / "results" / "results.json").read_text())
    assert (found["score"], found["extra_data"]["handgrad"]["state"]) == (0, "failed")
