"""What hostile or hopeless code cannot use up, and the sentence that says so."""

from __future__ import annotations

import os

import psutil
import pytest

from grader.sandbox import Child, Sandbox

from .conftest import LIMITS, hurried, printed


def alive_after(child: Child) -> bool:
    return child.execute("1").status == "ok"


def test_an_endless_loop_is_interrupted_and_the_notebook_goes_on(child: Child) -> None:
    child.execute("kept = 5")
    with hurried(child, cell_seconds=0.5):
        result = child.execute("print('before')\nwhile True: pass")
    assert (result.status, result.reason) == ("interrupted", "ran longer than 0.5 s and was interrupted")
    assert result.outputs[0]["text"] == "before\n"
    assert result.outputs[1]["ename"] == "KeyboardInterrupt"
    assert "while" in str(result.outputs[1]["traceback"])
    assert "on_interrupt" not in str(result.outputs[1]["traceback"])
    assert child.lookup("kept").value == 5


@pytest.mark.parametrize("code", ["time.sleep(600)", "!sleep 600", "import asyncio; await asyncio.sleep(600)"])
def test_a_sleeping_cell_is_interrupted(child: Child, code: str) -> None:
    child.execute("import time")
    with hurried(child, cell_seconds=0.5):
        assert child.execute(code).status == "interrupted"
    assert alive_after(child)


@pytest.mark.stress
@pytest.mark.parametrize(
    "code",
    [
        "max(range(10**12))",  # in C, which looks for no signals
        "while True:\n    try: time.sleep(60)\n    except BaseException: pass",
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    ],
)
def test_a_loop_that_ignores_the_interrupt_is_killed(child: Child, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.sandbox.remote._GRACE", 0.3)
    child.execute("import signal, time")
    with hurried(child, cell_seconds=2):  # within which the loop has to begin
        result = child.execute(code)
    assert result.status == "died"
    assert result.reason == "the notebook's process ran longer than 2 s, did not react to an interrupt and was stopped"
    assert child.lookup("x").raised.kind == "died"


def test_a_notebook_that_used_up_its_time_can_still_be_asked_nothing_more(child: Child) -> None:
    assert child.execute("import time").status == "ok"
    with hurried(child, notebook_seconds=0.5):
        assert child.execute("time.sleep(600)").status == "interrupted"
        result = child.execute("1")
    assert (result.status, result.reason) == ("interrupted", "was not run: the notebook had used up its 0.5 s")


def test_a_call_that_takes_too_long_is_a_timeout_and_the_next_one_works(child: Child) -> None:
    child.execute("def slow(): \n    while True: pass\ndef fast(): return 1")
    slow = child.lookup("slow").value
    with hurried(child, call_seconds=0.5):
        reply = child.perform("call", slow, (), {})
    assert (reply.raised.kind, reply.raised.message) == ("timeout", "ran longer than 0.5 s and was interrupted")
    assert child.perform("call", child.lookup("fast").value, (), {}).value == 1


def test_one_big_array_is_a_memory_error_and_the_notebook_goes_on(child: Child) -> None:
    result = child.execute("import numpy as np; np.ones(10**10)")
    assert result.outputs[-1]["ename"].endswith("MemoryError")
    assert alive_after(child)


def test_a_memory_bomb_of_many_processes_is_killed(child: Child) -> None:
    code = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        block = bytearray(os.urandom(1)) * (150 * 2**20)
        time.sleep(60)
time.sleep(60)
"""
    result = child.execute(code)
    assert (result.status, result.reason) == ("died", "the notebook's process used more than 400 MiB of memory")


def test_memory_that_is_shared_counts_too(child: Child) -> None:
    result = child.execute("import mmap; mmap.mmap(-1, 2**30)")
    assert result.outputs[-1]["ename"] == "PermissionError"


def test_a_fork_bomb_comes_to_nothing(child: Child) -> None:
    code = """
import os
made = 0
try:
    while True:
        if os.fork() == 0:
            import time; time.sleep(60)
        made += 1
except OSError as error:
    print(error.errno, made)
"""
    errno, made = map(int, printed(child, code).split())
    assert errno == 11
    assert made <= LIMITS.processes
    before = len(psutil.Process().children(recursive=True))
    child.close()
    assert before - len(psutil.Process().children(recursive=True)) >= made  # all of them are gone


def test_a_thread_bomb_comes_to_nothing(child: Child) -> None:
    code = """
import threading, time
for _ in range(1000):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
"""
    assert child.execute(code).outputs[-1]["evalue"] == "can't start new thread"


@pytest.mark.parametrize("place", ["/tmp", "/dev/shm", "/notebook"])
def test_a_full_disk_is_the_students_own(child: Child, place: str) -> None:
    code = f"""
written = 0
try:
    for number in range(100):
        with open(f"{place}/{{number}}", "wb") as file:
            written += file.write(bytes(2**20))
except OSError as error:
    print(error.strerror, written <= {LIMITS.disk_bytes})
"""
    assert printed(child, code) == "No space left on device True"


def test_inodes_are_limited_too(child: Child) -> None:
    code = "import os\ntry:\n    for n in range(20_000): open(f'{n}', 'w').close()\nexcept OSError as e: print(e.strerror)"
    assert printed(child, code) == "No space left on device"


def test_one_file_is_limited(child: Child) -> None:
    result = child.execute("open('big', 'wb').write(bytes(9 * 2**20))")
    assert result.outputs[-1]["evalue"] == "[Errno 27] File too large"


def test_processor_time_is_limited_over_all_processes(limited) -> None:
    child = limited(cpu_seconds=0.5)
    result = child.execute("while True: pass")
    assert (result.status, result.reason) == (
        "died",
        "the notebook's process used more than 0.5 s of processor time",
    )


CUT = "The output of this cell was cut off: it is more than 19.53 KiB."


@pytest.mark.stress
@pytest.mark.parametrize(
    "code",
    [
        "for n in range(100_000): print(n)",
        "print('x' * 10**7)",
        "import os\nfor n in range(1000): os.write(1, b'x' * 100)",
        "!yes | head -c 1000000",
        "for n in range(1000): display('x' * 1000)",
        "class Huge:\n    def __repr__(self): return 'x' * 10**7\nHuge()",
        "import sys\nfor n in range(100_000): print(n, file=sys.stderr)",
        "raise ValueError('x' * 10**6)",
        "display({'text/html': '<b>' * 10**6}, raw=True)",
    ],
)
def test_a_flood_of_output_is_cut_off(child: Child, code: str) -> None:
    result = child.execute(code)
    assert result.reason == CUT
    assert len(str(result.outputs)) < 2 * LIMITS.output_bytes
    assert CUT in result.outputs[-1]["text"]
    assert alive_after(child)


def test_an_endless_repr_is_interrupted(child: Child) -> None:
    with hurried(child, cell_seconds=0.5):
        result = child.execute("class Endless:\n    def __repr__(self):\n        while True: pass\nEndless()")
    assert result.status == "interrupted"
    assert alive_after(child)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os._exit(0)", "ended its own process (exit code 0)"),
        ("import os; os._exit(3)", "ended its own process (exit code 3)"),
        ("import ctypes; ctypes.string_at(0)", "crashed (Segmentation fault)"),
        (
            "import sys; sys.setrecursionlimit(10**9)\ndef f(): f()\nexec('def g(): h()\\ndef h(): g()')\nlist(map(lambda x: f(), [1]))",
            None,
        ),
    ],
)
def test_a_death_is_told(child: Child, code: str, reason: str | None) -> None:
    result = child.execute(code)
    assert result.status in ("died", "error")
    if reason:
        assert result.reason == f"the notebook's process {reason}"
        assert child.execute("1").status == "died"
        assert child.lookup("x").raised.message == result.reason


@pytest.mark.stress
def test_exit_and_recursion_end_nothing(child: Child) -> None:
    for code in ("import sys; sys.exit(1)", "def f(): f()\nf()", "raise SystemExit"):
        assert child.execute(code).status == "error"
    assert child.execute("exit").status == "ok"
    assert alive_after(child)


def test_killing_everybody_kills_nobody_else(sandbox: Sandbox, child: Child) -> None:
    other = sandbox.start()
    child.execute("import os, signal\nos.kill(-1, signal.SIGKILL)")
    assert alive_after(other)
    other.close()
    after = sandbox.start()
    assert alive_after(after)
    after.close()


def test_daemons_do_not_outlive_the_notebook(child: Child) -> None:
    code = """
import os
here, there = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "98765"])
    os._exit(0)
os.close(there)
os.read(here, 1)  # ends when the last of them has become the daemon, which does not inherit the pipe
"""
    assert child.execute(code).status == "ok"
    running = [process for process in psutil.Process().children(recursive=True) if process.name() == "sleep"]
    assert len(running) == 1
    child.close()
    assert not running[0].is_running()


def test_a_fork_that_comes_back_does_not_answer_for_the_notebook(child: Child) -> None:
    result = child.execute("import os; pid = os.fork(); print('parent' if pid else 'child'); pid and os.waitpid(pid, 0)")
    assert result.status == "ok"
    assert child.execute("6 * 7").outputs[0]["data"]["text/plain"] == "42"


TICKS = 3 / os.sysconf("SC_CLK_TCK")  # the system counts whole ticks, here for user and system apart, and drops what is begun


def test_usage_is_told(child: Child) -> None:
    child.execute("block = bytearray(100 * 2**20); import time; t = time.process_time()\nwhile time.process_time() < t + .1: pass")
    usage = child.usage
    assert usage.peak_bytes > 100 * 2**20
    assert usage.cpu_seconds >= 0.1 - TICKS
    child.close()
    assert child.usage.cpu_seconds >= 0.1 - TICKS


BURN = "import time\ndef burn(s):\n    t = time.process_time()\n    while time.process_time() < t + s: pass\n"
DISOWNED = """
import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody is told what they used
for _ in range(3):
    pid = os.fork()
    if not pid:
        burn(0.2)
        os._exit(0)
    try: os.waitpid(pid, 0)
    except ChildProcessError: pass
"""


def test_usage_counts_processes_that_nobody_waits_for(child: Child) -> None:
    child.execute(BURN + DISOWNED)
    assert child.usage.cpu_seconds >= 0.4  # of 0.6: what they did after they were last looked at is lost


@pytest.mark.parametrize("end", ["os._exit(0)", "import ctypes; ctypes.string_at(0)"])
def test_usage_counts_what_was_used_until_the_end(child: Child, end: str) -> None:
    code = f"import os\nblock = bytearray(100 * 2**20)\npid = os.fork()\nburn(0.2)\n{end}"
    assert child.execute(BURN + code).status == "died"
    assert child.usage.cpu_seconds > 0.2 + TICKS  # of 0.4 in two processes: what they did after they were last looked at is lost
    assert child.usage.peak_bytes > 100 * 2**20


def test_a_signal_to_its_own_group_reaches_no_keeper(child: Child) -> None:
    child.execute(BURN + "burn(0.2)\nimport os\nos.kill(0, 9)")
    assert child.usage.cpu_seconds >= 0.2 - TICKS


def test_usage_counts_what_was_killed_with_the_notebook(child: Child) -> None:
    assert child.execute(BURN + "import os\nif not os.fork(): burn(60)\nburn(0.3)").status == "ok"
    child.close()
    assert child.usage.cpu_seconds >= 0.4


@pytest.mark.stress
def test_nothing_is_left_when_the_sandbox_closes() -> None:
    before = set(psutil.Process().children(recursive=True))
    with Sandbox(limits=LIMITS) as sandbox:
        children = [sandbox.start() for _ in range(3)]
        ours = set(psutil.Process().children(recursive=True)) - before
        assert len(ours) >= 8  # bubblewrap's two, the warm process, and two for every child
    _, left = psutil.wait_procs(ours, timeout=60)
    assert {process for process in left if process.status() != psutil.STATUS_ZOMBIE} == set()
    assert children[0].execute("1").status == "died"
    for child in children:
        child.close()
