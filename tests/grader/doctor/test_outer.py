"""What runs in the outer sandbox is counted, and nothing of it is left when its round is over."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from grader.doctor import outer
from grader.doctor.stage import Script, read
from grader.sandbox import Group, mark

FEW = 24  # processes; the group allows eighteen more than it is told, for a sandbox of ours
# every process starts others, for ever; it rests where no more may be started
BOMB = """
import os, sys, time
while True:
    try:
        os.fork()
    except OSError:
        time.sleep(0.05)
"""
COUNTS = """
import os, sys, time
started = 0
for _ in range(200):
    try:
        started += 1
        if os.fork() == 0:
            time.sleep(600)
    except OSError:
        started -= 1
print(started, flush=True)
"""


def _counts_processes() -> bool:
    """Whether this user may make a control group that does; asked with a process that does nothing."""
    pid = os.posix_spawn("/bin/sleep", ["sleep", "600"], {})
    group = Group(pid, mark())
    found = "processes" in group.controls
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    group.close()
    return found


pytestmark = [
    pytest.mark.stress,
    pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap"),
]


@pytest.fixture
def room(tmp_path: Path) -> Path:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == tmp_path.owner() and folder != Path("/") and folder != Path("/tmp"):
            folder.chmod(0o755)  # entered by nobody
    (tmp_path / "out").mkdir()
    (tmp_path / "tmp").mkdir()
    return tmp_path


def left(word: str) -> list[str]:
    """The processes with this word in their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:  # it has ended
            continue
    return found


def test_no_more_processes_than_are_allowed_and_none_is_left(room: Path) -> None:
    if not _counts_processes():
        pytest.skip("no control group that counts processes")
    command = outer.wrap([sys.executable, "-c", COUNTS, room.name], [room])
    with (room / "words").open("wb") as words, outer.running(command, dict(os.environ), words, FEW) as process:
        assert process.wait(120) == 0
    assert 5 < int((room / "words").read_text()) < FEW + 20
    assert left(room.name) == []


def test_what_is_still_running_at_the_end_ends(room: Path) -> None:
    command = outer.wrap([sys.executable, "-c", "import time\nprint('here', flush=True)\ntime.sleep(600)", room.name], [room])
    with (room / "words").open("wb") as words, outer.running(command, dict(os.environ), words, FEW):
        while not (room / "words").read_text():
            os.sched_yield()
        assert left(room.name)
    assert left(room.name) == []


def test_a_stage_outlives_a_fork_bomb(room: Path) -> None:
    if not _counts_processes():
        pytest.skip("no control group that counts processes")
    environment = {"TMPDIR": str(room / "tmp"), "PATH": os.environ["PATH"]}
    bomb = ["/bin/sh", "-c", f"{sys.executable} -c '{BOMB}' &", room.name]
    out, name = str(room / "out"), "attack-0123456789ab"
    script = Script([bomb], environment, str(room), out, 60, 40009, name, str(room / "secret"), "a secret", alone=True)
    (room / "script.json").write_text(json.dumps(asdict(script)))
    command = outer.wrap([sys.executable, "-m", "grader.doctor.stage", str(room / "script.json")], [room])
    whole = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with (room / "words").open("wb") as words, outer.running(command, whole, words, FEW) as process:
        code = process.wait(120)
    seen = read(room / "out")
    assert code == 0, (room / "words").read_text()
    assert seen is not None
    assert seen.codes == [0]
    assert seen.strays
    assert left(room.name) == []
