"""Python as bytecode: the same modules, compiled where the site is built; and a site all the same where nothing can compile."""

from __future__ import annotations

import io
import marshal
import shutil
import sys
import zipfile
from importlib.resources import files
from importlib.util import MAGIC_NUMBER

import pytest

from grader.site.bytecode import STDLIB, Compiler, compiler
from grader.site.kernel import joined
from grader.site.pyodide import Pyodide

from ...pyodide import CannotBeHad, pyodide_folder
from .conftest import packed

SCRIPT = files("grader.site").joinpath("compiled.py.txt").read_text(encoding="utf-8")
WHEEL = {
    "a/__init__.py": '"""About a."""\nTWICE = 2 * 21\n',
    "a/data.json": "{}",
    "a/py.typed": "",
    "a/tests/test_a.py": "",
    "bad.py": "1 +\n",
}


def names(data: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return set(archive.namelist())


@pytest.fixture
def script(monkeypatch) -> dict:
    """The script's functions, on this Python."""
    monkeypatch.setattr(sys, "argv", [])
    space: dict = {}
    exec(SCRIPT, space)
    return space | {"magic": space.__setitem__}


def test_modules_are_compiled_and_what_cannot_be_stays(script, tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    for folder in (source, target):
        folder.mkdir()
    for name in ("less-a.whl", "keep-a.whl"):
        (source / name).write_bytes(packed(WHEEL))
    script["magic"]("MAGIC", int.from_bytes(MAGIC_NUMBER[:2], "little"))
    script["main"](source, target)
    less, keep = ((target / name).read_bytes() for name in ("less-a.whl", "keep-a.whl"))
    assert names(less) == {"a/__init__.pyc", "a/data.json", "bad.py"}
    assert names(keep) == {"a/__init__.py", "a/__pycache__/__init__.cpython-312.pyc", "a/data.json", "bad.py"}
    with zipfile.ZipFile(io.BytesIO(less)) as archive:
        code = marshal.loads(archive.read("a/__init__.pyc")[16:])  # noqa: S302 - made above
    space: dict = {}
    exec(code, space)
    assert (space["TWICE"], space["__doc__"]) == (42, "About a.")
    assert code.co_filename == "/lib/python3.12/site-packages/a/__init__.py"


def test_a_python_of_another_version_does_not_compile(script, tmp_path):
    script["magic"]("MAGIC", 1)
    with pytest.raises(SystemExit, match=rf"^this is Python {sys.version.split()[0]}, and not 3\.12$"):
        script["main"](tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("commands", "trouble"),
    [
        ([], "neither Python 3.12 nor Node is installed here"),
        ([["no-such-program"]], "No such file or directory"),
        ([["no-such-program"], ["false"]], "false could not compile it"),
    ],
)
def test_where_nothing_compiles_the_files_stay_and_a_sentence_says_why(commands, trouble, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    compile = Compiler(commands)
    assert compile({"a.whl": packed(WHEEL)}) == {"a.whl": packed(WHEEL)}
    assert trouble in compile.trouble


def test_a_program_that_only_seems_to_be_python_is_passed_by(pyodide, tmp_path, monkeypatch):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, does in (("python3.12", "exit 1"), ("node", 'cp "$4"/* "$5"')):
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 11))
    compile = compiler(Pyodide(str(pyodide)), tmp_path)
    assert compile({"a.whl": b"1", STDLIB: b"2"}, ["a.whl"]) == {"a.whl": b"1", STDLIB: b"2"}
    assert compile.trouble == ""
    (programs / "node").unlink()
    assert compile({"a.whl": b"1", STDLIB: b"2"}, ["a.whl"]) == {"a.whl": b"1", STDLIB: b"2"}, "compiled once, and kept"


@pytest.mark.stress
def test_pyodide_itself_compiles_under_node(tmp_path, monkeypatch):
    if shutil.which("node") is None:
        pytest.skip("Node is not installed here")
    try:
        distribution = Pyodide(str(pyodide_folder()))
    except CannotBeHad as reason:
        pytest.skip(f"Pyodide for tests cannot be had: {reason}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(shutil, "which", {"node": shutil.which("node")}.get)
    monkeypatch.setattr(sys, "version_info", (3, 11))
    compile = compiler(distribution, tmp_path)
    made = compile({"a.whl": packed(WHEEL)})["a.whl"]
    assert compile.trouble == ""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.read("a/__init__.pyc")[:4] == (3531).to_bytes(2, "little") + b"\r\n"


def test_the_kernels_modules_join_pythons_own_and_nobody_reads_of_a_hundred_languages():
    wheel = {"pygments/lexers/python.pyc": "p", "pygments/lexers/css.pyc": "c", "six.pyc": "s", "six-1.dist-info/METADATA": "m"}
    assert names(joined(packed({"abc.pyc": "a"}), [packed(wheel)])) == {"abc.pyc", "pygments/lexers/python.pyc", "six.pyc"}
