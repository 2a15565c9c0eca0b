"""What `handgrad build` refuses of a lab that changed: a broken law, and a file that is no Python. One sentence each, nothing built."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course_utils.cli import main
from course_utils.errors import UserError
from grader.build import build_lab, lawful, source_notebook

from .test_build import edit

IN_TABLE = "    X = rng.normal(size=(4, 2)) + np.array([10.0, -3.0])\n    return {\"X\": center(X)}\n"
SQUARED = "@mistake(\"double\", \"x is squared, not doubled\")\ndef squared(x):\n    return x * x\n"

BROKEN: dict[str, tuple[str, str, str, str]] = {
    "parameter_misspelt": (
        "checks.py", "def a_table(center, rng)", "def a_table(centre, rng)",
        "solutions/lab_tiny/checks.py: the probe a_table asks for centre, which notebook.py does not define: did you mean center?",
    ),
    "parameter_like_nothing": (
        "checks.py", "def a_table(center, rng)", "def a_table(center, rng, whatever)",
        "solutions/lab_tiny/checks.py: the probe a_table asks for whatever, which notebook.py does not define.",
    ),
    "reference_raises": (
        "notebook.py", "return X - X.mean(axis=0)", "return X - X.mean(axis=2)",
        "solutions/lab_tiny/checks.py: the reference of center stops in the probe a_table (AxisError: axis 2 is out of bounds for array of "
        "dimension 2).",
    ),
    "probe_cannot_use_the_reference": (
        "checks.py", 'return {"X": center(X)}', 'return {"X": center(X)["mean"]}',
        "solutions/lab_tiny/checks.py: the probe a_table cannot use what the reference of center returns (IndexError:",
    ),
    "probe_without_observations": (
        "checks.py", 'return {"X": center(X)}', "center(X)\n    return {}",
        "solutions/lab_tiny/checks.py: the probe a_table returns no observation, so every answer passes it.",
    ),
    "reference_depends_on_chance": (
        "notebook.py", "return X - X.mean(axis=0)", "return X - X.mean(axis=0) + np.random.default_rng().normal()",
        "solutions/lab_tiny/checks.py: the reference of center does not pass its own check a_table with seed 11 (",
    ),
    "reference_changes_its_input": (
        "notebook.py", "return X - X.mean(axis=0)", "X -= X.mean(axis=0)\n    return X",
        "work on a copy of it (−0.5)): nothing may depend on chance, and no input may be changed.",
    ),
    "mistake_that_is_right": (
        "mistakes.py", "return x * x", "return x + x",
        "solutions/lab_tiny/mistakes.py: squared is a right answer for every check of double: add a check, or delete the mistake.",
    ),
    "mistake_that_misspells_an_answer": (
        "mistakes.py", "return x * x", "return solution.doubel(x) ** 2",
        "solutions/lab_tiny/mistakes.py, line 8: notebook.py does not define doubel: did you mean double?",
    ),
    "two_mistakes_alike": (
        "mistakes.py", SQUARED, f'{SQUARED}\n\n@mistake("double", "x is raised to the power 2")\ndef power(x):\n    return x**2\n',
        "solutions/lab_tiny/mistakes.py: no observation tells squared and power apart: add a check of double that does, or keep one.",
    ),
    "two_mistakes_with_one_sentence": (
        "mistakes.py", SQUARED, f'{SQUARED}\n\n{SQUARED.replace("squared(x)", "cubed(x)")}',
        "solutions/lab_tiny/mistakes.py: squared and cubed share a sentence: two mistakes of double need two.",
    ),
    "check_that_asks_nobody": (
        "checks.py", 'return {"X": center(X)}', 'return {"X": X}',
        'solutions/lab_tiny/checks.py: unsolved, a_table ends as "passed" and not as "not attempted": let it call center.',
    ),
    "answer_that_does_nothing": (
        "checks.py", IN_TABLE, "    return {\"X\": center(np.zeros((4, 2)))}\n",
        "solutions/lab_tiny/checks.py: an answer that does nothing earns more than 5 of 100 points (center 4): ask what it gets wrong.",
    ),
    "checks_no_python": (
        "checks.py", "def a_table(center, rng):", "def a_table(center, rng:",
        "solutions/lab_tiny/checks.py, line 29 is not Python: '(' was never closed.",
    ),
    "checks_stop": (
        "checks.py", "import itertools", "import itertools\n\nitertools.pairs",
        "solutions/lab_tiny/checks.py, line 5: AttributeError: module 'itertools' has no attribute 'pairs'.",
    ),
    "mistakes_no_python": (
        "mistakes.py", "return x * x", "return x x", "solutions/lab_tiny/mistakes.py, line 8 is not Python: invalid syntax.",
    ),
    "mistakes_stop": (
        "mistakes.py", "def squared(x):\n    return x * x", "class squared(Base):\n    pass",
        "solutions/lab_tiny/mistakes.py, line 7: NameError: name 'Base' is not defined.",
    ),
    "notebook_no_python": (
        "notebook.py", "np.arange(3) * 2", "np.arange(3 * 2",
        "solutions/lab_tiny/notebook.py, line 30 is not Python: '(' was never closed.",
    ),
    "notebook_stops": (
        "notebook.py", "import numpy as np", "import numpi as np",
        "solutions/lab_tiny/notebook.py, cell 1, line 1: ModuleNotFoundError: No module named 'numpi'.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("law", BROKEN)
def test_what_breaks_a_law_is_one_clear_sentence(tiny: Path, tmp_path: Path, law: str) -> None:
    name, old, new, sentence = BROKEN[law]
    edit(tiny / name, old, new)
    with pytest.raises(UserError) as error:
        build_lab(tiny, tmp_path / "labs")
    lines = str(error.value).split("\n")
    assert any(sentence in line for line in lines), lines
    assert all(line.startswith("solutions/lab_tiny/") and line.endswith((".", "?")) for line in lines)
    assert not (tmp_path / "labs").exists()


def test_the_command_shows_no_traceback(tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    edit(tiny / "mistakes.py", "return x * x", "return x x")
    monkeypatch.chdir(tiny)
    assert main(["build"]) == 2
    assert capsys.readouterr().err == "handgrad: solutions/lab_tiny/mistakes.py, line 8 is not Python: invalid syntax.\n"


def test_points_are_a_note_elsewhere_and_a_law_here(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "solutions/lab_tiny: its points add up to 12, not to 100."
    assert build_lab(tiny, tmp_path / "labs").told == (sentence,)
    monkeypatch.setattr(lawful, "grader", type("Package", (), {"__file__": str(tmp_path / "grader" / "__init__.py")}))
    with pytest.raises(UserError, match=sentence):
        lawful.held_to_laws(_lab(tiny), tiny, source_notebook(tiny).cells, tmp_path)


def _lab(folder: Path) -> lawful.Lab:
    return lawful.Lab.from_source(folder)


def test_what_only_uses_labs_builds_without_laws(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(tiny / "mistakes.py", "return x * x", "return x + x")
    monkeypatch.chdir(tiny)
    assert main(["build", "--without-laws"]) == 0
    assert main(["build"]) == 2  # what was built so is not taken for lawful


@pytest.mark.stress
def test_labs_are_built_beside_each_other_and_told_in_their_order(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = tiny.with_name("lab_twin")
    shutil.copytree(tiny, twin)
    monkeypatch.chdir(tiny)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for told in ("written", "nothing to do"):
        assert main(["build", "--without-laws"]) == 0
        lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("labs/")]
        assert [line.split(":")[0] for line in lines] == ["labs/lab_tiny", "labs/lab_twin"]
        assert all(told in line for line in lines)
    for source in (tiny, twin):
        edit(source / "mistakes.py", "return x * x", "return x x")
    assert main(["build", "--without-laws"]) == 2
    assert capsys.readouterr().err == "handgrad: solutions/lab_tiny/mistakes.py, line 8 is not Python: invalid syntax.\n"


def test_an_unchanged_lab_is_not_asked_again(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = build_lab(tiny, tmp_path / "labs")
    asked: list[str] = []
    monkeypatch.setattr("grader.build.release.make", lambda source, labs: asked.append(source.name))
    assert build_lab(tiny, tmp_path / "labs").changed == ()
    assert build_lab(tiny, tmp_path / "labs", laws=False).changed == ()
    assert asked == []
    for path in (tiny / "checks.py", tiny / "help.md", built.folder / "hints.json"):
        kept = path.read_bytes()
        path.write_bytes(kept + b"\n")
        with pytest.raises(AttributeError):
            build_lab(tiny, tmp_path / "labs")
        path.write_bytes(kept)
    assert asked == [tiny.name] * 3


def test_new_prose_asks_no_law_again(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_lab(tiny, tmp_path / "labs")
    asked: list[str] = []
    monkeypatch.setattr(lawful, "hold", lambda lab, *_: asked.append(lab.name))
    edit(tiny / "notebook.py", "## Centring", "## Centering")
    assert build_lab(tiny, tmp_path / "labs").changed == ("lab_tiny.ipynb",)
    assert asked == []
    edit(tiny / "notebook.py", "return 2 * x", "return x + x")
    with pytest.raises(AttributeError):
        build_lab(tiny, tmp_path / "labs")
    assert asked == ["lab_tiny"]


def test_half_a_minute_is_enough_or_it_is_said(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lawful, "SECONDS", -1.0)
    assert "solutions/lab_tiny: -1 seconds were too short for all laws; the tests ask the rest." in build_lab(tiny, tmp_path / "labs").told
