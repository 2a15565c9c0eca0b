"""The same command as an ordinary user: root gives up what root has, and opens no door for good."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from course_utils.errors import UserError
from grader.doctor.arena import handgrad, python_path


def as_user(name: str, words: Sequence[str]) -> int:
    """Run `handgrad WORDS` as somebody else; its exit code. Raises UserError for who is not root, or for an unknown user."""
    if os.geteuid() != 0:
        raise UserError("Only root can attack as another user: leave --user out.")
    uid, gid = _ids(name)
    with tempfile.TemporaryDirectory(prefix="handgrad-user-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        Path(folder).chmod(0o755)
        os.chown(home, uid, gid)
        who = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--no-new-privs", "--inh-caps=-all"]
        command = [*_doors(Path(folder)), *who, *handgrad(*words)]
        environment = {**os.environ, "HOME": str(home), "USER": name, "PYTHONPATH": python_path(), "PYTHONDONTWRITEBYTECODE": "1"}
        for private in ("XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "MPLCONFIGDIR"):
            environment.pop(private, None)
        return subprocess.run(command, env=environment, cwd="/", check=False).returncode


def _ids(name: str) -> tuple[int, int]:
    try:
        if name.isdecimal():
            return int(name), int(name)
        user = pwd.getpwnam(name)
    except KeyError:
        raise UserError(f"There is no user {name!r}: name one, or a number.") from None
    return user.pw_uid, user.pw_gid


def _doors(folder: Path) -> list[str]:
    """The words before a command that let it see the interpreter, where that lies in a home that is closed to others.

    A mount namespace of its own: in it, and only there, the home is an empty folder with nothing but the interpreter in it.
    """
    closed = sorted({(shut, path) for path in map(Path, (sys.base_prefix, sys.prefix, *_packages())) for shut in _closed(path)})
    if not closed:
        return []
    for program in ("unshare", "mount"):
        if shutil.which(program) is None:
            raise UserError(f"{closed[0][1]} cannot be read by other users, and {program} is missing to show it to them.")
    lines = ["set -e"]
    for number, (_, path) in enumerate(closed):
        lines += [f"mkdir -p '{folder}/{number}'", f"mount --bind '{path}' '{folder}/{number}'"]
    for shut in sorted({shut for shut, _ in closed}):
        lines.append(f"mount -t tmpfs -o mode=755 none '{shut}'")
    for number, (_, path) in enumerate(closed):
        lines += [f"mkdir -p '{path}'", f"mount --bind '{folder}/{number}' '{path}'"]
    return ["unshare", "--mount", "sh", "-c", "\n".join([*lines, 'cd /; exec "$@"']), "sh"]


def _packages() -> list[str]:
    return [path for path in python_path().split(os.pathsep) if path]


def _closed(path: Path) -> Iterator[Path]:
    """The topmost folder on the way that others may not enter, if there is one."""
    for folder in reversed(path.parents):
        if folder.is_dir() and not folder.stat().st_mode & 0o001:
            yield folder
            return
