"""Once, while the image is made: put aside what only the judge may see, and leave to students' code what it needs.

`python -m grader.platforms.hosts.arrange FROM HOME`: FROM is the folder with the bundle, HOME where Handgrad lives. Afterwards HOME/judge,
which is closed to all but root, has the whole Handgrad, the assignment with its references, and each package of which students' code is
to find another version or none. HOME/python, which everybody may read, has all the rest, and of the grader what runs beside a notebook.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import course_utils
import grader
from grader.batch import Alone, covered
from grader.files import write_atomically
from grader.platforms.hosts.wheel import BUNDLE

_INSIDE = ("__init__.py", "sandbox", "__pycache__")


def arrange(source: Path, home: Path) -> None:
    """Do it, in the installation that runs this. It changes that installation: for the inside of an image only."""
    os.umask(0o022)
    judge = home / "judge"
    judge.mkdir(mode=0o700)
    with tempfile.TemporaryDirectory() as scratch:
        hidden, replaced = covered(Alone.read((source / BUNDLE).read_bytes(), Path(scratch)).assignment)
    for package in (grader, course_utils):
        folder = Path(str(package.__file__)).parent
        shutil.copytree(folder, judge / folder.name, symlinks=True)
    for name in {*hidden, *map(_package_of, replaced)}:
        _put_aside(name, judge, gone=name in hidden)
    for path, content in replaced.items():
        path.unlink()  # a link in the judge's copy would change with it
        path.write_bytes(content)
    for path in Path(str(grader.__file__)).parent.iterdir():
        if path.name not in _INSIDE:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    write_atomically(judge / BUNDLE, (source / BUNDLE).read_bytes(), 0o600)
    source.chmod(0o700)
    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], check=True)  # its list of fonts takes seconds to make


def _package_of(path: Path) -> str:
    """The top-level package that a file lies in."""
    place = next(place for place in map(Path, sys.path) if place != Path() and path.is_relative_to(place))
    return path.relative_to(place).parts[0]


def _put_aside(name: str, judge: Path, *, gone: bool) -> None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.origin:
        return
    folder = Path(spec.origin).parent
    shutil.copytree(folder, judge / folder.name, symlinks=True)
    if gone:
        shutil.rmtree(folder)


if __name__ == "__main__":
    arrange(*map(Path, sys.argv[1:]))
