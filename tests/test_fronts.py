"""VS Code and Colab by their protocols: checks, pictures, explorers, predictions, questions, hints and progress work there too."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_utils import front as fronts
from course_utils.labs import packaged_labs

from .fronts import COLAB, VIEW, Front, closed, front, shown

LAB = "lab01_perceptron"
WRONG = "def sigmoid_grad(z):\n    return z * (1 - z)"
SETUP = f"import numpy as np\nfrom course_utils import check, data, explore_activation, hint, plots, predict, progress, review\n{WRONG}"
CHECK, EXPLORE, HINT = "check('sigmoid_grad')", "explore_activation(np.tanh)", "hint('sigmoid_grad')"
ASK = "predict('You make the bias w₀ larger. What does the border do?', ['it moves', 'it turns', 'it moves and turns'])"
DONE = {LAB: {"perceptron": {"score": 8, "max_score": 8}}}
VSCODE = "vscode-notebook-cell:/home/somebody/labs/lab01_perceptron.ipynb#"


def book(folder: Path) -> Path:
    return folder / ".handgrad" / "progress.json"


def begun(folder: Path) -> Path:
    """Somebody has points for one exercise."""
    book(folder).parent.mkdir(parents=True)
    book(folder).write_text(json.dumps(DONE), encoding="utf-8")
    return folder


def kept(folder: Path) -> dict:
    return json.loads(book(folder).read_text(encoding="utf-8"))[LAB]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What VS Code has open: its folder is not the notebook's, and its name is not plain."""
    folder = tmp_path_factory.mktemp("Übungen von Zoë")
    shutil.copytree(packaged_labs() / LAB, folder / "mine" / LAB)
    begun(folder / "mine" / LAB)
    return folder


@pytest.fixture(scope="module")
def vscode(workspace: Path) -> Iterator[Front]:
    with front(workspace, VSCODE) as page:
        page.run(f"__vsc_ipynb_file__ = {str(workspace / 'mine' / LAB / f'{LAB}.ipynb')!r}", startup=True)
        shown(page.run(SETUP))
        yield page


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Colab runs every notebook: there is no lab."""
    return begun(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="module")
def colab(content: Path) -> Iterator[Front]:
    with front(content, "", *COLAB) as page:
        shown(page.run(SETUP))
        yield page


@pytest.fixture(scope="module", params=["vscode", "colab"])
def opened(request: pytest.FixtureRequest) -> tuple[Front, Path]:
    """A page, and the folder in which it keeps what was done."""
    if request.param == "vscode":
        return request.getfixturevalue("vscode"), request.getfixturevalue("workspace") / "mine" / LAB
    return request.getfixturevalue("colab"), request.getfixturevalue("content")


@pytest.mark.kernel
def test_a_check_names_the_mistake_and_is_kept_in_the_right_folder(opened: tuple[Front, Path]) -> None:
    page, folder = opened
    (report,) = shown(page.run(CHECK))
    assert report["data"]["text/plain"] == "0.0"
    assert "apply σ first" in report["data"]["text/html"]
    assert "yours minus expected" in report["data"]["text/html"]
    assert kept(folder)["sigmoid_grad"]["tries"]
    (step,) = shown(page.run(HINT))
    assert "hint 1 of" in step["data"]["text/markdown"]
    (table,) = shown(page.run("progress()"))
    assert f"<b>{LAB}</b>" in table["data"]["text/html"]
    assert "8/8" in table["data"]["text/plain"]


@pytest.mark.kernel
@pytest.mark.parametrize(("code", "still"), [(EXPLORE, "image/png"), (ASK, "text/html"), ("review()", "text/html")])
def test_what_lives_and_its_still_are_one_output(opened: tuple[Front, Path], code: str, still: str) -> None:
    """In two, the picture would stand below what lives: only Jupyter's own pages are told to hide it."""
    (output,) = shown(opened[0].run(code))
    assert output["data"].keys() == {VIEW, still, "text/plain"}


@pytest.mark.kernel
def test_questions_are_judged_by_messages(opened: tuple[Front, Path]) -> None:
    page, folder = opened
    (asked,) = shown(page.run("review(count=1)", "a round"))
    told = page.turn(asked["data"][VIEW]["model_id"], choice=0)
    states = [message["content"]["data"].get("state", {}) for message in told if message["msg_type"] == "comm_msg"]
    assert any("of 1 right" in state.get("_told", {}).get("closing", "") for state in states)
    assert kept(folder)["perceptron"]["review"]


@pytest.mark.kernel
def test_a_picture_is_an_image(opened: tuple[Front, Path]) -> None:
    (picture,) = shown(opened[0].run("plots.points(*data.green_and_red(), 'two kinds')"))
    assert "image/png" in picture["data"]


@pytest.mark.kernel
def test_vscode_a_second_run_takes_the_first_explorer_away(vscode: Front, workspace: Path) -> None:
    before = shown(vscode.run(EXPLORE, "explorer"))[0]["data"][VIEW]["model_id"]
    assert before in closed(vscode.run(EXPLORE, "explorer"))
    assert not book(workspace).exists(), "what is done is kept beside the notebook"


@pytest.mark.kernel
@pytest.mark.parametrize("code", [EXPLORE, ASK, "review()"])
def test_colab_is_told_which_manager_draws_a_widget(colab: Front, code: str) -> None:
    (output,) = shown(colab.run(code))
    assert output["metadata"][VIEW]["colab"]["custom_widget_manager"]["url"].endswith("manager.js")


def in_page(monkeypatch: pytest.MonkeyPatch, cell: str, **names: str) -> None:
    told = {"metadata": {"cellId": cell} if cell else {}, "header": {"msg_id": "1"}}
    shell = SimpleNamespace(kernel=SimpleNamespace(), get_parent=lambda: told, user_ns=names)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))


@pytest.mark.parametrize(
    ("cell", "names", "jupyters"),
    [
        ("8f0a5b6e", {}, True),
        ("", {}, True),  # nbclient
        (f"{VSCODE}W0sZmlsZQ", {}, False),  # VS Code on a server's kernel, which has none of its names
        ("", {"__vsc_ipynb_file__": "C:\\labs\\lab01.ipynb"}, False),
    ],
)
def test_the_page_is_told_by_its_cells(monkeypatch: pytest.MonkeyPatch, cell: str, names: dict[str, str], jupyters: bool) -> None:
    monkeypatch.setenv("VSCODE_PID", "1")  # also of a JupyterLab that was started in VS Code's terminal
    in_page(monkeypatch, cell, **names)
    assert fronts.is_jupyters() == jupyters
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    assert not fronts.is_jupyters()


def test_outside_a_notebook_there_is_no_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    monkeypatch.chdir(tmp_path)
    assert fronts.running() == ("", "")
    assert not fronts.is_jupyters()
    assert fronts.folder() == tmp_path


def test_a_path_of_another_machine_is_no_folder_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    in_page(monkeypatch, "", __vsc_ipynb_file__=str(tmp_path / "elsewhere" / "lab.ipynb"))
    assert fronts.folder() == tmp_path
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "lab.ipynb").touch()
    assert fronts.folder() == tmp_path / "elsewhere"
