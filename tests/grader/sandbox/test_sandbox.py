"""Sandboxes as a grader uses them: several at once, without bubblewrap, killed, or impossible."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

import grader
from course_utils.data import LOADERS
from grader.sandbox import Sandbox, SandboxUnavailable, groups_of, mark, protections, sweep
from grader.sandbox.annex import Annexes
from grader.sandbox.cgroups import everywhere

from .conftest import LIMITS, hurried, printed

GRADER = f"""
import os, sys, time
sys.path.insert(0, {str(Path(grader.__file__).parent.parent)!r})
from grader.sandbox import Sandbox, mark
print(mark(), flush=True)
sandbox = Sandbox(kind=sys.argv[1])
child = sandbox.start()
print(child.execute("import subprocess; p = subprocess.Popen(['sleep', '87654'])").status, flush=True)
time.sleep(600)
"""


@pytest.mark.stress
@pytest.mark.parametrize("kind", ["bwrap", "none"])
def test_a_grader_that_is_killed_leaves_nothing(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    place = {**os.environ, "TMPDIR": str(tmp_path)}
    grader = subprocess.Popen([sys.executable, "-c", GRADER, kind], stdout=subprocess.PIPE, text=True, env=place)
    assert grader.stdout is not None
    marked = grader.stdout.readline().strip()
    assert grader.stdout.readline() == "ok\n"
    left = psutil.Process(grader.pid).children(recursive=True)
    assert "sleep" in [process.name() for process in left]
    assert len(left) >= 3
    grader.kill()
    grader.wait()
    grader.stdout.close()
    _, alive = psutil.wait_procs(left, timeout=60)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
    assert groups_of([grader.pid]) == everywhere(marked)
    assert groups_of([os.getpid()]) == everywhere(mark())
    sweep()
    assert list(tmp_path.iterdir()) == []
    assert everywhere(marked) == []


def test_only_what_is_left_of_the_dead_is_swept(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _, started, counted = mark().removeprefix("handgrad-").removesuffix("-").split(".")
    dead = subprocess.Popen(["true"])
    dead.wait()
    left = [
        f"handgrad-{dead.pid}.{started}.{counted}-a",  # its process has gone
        f"handgrad-{os.getpid()}.{int(started) - 1}.{counted}-b",  # its number is another process's now
    ]
    kept = [
        f"{mark()}c",
        f"handgrad-{dead.pid}.{started}.{int(counted) + 1}-d",  # lives, or not, where we cannot see it
        "handgrad-build-e",
        f"x{left[0]}",
    ]
    for name in (*left, *kept):
        (tmp_path / name / "inside").mkdir(parents=True)
    (tmp_path / f"{left[0]}link").symlink_to(tmp_path / kept[0])
    groups = everywhere(mark())
    sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*kept, f"{left[0]}link"])
    assert all((tmp_path / name / "inside").exists() for name in kept)
    assert all(folder.exists() for folder in groups)


def test_the_next_sandbox_sweeps_what_the_last_grader_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pid, started, counted = mark().removeprefix("handgrad-").removesuffix("-").split(".")
    (tmp_path / f"handgrad-{pid}.{int(started) - 1}.{counted}-a").mkdir()
    with Sandbox():
        assert list(tmp_path.iterdir()) == []


def test_several_threads_may_use_one_sandbox(sandbox: Sandbox) -> None:
    def grade(number: int) -> object:
        with sandbox.start() as child:
            child.execute(f"x = {number}")
            return child.lookup("x").value

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(grade, range(12))) == list(range(12))


def test_many_children_leave_no_open_files(sandbox: Sandbox) -> None:
    with sandbox.start() as child:
        child.execute("1")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with sandbox.start() as child:
            child.execute("1")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.stress
def test_without_isolation_the_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # other tests' sandboxes come and go in the usual one
    with Sandbox(kind="none", limits=LIMITS) as sandbox, sandbox.start() as child:
        child.put_file("data.txt", b"42")
        assert printed(child, "print(open('data.txt').read())") == "42"
        with hurried(child, cell_seconds=1):
            assert child.execute("while True: pass").status == "interrupted"
        started = "import subprocess\nprint(subprocess.Popen(['sleep', '87654'], start_new_session=True).pid)"
        sleeper = psutil.Process(int(printed(child, started)))
        child.execute("import os, time\ndef hold():\n    x = bytearray(b'x') * 150_000_000\n    time.sleep(60)")
        bomb = "for _ in range(5):\n    if os.fork() == 0: hold()\ntime.sleep(60)"
        assert child.execute(bomb).reason == "the notebook's process used more than 400 MiB of memory"
        _, left = psutil.wait_procs([sleeper], timeout=60)
        assert [process for process in left if process.status() != psutil.STATUS_ZOMBIE] == []
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_its_control_groups() -> None:
    with Sandbox() as sandbox, sandbox.start() as child:
        child.execute("1")
        folders = list(sandbox._group._folders)
        assert all(folder.exists() for folder in folders)
    assert [folder for folder in folders if folder.exists()] == []


def test_protections_say_what_is_missing() -> None:
    assert {protection.name for protection in protections("none") if protection.active} == {"limits"}
    inactive = {protection.name for protection in protections("bwrap") if not protection.active}
    assert inactive <= {"control groups", "system calls"}


def test_without_bubblewrap_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SandboxUnavailable, match=r"^The sandbox needs bubblewrap: install it \(apt install bubblewrap"):
        Sandbox()


def test_a_bubblewrap_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(SandboxUnavailable, match=r"allows unprivileged user namespaces .*No permissions to create"):
        Sandbox()


def test_a_module_that_cannot_be_preloaded_is_named() -> None:
    with pytest.raises(SandboxUnavailable, match="No module named 'no_such_module'"):
        Sandbox(preload=["no_such_module"])


FIRST = """
import sys
from course_utils import data
before = set(sys.modules)
data.{name}()
print(sorted(set(sys.modules) - before))
"""


def test_what_a_function_imports_is_imported_before_any_child_is_there() -> None:
    with Sandbox(preload=["course_utils.data:photo()", "course_utils.data:no_such()"]) as sandbox, sandbox.start() as child:
        assert printed(child, FIRST.format(name="photo")) == "[]"


@pytest.mark.stress
def test_no_data_of_the_labs_is_imported_in_a_child() -> None:
    with Sandbox(preload=[f"course_utils.data:{name}()" for name in LOADERS]) as sandbox:
        for name in LOADERS:
            with sandbox.start() as child:
                assert printed(child, FIRST.format(name=name)) == "[]"
                assert child.usage.cpu_seconds < 0.5  # and not read again either


def test_what_is_hidden_is_not_preloaded() -> None:
    with Sandbox(preload=["math", "sqlite3:connect", "sqlite3.dbapi2", "sqlite3"], hide=["sqlite3"]) as sandbox, sandbox.start() as child:
        assert child.execute("import math").status == "ok"


@pytest.mark.stress
def test_who_asks_for_a_slow_package_finds_it_imported_and_nobody_else() -> None:
    with Sandbox(limits=LIMITS) as sandbox:
        for slow, found in (("scipy", "True"), ("", "False"), ("scipy", "True"), ("no_such", "False")):
            with sandbox.start(slow) as child:
                assert printed(child, "import sys; print('scipy.special' in sys.modules)") == found
                assert printed(child, "import os; print(os.getcwd(), os.listdir())") == "/notebook []"


def test_a_notebook_chooses_no_other_package_than_the_slow_ones() -> None:
    with Sandbox(hide=["scipy"]) as sandbox:
        for slow in ("scipy", "antigravity"):
            with sandbox.start(slow) as child:
                assert printed(child, "import sys; print({'scipy', 'antigravity'} & set(sys.modules))") == "set()"


@pytest.mark.stress
def test_a_child_of_an_annexe_dies_with_the_sandbox() -> None:
    with Sandbox() as sandbox, sandbox.start("scipy"):
        warm = psutil.Process(sandbox._launched.process.pid)
        family = warm.children(recursive=True)
        assert len(family) > 3  # the annexe, a keeper and its notebook, beside the warm process
        warm.kill()
        _, left = psutil.wait_procs(family, timeout=30)
        assert [process for process in left if process.status() != psutil.STATUS_ZOMBIE] == []


def test_an_annexe_that_cannot_be_made_is_done_without() -> None:
    annexes = Annexes(lambda line, module: line.close())
    assert not annexes.take("torch", {}, [])
    assert not annexes.take("torch", {}, [])


def test_a_sandbox_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match='use "bwrap", "container" or "none"'):
        Sandbox(kind="docker")  # type: ignore[arg-type]


def test_a_warm_process_that_died_is_told() -> None:
    with Sandbox() as sandbox:
        os.kill(sandbox._launched.process.pid, signal.SIGKILL)
        sandbox._launched.process.wait()
        with pytest.raises(SandboxUnavailable):
            sandbox.start()


PACKAGES = Path(grader.__file__).resolve().parent.parent
AS_USER = """
set -e
mkdir -p {tmp}/python {tmp}/home; chown 1234 {tmp}/home
mount --bind {base} {tmp}/python
mount -t tmpfs -o mode=755 none /root; mkdir -p {base}; mount --bind {tmp}/python {base}
cd /; exec setpriv --reuid 1234 --regid 1234 --clear-groups env HOME={tmp}/home PYTHONPATH={packages} {python} -c "$1"
"""


@pytest.mark.skipif(os.geteuid() != 0 or not Path(sys.base_prefix).is_relative_to(Path.home()), reason="shows root what a user sees")
@pytest.mark.skipif(not shutil.which("setpriv"), reason="needs setpriv")
def test_it_works_for_an_ordinary_user() -> None:
    code = """
from grader.sandbox import Sandbox
with Sandbox() as sandbox, sandbox.start() as child:
    result = child.execute("import os; os.getuid(), os.path.exists('/proc/1')")
    print(result.outputs[0]["data"]["text/plain"])
"""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        script = AS_USER.format(tmp=folder, base=sys.base_prefix, python=sys.executable, packages=PACKAGES)
        command = ["unshare", "-m", "bash", "-c", script, "bash", code]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "(1000, True)\n", done.stderr
