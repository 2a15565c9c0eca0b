"""A seccomp filter: the system calls that no notebook needs and that attacks on the kernel begin with.

They fail with EPERM, so that a program which tries one hears a plain "Operation not permitted".
"""

from __future__ import annotations

import ctypes
import errno
import functools
import platform
import struct
from collections.abc import Iterator

from grader.sandbox import linux

# asm/unistd_64.h and asm-generic/unistd.h: (x86-64, arm64); None where the call does not exist
_DENIED: dict[str, tuple[int | None, int | None]] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "unshare": (272, 97), "setns": (308, 268),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "syslog": (103, 116),
    "quotactl": (179, 60), "personality": (135, 92), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "sethostname": (170, 161), "setdomainname": (171, 162), "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262), "iopl": (172, None), "ioperm": (173, None),
    "move_pages": (279, 239), "mbind": (237, 235), "migrate_pages": (256, 238), "vmsplice": (278, 75),
    # memory that no limit counts: files without a mount, and System V's segments and queues
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190),
}  # fmt: skip
# cuInit makes a file in memory (github.com/NVIDIA/OpenShell/issues/1696), and CUDA's pinned memory is anonymous and shared
# ("/dev/zero (deleted)" in the maps of every CUDA process); with a card both are left to the control group to count
_FOR_CUDA = ("memfd_create",)
_SOCKET, _CLONE, _CLONE3, _MMAP = (41, 198), (56, 220), (435, 435), (9, 222)
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_AF_UNIX = 1
_NEW_NAMESPACES = 0x7E020000
_SHARED_ANONYMOUS = 0x21  # pages of such a mapping may outlive what /proc tells about it

# linux/bpf_common.h, linux/seccomp.h
_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCH = 0, 4
_SET_SECCOMP, _MODE_FILTER = 22, 2


def supported() -> bool:
    return platform.machine() in _AUDIT_ARCH


def install(*, card: bool = False, kernel: bool = False) -> None:
    """Filter this process and all it starts from now on; less strictly with a lent card. OSError when the system refuses.

    With `kernel` (a Jupyter kernel of another language) sockets are refused just so, but as something that does not exist.
    """
    program = assembled(card=card, kernel=kernel)
    buffer = ctypes.create_string_buffer(program)
    # struct sock_fprog: a short and, aligned, a pointer
    head = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer)))
    linux.no_new_privileges()
    if linux.prctl(_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(head)) != 0:
        raise OSError(ctypes.get_errno(), "seccomp filter refused")


@functools.cache
def assembled(*, card: bool, kernel: bool = False) -> bytes:
    """The filter for this machine. The warm process asks for it, so that no child has to put it together."""
    return b"".join(_program(platform.machine(), card=card, kernel=kernel))


def _argument(index: int) -> int:
    """The offset of an argument's low half in struct seccomp_data."""
    return 16 + 8 * index


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _program(machine: str, *, card: bool, kernel: bool) -> Iterator[bytes]:
    column = list(_AUDIT_ARCH).index(machine)
    refuse = _step(_RETURN, _ERRNO | errno.EPERM)
    yield _step(_LOAD, _ARCH)
    yield _step(_EQUAL, _AUDIT_ARCH[machine], then=1)
    yield _step(_RETURN, _KILL)
    yield _step(_LOAD, _NUMBER)
    if machine == "x86_64":  # the x32 interface has numbers of its own from here on
        yield _step(_AT_LEAST, 0x40000000, otherwise=1)
        yield refuse
    for name, numbers in _DENIED.items():
        number = numbers[column]
        if number is not None and not (card and name in _FOR_CUDA):
            yield _step(_EQUAL, number, otherwise=1)
            yield refuse
    # clone3 hides its flags in memory; without it the C library falls back to clone
    yield _step(_EQUAL, _CLONE3[column], otherwise=1)
    yield _step(_RETURN, _ERRNO | errno.ENOSYS)
    yield _step(_EQUAL, _CLONE[column], otherwise=4)
    yield _step(_LOAD, _argument(0))
    yield _step(_AND, _NEW_NAMESPACES)
    yield _step(_EQUAL, 0, then=1)
    yield refuse
    yield _step(_LOAD, _NUMBER)
    if not card:
        yield _step(_EQUAL, _MMAP[column], otherwise=4)
        yield _step(_LOAD, _argument(3))
        yield _step(_AND, _SHARED_ANONYMOUS)
        yield _step(_EQUAL, _SHARED_ANONYMOUS, otherwise=1)
        yield refuse
        yield _step(_LOAD, _NUMBER)
    yield _step(_EQUAL, _SOCKET[column], otherwise=3)
    yield _step(_LOAD, _argument(0))
    yield _step(_EQUAL, _AF_UNIX, then=1)
    # ZeroMQ, which kernels speak through, aborts at EPERM when it looks for networks, and does without at this
    yield _step(_RETURN, _ERRNO | errno.EOPNOTSUPP) if kernel else refuse
    yield _step(_RETURN, _ALLOW)
