"""Pyodide, as its public home or a folder has it: its core, the list of its packages, and their wheels."""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from course_utils.errors import UserError

VERSION = "0.27.7"  # the one that the kernel for it, jupyterlite-pyodide-kernel 0.6, was made for
HOME = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
LOCK = "pyodide-lock.json"
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
Package = dict[str, Any]  # an entry of the lock file: file_name, sha256, imports, depends and so on


class Pyodide:
    """A distribution of Pyodide; `where` is a folder or an address. Raises UserError where there is none of the right version."""

    def __init__(self, where: str) -> None:
        self.online = where.startswith(("http://", "https://"))
        self._where = where if not self.online or where.endswith("/") else where + "/"
        lock = self._lock()
        found = lock["info"].get("version")
        if found != VERSION:
            raise UserError(f"{where} has Pyodide {found}, and the labs' page needs {VERSION}: name one of that version with --pyodide.")
        self.info: dict[str, str] = lock["info"]
        self.packages: dict[str, Package] = lock["packages"]

    def _lock(self) -> dict[str, Any]:
        try:
            lock = json.loads(self.read(LOCK))
            if isinstance(lock["info"], dict) and isinstance(lock["packages"], dict):
                return dict(lock)
        except (ValueError, KeyError, TypeError):
            pass
        raise UserError(f"{self._where} is not where Pyodide lies: its {LOCK} is no list of packages.")

    def read(self, name: str) -> bytes:
        """The bytes of one of its files. Raises UserError when it cannot be had."""
        try:
            if self.online:
                with urllib.request.urlopen(self._where + name, timeout=60) as answer:
                    return bytes(answer.read())
            return (Path(self._where) / name).read_bytes()
        except (OSError, urllib.error.URLError, ValueError) as error:
            raise UserError(
                f"{self._where}{'' if self.online else '/'}{name} cannot be read ({_reason(error)}). Name a folder with Pyodide {VERSION} "
                f"by --pyodide, or run this where {HOME} can be reached."
            ) from error

    def wheel(self, name: str) -> bytes:
        """The file of a package. Raises UserError where it is missing or not the one that the list tells of."""
        package = self.packages[name]
        data = self.read(package["file_name"])
        if hashlib.sha256(data).hexdigest() != package["sha256"]:
            raise UserError(f"{package['file_name']} of {self._where} is not the file that {LOCK} tells of: get Pyodide again.")
        return data

    def file(self, name: str) -> str:
        """The name of a package's file."""
        return str(self.packages[name]["file_name"])

    def address(self, name: str) -> str:
        """Where a browser finds the file of a package; for a folder, its name there."""
        return self._where + self.file(name) if self.online else self.file(name)

    def closure(self, names: Iterable[str], without: Iterable[str] = ()) -> list[str]:
        """These packages and all that they depend on, in the order of their names. Raises UserError for one that is not there."""
        found, ahead, left_out = set[str](), list(names), set(without)
        while ahead:
            name = ahead.pop()
            if name in found or name in left_out:
                continue
            if name not in self.packages:
                raise UserError(f"The list of Pyodide's packages, {self._where}{'' if self.online else '/'}{LOCK}, has no {name}.")
            found.add(name)
            ahead += map(normalised, self.packages[name]["depends"])
        return sorted(found)


def normalised(name: str) -> str:
    """A package's name as the list spells its keys."""
    return name.lower().replace("_", "-").replace(".", "-")


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", None) or getattr(error, "strerror", None) or error)
