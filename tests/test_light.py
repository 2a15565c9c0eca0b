"""What a student installs: every lab but those on torch, with no torch, no grader, and nothing that only Unix has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course_utils import extras
from course_utils.checking import written
from course_utils.errors import UserError

ROOT = Path(__file__).parents[1]
LABS = sorted(path.parent.name for path in (ROOT / "labs").glob("*/cases.npz"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FIRST = "import course_utils  # not found? Run %pip install handgrad in a new cell, then this cell again"


def set_up(lab: str) -> str:
    """The first set-up cell of a lab."""
    notebook = json.loads((ROOT / "labs" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    return "".join(next(cell["source"] for cell in notebook["cells"] if "setup" in cell["metadata"].get("tags", ())))


def missing(name: str) -> ModuleNotFoundError:
    return ModuleNotFoundError(f"No module named {name!r}", name=name)


def closure(lines: Iterable[str]) -> dict[str, Distribution]:
    """The installed packages that these requirements bring, by name, with all that they bring themselves."""
    found, seen = dict[str, Distribution](), set[tuple[str, str]]()
    waiting = [(Requirement(line), "") for line in lines]
    while waiting:
        need, extra = waiting.pop()
        if need.marker and not need.marker.evaluate({"extra": extra}):
            continue
        try:
            package = found[canonicalize_name(need.name)] = distribution(need.name)
        except PackageNotFoundError:  # of another system
            continue
        asked = {(package.name, each) for each in need.extras or {""}} - seen
        seen |= asked
        waiting += [(Requirement(line), each) for _, each in asked for line in package.requires or ()]
    return found


def entries(packages: dict[str, Distribution]) -> dict[str, Path]:
    """What packages put into site-packages, by name: folders, and files that stand alone."""
    files = [(file.parts[0], each) for each in packages.values() for file in each.files or ()]
    return {name: Path(str(each.locate_file(name))) for name, each in files if name not in ("..", "__pycache__")}


def test_a_verb_that_needs_more_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    extras.require("grader", "grade")
    extras.require("", "hint")
    monkeypatch.setattr(extras, "has", lambda module: module not in ("nbgrader", "msgpack"))
    extras.require("", "hint")
    with pytest.raises(UserError) as caught:
        extras.require("grader", "grade")
    brings = '`handgrad grade` needs msgpack and nbgrader, which are not installed here: `pip install "handgrad[grader]"` brings them.'
    assert str(caught.value) == brings
    monkeypatch.setattr(extras, "has", lambda module: module != "fcntl")
    with pytest.raises(
        UserError, match=r"^`handgrad report` is for instructors, and needs Linux\. What students type runs here; on Windows, "
    ):
        extras.require("grader", "report")


def test_what_is_found_missing_on_the_way_is_one_sentence_too() -> None:
    torch = '`handgrad build` needs torch, which is not installed here: `pip install "handgrad[torch]"` brings it.'
    assert extras.in_terminal(missing("torch.nn"), "build") == torch
    assert "needs Linux" in extras.in_terminal(missing("resource"), "grade")
    assert extras.in_terminal(missing("seaborn"), "check") == ""
    assert extras.in_notebook(missing("seaborn")) == ""
    asked = compile("import torch_is_not_here", "lab.py", "exec")
    with pytest.raises(UserError, match=r"lab\.py, line 1: ModuleNotFoundError: No module named 'torch_is_not_here'"):
        written.run(asked, {}, Path("lab.py"))
    known = {"__builtins__": {"__import__": lambda name, *more: (_ for _ in ()).throw(missing(name))}}
    with pytest.raises(UserError, match=r'^lab\.py, line 1 needs torch, which is not installed here: `pip install "handgrad\[torch\]"`'):
        written.run(compile("import torch", "lab.py", "exec"), known, Path("lab.py"))


def test_in_a_browser_nothing_is_offered_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    assert '%pip install "handgrad[torch]"' in extras.in_notebook(missing("torch"))
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert "pip" not in extras.in_notebook(missing("torch"))
    assert "Go on in JupyterLab" in extras.in_notebook(missing("torch"))


def test_which_labs_lack_something_is_read_from_their_set_up_cells(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    notebooks = {lab: ROOT / "labs" / lab / f"{lab}.ipynb" for lab in LABS}
    monkeypatch.setattr(extras, "has", lambda module: module != "torch")
    found = {lab: extras.lacks(path) for lab, path in notebooks.items() if extras.lacks(path)}
    assert found == {"lab09_pytorch": 'lab09_pytorch needs torch, which is not installed here: `pip install "handgrad[torch]"` brings it.'}
    broken = tmp_path / "broken.ipynb"
    broken.write_text('{"cells": [1]}', encoding="utf-8")
    assert extras.lacks(broken) == extras.lacks(tmp_path / "none.ipynb") == ""


@pytest.mark.parametrize("lab", LABS)
def test_the_first_line_of_a_lab_says_how_to_get_handgrad(lab: str) -> None:
    assert set_up(lab).splitlines()[0] == FIRST


def test_the_extras_are_what_the_sentences_say() -> None:
    named = {name: [Requirement(line).name for line in lines] for name, lines in PROJECT["optional-dependencies"].items()}
    assert {"torch", "grader", "all"} <= set(named) >= set(extras.MODULES)
    for extra, needed in extras.MODULES.items():
        brought = {name.replace("-", "_") for name in [*named[extra], *(named["grader"] if "handgrad" in named[extra] else ())]}
        assert set(needed) <= brought
    (everything,) = map(Requirement, PROJECT["optional-dependencies"]["all"])
    assert everything.extras == set(named) - {"all", "test", "dev"}


@pytest.mark.stress
def test_without_handgrad_the_cell_that_stops_shows_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['course_utils'] = None\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell(); shell.run_line_magic('colors', 'nocolor')\n"
        f"assert not shell.run_cell({set_up('lab09_pytorch')!r}).success"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"> 1 {FIRST}" in done.stdout
    assert done.stdout.count("ModuleNotFoundError") == 2


# As on Windows, as far as our own modules can notice: what they import, and what they take from modules that are there.
WINDOWS = """
import builtins, os, signal, sys
real, gone = builtins.__import__, {"fcntl", "grp", "pwd", "resource", "termios", "torch", "nbgrader", "msgpack"}

def found(name, namespace=None, *more, **named):
    if name.partition(".")[0] in gone and (namespace or {}).get("__name__", "").startswith(("course_utils", "grader")):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return real(name, namespace, *more, **named)

builtins.__import__ = found
from course_utils import extras
from course_utils.checking import written
from course_utils.cli import main
has, extras.has = extras.has, lambda module: module not in gone and has(module)
import asyncio, multiprocessing, subprocess, tempfile, numpy, rich.console, rich.markdown, rich.table  # others' know Windows
for name in ("fork", "getuid", "geteuid", "getgid", "killpg", "sched_getaffinity", "setsid", "uname", "O_NOFOLLOW", "O_NONBLOCK"):
    delattr(os, name)
for name in ("SIGALRM", "SIGKILL", "SIGHUP", "alarm", "setitimer"):
    delattr(signal, name)

from pathlib import Path
from course_utils import logbook
codes = [main(["start", "labs"]), main(["progress", "labs"]), main(["hint", "sigmoid", "labs/lab01_perceptron"])]
logbook.update(Path("labs/lab00_start").resolve(), "lab00_start", "describe", lambda entry: entry.update(score=12, max_score=12))
codes += [main(["review", "labs", "--count", "1"]), main(["doctor"])]
codes += [main(["grade", "lab01_perceptron"]), main(["export", "x", "--to", "csv"])]
os.chdir("labs/lab01_perceptron")
from course_utils import answer, check, hint, predict, progress, review
assert check("perceptron", instead=lambda *given: 0.0).score == 0
assert "hint 1 of" in str(hint("perceptron").in_letters()) and "perceptron" in progress().text()
assert codes == [0, 0, 0, 0, 0, 2, 2], codes
"""


@pytest.mark.stress
def test_nothing_of_a_students_needs_unix_torch_or_the_grader(tmp_path: Path) -> None:
    settings = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, "-c", WINDOWS], cwd=tmp_path, env=settings, input=b"a\n" * 9, capture_output=True, check=False, timeout=120
    )
    told, said = done.stderr.decode("cp1252"), done.stdout.decode("cp1252")
    assert done.returncode == 0, told
    assert "10 of 11 can be done here" in said
    assert said.count("lab09_pytorch needs torch") == 2  # start and doctor
    assert told.count("is for instructors, and needs Linux") == 2


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """The Python of an environment that has Handgrad's wheel and what it asks for without an extra, and the names of these packages."""
    home = tmp_path_factory.mktemp("light")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(home), versions=["standard"])
    venv.create(home / "venv", symlinks=True)
    (packages,) = (home / "venv" / "lib").glob("python*/site-packages")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(packages)
    (info,) = packages.glob("handgrad-*.dist-info")
    needed = closure([line for line in Distribution.at(info).requires or () if "extra ==" not in line])
    for name, path in entries(needed).items():
        (packages / name).symlink_to(path)
    return home / "venv" / "bin" / "python", set(needed)


SETUPS = """
import json, os, sys
from pathlib import Path
from course_utils.labs import lab_folders, packaged_labs

for lab in lab_folders(packaged_labs()):
    cells = json.loads((lab / f"{lab.name}.ipynb").read_text(encoding="utf-8"))["cells"]
    source_of_cells = ["".join(cell["source"]) for cell in cells]
    source = "".join(next(cell["source"] for cell in cells if "setup" in cell["metadata"].get("tags", ())))
    try:
        exec(source, {})
        print(lab.name, "is ready")
    except ImportError as error:
        print(lab.name, error)

from course_utils.help.released import prediction
asked = next(line.split('"')[1] for line in source_of_cells if line.startswith("predict("))
from course_utils import check, hint, progress  # in a folder that has nothing beside the notebook
print("reports", check("perceptron", instead=lambda *given: 0.0).score == 0 < check("perceptron").max_score)
print("hints", "hint 1 of" in hint("perceptron").in_letters())
print("progress", "perceptron" in progress().text())
print("predictions", prediction(asked, Path.cwd()) is not None)
"""
VERBS = """
from course_utils.cli import main
lab = "meine Labs/lab00_start"
print([main(words.split("|")) for words in (
    "start|meine Labs", "hint|describe|" + lab, f"check|{lab}|--exercise|describe", "progress|" + lab, "review|" + lab, "doctor",
    "check|meine Labs/lab09_pytorch", "grade|lab00_start", "site", "build",
)])
"""


def run(python: Path, code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    settings = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    settings |= {"IPYTHONDIR": str(folder / ".ipython"), "JUPYTER_CONFIG_DIR": str(folder / ".jupyter")}
    return subprocess.run([python, "-c", code], cwd=folder, env=settings, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.stress
def test_what_a_student_installs_is_enough_for_every_verb_of_a_student(light: tuple[Path, set[str]], tmp_path: Path) -> None:
    python, packages = light
    assert not packages & {"torch", "nbgrader", "msgpack", "sqlalchemy", "notebook"}
    done = run(python, VERBS, tmp_path)
    assert "[0, 0, 1, 0, 1, 0, 2, 2, 2, 2]" in done.stdout, done.stderr
    assert "describe  0/12" in done.stdout
    assert 'not installed here: `pip install "handgrad[grader]"`' in done.stdout
    told = done.stderr.splitlines()
    assert 'handgrad: lab09_pytorch needs torch, which is not installed here: `pip install "handgrad[torch]"` brings it.' in told
    assert [line.partition(" needs")[0] for line in told][-3:] == [f"handgrad: `handgrad {verb}`" for verb in ("grade", "site", "build")]


@pytest.mark.stress
def test_what_a_student_installs_is_enough_for_every_lab_but_that_on_torch(light: tuple[Path, set[str]], tmp_path: Path) -> None:
    done = run(light[0], SETUPS, tmp_path)
    said = done.stdout.splitlines()
    assert [line.split()[0] for line in said if line.endswith("is ready")] == [lab for lab in LABS if lab != "lab09_pytorch"], done.stderr
    (torch,) = (line for line in said if line.startswith("lab09_pytorch"))
    assert torch == (
        "lab09_pytorch No module named 'torch': it is not installed here. "
        'Run `%pip install "handgrad[torch]"` in a cell of its own, then this cell again.'
    )
    assert said[-4:] == ["reports True", "hints True", "progress True", "predictions True"], done.stderr
