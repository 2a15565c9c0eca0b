"""The kernel calls that Python does not offer, by ctypes: namespaces, mounts, process controls, capabilities."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Collection
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)

# linux/sched.h
NEW_MOUNTS, NEW_UTS, NEW_IPC, NEW_USER, NEW_PIDS, NEW_NET = (
    0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
# linux/mount.h
READ_ONLY, NO_SUID, NO_DEVICES, NO_EXEC, REMOUNT, BIND, RECURSIVE, PRIVATE = (
    1, 2, 4, 8, 32, 4096, 16384, 1 << 18,
)  # fmt: skip
# linux/prctl.h
_SET_DEATH_SIGNAL, _SET_DUMPABLE, _DROP_BOUND, _CHILD_SUBREAPER, _NO_NEW_PRIVILEGES = 1, 4, 24, 36, 38
_AMBIENT, _AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x20080522
# linux/capability.h
CHOWN, DAC_OVERRIDE, KILL, SETGID, SETUID, SYS_PTRACE = 0, 1, 5, 6, 7, 19
_LAST_CAPABILITY = 63  # more than any kernel has; dropping one that does not exist is an error to be ignored


def _checked(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def unshare(flags: int) -> None:
    """Leave the parent's namespaces of these kinds. OSError when the kernel refuses."""
    _checked(_libc.unshare(flags), "unshare")


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """mount(2). OSError when the kernel refuses."""
    words = [word.encode() if word is not None else None for word in (source, target, kind)]
    _checked(_libc.mount(*words, ctypes.c_ulong(flags), options.encode()), f"mount on {target}")


def prctl(option: int, first: int, second: int = 0) -> int:
    """prctl(2) with its unused arguments zero; the result, negative when the kernel refuses."""
    zero = ctypes.c_ulong(0)
    return int(_libc.prctl(option, ctypes.c_ulong(first), ctypes.c_ulong(second), zero, zero))


def die_with_parent() -> None:
    prctl(_SET_DEATH_SIGNAL, 9)


def set_dumpable(dumpable: bool) -> None:
    """An undumpable process cannot be read, written or traced by others of its user."""
    prctl(_SET_DUMPABLE, int(dumpable))


def adopt_orphans() -> None:
    """Become the parent of all descendants whose own parent has gone."""
    prctl(_CHILD_SUBREAPER, 1)


def no_new_privileges() -> None:
    _checked(prctl(_NO_NEW_PRIVILEGES, 1), "no_new_privs")


def drop_capabilities() -> None:
    """Give up every capability, and the way back to any."""
    keep_capabilities(())


def keep_capabilities(kept: Collection[int]) -> None:
    """Give up every capability but these, as far as they are there, and the way back to any."""
    had = capabilities()
    for number in range(_LAST_CAPABILITY):
        if number not in kept:
            prctl(_DROP_BOUND, number)
    prctl(_AMBIENT, _AMBIENT_CLEAR_ALL)
    low = sum(1 << number for number in had.intersection(kept) if number < 32)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable; then the same of the numbers from 32 on
    _checked(_libc.capset(header, (ctypes.c_uint32 * 6)(low, low, 0, 0, 0, 0)), "capset")


def capabilities() -> set[int]:
    """The capabilities that this process can use."""
    header, found = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    _checked(_libc.capget(header, found), "capget")
    return {number for number in range(64) if found[3 * (number // 32)] >> number % 32 & 1}


def map_user(inside: int, uid: int, gid: int) -> None:
    """In the user namespace that was just entered, be `inside`; `uid` and `gid` are what this process was before."""
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{inside} {uid} 1")
    (own / "gid_map").write_text(f"{inside} {gid} 1")
