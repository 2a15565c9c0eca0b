"""Where a grader is attacked: a process that starts the grader, listens to whom attacks would call, and looks for what they left.

Run as `python -m grader.doctor.stage SCRIPT`; SCRIPT is a JSON file as `Script` describes. It may run inside an outer sandbox, so it
only writes facts into the arena's folder; nothing is judged here.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
_SETTLE_SECONDS = 5.0  # what was told to end may take so long to be gone
_PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/dev/mqueue")


@dataclass(frozen=True)
class Script:
    """What is to be run and watched for. `mark` is the word that all names of this run begin with."""

    commands: list[list[str]]
    environment: dict[str, str]
    cwd: str
    out: str
    seconds: float  # for all commands together
    port: int
    mark: str
    secret_file: str
    secret: str
    alone: bool  # whether all processes that are to be seen belong to this run


@dataclass
class Seen:
    """What was seen."""

    codes: list[int] = field(default_factory=list)
    hung: bool = False
    strays: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def main(path: str) -> int:
    """Run the commands one after the other and write down what was seen."""
    script = Script(**json.loads(Path(path).read_text(encoding="utf-8")))
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    out, seen = Path(script.out), Seen()
    Path(script.secret_file).write_text(script.secret, encoding="utf-8")
    Path(script.secret_file).chmod(0o644)
    try:
        with _listening(script, out / "contacts"):
            end = time.monotonic() + script.seconds
            for command in script.commands:
                seen.codes.append(_run(command, script, out, end, seen))
                seen.strays += _strays(alone=script.alone)
    finally:
        Path(script.secret_file).unlink(missing_ok=True)
    seen.left = _left(script.mark, Path(script.environment["TMPDIR"]))
    (out / "seen.json").write_text(json.dumps(asdict(seen)), encoding="utf-8")
    return 0


def _run(command: list[str], script: Script, out: Path, end: float, seen: Seen) -> int:
    """One command, its words kept in `out`; it is killed when the time is up."""
    with (out / "stdout").open("ab") as stdout, (out / "stderr").open("ab") as stderr:
        process = subprocess.Popen(
            command, cwd=script.cwd, env=script.environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True
        )
        try:
            return process.wait(max(1.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            seen.hung = True
            os.killpg(process.pid, signal.SIGKILL)
            return process.wait()


@contextlib.contextmanager
def _listening(script: Script, contacts: Path) -> Iterator[None]:
    """Listen on a port and on an abstract name; every word that comes is written down."""
    with socket.create_server(("127.0.0.1", script.port)) as network, socket.socket(socket.AF_UNIX) as local:
        local.bind(f"\0{script.mark}")
        local.listen()
        ended = threading.Event()
        listener = threading.Thread(target=_listen, args=([network, local], contacts, ended), daemon=True)
        listener.start()
        yield
        ended.set()
        listener.join(5)


def _listen(servers: list[socket.socket], contacts: Path, ended: threading.Event) -> None:
    while not ended.is_set():
        ready, _, _ = select.select(servers, [], [], 0.2)
        for server in ready:
            caller, _ = server.accept()
            with caller, contacts.open("ab") as file:
                caller.settimeout(2)
                with contextlib.suppress(OSError):
                    file.write(caller.recv(4096) + b"\n")


def _strays(*, alone: bool) -> list[str]:
    """Processes that outlived the grader; as its subreaper we are their parent. They are killed.

    Those that start others faster than one can read their names have to be killed all at once: where nobody else is here, `alone`.
    """
    end, found = time.monotonic() + _SETTLE_SECONDS, set[str]()
    while children := _children():
        if time.monotonic() > end:
            for pid in children:
                found.add(_command(pid))
                with contextlib.suppress(ProcessLookupError):
                    os.kill(-1 if alone else pid, signal.SIGKILL)
            end = time.monotonic() + 0.2
        select.select([], [], [], 0.05)
    return sorted(found)


def _children() -> list[int]:
    """Our living children; the dead ones are collected."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return [int(word) for word in Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()]


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ").strip()
        return f"{words[:200]} ({Path(f'/proc/{pid}/comm').read_text().strip()})"
    except OSError:
        return "a process"


def _left(mark: str, temporary: Path) -> list[str]:
    """What lies about on the machine with our mark on it, and what lies in the grader's temporary folder."""
    found = [f"{place}/{path.name}" for place in _PLACES for path in _listed(Path(place)) if mark in path.name]
    found += [f"the grader's temporary folder: {path.name}" for path in _listed(temporary)]
    found += [f"/proc/keys: {line.split(':')[-2].split()[-1]}" for line in _lines("/proc/keys") if mark[:12] in line]
    found += [f"abstract socket {line.split('@')[-1]}" for line in _lines("/proc/net/unix") if f"@{mark}-" in line]
    key = _key_of(mark)
    found += [f"shared memory with key {key}" for line in _lines("/proc/sysvipc/shm")[1:] if line.split()[0] == str(key)]
    return found


def _key_of(mark: str) -> int:
    """The number by which an attack names shared memory of System V."""
    return int(mark[-6:], 16)


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return []


def read(out: Path) -> Seen | None:
    """What a stage wrote down; None when it came to no end."""
    try:
        told: dict[str, Any] = json.loads((out / "seen.json").read_text(encoding="utf-8"))
        return Seen(**told)
    except (OSError, ValueError, TypeError):
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
