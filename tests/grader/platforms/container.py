"""A container that is none: what Gradescope and PrairieLearn start, as far as Linux lets one be made without them.

bubblewrap gives it its own files and processes, the capabilities that Docker leaves to root, and a seccomp filter that refuses namespaces
and mounts as Docker's does. Its Python is this one with an overlay above it, so that `arrange` can change what it likes. Only root can
make it. What needs a network, `system` and `packages` of setup.sh, never runs here.
"""

from __future__ import annotations

import os
import shlex
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOME = "/opt/handgrad"
# Docker's default, but for those that have nothing to do with files, users and processes
CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "KILL", "SETGID", "SETUID", "SETFCAP", "SETPCAP", "SYS_CHROOT")
_REFUSED = (272, 165, 308, 166, 155)  # unshare, mount, setns, umount2, pivot_root by their x86-64 numbers
_CLONE, _CLONE3, _NAMESPACES = 56, 435, 0x7E020000
_ALLOW, _EPERM, _ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026


def can_be_made() -> bool:
    """Whether this machine lets us."""
    return os.geteuid() == 0 and os.uname().machine == "x86_64" and all(map(shutil.which, ("bwrap", "unshare")))


class Container:
    """One image below `root`, and what runs in it."""

    def __init__(self, root: Path, without: tuple[str, ...] = ()) -> None:
        self.root = root
        root.mkdir(parents=True)
        for folder in (root, *root.parents):
            if folder.owner() == root.owner() and folder not in (Path("/"), Path("/tmp")):
                folder.chmod(0o755)
        for name in ("opt", "opt/python", "autograder", "grade", "home", "upper", "work"):
            (root / name).mkdir(mode=0o755)
        packages = root / "upper" / Path(*Path(_site()).relative_to(sys.prefix).parts)
        packages.mkdir(parents=True)
        for name in ("_handgrad.pth", *(path.name for path in Path(_site()).glob("handgrad-*.dist-info")), *without):
            os.mknod(packages / name, 0o20000, 0)  # what an overlay takes for something that is deleted

    def run(self, *command: str, seconds: float = 100, user: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command in it, with no environment but this machine's own secret; `user` is who it is."""
        inner = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TOKEN=canary-environment-0123456789abcdef", *command]
        script = f"""set -e
mount -t overlay overlay -o lowerdir={sys.prefix},upperdir={self.root}/upper,workdir={self.root}/work {self.root}/opt/python
exec {shlex.join(self._bubblewrap())} -- setpriv --reuid={user} --regid={user} --clear-groups {shlex.join(inner)}"""
        with _filter() as number:
            whole = ["unshare", "--mount", "--propagation", "private", "bash", "-c", script.replace("@FILTER@", str(number))]
            return subprocess.run(whole, capture_output=True, text=True, timeout=seconds, check=False, pass_fds=(number,))

    def _bubblewrap(self) -> list[str]:
        root = self.root
        words = ["bwrap", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        words += [word for name in CAPABILITIES for word in ("--cap-add", f"CAP_{name}")]
        words += ["--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc", "--proc", "/proc", "--dev", "/dev"]
        for name in ("bin", "sbin", "lib", "lib64"):
            words += ["--symlink", f"usr/{name}", f"/{name}"]
        words += [word for place in ("/tmp", "/var/tmp", "/run/lock") for word in ("--perms", "1777", "--tmpfs", place)]
        for folder in reversed(Path(sys.base_prefix).parents):
            if folder != Path("/") and not str(folder).startswith("/usr"):
                words += ["--perms", "0755", "--dir", str(folder)]
        if not sys.base_prefix.startswith("/usr"):
            words += ["--ro-bind", sys.base_prefix, sys.base_prefix]
        words += ["--perms", "0755", "--dir", "/opt", "--bind", f"{root}/opt", HOME]
        words += ["--bind", f"{root}/autograder", "/autograder", "--bind", f"{root}/grade", "/grade"]
        return [*words, "--chdir", "/", "--seccomp", "@FILTER@"]


def _site() -> str:
    return next(place for place in sys.path if place.endswith("site-packages") and place.startswith(sys.prefix))


@contextmanager
def _filter() -> Iterator[int]:
    """A descriptor with the filter, as bubblewrap reads it."""
    number = os.memfd_create("filter")
    os.write(number, b"".join(_program()))
    os.lseek(number, 0, os.SEEK_SET)
    try:
        yield number
    finally:
        os.close(number)


def _program() -> Iterator[bytes]:
    def step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
        return struct.pack("=HBBI", code, then, otherwise, value)

    load, equal, test, give = 0x20, 0x15, 0x45, 0x06
    yield step(load, 0)
    for number in _REFUSED:
        yield step(equal, number, otherwise=1)
        yield step(give, _EPERM)
    yield step(equal, _CLONE3, otherwise=1)
    yield step(give, _ENOSYS)
    yield step(equal, _CLONE, otherwise=3)
    yield step(load, 16)
    yield step(test, _NAMESPACES, otherwise=1)
    yield step(give, _EPERM)
    yield step(give, _ALLOW)
