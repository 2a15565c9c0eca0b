"""The container is the sandbox: for a machine that grades one submission and is then thrown away, and that allows no namespaces.

Each notebook's process becomes a user of its own there, to whom nothing belongs, without capabilities, behind the same seccomp filter and
the same limits as in bubblewrap. It has no file system of its own: it reads what everybody may read. So all that it must not read has to
be closed to others, and that is tried, as that user, before a student's first line. What is not there: docs/platforms.md has the list.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from grader.sandbox import linux, reach, seccomp
from grader.sandbox.users import USERS

_FROM, _UNTIL = 20_000, 56_000  # where neither systems nor people have theirs, and containers that map 65536 users have them too
_NAMES = {linux.CHOWN: "CHOWN", linux.DAC_OVERRIDE: "DAC_OVERRIDE", linux.KILL: "KILL", linux.SETGID: "SETGID", linux.SETUID: "SETUID"}
_PROBE_SECONDS = 60


class Protection(NamedTuple):
    """One thing that keeps a student's code in its place, and whether it is there."""

    name: str
    active: bool
    detail: str


def first_user() -> int:
    """The number of the first of `USERS` users, another one in each sandbox: none can have left anything behind."""
    return _FROM + secrets.randbelow(_UNTIL - _FROM - 2 * USERS)


def refusal(user: int, closed: Iterable[Path]) -> str:
    """Why students' code cannot be kept from what is to be `closed`, in a sentence; "" where it can."""
    if os.geteuid() != 0:
        return "Only root can run students' code as another user: the sandbox of kind container is for a container's root."
    missing = [name for number, name in _NAMES.items() if number not in linux.capabilities()]
    if missing:
        return f"This container's root lacks the capability {', '.join(missing)}: give it back, as Docker does by default."
    try:
        found = reached(user, closed)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return f"No other user can run {sys.executable} here ({error}): make the interpreter readable for everybody."
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        return (
            f"Students' code could get at {found[0]}{more}: close it to others (chmod 700). "
            "`handgrad export LAB --to gradescope-autograder` lays out a container in which it is closed."
        )
    return ""


def reached(user: int, paths: Iterable[Path]) -> list[str]:
    """What a user can get at of these paths and of what lies below them. OSError where it cannot even ask."""
    code = Path(str(reach.__file__)).read_text(encoding="utf-8")  # by its text: its file may be closed to that user
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        input=json.dumps([os.path.realpath(path) for path in paths]).encode(),
        capture_output=True,
        env={},
        cwd="/",
        timeout=_PROBE_SECONDS,
        check=False,
        user=user,
        group=user,
        extra_groups=[],
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise OSError(said[-1] if said else f"exit code {done.returncode}")
    return list(json.loads(done.stdout))


def readable(user: int, folders: Sequence[Path]) -> list[Path]:
    """Those of the folders with Python code that this user can import from."""
    open_ones = reached(user, [folder / "__init__.py" for folder in folders])
    return [folder for folder in folders if os.path.realpath(folder / "__init__.py") in open_ones]


def protections(groups: Sequence[str]) -> list[Protection]:
    """What there is where the container is the sandbox, and what there is not. A container may have a network, which the filter closes."""
    filtered = seccomp.supported()
    network = "no sockets but local ones, by the seccomp filter" if filtered else "OPEN as far as the container's own is: no filter here"
    return [
        Protection("files", True, "as a user to whom nothing belongs; that the reference is closed to it was tried"),
        Protection("own file system", False, "it sees what everybody may read here, and shares /tmp and /dev/shm, cleared afterwards"),
        Protection("disk", False, "looked at twice a second: no limit of the kernel's"),
        Protection("network", filtered, network),
        Protection("processes", True, "another user for each: it can neither stop, read nor trace the judge"),
        Protection("list of processes", False, "it sees that others run here, and their command lines"),
        Protection("user", True, "an unprivileged user without capabilities"),
        Protection("system calls", filtered, "seccomp filter" if filtered else "no filter for this processor"),
        Protection("limits", True, "memory, processor, wall time, processes, files, output"),
        Protection("control groups", bool(groups), " and ".join(groups) or "not allowed here: the limits do without"),
    ]
