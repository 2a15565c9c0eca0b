"""What a notebook's process goes through before it sees a line of a student's code.

It starts as a fork of the warm process and ends with a root of its own user, process, mount, network and ipc
namespaces, its own empty `/tmp`, `/dev/shm` and home (one small tmpfs), no capabilities, a seccomp filter, resource
limits, and no open files but the ones it is given.
"""

from __future__ import annotations

import math
import os
import resource
from collections.abc import Sequence
from pathlib import Path

from grader.sandbox import linux, seccomp
from grader.sandbox.limits import Limits

UID = 1000
HOME, SCRATCH = Path("/notebook"), Path("/.scratch")  # names that no user's home can have
_OWN = {"home": HOME, "tmp": Path("/tmp"), "shm": Path("/dev/shm")}
_OPEN_FILES = 256
_INODES = 10_000


def enter_namespaces() -> None:
    """Leave the warm process's namespaces; the mounts follow in `own_mounts`, once there is a process 1."""
    uid, gid = os.geteuid(), os.getegid()
    linux.unshare(linux.NEW_USER | linux.NEW_PIDS | linux.NEW_IPC | linux.NEW_NET | linux.NEW_UTS)
    linux.set_dumpable(True)  # the files in /proc/self are root's as long as the process is undumpable
    linux.map_user(UID, uid, gid)
    linux.set_dumpable(False)


def covered(path: Path) -> bool:
    """Whether a path lies in a folder that every child gets a new one of."""
    return any(map(path.is_relative_to, _OWN.values()))


def own_mounts(disk_bytes: int, keep: Sequence[str], *, card: bool = False) -> None:
    """Give this process a home, `/tmp`, `/dev/shm`, terminals and `/proc` that it shares with nobody.

    `keep` names what has to stay visible although it lies in one of these.
    """
    linux.unshare(linux.NEW_MOUNTS)
    linux.mount("none", "/", None, linux.RECURSIVE | linux.PRIVATE)
    quiet = linux.NO_SUID | linux.NO_DEVICES
    linux.mount("scratch", str(SCRATCH), "tmpfs", quiet, f"size={disk_bytes},nr_inodes={_INODES},mode=755")
    for name, target in _OWN.items():
        own = SCRATCH / name
        own.mkdir()
        for path in map(Path, keep):
            if path.is_relative_to(target):
                inner = own / path.relative_to(target)
                inner.parent.mkdir(parents=True, exist_ok=True)
                inner.mkdir(exist_ok=True) if path.is_dir() else inner.touch()
                linux.mount(str(path), str(inner), None, linux.BIND | linux.RECURSIVE)
        linux.mount(str(own), str(target), None, linux.BIND | linux.RECURSIVE)
    linux.mount("devpts", "/dev/pts", "devpts", linux.NO_SUID | linux.NO_EXEC, "ptmxmode=0666,mode=620")
    try:
        linux.mount("proc", "/proc", "proc", quiet | linux.NO_EXEC)
    except OSError:  # refused where parts of /proc are covered: then the warm process's must not be seen either
        if card:
            # it names its threads there, and takes it for a failure of the system when it cannot
            raise PermissionError("no /proc of its own can be mounted here, and CUDA does not start without one") from None
        linux.mount("nothing", "/proc", "tmpfs", quiet | linux.READ_ONLY, "size=4k,nr_inodes=2,mode=555")


def limit_resources(limits: Limits, *, own_user: bool) -> None:
    """Set the kernel's limits of this process. `own_user`: processes are counted in a namespace of our own."""
    seconds = math.ceil(limits.cpu_seconds) + 1
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_DATA: _data_bytes() + limits.memory_bytes,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if own_user:
        wanted[resource.RLIMIT_NPROC] = limits.processes + 1  # the keeper is counted too
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def die_first() -> None:
    """When the machine runs out of memory, the kernel is to choose this process and not the grader."""
    Path("/proc/self/oom_score_adj").write_text("1000")


def keep_only(kept: int, capture: tuple[int, int]) -> int:
    """Close every file but `kept`, which becomes 3; 1 and 2 write into the capture files. Returns 3."""
    kept, out, err = (os.dup(fd) for fd in (kept, *capture))
    nothing = os.open(os.devnull, os.O_RDWR)
    # duplicates first: the numbers that are given away may be in use by another of them
    high = [os.dup2(fd, 100 + position) for position, fd in enumerate((nothing, out, err, kept))]
    for target, fd in enumerate(high):
        os.dup2(fd, target, inheritable=target < 3)
    os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    return 3


def lock_up(*, card: bool = False, kernel: bool = False) -> None:
    """Give up all that could be used to get out. Nothing can be mounted or unmounted from here on."""
    linux.drop_capabilities()
    if seccomp.supported():
        seccomp.install(card=card, kernel=kernel)
    else:
        linux.no_new_privileges()


def _data_bytes() -> int:
    """What this process has of the kind that RLIMIT_DATA limits: it is not the student's."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0
