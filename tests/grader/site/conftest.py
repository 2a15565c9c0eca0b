"""A distribution of Pyodide that was made up: the files and the list that a site is built from, with nothing that runs."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from grader.site import build_site
from grader.site.lite import KERNEL, MADE_WITH
from grader.site.pyodide import CORE, LOCK, VERSION

ROOT = Path(__file__).parents[3]
NEEDS = {"micropip": ["packaging"], "packaging": [], "traitlets": [], "sqlite3": [], "numpy": [], "wcwidth": []}
NEEDS |= {"ipython": ["traitlets", "sqlite3", "prompt_toolkit"], "prompt-toolkit": ["wcwidth"]}
NEEDS |= {"matplotlib": ["numpy", "Pillow"], "pillow": [], "scipy": ["numpy"], "ssl": [], "jedi": []}
IMPORTS = {"ipython": ["IPython"], "pillow": ["PIL"], "prompt-toolkit": ["prompt_toolkit"]}


def packed(members: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # with no time of its own: made again, it is the same
    return file.getvalue()


def entry(name: str, data: bytes) -> dict:
    return {
        "name": name, "version": "1", "file_name": f"{name}-1-py3-none-any.whl", "install_dir": "site", "package_type": "package",
        "sha256": hashlib.sha256(data).hexdigest(), "imports": IMPORTS.get(name, [name]), "depends": NEEDS[name],
    }  # fmt: skip


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """A whole site of this project's labs."""
    pytest.importorskip("jupyterlite_core", reason=f"a site is built with {MADE_WITH[0]} and {KERNEL}, which are not installed here")
    folder, labs = tmp_path_factory.mktemp("site"), Path(__file__).parents[3] / "labs"
    return build_site(folder / "labs", labs, str(made_up(folder / "pyodide"))).target


@pytest.fixture
def pyodide(tmp_path: Path) -> Path:
    return made_up(tmp_path / "pyodide")


def made_up(folder: Path) -> Path:
    folder.mkdir()
    for name in CORE:
        (folder / name).write_text(f"// {name}\n" * 9)
    (folder / "python_stdlib.zip").write_bytes(packed({"abc.py": "NAME = 'abc'\n"}))
    packages = {}
    for name in NEEDS:
        data = packed({f"{IMPORTS.get(name, [name])[0]}/__init__.py": f"NAME = {name!r}\n"})
        packages[name] = entry(name, data)
        (folder / packages[name]["file_name"]).write_bytes(data)
    (folder / LOCK).write_text(json.dumps({"info": {"version": VERSION, "python": "3.12.7"}, "packages": packages}))
    return folder


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """Where JupyterLite puts the wheels of the kernel, in a site."""
    folder = tmp_path / "site" / "extensions" / "kernel" / "pypi"
    folder.mkdir(parents=True)
    wheels = {"piplite-0.6.1": "piplite/piplite.py", "pyodide_kernel-0.6.1": "pyodide_kernel/mocks.py"}
    wheels["ipykernel-6.9.2"] = "ipykernel/__init__.py"
    for name, module in wheels.items():
        (folder / f"{name}-py3-none-any.whl").write_bytes(packed({module: "ALL_MOCKS = []\n"}))
    return folder
