"""An outer sandbox for graders that have none of their own: attacks run for real in it, and the machine comes to no harm.

Read-only system, no homes but the interpreter's part of one, its own processes, network, `/tmp` and `/dev/shm`, limits for processes,
files and memory, and nothing to write to but the round's own copy of the course.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from course_utils.errors import UserError

NOBODY = 65534
_HIDDEN = ("/root", "/home", "/mnt", "/media", "/srv", "/run", "/var/tmp", "/var/lib", "/var/log", "/boot", "/sys")
_SCRATCH = str(256 * 2**20)
_ADDRESS_SPACE = 8 * 2**30  # bytes of one process
_PROCESSES = 512
_FILE = 2**30


def wrap(command: Sequence[str], writable: Sequence[Path]) -> list[str]:
    """The command line that runs a command in there. Raises UserError where bubblewrap is missing."""
    program = shutil.which("bwrap")
    if program is None:
        raise UserError("What has no sandbox of its own is attacked in an outer one: install bubblewrap (apt install bubblewrap).")
    limits = ["prlimit", f"--as={_ADDRESS_SPACE}", f"--nproc={_PROCESSES}", f"--fsize={_FILE}", "--core=0"]
    rooms = ["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    words = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--perms", "1777", "--size", _SCRATCH, "--tmpfs", "/dev/shm"]
    words += ["--perms", "1777", "--size", _SCRATCH, "--tmpfs", "/tmp"]
    words += [word for folder in _HIDDEN if Path(folder).is_dir() for word in ("--size", _SCRATCH, "--tmpfs", folder)]
    words += [word for path in _needed() for word in ("--ro-bind", str(path), str(path))]
    words += [word for path in writable for word in ("--bind", str(path), str(path))]
    return [*limits, program, *rooms, *words, "--", *command]


def whoever_may(paths: Sequence[Path]) -> dict[str, int | list[int]]:
    """How `subprocess` starts it: root becomes nobody first, to whom these paths then belong."""
    if os.geteuid() != 0:
        return {}
    for path in paths:
        subprocess.run(["chown", "-R", "-h", f"{NOBODY}:{NOBODY}", "--", str(path)], check=False)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _needed() -> Iterator[Path]:
    """The interpreter and the packages, where they lie in a folder that is hidden."""
    hidden = [Path(folder) for folder in (*_HIDDEN, "/tmp")]
    found = {Path(sys.prefix), Path(sys.base_prefix), *(Path(entry) for entry in sys.path if entry)}
    for path in sorted(found):
        if path.exists() and any(path.is_relative_to(folder) for folder in hidden):
            yield path
