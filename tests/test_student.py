"""The student's verbs, as typed in a terminal."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest

from course_utils import logbook
from course_utils.cells import checked_exercise
from course_utils.checking import Lab
from course_utils.cli import main
from course_utils.labs import find_lab, packaged_labs
from course_utils.notebook import check_in

LAB = "lab01_perceptron"


@pytest.fixture
def started(tmp_path, capsys):
    assert main(["start", str(tmp_path / "mine")]) == 0
    capsys.readouterr()
    return tmp_path / "mine"


@pytest.fixture
def small(started):
    """The first exercise of the lab, answered right, and the second one wrong."""
    path = started / LAB / f"{LAB}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    kept = ("perceptron", "perceptron_check", "boundary", "boundary_check")
    notebook.cells = notebook.cells[:2] + [cell for cell in notebook.cells if cell.id in kept]
    answers = {
        "perceptron": "def perceptron(x, w, w0, g):\n    return g(w0 + np.dot(w, x))",
        "boundary": "def boundary(x1, w0, w):\n    return (w0 + w[0] * x1) / w[1]",
    }
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    nbformat.write(notebook, path)
    return path


def test_start_copies_every_lab(started):
    names = {folder.name for folder in packaged_labs().iterdir() if folder.is_dir()}
    assert {folder.name for folder in started.glob("[!.]*")} == names
    assert {path.name for path in (started / LAB).iterdir()} == {path.name for path in (packaged_labs() / LAB).iterdir() if path.is_file()}


@pytest.mark.parametrize("words", [["start"], ["start", "mine"]])
def test_start_from_inside_its_folder_makes_no_other_one(started, words, monkeypatch):
    before = sorted(started.iterdir())
    (started / LAB / "checks.py").write_text("broken")
    monkeypatch.chdir(started)
    assert main(words) == 0
    assert sorted(started.iterdir()) == before
    assert "@check" in (started / LAB / "checks.py").read_text()


def test_start_again_keeps_the_students_notebook_and_refreshes_the_checks(started, capsys):
    notebook, checks = started / LAB / f"{LAB}.ipynb", started / LAB / "checks.py"
    notebook.write_text("my work")
    checks.write_text("broken")
    assert main(["start", str(started)]) == 0
    assert notebook.read_text() == "my work"
    assert "@check" in checks.read_text()
    assert "your notebook is kept" in " ".join(capsys.readouterr().out.split())


@pytest.mark.kernel
def test_check_prints_the_notebooks_reports(small, capsys):
    assert main(["check", str(small.parent)]) == 1
    out = capsys.readouterr().out
    assert "perceptron  8/8" in out
    assert "boundary  0/6" in out
    assert "the same mistake" in out
    assert "\nStuck? `handgrad hint boundary` " in out
    assert "8 of 14 points" in out


@pytest.mark.kernel
def test_check_as_json_for_one_exercise(small, capsys):
    assert main(["check", str(small), "--exercise", "perceptron", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["exercises"].keys() == {"perceptron"}
    assert told["exercises"]["perceptron"]["score"] == 8


@pytest.mark.kernel
def test_progress_shows_points_and_what_to_try_next(small, capsys):
    main(["check", str(small)])
    capsys.readouterr()
    assert main(["progress", str(small.parent)]) == 0
    out = capsys.readouterr().out
    assert "perceptron" in out
    assert "8/8" in out
    assert "Next: boundary in lab01_perceptron (read its report again)" in out
    assert main(["progress", str(small.parent), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[LAB]["perceptron"] == {
        "score": 8, "max_score": 8, "tried": True, "hints": 0, "answer": False
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["check", "nowhere"], "neither a notebook nor the folder of a lab"),
        (["check", "broken.ipynb"], "cannot be read as a notebook: was it saved whole? An earlier state may lie in .ipynb_checkpoints"),
        (["progress", "nowhere"], "There is no lab in"),
    ],
)
def test_what_cannot_be_followed_is_one_sentence(words, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("broken.ipynb").write_text("{")
    assert main(words) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.err.count("\n") == 1


def test_an_unknown_exercise_is_named_with_the_likely_one(small, capsys):
    assert main(["check", str(small), "--exercise", "preceptron"]) == 2
    assert "has no check cell for 'preceptron': do you mean 'perceptron'?" in capsys.readouterr().err
    assert main(["check", str(small), "--exercise", "zzz"]) == 2
    assert "has no check cell for 'zzz': it checks perceptron, boundary." in capsys.readouterr().err


def test_a_notebook_opened_alone_finds_its_checks(tmp_path):
    lab, folder = find_lab("perceptron", tmp_path)
    assert lab.name == folder.name == LAB


def test_progress_is_kept_where_it_can_be_and_missed_where_it_cannot(tmp_path):
    lab = Lab.from_release(packaged_labs() / LAB)
    report = check_in(lab, "perceptron", {})
    logbook.record(tmp_path, LAB, report)
    assert logbook.read(tmp_path)[LAB]["perceptron"]["score"] == 0
    logbook.record(tmp_path / "is not there", LAB, report)
    (tmp_path / logbook.FILE).write_text("torn {")
    assert logbook.read(tmp_path) == {}


@pytest.mark.parametrize(
    ("source", "exercise"),
    [
        ('check("relu")', "relu"),
        ('from course_utils import check\n\ncheck("relu")', "relu"),
        ("check(name)", None),
        ('print(check("relu"))', None),
        ("def relu(", None),
        ("", None),
    ],
)
def test_check_cells_are_recognised(source, exercise):
    assert checked_exercise(source) == exercise


IMPORTS = """
    import sys
    import course_utils
    course_utils.check
    from course_utils.labs import find_lab
    from course_utils.notebook import check_in
    from pathlib import Path
    lab, folder = find_lab("sigmoid", Path("."))
    report = check_in(lab, "sigmoid", {"sigmoid": lambda z: 0 * z})
    report._repr_html_()
    print(*(name for name in ("torch", "grader", "matplotlib", "IPython", "jupytext", "nbformat") if name in sys.modules))
"""


def test_checking_a_numpy_lab_imports_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(IMPORTS)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
