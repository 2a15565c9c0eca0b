"""The list of packages that the page's Python goes by: those of Pyodide, and ours beside them, so that a notebook needs no `%pip`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from grader.site.pyodide import CORE, LOCK, Package, Pyodide, normalised
from grader.site.wheels import Wheel, empty, installed, of_course_utils, of_data_sets, standing_in

# What a kernel loads before it listens. It asks for these by name; whoever knows them all beforehand loads them side by side.
PRELOADED = ("micropip", "piplite", "ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "jedi", "ipython", "numpy", "handgrad")
UNUSED = ("ssl", "jedi")  # four megabytes, and no lab needs them
WIDGETS = ("anywidget", "ipywidgets", "psygnal", "typing-extensions")  # for explorers; comm is the kernel's
DRAWING = ("matplotlib",)  # of Pyodide, with all that it depends on
_SUFFIX = "-of-pyodide"  # what stands for one of Pyodide's packages has its name, and that one another


def write(pyodide: Pyodide, kernel: Path, target: Path, version: str, started: bytes) -> None:
    """Fill a folder with Pyodide's core, the wheels that labs need, and the list of them.

    kernel: the folder with the wheels of the kernel; they stay there, and the list says where. started: what a kernel runs first.
    """
    target.mkdir(parents=True, exist_ok=True)
    for name in CORE:
        (target / name).write_bytes(pyodide.read(name))
    own = _of_kernel(kernel, target) | _of_all([*map(empty, UNUSED), *map(installed, (*WIDGETS, "comm"))], target)
    theirs = _theirs(pyodide, target, own)
    # a cell that imports these is answered on demand, and not by a list that knows all of SciPy
    small = _of_all([standing_in("scipy_special"), of_data_sets(version)], target)
    offered = [theirs.get(name) or theirs[name + _SUFFIX] for name in pyodide.closure(DRAWING)]
    offered += [own[name] for name in (*WIDGETS, "widgetsnbextension")] + list(small.values())
    listed = {name: [each["file_name"], each["sha256"]] for each in offered for name in each["imports"]}
    own |= _of_all([of_course_utils(version, json.dumps(listed, indent=1).encode(), started)], target, ["numpy"])
    (target / LOCK).write_text(json.dumps({"info": pyodide.info, "packages": theirs | own}), encoding="utf-8")


def _of_all(wheels: Iterable[Wheel], target: Path, depends: Sequence[str] = ()) -> dict[str, Package]:
    """Put wheels into the folder; their entries in the list."""
    found = {}
    for each in wheels:
        (target / each.file_name).write_bytes(each.data)
        found[normalised(each.name)] = _entry(each.name, each.version, each.file_name, each.sha256, each.imports(), depends)
    return found


def _entry(name: str, version: str, file: str, digest: str, imports: Sequence[str], depends: Sequence[str] = ()) -> Package:
    return {
        "name": name,
        "version": version,
        "file_name": file,
        "install_dir": "site",
        "sha256": digest,
        "package_type": "package",
        "imports": list(imports),
        "depends": list(depends),
        "unvendored_tests": False,
    }


def _of_kernel(kernel: Path, target: Path) -> dict[str, Package]:
    """The entries of the wheels that come with the kernel, the last version of each, by an address seen from Pyodide's folder."""
    found: dict[str, Package] = {}
    for path in sorted(kernel.glob("*.whl")):
        name, version, *_ = path.name.split("-")
        address = Path("..", "..", *path.relative_to(target.parent.parent).parts).as_posix()
        found[normalised(name)] = _entry(name, version, address, hashlib.sha256(path.read_bytes()).hexdigest(), [name])
    return found


def _theirs(pyodide: Pyodide, target: Path, own: Container[str]) -> dict[str, Package]:
    """Pyodide's packages: all of them at their address, or from a folder those that labs need, copied."""
    needed = pyodide.closure(["micropip", "ipython", "numpy", *DRAWING], without=UNUSED)
    found = {}
    for name in pyodide.packages if pyodide.online else needed:
        package = {**pyodide.packages[name], "file_name": pyodide.address(name)}
        if not pyodide.online:
            (target / package["file_name"]).write_bytes(pyodide.wheel(name))
        renamed = name + _SUFFIX if name in own else name
        if name == "scipy":
            package["imports"] = []
        found[renamed] = package
    return found
