"""The list of packages that the page's Python goes by: those of Pyodide, and ours beside them, so that a notebook needs no `%pip`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Mapping
from pathlib import Path

from grader.site import kernel
from grader.site.bytecode import STDLIB
from grader.site.pyodide import CORE, LOCK, Package, Pyodide, normalised
from grader.site.wheels import Wheel, from_file, installed, of_course_utils, of_data_sets, standing_in

# What a kernel asks for by name before it listens; what is in none of the packages that it loads lies beside Python's own library.
ASKED = ("micropip", "piplite", "ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "jedi", "ipython", "numpy", "handgrad")
LOADED = ("numpy", "handgrad")
UNUSED = ("ssl", "jedi")  # four megabytes, and no lab needs them
WIDGETS = ("comm", "ipywidgets", "psygnal", "typing-extensions")  # what explorers and the kernel stand on
EXPLORERS = ("anywidget",)  # it wants to know its own version, so it cannot lie beside Python's library
DRAWING = ("matplotlib",)  # of Pyodide, with all that it depends on
INSTALLING = ("micropip",)  # what `%pip` in a cell needs
Compile = Callable[[Mapping[str, bytes], Container[str]], Mapping[str, bytes]]


def write(pyodide: Pyodide, wheels: Path, target: Path, version: str, started: bytes, compile: Compile) -> None:
    """Fill a folder with Pyodide's core, the wheels that labs need, and the list of them.

    wheels: the folder with those of the kernel. started: what a kernel runs first. compile: gives packed files, by name, with
    bytecode in them; its second argument names those that keep Python's text.
    """
    target.mkdir(parents=True, exist_ok=True)
    of_kernel = {each.name: each for each in map(from_file, sorted(wheels.glob("*.whl")))}  # the last version of each
    of_kernel |= {name: installed(name) for name in WIDGETS}
    widgets = list(map(installed, EXPLORERS))
    small = [standing_in("scipy_special"), of_data_sets(version)]  # instead of SciPy, scikit-learn and mlxtend
    beside = pyodide.closure(["ipython"], without=(*UNUSED, *kernel.LATER))
    apart = pyodide.closure(["numpy", *INSTALLING, *DRAWING, *kernel.LATER])
    inner = {each.file_name: kernel.lighter(each.name, each.data) for each in of_kernel.values()}
    inner |= {pyodide.file(name): pyodide.wheel(name) for name in beside}
    outer = {each.file_name: each.data for each in (*widgets, *small)} | {pyodide.file(name): pyodide.wheel(name) for name in apart}
    packed = compile(inner | outer | {STDLIB: pyodide.read(STDLIB)}, ())
    files = {name: pyodide.read(name) for name in CORE} | {name: packed[name] for name in outer}
    files[STDLIB] = kernel.joined(packed[STDLIB], [packed[name] for name in inner])
    files["pyodide.js"] += kernel.starting(LOADED).encode()
    listed = _theirs(pyodide, files, beside) | {normalised(each.name): _entry(each, files[each.file_name]) for each in widgets}
    # a cell that imports these is answered on demand, and not by a list that knows all of SciPy
    offered = [listed[normalised(name)] for name in (*EXPLORERS, *pyodide.closure(DRAWING), *kernel.LATER)]
    offered += [_entry(each, files[each.file_name]) for each in small]
    on_demand = {name: [each["file_name"], each["sha256"]] for each in offered for name in each["imports"]}
    ours = of_course_utils(version, json.dumps(on_demand, indent=1).encode(), started)
    files[ours.file_name] = compile({ours.file_name: ours.data}, [ours.file_name])[ours.file_name]
    listed[ours.name] = _entry(ours, files[ours.file_name]) | {"depends": ["numpy"]}
    for name, data in files.items():
        (target / name).write_bytes(data)
    (target / LOCK).write_text(json.dumps({"info": pyodide.info, "packages": listed}), encoding="utf-8")


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


def _theirs(pyodide: Pyodide, files: Mapping[str, bytes], beside: Container[str]) -> dict[str, Package]:
    """Pyodide's packages: those that lie in the folder, and at their address all others that a browser can reach.

    beside: those whose modules lie beside Python's own, so that no import may load them once more.
    """
    found = {}
    for name, package in pyodide.packages.items():
        data = files.get(pyodide.file(name))
        if data is not None:
            found[name] = {**package, "sha256": hashlib.sha256(data).hexdigest()}
        elif pyodide.online:
            found[name] = {**package, "file_name": pyodide.address(name)}
        if name in found and (name == "scipy" or name in beside):
            found[name]["imports"] = []
    return found
