"""An outer sandbox for graders that have none of their own: attacks run for real in it, and the machine comes to no harm.

Read-only system, no homes but the interpreter's part of one, its own processes, network, `/tmp` and `/dev/shm`, limits for processes,
files and memory, and nothing to write to but the round's own copy of the course.

Processes that start processes are counted by a control group, where this user may make one: a limit of the kind that `prlimit` sets is
counted for all that a user has on the machine, so it cannot be tight. What runs in here is nice to everything else.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from course_utils.errors import UserError
from grader.sandbox import Group, Limits, mark

NOBODY = 65534
_HIDDEN = ("/root", "/home", "/mnt", "/media", "/srv", "/run", "/var/tmp", "/var/lib", "/var/log", "/boot", "/sys")
_SCRATCH = str(256 * 2**20)
_ADDRESS_SPACE = 8 * 2**30  # bytes of one process
_PROCESSES = 512  # and threads: of one user, all that it has on the machine
_IN_GROUP = 128 + 8 * (os.cpu_count() or 1)  # of one round; NumPy alone starts one for each processor
_AS_NICE = 10
_WHEN_TOLD = 'read -r _ && exec "$@" </dev/null'
_FILE = 2**30


def wrap(command: Sequence[str], writable: Sequence[Path]) -> list[str]:
    """The command line that runs a command in there; root becomes nobody, to whom what is writable then belongs.

    Raises UserError where bubblewrap is missing.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise UserError("What has no sandbox of its own is attacked in an outer one: install bubblewrap (apt install bubblewrap).")
    limits = ["nice", f"-n{_AS_NICE}", "prlimit", f"--as={_ADDRESS_SPACE}", f"--nproc={_PROCESSES}", f"--fsize={_FILE}", "--core=0"]
    rooms = [
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--die-with-parent",
        "--new-session",
    ]
    words = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for folder in ("/dev/shm", "/tmp", *(folder for folder in _HIDDEN if Path(folder).is_dir())):
        mode = "1777" if folder in ("/dev/shm", "/tmp", "/var/tmp") else "0755"
        words += ["--perms", mode, "--size", _SCRATCH, "--tmpfs", folder]
    for path, bind in [*((path, "--ro-bind") for path in _needed()), *((path, "--bind") for path in writable)]:
        # bubblewrap would make the folders on the way for root alone
        words += [word for folder in reversed(path.parents) if len(folder.parts) > 2 for word in ("--perms", "0755", "--dir", str(folder))]
        words += [bind, str(path), str(path)]
    return [*limits, program, *rooms, *_nobody(writable), *words, "--", *_becoming_nobody(), *command]


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], words: IO[bytes], processes: int = _IN_GROUP
) -> Iterator[subprocess.Popen[bytes]]:
    """A wrapped command while it runs; at the end, all that it started has ended.

    It begins when its control group has it, so that nothing escapes the count of `processes`.
    """
    waiting = ["/bin/sh", "-c", _WHEN_TOLD, "outer", *command]
    process = subprocess.Popen(waiting, env=environment, stdin=subprocess.PIPE, stdout=words, stderr=words)
    group = Group(process.pid, mark())
    group.allow(1, Limits(processes=processes, memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")))
    try:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(b"begin\n")
        yield process
    finally:
        process.kill()  # bubblewrap takes its whole process namespace along
        process.wait()
        group.close()


def _nobody(writable: Sequence[Path]) -> list[str]:
    """Who it is inside, in bubblewrap's words."""
    if os.geteuid() != 0:
        return ["--unshare-user", "--cap-drop", "ALL"]
    for path in writable:
        subprocess.run(["chown", "-R", "-h", f"{NOBODY}:{NOBODY}", "--", str(path)], check=False)
    return ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]


def _becoming_nobody() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--bounding-set=-all", "--no-new-privs"]


def _needed() -> Iterator[Path]:
    """The interpreter and the packages, where they lie in a folder that is hidden."""
    hidden = [Path(folder) for folder in (*_HIDDEN, "/tmp")]
    packages = Path(__file__).resolve().parents[2]
    found = {Path(sys.prefix), Path(sys.base_prefix), packages, *(Path(entry) for entry in sys.path if entry.endswith("-packages"))}
    for path in sorted(found):
        if path.exists() and any(path.is_relative_to(folder) and path != folder for folder in hidden):
            yield path
