"""Packages on demand where Python itself runs in the browser: an import that nothing answers fetches its wheel and waits for it.

The page that `handgrad site` builds puts `wheels.json` beside this file: by the name that is imported, the address of a wheel, seen from
where Pyodide lies, and its SHA-256. A kernel runs in a worker there, the one place of a page in which Python may wait for a file. So
a lab begins with NumPy alone, and what draws its pictures comes with the first picture.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import sys
import sysconfig
import zipfile
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

LISTED = Path(__file__).parent / "wheels.json"


class Wheel(NamedTuple):
    """Where a wheel lies, and the digest of its bytes."""

    address: str
    sha256: str


class OnDemand(MetaPathFinder):
    """Finds what is not installed yet, by installing it.

    wheels: by top-level name of what is imported. fetch: the bytes of an address, or OSError. folder: where packages go.
    """

    def __init__(self, wheels: Mapping[str, Wheel], fetch: Callable[[str], bytes], folder: Path) -> None:
        self._wheels, self._fetch, self._folder = dict(wheels), fetch, folder

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Where the module lies, once its wheel is unpacked; None for all that is not listed. Raises ImportError when it cannot be had."""
        wheel = self._wheels.get(fullname) if path is None else None
        if wheel is None:
            return None
        try:
            data = self._fetch(wheel.address)
        except OSError as error:
            raise ImportError(f"{fullname} could not be loaded ({error}): is the network still there? Then run the cell again.") from error
        if hashlib.sha256(data).hexdigest() != wheel.sha256:
            raise ImportError(f"{fullname} came damaged: reload the page, and tell whoever runs this site if it happens again.")
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            packed.extractall(self._folder)
        if fullname == "matplotlib":
            _name_fonts(self._folder)
        del self._wheels[fullname]
        # of this folder alone: packed folders of Python's own would all be read anew, each time
        finder: Any = sys.path_importer_cache.get(str(self._folder))
        if finder is not None:
            finder.invalidate_caches()
        return PathFinder.find_spec(fullname)


def _name_fonts(folder: Path) -> None:
    """Let the list of fonts that Pyodide's matplotlib 3.8.4 brings count: it names the version of another one.

    Otherwise each visit would look at all fonts anew, for seconds, and say so in red above the first picture.
    """
    fonts = folder / "matplotlib" / "fontlist.json"
    if fonts.is_file() and (folder / "matplotlib-3.8.4.dist-info").is_dir():
        fonts.write_text(fonts.read_text(encoding="utf-8").replace('"_version": 390', '"_version": 330', 1), encoding="utf-8")


def listed(path: Path = LISTED) -> dict[str, Wheel]:
    """The wheels that the page offers; none outside of one."""
    if not path.is_file():
        return {}
    return {name: Wheel(*each) for name, each in json.loads(path.read_text(encoding="utf-8")).items()}


def install() -> None:
    """Let imports fetch their wheels from now on; done once, and only in a browser."""
    if any(isinstance(finder, OnDemand) for finder in sys.meta_path):
        return
    wheels = listed()
    if wheels:
        # behind what finds installed packages, before Pyodide's own finder, which only says that there is none
        after = next((place for place, finder in enumerate(sys.meta_path, 1) if finder is PathFinder), len(sys.meta_path))
        sys.meta_path.insert(after, OnDemand(wheels, _waited_for, Path(sysconfig.get_path("purelib"))))


def _waited_for(address: str) -> bytes:
    """The bytes of an address that is seen from where Pyodide lies. Raises OSError."""
    js: Any = importlib.import_module("js")
    pyodide: Any = importlib.import_module("pyodide_js")
    request = js.XMLHttpRequest.new()
    try:
        request.open("GET", js.URL.new(address, pyodide._api.config.indexURL).href, False)
        request.responseType = "arraybuffer"
        request.send()
    except Exception as error:  # a JavaScript error of the network, which has no class of its own here
        raise OSError("no answer") from error
    if request.status != 200:
        raise OSError(f"the answer is {request.status}")
    data: bytes = request.response.to_bytes()
    return data
