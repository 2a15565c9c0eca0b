"""The bubblewrap around the warm process: what is visible inside, and nothing else.

Visible and read-only: the system's programs and libraries, the Python installation with its packages, `course_utils`, and
the part of `grader` that runs inside. Not visible: the project, the course, homes, configuration, other processes, networks.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

import course_utils
import grader
from grader.sandbox.limits import MIB

HOME = Path("/home/student")
_SCRATCH = str(64 * MIB)  # for the warm process; a child gets its own
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime", "/etc/mime.types")
_ACCOUNTS = {
    "/etc/passwd": "student:x:1000:1000:student:/home/student:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "/etc/group": "student:x:1000:\nnogroup:x:65534:\n",
    "/etc/hosts": "127.0.0.1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}


class SandboxUnavailable(RuntimeError):  # noqa: N818 - says what is the matter, not that we erred
    """No sandbox can be made here; the message is one sentence that says what to install or change."""


class Launched(NamedTuple):
    """The process to wait for, and the file that it complains to."""

    process: subprocess.Popen[bytes]
    complaints: IO[bytes]

    def complaint(self) -> str:
        """The last thing it complained about."""
        self.complaints.seek(0)
        lines = self.complaints.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it says nothing"


def drops_root() -> bool:
    """Whether we are root, who has to become somebody else inside: the kernel lets root's id pass where it should not."""
    return os.geteuid() == 0


def launch(control: int, hide: Sequence[str], *, bubblewrap: bool) -> Launched:
    """Start the warm process; `control` is the descriptor of its end of the control socket."""
    command = [sys.executable, "-s", "-P", "-m", "grader.sandbox.warm", str(control)]
    fonts = _font_cache()
    with tempfile.TemporaryDirectory(prefix="handgrad-") as folder:  # read by bubblewrap while it starts
        files: list[int] = []
        if bubblewrap:
            command = [*_bubblewrap(hide, fonts, Path(folder), files), "--", *command]
        complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=complaints,
            stderr=complaints,
            env=environment(HOME if bubblewrap else Path(tempfile.gettempdir())),
            pass_fds=(control, *files),
            start_new_session=True,
        )
        for fd in files:
            os.close(fd)
    return Launched(process, complaints)


def environment(home: Path) -> dict[str, str]:
    """All that the sandbox is told by its environment."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}
    return threads | {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "USER": "student",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(str(_folder(package).parent) for package in (grader, course_utils))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(home / ".config/matplotlib"),
        "IPYTHONDIR": str(home / ".ipython"),
        "TERM": "xterm-color",
        "CLICOLOR": "1",
        "FORCE_COLOR": "1",
        "CLICOLOR_FORCE": "1",
        "PAGER": "cat",
        "GIT_PAGER": "cat",
    }


def _bubblewrap(hide: Sequence[str], fonts: Path | None, folder: Path, files: list[int]) -> list[str]:
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxUnavailable(
            "The sandbox needs bubblewrap: install it (apt install bubblewrap, or your system's equivalent)."
        )

    def data(target: Path | str, text: bytes) -> list[str]:
        path = folder / str(len(files))
        path.write_bytes(text)
        files.append(os.open(path, os.O_RDONLY))
        return ["--perms", "0444", "--ro-bind-data", str(files[-1]), str(target)]

    words = [program, "--die-with-parent", "--new-session", *_namespaces()]
    words += ["--perms", "0755", "--dir", "/etc"]
    for path in (*_SYSTEM, *_SETTINGS):
        words += _system_path(Path(path))
    for target, text in _ACCOUNTS.items():
        words += data(target, text.encode())
    words += ["--dev", "/dev", "--perms", "1777", "--size", _SCRATCH, "--tmpfs", "/tmp"]
    # what is inside of what was mounted before comes later
    visible = sorted(set(_interpreter()))
    words += _parents([*visible, _folder(grader), _folder(course_utils)])
    for path in visible:
        words += ["--ro-bind", str(path), str(path)]
    words += _our_packages()
    for name in hide:
        for path in _locations(name):
            refusal = f"raise ModuleNotFoundError({f'No module named {name!r}'!r}, name={name!r})\n".encode()
            if path.is_dir():
                words += ["--tmpfs", str(path), *data(path / "__init__.py", refusal), "--remount-ro", str(path)]
            else:
                words += data(path, refusal)
    words += ["--perms", "1777", "--size", _SCRATCH, "--tmpfs", "/home", "--perms", "1777", "--dir", str(HOME)]
    if fonts is not None:
        config = HOME / ".config/matplotlib"
        for part in (HOME / ".config", config):
            words += ["--perms", "1777", "--dir", str(part)]
        words += data(config / fonts.name, fonts.read_bytes())
    return [*words, "--chdir", "/", "--remount-ro", "/dev", "--remount-ro", "/"]


def _namespaces() -> list[str]:
    shared = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "lab"]
    if drops_root():
        # the warm process mounts /proc and becomes nobody as the first thing it does
        kept = [word for name in ("SETUID", "SETGID", "SYS_ADMIN") for word in ("--cap-add", f"CAP_{name}")]
        return [*shared, "--cap-drop", "ALL", *kept, "--dir", "/proc"]
    return [*shared, "--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL", "--proc", "/proc"]


def _system_path(path: Path) -> list[str]:
    if path.is_symlink() and path.parent == Path("/"):  # /lib -> usr/lib
        return ["--symlink", str(path.readlink()), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.exists() else []


def _interpreter() -> Iterator[Path]:
    """The parts of the Python installation, never the folder that a virtual environment may share with a project."""
    for prefix in {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}:
        for part in ("bin", "lib", "lib64", "pyvenv.cfg"):
            path = Path(prefix, part)
            if path.exists() and not path.is_symlink() and not path.is_relative_to("/usr"):
                yield path
    for entry in map(Path, sys.path):
        outside = not entry.is_relative_to(sys.prefix) and not entry.is_relative_to("/usr")
        if entry.name in ("site-packages", "dist-packages") and entry.is_dir() and outside:
            yield entry


def _parents(paths: Sequence[Path]) -> list[str]:
    """The folders on the way, which bubblewrap would make for their owner alone."""
    folders = {parent for path in paths for parent in path.parents if parent != Path("/")}
    missing = [folder for folder in sorted(folders) if not any(map(folder.is_relative_to, (*paths, "/usr")))]
    return [word for folder in missing for word in ("--perms", "0755", "--dir", str(folder))]


def _our_packages() -> list[str]:
    """course_utils, and of grader what runs inside; also where both are installed among the other packages."""
    ours = _folder(grader)
    words = ["--ro-bind", str(_folder(course_utils)), str(_folder(course_utils)), "--tmpfs", str(ours)]
    for part in (ours / "__init__.py", ours / "sandbox"):
        words += ["--ro-bind", str(part), str(part)]
    return [*words, "--remount-ro", str(ours)]


def _folder(package: object) -> Path:
    return Path(str(getattr(package, "__file__", ""))).resolve().parent


def _locations(name: str) -> list[Path]:
    """Where a top-level package lies, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        return []
    if spec.submodule_search_locations is not None:
        return [Path(place) for place in spec.submodule_search_locations]
    return [Path(spec.origin)] if spec.origin and Path(spec.origin).is_file() else []


def _font_cache() -> Path | None:
    """The list of fonts that matplotlib made for this user, so that no sandbox has to make it again."""
    places = [os.environ.get("MPLCONFIGDIR"), Path(os.environ.get("XDG_CACHE_HOME", "~/.cache"), "matplotlib")]
    found = [path for place in places if place for path in Path(place).expanduser().glob("fontlist-*.json")]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)
