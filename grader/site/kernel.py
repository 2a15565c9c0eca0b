"""What a kernel needs before it listens, in one file with Python's own library: nothing of it has to be unpacked, and much never read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from importlib.resources import files

# Of IPython's dependencies those that a page has no use for; a cell that imports one of them gets it all the same.
LATER = ("prompt-toolkit", "wcwidth", "sqlite3")
_LEXERS = ("__init__", "_mapping", "python", "special")  # of some three hundred languages that Pygments colours


def joined(library: bytes, wheels: Iterable[bytes]) -> bytes:
    """Python's library with the modules of wheels beside its own."""
    members: dict[str, bytes] = {}
    for data in (library, *wheels):
        members |= {name: content for name, content in _members(data).items() if _read(name)}
    return _packed(members)


def lighter(name: str, packed: bytes) -> bytes:
    """A wheel of the kernel, told to leave to later what no page needs at first."""
    if name not in ("piplite", "pyodide_kernel"):
        return packed
    members = _members(packed)
    if name == "piplite":
        members["piplite/whole.py"] = members["piplite/piplite.py"]
        members["piplite/piplite.py"] = _part("piplite")
    else:
        members["pyodide_kernel/mocks.py"] += _part("mocks")
    return _packed(members)


def starting(names: Iterable[str]) -> str:
    """Lines for the end of pyodide.js: a kernel asks for packages by name, and these alone are not in Python's library."""
    return files("grader.site").joinpath("starting.js").read_text(encoding="utf-8").replace("$names", repr(list(names)))


def _read(name: str) -> bool:
    """Whether anything ever reads a member of the joined file."""
    folder, _, last = name.rpartition("/")
    return ".dist-info/" not in name and (folder != "pygments/lexers" or last.partition(".")[0] in _LEXERS)


def _members(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}


def _packed(members: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _part(name: str) -> bytes:
    return files("grader.site").joinpath("standins").joinpath(f"{name}.py.txt").read_bytes()
