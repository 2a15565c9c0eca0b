"""What hostile code finds in the sandbox: nothing to steal, nobody to talk to, nobody to hurt."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import grader
from grader.sandbox import Child, Sandbox
from grader.sandbox.launch import environment

from .conftest import printed

PROJECT = Path(grader.__file__).resolve().parent.parent


@pytest.mark.parametrize("place", ["solutions", "course", "tests", ".git", "labs", "README.md", "pyproject.toml", "grader/cli"])
def test_the_project_cannot_be_read(child: Child, place: str) -> None:
    assert printed(child, f"import os; print(os.path.exists({str(PROJECT / place)!r}))") == "False"


@pytest.mark.stress
def test_no_file_of_the_grader_is_anywhere(child: Child, tmp_path: Path) -> None:
    secret = tmp_path / "handgrad-secret.db"
    secret.write_text("42")
    search = "for base, _, names in os.walk('/'):\n    if 'handgrad-secret.db' in names: print(base)"
    assert printed(child, f"import os\nprint(os.path.exists({str(secret)!r}))\n{search}") == "False"


@pytest.mark.parametrize("place", ["etc", "src", "local/etc", "local/src", "local/var", "share/doc", "local/share/man", "games"])
def test_of_the_system_only_what_programs_need_is_there(child: Child, place: str) -> None:
    assert printed(child, f"import os; print(os.path.exists('/usr/{place}'))") == "False"


@pytest.mark.parametrize("place", ["bin", "lib", "local/bin", "local/lib", "share/zoneinfo"])
def test_what_programs_need_is_there(child: Child, place: str) -> None:
    here = Path("/usr", place)
    names = sorted(path.name for path in here.iterdir()) if here.is_dir() else []
    assert printed(child, f"import os; print(sorted(os.listdir('/usr/{place}')) == {names})" if names else "print(True)") == "True"


SYSTEMS = f"python{sys.version_info.major}.{sys.version_info.minor}"  # it needs no library that it would find by an absolute path
OTHER_PYTHON = """
set -e; umask 022
mount -t tmpfs -o mode=755 none /usr/local
mkdir -p /usr/local/etc /usr/local/share/course; echo 42 > /usr/local/etc/token; echo 42 > /usr/local/share/course/key
mkdir -p /usr/local{place}/bin /usr/local{place}/lib/python3/dist-packages
cp /usr/bin/{python} /usr/local{place}/bin/python3; cp -r /usr/lib/{python} /usr/local{place}/lib/
echo {site} > /usr/local{place}/lib/python3/dist-packages/packages.pth
mkdir -p /usr/local/share/lab; cp -r {packages}/grader {packages}/course_utils /usr/local/share/lab/; touch /usr/local/share/lab/solutions
cd /; PYTHONPATH=/usr/local/share/lab exec /usr/local{place}/bin/python3 -c "$1"
"""


@pytest.mark.stress
@pytest.mark.parametrize("place", ["", "/conda"])
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="puts a Python where there is none")
@pytest.mark.skipif(not Path("/usr/bin", SYSTEMS).exists(), reason="needs the system's own Python, in this version")
def test_a_python_in_usr_local_works_and_shows_nothing_else_of_it(place: str) -> None:
    code = """
from grader.sandbox import Sandbox
with Sandbox(["numpy"]) as sandbox, sandbox.start() as child:
    result = child.execute("import os, sys, sqlite3; sys.base_prefix, sorted(os.listdir('/usr/local/share/lab')), "
        "[os.path.exists(p) for p in ('/usr/local/etc/token', '/usr/local/share/course')]")
    print(result.outputs[0]["data"]["text/plain"])
"""
    script = OTHER_PYTHON.format(place=place, python=SYSTEMS, packages=PROJECT, site=Path(pytest.__file__).parent.parent)
    done = subprocess.run(["unshare", "-m", "bash", "-c", script, "bash", code], capture_output=True, text=True, check=False)
    assert done.stdout == f"('/usr/local{place}', ['course_utils', 'grader'], [False, False])\n", done.stderr


def test_homes_and_accounts_are_made_up(child: Child) -> None:
    assert printed(child, "print(open('/etc/passwd').read().count(chr(10)))") == "2"
    assert printed(child, "import os; print(os.path.expanduser('~'), os.getcwd(), os.listdir('.'))") == ("/notebook /notebook []")


def test_the_environment_tells_nothing(child: Child) -> None:
    names = set(json.loads(printed(child, "import json, os; print(json.dumps(list(os.environ)))")))
    assert names - set(environment(Path("/notebook"))) <= {"PWD"}  # which bubblewrap sets


def test_a_variable_of_the_grader_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "42")
    with Sandbox() as sandbox, sandbox.start() as child:
        assert printed(child, "import os; print(os.environ.get('SECRET_TOKEN'))") == "None"


def test_only_its_own_processes_are_visible(child: Child) -> None:
    pids = printed(child, "import os; print(*sorted(int(n) for n in os.listdir('/proc') if n.isdecimal()))")
    assert pids in ("1", "")  # "" where /proc had to be covered


def test_no_memory_but_its_own_can_be_opened(child: Child) -> None:
    code = """
import os
opened = []
for name in filter(str.isdecimal, os.listdir("/proc")):
    if int(name) != os.getpid():
        try:
            opened.append(open(f"/proc/{name}/mem", "rb"))
        except OSError:
            pass
print(opened)
"""
    assert printed(child, code) == "[]"


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET"])
def test_no_network_socket_can_be_made(child: Child, family: str) -> None:
    result = child.execute(f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM)")
    assert result.outputs[-1]["ename"] == "PermissionError"


def test_names_cannot_be_resolved(child: Child) -> None:
    result = child.execute("import socket; socket.getaddrinfo('example.org', 80)")
    assert result.outputs[-1]["ename"] == "gaierror"


def test_abstract_sockets_of_the_machine_are_out_of_reach(child: Child) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        name = f"handgrad-test-{os.getpid()}"  # the machine's only one: its tests may run twice at once
        server.bind(f"\0{name}")
        server.listen()
        result = child.execute(f"import socket; socket.socket(socket.AF_UNIX).connect('\\0{name}')")
    assert result.outputs[-1]["ename"] == "ConnectionRefusedError"


def test_children_cannot_talk_to_each_other(sandbox: Sandbox, child: Child) -> None:
    printed(child, "import socket; s = socket.socket(socket.AF_UNIX); s.bind('\\0drop'); s.listen()")
    other = sandbox.start()
    assert other.execute("import socket; socket.socket(socket.AF_UNIX).connect('\\0drop')").status == "error"
    other.close()


@pytest.mark.parametrize(
    "call",
    [
        "libc.ptrace(0, 0, 0, 0)",
        "libc.unshare(0x10000000)",
        "libc.mount(b'x', b'/tmp', b'tmpfs', 0, 0)",
        "libc.umount2(b'/tmp', 2)",
        "libc.syscall(250, 0, 0, 0, 0)",  # keyctl
        "libc.syscall(248, b'user', b'x', b'y', 1, -3)",  # add_key
        "libc.syscall(321, 0, 0, 0)",  # bpf
        "libc.syscall(425, 1, 0)",  # io_uring_setup
        "libc.syscall(323, 0)",  # userfaultfd
        "libc.syscall(56, 0x10000011, 0, 0, 0, 0)",  # clone with a user namespace
        "libc.syscall(0x40000000 + 101, 0, 0, 0, 0)",  # ptrace by its x32 number
        "libc.process_vm_readv(1, 0, 0, 0, 0, 0)",
        "libc.memfd_create(b'x', 0)",
        "libc.shmget(1, 4096, 0o1600)",
        "libc.setns(0, 0)",
        "libc.chroot(b'/tmp')",
    ],
)
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="system calls by their x86-64 numbers")
def test_the_kernel_refuses(child: Child, call: str) -> None:
    code = f"import ctypes; libc = ctypes.CDLL(None, use_errno=True); print({call}, ctypes.get_errno())"
    assert printed(child, code) == "-1 1"


def test_it_has_no_capability_and_cannot_get_one(child: Child) -> None:
    lines = printed(child, "print(open('/proc/self/status').read())").splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert {int(status[f"Cap{kind}"], 16) for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"], status["Uid"].split()[0]) == ("1", "2", "1000")


@pytest.mark.parametrize("place", ["/", "/usr", "/etc", "/dev", str(PROJECT), str(PROJECT / "course_utils"), "/proc/sys/kernel"])
def test_nothing_of_the_system_can_be_written(child: Child, place: str) -> None:
    result = child.execute(f"open({place + '/planted'!r}, 'w')")
    assert not Path(place, "planted").exists()
    if not place.startswith("/tmp"):  # a checkout there has a namesake in the child's own /tmp
        assert result.outputs[-1]["ename"] in ("OSError", "PermissionError", "FileNotFoundError")


def test_what_one_child_leaves_the_next_does_not_find(sandbox: Sandbox, child: Child) -> None:
    places = ["/tmp/x", "/dev/shm/x", "/notebook/x", "/var/tmp/x", "/dev/pts/x"]
    leave = f"""
for place in {places}:
    try:
        open(place, "w").write("hello")
    except OSError:
        pass
import sys, numpy, builtins
numpy.allclose = builtins.planted = sys.modules["planted"] = 1
"""
    assert printed(child, leave + "\nimport os; print(sum(map(os.path.exists, " + str(places) + ")))") == "3"
    for _ in range(2):
        with sandbox.start() as other:
            code = f"import os, sys, numpy; print(*filter(os.path.exists, {places}), 'planted' in sys.modules, numpy.allclose([1], [1]))"
            assert printed(other, code) == "False True"


def test_terminals_are_its_own(sandbox: Sandbox, child: Child) -> None:
    printed(child, "import os; main, sub = os.openpty(); print(os.ttyname(sub))")
    other = sandbox.start()
    assert printed(other, "import os; print(*filter(str.isdecimal, os.listdir('/dev/pts')))") == ""
    other.close()


def test_hidden_packages_cannot_be_imported(child: Child) -> None:
    for name in ("torch", "mlxtend.data", "torch.nn"):
        assert child.execute(f"import {name}").outputs[-1]["ename"] == "ModuleNotFoundError"
    assert "ModuleNotFoundError" in printed(child, "!python -c 'import torch' 2>&1 | tail -1")


def test_a_course_utils_that_labs_import_is_there(child: Child) -> None:
    assert printed(child, "import course_utils; print('there')") == "there"


def test_unseeded_random_numbers_differ_between_children(sandbox: Sandbox) -> None:
    code = "import random, numpy as np; print(random.random(), np.random.rand())"
    children = [sandbox.start() for _ in range(2)]
    first, second = (printed(child, code).split() for child in children)
    assert first[0] != second[0]
    assert first[1] != second[1]
    for child in children:
        child.close()


def test_open_files_are_only_the_standard_ones_and_the_wire(child: Child) -> None:
    child.execute("1")  # the event loop opens its own
    code = """
import os
def kind(fd):
    try:
        return os.readlink(f"/proc/self/fd/{fd}").split(":")[0]
    except OSError:
        return None
print(sorted({kind(fd) for fd in range(256)} - {None}))
"""
    assert printed(child, code) == "['/dev/null', '/memfd', 'anon_inode', 'socket']"
