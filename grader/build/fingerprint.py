"""Digests by which a build knows that there is nothing to do: of files, and of the code that makes labs from them."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import course_utils

_OURS = Path(str(course_utils.__file__)).parent.parent
MAKERS = ("course_utils", "grader/build")  # whose modules make a lab
_OTHERS = ("jupytext", "nbconvert", "nbformat", "nbgrader", "numpy", "torch")


def of(paths: Iterable[Path]) -> str:
    """A digest of files by name and content; one that is missing counts as such."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.name} {path.is_file()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def of_folder(folder: Path) -> str:
    """A digest of the files that lie in a folder, without hidden ones and what is below."""
    return of(sorted(path for path in folder.glob("*") if path.is_file() and not path.name.startswith(".")))


def of_text(*texts: str) -> str:
    """A digest of texts."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def of_tools(*packages: str) -> str:
    """A digest of modules below these folders, such as `course_utils`, and of the versions of the libraries below them."""
    modules = [path for package in packages for path in sorted((_OURS / package).rglob("*.py"))]
    versions = " ".join([sys.version, *map(_version, _OTHERS)])
    return of_text(of(modules), versions)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # torch may be missing
        return "none"


def is_stamped(stamp: Path, fingerprint: Mapping[str, object]) -> bool:
    """Whether this was the state of things when `stamp` was written."""
    try:
        return bool(json.loads(stamp.read_text(encoding="utf-8")) == fingerprint)
    except (FileNotFoundError, json.JSONDecodeError):  # never written, or the machine stopped while it was
        return False


def write_stamp(stamp: Path, fingerprint: Mapping[str, object]) -> None:
    """Remember this state of things."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(json.dumps(fingerprint), encoding="utf-8")
