"""Assignments in other languages: graded in their own kernels as nbgrader grades them, or not begun at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course_utils.errors import UserError

from ..kernels import JUPYTER

Classroom = Any  # the fixture of conftest.py
NAME = "ps1"
PATIENCE = 6  # seconds for a cell, in both


def cell(source: str, grade_id: str, points: float | None = None) -> Any:
    role: dict[str, Any] = {"grade_id": grade_id, "schema_version": 3, "task": False}
    role |= {"grade": points is not None, "solution": points is None, "locked": points is not None}
    if points is not None:
        role["points"] = points
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": role})


IN_BASH = [
    cell("square() {\n    ### BEGIN SOLUTION\n    echo $(( $1 * $1 ))\n    ### END SOLUTION\n}", "square"),
    cell('[ "$(square 2)" = 4 ]', "public", 1),
    cell('### BEGIN HIDDEN TESTS\n[ "$(square 3)" = 9 ]\n### END HIDDEN TESTS', "hidden", 2),
    cell('square 4 | grep -x 16 >/dev/null && [ "$(cat data.csv)" = 1,2 ] && echo fine', "pipe", 4),
    cell("echo $(( $(square 5) - 25 ))", "shows", 8),
]
IN_TOY = [
    cell("### BEGIN SOLUTION\nlet a 3\n### END SOLUTION", "answer"),
    cell("same a 3", "same", 1),
    cell("### BEGIN HIDDEN TESTS\nsame a 3\nsame secret 42\n### END HIDDEN TESTS", "secret", 2),
    cell("say part\ngive 0.5", "part", 1),
    cell("say all\nshow 0.25", "whole", 2),
    cell("warn careful", "loud", 2),
    cell("keep_quiet no", "quiet", 2),
    cell("give text", "text", 2),
]
# what is in each student's answer cells, of the bash and of the toy notebook
ANSWERS = {
    "right": ("square() { echo $(( $1 * $1 )); }", "let a 3\nlet secret 42"),
    "wrong": ("square() { echo $(( $1 + 2 )); }", "let a 4"),
    "odd": ("square() { if [ $1 = 3 ]; then sleep 600; fi; echo $(( $1 * $1 )); }", "let a 3\nsleep 600"),
}


def course(classroom: Classroom, notebooks: dict[str, tuple[str, list[Any]]]) -> Path:
    """An assignment of these notebooks, each with the name of its kernel, which is its language as well."""
    folder: Path = classroom.root / "source" / NAME
    folder.mkdir(parents=True)
    for name, (kernel, cells) in notebooks.items():
        metadata = {"kernelspec": {"name": kernel, "language": kernel, "display_name": kernel}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), folder / f"{name}.ipynb")
    (folder / "data.csv").write_text("1,2")
    with (classroom.root / "nbgrader_config.py").open("a") as settings:  # nbgrader knows no stub for most languages
        settings.write("c.ClearSolutions.code_stub = dict.fromkeys(['bash', 'toy', 'glorp'], '# YOUR CODE HERE')\n")
    return folder


def hand_in(classroom: Classroom, student: str, notebook: str, answer: str) -> None:
    released = nbformat.read(classroom.root / "release" / NAME / f"{notebook}.ipynb", as_version=4)
    released.cells[0].source = answer
    released.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "what a student says counts nothing"}
    path = classroom.root / "submitted" / student / NAME / f"{notebook}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(released, path)


@pytest.mark.stress
def test_scores_are_nbgraders_cell_by_cell(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(JUPYTER))
    course(classroom, {"p1": ("bash", IN_BASH), "p2": ("toy", IN_TOY)})
    classroom.options = replace(
        classroom.options, lab=NAME, solutions=None, limits=replace(classroom.options.limits, cell_seconds=PATIENCE)
    )
    classroom.grade()  # nothing is submitted yet: makes the release
    for student, answers in ANSWERS.items():
        for notebook, answer in zip(("p1", "p2"), answers, strict=True):
            hand_in(classroom, student, notebook, answer)
    copy = classroom.root.with_name("theirs")
    shutil.copytree(classroom.root, copy)
    outcome = classroom.grade()
    assert {student: result.status for student, result in outcome.results.items()} == {
        "right": "graded",
        "wrong": "graded",
        "odd": "partial",
    }
    ours = classroom.scores()
    page = (classroom.root / "feedback" / "wrong" / NAME / "p2.html").read_text()
    assert "would show a hidden test" in page
    assert "not 42" not in page
    script = Path(sys.executable).with_name("nbgrader")
    own = "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"  # nbgrader's, and not through Handgrad
    done = subprocess.run(
        [script, "autograde", NAME, f"--Execute.timeout={PATIENCE}", own], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    classroom.root = copy
    theirs = classroom.scores()
    assert [row[:4] for row in ours] == [row[:4] for row in theirs]
    assert len(ours) == len(ANSWERS) * (len(IN_BASH) + len(IN_TOY) - 2)
    assert {row[3] for row in ours} == {0, 0.5, 1, 2, 4, 8}


@pytest.mark.parametrize(
    ("kernel", "language", "says"),
    [
        ("ir", "R", r"p1\.ipynb runs in the kernel ir \(R\), which is not installed here, so nothing was graded\. .*IRkernel.* shows ir"),
        ("glorp", "glorp", r"runs in the kernel glorp, .*its own manual.*Installed are: .*toy"),
        ("glorp", "", r"runs in the kernel glorp, which is not installed"),
        ("", "R", r"is written in R and names no kernel"),
        ("empty", "empty", r"The kernel empty of p1\.ipynb starts 'no-such-program', which is not here"),
    ],
)
def test_a_kernel_that_is_missing_is_said_before_anything_is_graded(
    kernel: str, language: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.intake import Template
    from grader.judging import kernels_of

    empty = tmp_path / "kernels" / "empty"
    empty.mkdir(parents=True)
    (empty / "kernel.json").write_text('{"argv": ["no-such-program"], "display_name": "e", "language": "empty"}')
    monkeypatch.setenv("JUPYTER_PATH", f"{tmp_path}:{JUPYTER}")
    monkeypatch.setattr("jupyter_core.paths.SYSTEM_JUPYTER_PATH", [])  # whatever this machine has
    monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [])
    template = Template("p1", (), nbformat.from_dict({"kernelspec": {"name": kernel}, "language_info": {"name": language}}))
    with pytest.raises(UserError, match=says):
        kernels_of([template])


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"kernelspec": {"name": "python3"}},
        {"kernelspec": {"name": "conda-env-dl-py", "language": "python"}},
        {"kernelspec": {"name": "my-env"}, "language_info": {"name": "python"}},
        {"language_info": {"name": "ipython"}},
    ],
)
def test_python_is_python_whatever_its_kernel_is_called(metadata: dict[str, Any]) -> None:
    from grader.intake import Template
    from grader.judging import kernels_of

    assert kernels_of([Template("p1", (), nbformat.from_dict(metadata))]) == {}


@pytest.mark.stress
def test_nothing_is_graded_where_the_kernel_is_missing(classroom: Classroom) -> None:
    folder = course(classroom, {"p1": ("glorp", IN_TOY)})
    (classroom.root / "submitted" / "ada" / NAME).mkdir(parents=True)
    shutil.copy(folder / "p1.ipynb", classroom.root / "submitted" / "ada" / NAME)
    script = Path(sys.executable).with_name("handgrad")
    done = subprocess.run([script, "grade", NAME, "--course", classroom.root], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "glorp, which is not installed here, so nothing was graded" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (classroom.root / "autograded").exists()
