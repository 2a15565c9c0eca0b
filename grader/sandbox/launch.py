"""The bubblewrap around the warm process: what is visible inside, and nothing else.

Visible and read-only: the system's programs and libraries (not all of /usr), the Python installation with its packages, `course_utils`, and
the part of `grader` that runs inside. Not visible: the project, the course, homes, configuration, other processes, networks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import IO, NamedTuple

import course_utils
import grader
from grader.sandbox import container, leftovers, lent, places, visible
from grader.sandbox.cards import Card
from grader.sandbox.confine import HOME, SCRATCH, covered
from grader.sandbox.kernels import Kernel
from grader.sandbox.limits import MIB

_SCRATCH_BYTES = str(64 * MIB)  # for the warm process
_SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime", "/etc/mime.types")
_ACCOUNTS = {
    "/etc/passwd": f"student:x:1000:1000:student:{HOME}:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "/etc/group": "student:x:1000:\nnogroup:x:65534:\n",
    "/etc/hosts": "127.0.0.1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}


class SandboxUnavailable(RuntimeError):
    """No sandbox can be made here; the message is one sentence that says what to install or change."""


class Launched(NamedTuple):
    """The process to wait for, the file that it complains to, and its home where it has no own file system."""

    process: subprocess.Popen[bytes]
    complaints: IO[bytes]
    home: tempfile.TemporaryDirectory[str] | None

    def complaint(self) -> str:
        """The last thing it complained about."""
        self.complaints.seek(0)
        lines = self.complaints.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it says nothing"

    def stop(self, seconds: float) -> None:
        """Wait for its end, which may take so long, and clear away what is left."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.complaints.close()
        if self.home:
            self.home.cleanup()


def kept_visible(card: Card | None = None, kernels: Mapping[str, Kernel] = MappingProxyType({})) -> list[str]:
    """What of the Python installation, of the card's driver and of kernels lies where every child gets a folder of its own."""
    paths = {*_interpreter(), *_packages(), *(file.target for file in (lent.files(card) if card else ()))}
    paths.update(path for kernel in kernels.values() for path in kernel.places())
    return [str(path) for path in sorted(paths) if covered(path)]


def drops_root() -> bool:
    """Whether we are root, who has to become somebody else inside: the kernel lets root's id pass where it should not."""
    return os.geteuid() == 0


def launch(
    control: int,
    hide: Sequence[str],
    replace: Mapping[Path, bytes],
    card: Card | None = None,
    kernels: Mapping[str, Kernel] = MappingProxyType({}),
    *,
    bubblewrap: bool,
    user: int = 0,
) -> Launched:
    """Start the warm process; `control` is the descriptor of its end of the control socket, `user` the first whom its children become."""
    command = [sys.executable, "-s", "-P", "-m", "grader.sandbox.warm", str(control)]
    inside, home = Inside(), None
    packages = _packages()
    if bubblewrap:
        command = [*_bubblewrap(hide, replace, card, kernels, inside), "--", *command]
    else:
        home = tempfile.TemporaryDirectory(prefix=leftovers.mark(), ignore_cleanup_errors=True)
    if home and user:
        Path(home.name).chmod(0o711)  # each child has a folder of its own in it
        _give_fonts(Path(home.name))
        packages = container.readable(user, packages)
    complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=complaints,
        stderr=complaints,
        env=environment(Path(home.name) if home else HOME, card, packages),
        cwd="/" if user else None,  # where nobody but root can put a module
        pass_fds=(control, *inside.files),
        start_new_session=True,
    )
    for fd in inside.files:
        os.close(fd)
    return Launched(process, complaints, home)


def _packages() -> list[Path]:
    return [places.folder(package) for package in (grader, course_utils)]


def _give_fonts(home: Path) -> None:
    """matplotlib's list of fonts, which takes seconds to make, in a home that is made for one sandbox."""
    if listed := places.listed_fonts():
        place = home / ".config/matplotlib"
        place.mkdir(parents=True)
        (place / listed.name).write_bytes(listed.read_bytes())


def environment(home: Path, card: Card | None = None, packages: Sequence[Path] | None = None) -> dict[str, str]:
    """All that the sandbox is told by its environment; `packages` are those of ours that lie where it can read them."""
    packages = _packages() if packages is None else packages
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}
    libraries = threads | lent.environment(card)
    return libraries | {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "USER": "student",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(str(package.parent) for package in packages)),
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


def _bubblewrap(
    hide: Sequence[str], replace: Mapping[Path, bytes], card: Card | None, kernels: Mapping[str, Kernel], inside: Inside
) -> list[str]:
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxUnavailable("The sandbox needs bubblewrap: install it (apt install bubblewrap, or your system's equivalent).")
    inside.system()
    inside.scratch(Path("/tmp"))
    inside.scratch(HOME)
    inside.kernels(kernels.values())
    inside.packages()  # they may lie in what was mounted before
    if card:
        inside.card(card)
    for path in (path for name in hide for path in places.locations(name)):
        inside.refuse(path)
    for path, content in replace.items():
        inside.data(path, content)
    inside.fonts()
    inside.words += ["--perms", "0755", "--dir", str(SCRATCH), "--chdir", "/", "--remount-ro", "/dev", "--remount-ro", "/"]
    return [program, "--die-with-parent", "--new-session", *_namespaces(), *inside.words]


class Inside:
    """The file system of the sandbox, in bubblewrap's words; `files` are the descriptors that it reads contents from."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.files: list[int] = []

    def system(self) -> None:
        """The system's programs and libraries, a few of its settings, and accounts that do not exist."""
        self._folders([Path("/etc"), *visible.ROOTS, *(root / "share" for root in visible.ROOTS)])
        for path in visible.system():
            if path.is_symlink():  # /lib -> usr/lib
                self.words += ["--symlink", str(path.readlink()), str(path)]
            else:
                self._show(path)
        for path in map(Path, _SETTINGS):
            if path.exists():
                self._show(path)
        for target, text in _ACCOUNTS.items():
            self.data(Path(target), text.encode())
        self.words += ["--dev", "/dev"]

    def scratch(self, path: Path) -> None:
        """A place where the warm process can write; every child gets its own there."""
        self.words += ["--perms", "1777", "--size", _SCRATCH_BYTES, "--tmpfs", str(path)]

    def packages(self) -> None:
        """The interpreter with its packages, course_utils, and of grader what runs inside."""
        ours = places.folder(grader)
        installed = sorted(set(_interpreter()))
        self._folders(_parents([*installed, ours, places.folder(course_utils)]))
        for path in installed:
            self._show(path)
        self._show(places.folder(course_utils))
        self.words += ["--tmpfs", str(ours)]  # also where it is installed among the other packages
        for part in (ours / "__init__.py", ours / "sandbox"):
            self._show(part)
        self.words += ["--remount-ro", str(ours)]

    def kernels(self, kernels: Iterable[Kernel]) -> None:
        """What kernels of other languages need to see; what is covered for all is covered after that."""
        for shown in (kernel.places() for kernel in kernels):
            self._folders(_parents(shown))
            for path in shown:
                self._show(path)

    def card(self, card: Card) -> None:
        """A GPU's device files, and what CUDA reads."""
        for node in lent.devices(card):
            self.words += ["--dev-bind", str(node.source), str(node.target)]
        files, links = list(lent.files(card)), lent.links(card)
        self._folders(_parents([*(file.target for file in files), *links]))
        for file in files:
            self.words += ["--ro-bind", str(file.source), str(file.target)]
        for place, target in links.items():
            self.words += ["--symlink", target, str(place)]

    def refuse(self, package: Path) -> None:
        """Cover a package with one that cannot be imported: an empty folder could."""
        name = package.stem
        refusal = f"raise ModuleNotFoundError({f'No module named {name!r}'!r}, name={name!r})\n".encode()
        if package.is_dir():
            self.words += ["--tmpfs", str(package)]
            self.data(package / "__init__.py", refusal)
            self.words += ["--remount-ro", str(package)]
        else:
            self.data(package, refusal)

    def fonts(self) -> None:
        """The list of fonts that matplotlib once made for this user: making it takes longer than all the rest."""
        if newest := places.listed_fonts():
            self._folders([HOME / ".config", HOME / ".config/matplotlib"], "1777")
            self.data(HOME / ".config/matplotlib" / newest.name, newest.read_bytes())

    def _show(self, path: Path) -> None:
        self.words += ["--ro-bind", str(path), str(path)]

    def _folders(self, paths: Iterable[Path], mode: str = "0755") -> None:
        self.words += [word for path in paths for word in ("--perms", mode, "--dir", str(path))]

    def data(self, target: Path, text: bytes) -> None:
        """A file of that content, also in place of another one."""
        file = os.memfd_create(target.name)
        os.write(file, text)
        os.lseek(file, 0, os.SEEK_SET)
        self.files.append(file)
        self.words += ["--perms", "0444", "--ro-bind-data", str(self.files[-1]), str(target)]


def _namespaces() -> list[str]:
    shared = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "lab"]
    if drops_root():
        # the warm process mounts /proc and becomes nobody as the first thing it does
        kept = [word for name in ("SETUID", "SETGID", "SYS_ADMIN") for word in ("--cap-add", f"CAP_{name}")]
        return [*shared, "--cap-drop", "ALL", *kept, "--dir", "/proc"]
    return [*shared, "--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL", "--proc", "/proc"]


def _interpreter() -> Iterator[Path]:
    """The parts of the Python installation, never the folder that a virtual environment may share with a project."""
    for prefix in {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}:
        for part in ("bin", "lib", "lib64", "pyvenv.cfg"):
            path = Path(prefix, part)
            if path.exists() and not path.is_symlink() and not visible.is_shown(path):
                yield path
    for entry in map(Path, sys.path):
        outside = not entry.is_relative_to(sys.prefix) and not visible.is_shown(entry)
        if entry.name in ("site-packages", "dist-packages") and entry.is_dir() and outside:
            yield entry


def _parents(paths: Sequence[Path]) -> list[Path]:
    """The folders on the way, which bubblewrap would make for their owner alone."""
    known = [*paths, *visible.ROOTS, Path("/tmp")]
    folders = {parent for path in paths for parent in path.parents}
    return [folder for folder in sorted(folders) if folder != Path("/") and folder not in known]
