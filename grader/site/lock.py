"""The list of packages that the page's Python goes by: those of Pyodide, and ours beside them, so that a notebook needs no `%pip`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from grader.site.bytecode import STDLIB
from grader.site.pyodide import CORE, LOCK, Package, Pyodide, normalised
from grader.site.wheels import Wheel, empty, from_file, installed, of_course_utils, of_data_sets, standing_in

# What a kernel loads before it listens. It asks for these by name; whoever knows them all beforehand loads them side by side.
PRELOADED = ("micropip", "piplite", "ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "jedi", "ipython", "numpy", "handgrad")
UNUSED = ("ssl", "jedi")  # four megabytes, and no lab needs them
WIDGETS = ("anywidget", "ipywidgets", "psygnal", "typing-extensions")  # for explorers; comm is the kernel's
DRAWING = ("matplotlib",)  # of Pyodide, with all that it depends on
_SUFFIX = "-of-pyodide"  # what stands for one of Pyodide's packages has its name, and that one another
Compile = Callable[[Mapping[str, bytes], Iterable[str]], Mapping[str, bytes]]


def write(pyodide: Pyodide, kernel: Path, target: Path, version: str, started: bytes, compile: Compile) -> None:
    """Fill a folder with Pyodide's core, the wheels that labs need, and the list of them.

    kernel: the folder with the wheels of the kernel. started: what a kernel runs first. compile: gives packed files, by name, with
    bytecode in them; its second argument names those that keep Python's text.
    """
    target.mkdir(parents=True, exist_ok=True)
    ours = [*_of_kernel(kernel), *map(empty, UNUSED), *map(installed, (*WIDGETS, "comm"))]
    # a cell that imports these is answered on demand, and not by a list that knows all of SciPy
    small = [standing_in("scipy_special"), of_data_sets(version)]
    theirs = {name: pyodide.wheel(name) for name in pyodide.closure(["micropip", "ipython", "numpy", *DRAWING], without=UNUSED)}
    files = {each.file_name: each.data for each in [*ours, *small]} | {pyodide.file(name): data for name, data in theirs.items()}
    files |= {name: pyodide.read(name) for name in CORE}
    packed = compile({name: data for name, data in files.items() if name.endswith((".whl", STDLIB))}, ())
    files |= packed
    _put(files, target)
    own = {normalised(each.name): _entry(each, files[each.file_name]) for each in ours}
    listed = _theirs(pyodide, files, own)
    offered = [listed.get(name) or listed[name + _SUFFIX] for name in pyodide.closure(DRAWING)]
    offered += [own[name] for name in (*WIDGETS, "widgetsnbextension")] + [_entry(each, files[each.file_name]) for each in small]
    on_demand = {name: [each["file_name"], each["sha256"]] for each in offered for name in each["imports"]}
    last = of_course_utils(version, json.dumps(on_demand, indent=1).encode(), started)
    _put(data := compile({last.file_name: last.data}, [last.file_name]), target)
    own[last.name] = _entry(last, data[last.file_name]) | {"depends": ["numpy"]}
    (target / LOCK).write_text(json.dumps({"info": pyodide.info, "packages": listed | own}), encoding="utf-8")


def _put(files: Mapping[str, bytes], target: Path) -> None:
    for name, data in files.items():
        (target / name).write_bytes(data)


def _entry(wheel: Wheel, data: bytes) -> Package:
    """A wheel's entry in the list; `data` is what lies in the folder."""
    return {
        "name": wheel.name,
        "version": wheel.version,
        "file_name": wheel.file_name,
        "install_dir": "site",
        "sha256": hashlib.sha256(data).hexdigest(),
        "package_type": "package",
        "imports": wheel.imports(),
        "depends": [],
        "unvendored_tests": False,
    }


def _of_kernel(kernel: Path) -> Iterable[Wheel]:
    """The wheels that come with the kernel, the last version of each."""
    found = {wheel.name: wheel for wheel in map(from_file, sorted(kernel.glob("*.whl")))}
    return found.values()


def _theirs(pyodide: Pyodide, files: Mapping[str, bytes], own: Mapping[str, Package]) -> dict[str, Package]:
    """Pyodide's packages: those that lie in the folder, and at their address all others that a browser can reach."""
    found = {}
    for name, package in pyodide.packages.items():
        data = files.get(pyodide.file(name))
        if data is not None:
            package = {**package, "sha256": hashlib.sha256(data).hexdigest()}
        elif pyodide.online:
            package = {**package, "file_name": pyodide.address(name)}
        else:
            continue
        if name == "scipy":
            package["imports"] = []
        found[name + _SUFFIX if name in own else name] = package
    return found
