"""This very Handgrad as a wheel, and the versions of all that it needs as they are installed here.

Made from what is imported, a checkout or an installed package, because neither a build system nor a network may be there.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Collection, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import course_utils
import grader
from course_utils.errors import UserError

BUNDLE = "assignment.bundle"  # what lies beside the wheel
_NAME = "handgrad"
_PACKAGES = (course_utils, grader)
_LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")
_KEPT = ("METADATA", "entry_points.txt", "WHEEL")
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same bytes from the same files
CPU_TORCH = "--extra-index-url https://download.pytorch.org/whl/cpu"  # a host has no card; the usual wheel brings gigabytes for one


def ours() -> Distribution:
    """What is known of the installed Handgrad. UserError where it runs without being installed."""
    try:
        return distribution(_NAME)
    except PackageNotFoundError:
        raise UserError("Handgrad is not installed here, so no wheel can be made of it: pip install it first.") from None


def wheel() -> tuple[str, bytes]:
    """The name and the bytes of the wheel."""
    known = ours()
    info = f"{_NAME}-{known.version}.dist-info"
    files = dict(_files())
    files |= {f"{info}/{name}": text.encode() for name in _KEPT if (text := known.read_text(name)) is not None}
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    return f"{_NAME}-{known.version}-py3-none-any.whl", zipped(files)


def zipped(files: dict[str, bytes], executable: Collection[str] = ()) -> bytes:
    """A zip of files by their names, the same whenever it is made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def requirements(modules: Collection[str], hidden: Collection[str]) -> str:
    """What to install, as pip reads it: all that Handgrad needs to grade, and the packages of these modules, in the versions that are here.

    Without what is `hidden` from students' code and asked of nobody else: what is not there cannot be found.
    """
    left_out = set(map(canonicalize_name, hidden))
    named = packages_distributions() if modules else {}
    asked = [f"{_NAME}[grader]", *(name for module in modules for name in named.get(module, ()))]
    versions: dict[str, str] = {}
    waiting = [Requirement(name) for name in asked]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        name, extras = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if name in left_out or (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            found = distribution(wanted.name)
        except PackageNotFoundError:  # of another system, or one that nobody here needed
            continue
        versions[name] = Version(found.version).public
        waiting += [needed for needed in map(Requirement, found.requires or ()) if _applies(needed, extras)]
    del versions[_NAME]
    lines = [f"{name}=={version}" for name, version in sorted(versions.items())]
    return "\n".join([*([CPU_TORCH] if "torch" in versions else []), *lines, ""])


def _applies(needed: Requirement, extras: Collection[str]) -> bool:
    return needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras or {""})


def _files() -> Iterator[tuple[str, bytes]]:
    for package in _PACKAGES:
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not any(part in _LEFT_OUT for part in path.parts):
                yield f"{folder.name}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
