"""Packages on demand, as in a browser: an import that nothing answers fetches its wheel."""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course_utils import browser

ROOT = Path(__file__).parents[1]
HEAVY = ("scipy", "sklearn", "matplotlib", "mlxtend", "torch", "ipywidgets")


def packed(**modules: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as wheel:
        for name, code in modules.items():
            wheel.writestr(f"{name}/__init__.py", code)
    return file.getvalue()


@pytest.fixture
def offer(tmp_path, monkeypatch):
    """Offers wheels by the names of their modules; gives the addresses that were asked for."""
    monkeypatch.syspath_prepend(str(tmp_path))
    asked: list[str] = []

    def offering(wheels: dict[str, bytes], told: dict[str, bytes] | None = None) -> list[str]:
        def fetch(address: str) -> bytes:
            asked.append(address)
            if address not in wheels:
                raise OSError("the answer is 404")
            return wheels[address]

        listed = {name: browser.Wheel(name, hashlib.sha256(data).hexdigest()) for name, data in (told or wheels).items()}
        monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, browser.OnDemand(listed, fetch, tmp_path)])
        return asked

    yield offering
    for name in [name for name in sys.modules if name.startswith("far_")]:
        del sys.modules[name]


def test_an_import_fetches_its_wheel_once(offer):
    asked = offer({"far_one": packed(far_one="VALUE = 3", far_two="import far_one")})
    assert importlib.import_module("far_one").VALUE == 3
    assert importlib.import_module("far_two").far_one.VALUE == 3  # came with it
    importlib.reload(sys.modules["far_one"])
    assert asked == ["far_one"]


def test_what_is_not_offered_is_missing_as_ever(offer):
    asked = offer({"far_one": packed(far_one="")})
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("far_three")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("json.far_one")
    assert asked == []


def test_a_lost_network_is_named_and_the_cell_can_be_run_again(offer):
    wheels: dict[str, bytes] = {}
    offer(wheels, {"far_one": packed(far_one="VALUE = 3")})
    with pytest.raises(ImportError, match=r"far_one could not be loaded \(the answer is 404\): is the network still there"):
        importlib.import_module("far_one")
    wheels["far_one"] = packed(far_one="VALUE = 3")
    assert importlib.import_module("far_one").VALUE == 3


def test_a_wheel_with_another_digest_is_not_installed(offer, tmp_path):
    offer({"far_one": packed(far_one="VALUE = 4")}, {"far_one": packed(far_one="VALUE = 3")})
    with pytest.raises(ImportError, match="far_one came damaged"):
        importlib.import_module("far_one")
    assert not (tmp_path / "far_one").exists()


@pytest.mark.parametrize(("version", "wanted"), [("3.8.4", 330), ("3.9.0", 390)])
def test_the_fonts_that_come_with_matplotlib_are_not_looked_for_again(offer, tmp_path, version, wanted):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr("matplotlib/__init__.py", "")
        wheel.writestr(f"matplotlib-{version}.dist-info/METADATA", "")
        wheel.writestr("matplotlib/fontlist.json", json.dumps({"_version": 390, "ttflist": [{"fname": "DejaVuSans.ttf"}]}, indent=2))
    offer({"matplotlib": file.getvalue()})
    assert sys.meta_path[-1].find_spec("matplotlib") is not None
    fonts = json.loads((tmp_path / "matplotlib" / "fontlist.json").read_text())
    assert fonts == {"_version": wanted, "ttflist": [{"fname": "DejaVuSans.ttf"}]}


def test_the_list_is_read_from_beside_the_module_and_there_is_none_outside_of_a_page(tmp_path):
    assert browser.listed() == {}
    before = list(sys.meta_path)
    browser.install()
    assert sys.meta_path == before
    (tmp_path / "wheels.json").write_text(json.dumps({"PIL": ["pillow.whl", "00"]}))
    assert browser.listed(tmp_path / "wheels.json") == {"PIL": browser.Wheel("pillow.whl", "00")}


def test_a_first_check_needs_numpy_alone(tmp_path):
    """As a student's process: neither the engine nor a check imports what is slow to load in a browser."""
    code = f"""
import os, sys
from pathlib import Path
from course_utils import check, logbook
from course_utils.checking.declare import load_checks
logbook.FILE = Path({str(tmp_path / "progress.json")!r})
for lab in ("lab01_perceptron", "lab03_gradient_descent", "lab04_backprop"):
    os.chdir(Path({str(ROOT / "labs")!r}) / lab)
    report = check(load_checks(Path("checks.py"))[0].exercise, instead=lambda *given: 0.5)
    assert report.score < report.max_score and len(report._repr_html_()) > 300, report.text()
print(sorted({{name.split(".")[0] for name in sys.modules}} & set({HEAVY!r})))
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (told.stdout.strip(), told.returncode) == ("[]", 0), told.stderr
