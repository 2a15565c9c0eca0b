"""The laws that every lab keeps. A new folder in `solutions/` is tested here with no new test code.

What takes long takes turns, a part each day: mistakes of a large bank or of a lab with a budget, also where cases are recorded,
answers that do nothing, and unsolved notebooks. All labs are tried each day, a fifth of them in the fast suite.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import json
import re
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from course_utils.checking import Lab, Local, check_exercise
from course_utils.checking.compare import equal
from course_utils.checking.declare import load_declared
from course_utils.checking.naming import Wrong
from course_utils.checking.trivial import trivial_answers
from grader.build.laws import same_wrong
from grader.build.style import lapses

from .today import share

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = sorted(path.parent for path in (ROOT / "solutions").glob("*/notebook.py"))
SEEDS = tuple(range(1000, 1020))


DECLARED = {folder: load_declared(folder / "checks.py") for folder in FOLDERS}


QUICK = share([folder for folder in FOLDERS if not DECLARED[folder][1]], 5)  # a lab with a budget trains networks


def of_lab(folder, *values):
    """A test's parameters. In the fast suite the labs take turns; those whose turn it is not are tested after it."""
    return pytest.param(*values, id="-".join([folder.name, *map(str, values[1:])]), marks=[] if folder in QUICK else [pytest.mark.stress])


def exercises_of(folder):
    checks, _ = DECLARED[folder]
    return dict.fromkeys(check.exercise for check in checks)


each_lab = pytest.mark.parametrize("folder", [of_lab(folder, folder) for folder in FOLDERS])
each_exercise = pytest.mark.parametrize(
    ("name", "exercise"), [of_lab(folder, folder.name, exercise) for folder in FOLDERS for exercise in exercises_of(folder)]
)
LARGE = 28  # mistakes of one exercise: to name each of so many takes seconds, and comes after the fast suite


def of_bank(folder, exercise):
    """The parameters of a test that tries every mistake of an exercise."""
    bank, parameters = (folder / "mistakes.py").read_text(encoding="utf-8"), of_lab(folder, folder.name, exercise)
    large = bank.count(f'@mistake("{exercise}",') >= LARGE
    return pytest.param(*parameters.values, id=parameters.id, marks=[pytest.mark.stress] if large else parameters.marks)


each_bank = pytest.mark.parametrize(("name", "exercise"), [of_bank(folder, each) for folder in FOLDERS for each in exercises_of(folder)])


@functools.cache
def lab_of(name):
    return Lab.from_source(ROOT / "solutions" / name)


def report_on(lab, exercise, namespace, seeds=None):
    return check_exercise(exercise, lab.checks[exercise], Local(namespace), lab.oracle, seeds or lab.seeds)


def stub(*args, **kwargs):
    raise NotImplementedError


def equivalents(name):
    path = ROOT / "tests" / "equivalents" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"equivalents_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.EQUIVALENTS


@each_exercise
@pytest.mark.parametrize("written", ["stub", "nothing"])
def test_unsolved_is_not_attempted_and_scores_nothing(name, exercise, written):
    lab = lab_of(name)
    unwritten = stub if callable(lab.reference[exercise]) else type(lab.reference[exercise])()  # a value begins empty
    namespace = {**lab.reference, exercise: unwritten} if written == "stub" else {}
    report = report_on(lab, exercise, namespace)
    assert {verdict.outcome for verdict in report.verdicts} == {"not attempted"}
    assert report.score == 0


@each_exercise
def test_solved_passes_for_twenty_seeds(name, exercise):
    lab = lab_of(name)
    report = report_on(lab, exercise, lab.reference, SEEDS)
    assert report.passed, report.text()


@each_bank
def test_every_mistake_fails_and_is_named(name, exercise, subtests):  # with fresh seeds: tests/grader/judging/test_labs.py
    lab = lab_of(name)
    mistakes = lab.mistakes.get(exercise, ())
    assert mistakes or not callable(lab.reference[exercise])  # a sentence about a value may be the answer itself
    for mistake in share(mistakes, 3) if len(mistakes) >= LARGE or lab.budget else mistakes:
        with subtests.test(mistake.name):
            report = report_on(lab, exercise, {**lab.reference, exercise: mistake.subject})
            assert report.score < report.max_score, f"{mistake.name} passes"
            failed = [verdict for verdict in report.verdicts if verdict.outcome != "passed"]
            assert {verdict.mistake for verdict in failed} == {mistake.sentence}, report.text()
            assert mistake.sentence in report.text(), "the sentence is cut off"


@each_exercise
def test_any_two_mistakes_differ(name, exercise):
    lab, mistakes = lab_of(name), lab_of(name).mistakes.get(exercise, ())
    keys = [(check, seed) for check in lab.checks[exercise] for seed in check.asked_with(lab.seeds)]
    traces = {m.sentence: [lab.oracle.mistakes(*key)[m.sentence] for key in keys] for m in mistakes}
    assert len(traces) == len(mistakes), "two mistakes share a sentence"
    for (one, mine), (other, theirs) in itertools.combinations(traces.items(), 2):
        assert not all(map(same_wrong, mine, theirs)), f"no observation tells these apart:\n{one}\n{other}"


@pytest.mark.stress
@each_lab
def test_an_answer_that_does_nothing_earns_nearly_nothing(folder):
    """Each trivial answer whose turn it is today is put into every exercise."""
    lab = lab_of(folder.name)
    answers = [list(trivial_answers(lab.reference.get(exercise))) for exercise in lab.checks]
    for number in share(range(max(map(len, answers))), 3):
        earned = {
            exercise: report_on(lab, exercise, {**lab.reference, exercise: given[number]}).score
            for exercise, given in zip(lab.checks, answers, strict=True)
            if number < len(given)
        }
        assert sum(earned.values()) <= 5, f"trivial answer {number}: {earned}"


@each_exercise
def test_every_equivalent_passes(name, exercise):
    lab = lab_of(name)
    known = equivalents(name)[exercise]
    assert len(known) >= 4
    for subject in known:
        report = report_on(lab, exercise, {**lab.reference, exercise: subject})
        assert report.passed, f"{getattr(subject, '__name__', subject)}\n{report.text()}"


@each_exercise
def test_whatever_was_recorded_can_be_read(name, exercise):
    released = Lab.from_release(ROOT / "labs" / name)
    for check in released.checks[exercise]:
        for seed in check.asked_with(released.seeds):
            assert released.oracle.wanted(check, seed).observations
            for found in (released.oracle.mistakes(check, seed), released.oracle.slips(check, seed)):
                assert all(isinstance(wrong, Wrong) for wrong in found.values())


@each_lab
def test_nothing_released_gives_an_answer_away(folder):
    released = ROOT / "labs" / folder.name
    text = "\n".join(path.read_text() for path in released.iterdir() if path.suffix in (".ipynb", ".py", ".json"))
    recorded = "\n".join(read_members(released / "cases.npz"))
    cells = nbformat.read(released / f"{folder.name}.ipynb", as_version=4).cells
    stripped = "\n".join(cell.source for cell in cells)
    for cell in jupytext.read(folder / "notebook.py").cells:
        for answer in re.findall(r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", cell.source, re.DOTALL):
            assert answer.strip() not in stripped
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            assert cell.source.strip() not in stripped
    assert "BEGIN SOLUTION" not in text
    for check in itertools.chain(*lab_of(folder.name).checks.values()):
        assert not (check.hidden and (f"def {check.probe.__name__}(" in text or json.dumps(check.id) in recorded))
    for mistake in itertools.chain(*lab_of(folder.name).mistakes.values()):
        assert f"def {mistake.name}(" not in text
    assert sorted(path.name for path in released.iterdir() if path.suffix == ".py") == ["checks.py"]


def read_members(path):
    with np.load(path, allow_pickle=False) as stored:
        return [stored[name].tobytes().decode(errors="replace") for name in stored.files if name.endswith(".json")]


@each_lab
def test_the_lab_is_worth_a_hundred_points(folder):
    by_hand = [
        cell.metadata["nbgrader"].get("points", 0)
        for cell in jupytext.read(folder / "notebook.py").cells
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.metadata["nbgrader"].get("grade")
    ]
    assert sum(check.points for checks in lab_of(folder.name).checks.values() for check in checks) + sum(by_hand) == 100


@each_lab
def test_the_notebook_keeps_the_style_that_a_machine_sees(folder):
    """A cell that is a few words too long is the author's to judge, whom the build tells."""
    labs = {other.name for other in FOLDERS}
    assert [lapse for lapse in lapses(jupytext.read(folder / "notebook.py").cells, labs) if " words: " not in lapse] == []


def run(notebook, folder):
    patience = {"timeout": 600, "startup_timeout": 600, "iopub_timeout": 600}  # seconds, for a cell, a kernel and its outputs
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": folder}}, **patience).execute()
    return notebook


@pytest.mark.kernel
@each_lab
def test_the_solved_notebook_runs_and_earns_all_public_points(folder, tmp_path):
    released = ROOT / "labs" / folder.name
    for path in released.glob("[!.]*.[!i]*"):  # all but the notebook
        (tmp_path / path.name).write_bytes(path.read_bytes())
    notebook = run(jupytext.read(folder / "notebook.py"), tmp_path)
    outputs = [(cell.source, output) for cell in notebook.cells for output in cell.get("outputs", ())]
    assert [(source, output["text"]) for source, output in outputs if output.get("name") == "stderr"] == []
    progress = json.loads((tmp_path / ".handgrad" / "progress.json").read_text())
    assert progress[tmp_path.name].keys() == lab_of(folder.name).checks.keys()
    for exercise, entry in progress[tmp_path.name].items():
        assert entry["score"] == entry["max_score"], exercise


@pytest.mark.kernel
@pytest.mark.parametrize("folder", [of_lab(folder, folder) for folder in share(FOLDERS, 2)])
def test_the_unsolved_notebook_runs(folder, tmp_path):
    released = ROOT / "labs" / folder.name
    for path in released.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    notebook = run(nbformat.read(released / f"{folder.name}.ipynb", as_version=4), tmp_path)
    values = [
        output["data"]["text/plain"]
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").endswith("_check")
        for output in cell.outputs
    ]
    assert values
    assert set(values) == {"0.0"}


@pytest.mark.stress
@each_exercise
def test_recorded_cases_judge_like_the_reference(name, exercise):
    lab, released = lab_of(name), Lab.from_release(ROOT / "labs" / name)
    known = [mistake.subject for mistake in lab.mistakes.get(exercise, ())]
    # a value has no bank of mistakes
    for subject in share(known, 3) if known else [lab.reference[exercise], dict.fromkeys(lab.reference[exercise], "?")]:
        namespace = {**lab.reference, exercise: subject}
        public = [check for check in lab.checks[exercise] if not check.hidden]
        live = check_exercise(exercise, public, Local(namespace), lab.oracle, lab.seeds)
        recorded = check_exercise(exercise, released.checks[exercise], Local(namespace), released.oracle, released.seeds)
        assert recorded.text() == live.text()
        assert recorded._repr_html_() == live._repr_html_()


def test_equal_is_not_fooled_by_broadcasting():
    assert not equal([[1.0, 2.0]], [1.0, 2.0])
