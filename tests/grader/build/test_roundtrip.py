"""An author edits the built source notebook in JupyterLab and saves: the change has to come back in notebook.py.

JupyterLab reads and saves through Jupytext's contents manager, so the tests do as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupytext import TextFileContentsManager
from nbformat import NotebookNode
from nbformat.sign import NotebookNotary

from course_utils.errors import UserError
from grader.build import build_lab, source_notebook, stale

PATH = "solutions/lab_tiny/notebook.ipynb"


@pytest.fixture
def labs(tiny: Path) -> Path:
    """The lab, built once: `notebook.ipynb` lies beside `notebook.py`."""
    labs = tiny.parent.parent / "labs"
    build_lab(tiny, labs)
    return labs


@pytest.fixture
def jupyter(tiny: Path, labs: Path, tmp_path: Path) -> Iterator[Any]:
    manager = TextFileContentsManager()
    manager.root_dir = str(tiny.parent.parent)
    # the one who runs the tests has signatures as well: the key and the database are these tests' own
    manager.notary = NotebookNotary(data_dir=str(tmp_path))
    yield manager
    manager.notary.store.close()


def edit_and_save(manager: Any, change: Callable[[NotebookNode], None], path: str = PATH) -> None:
    """Open a notebook as JupyterLab does, change it, save it."""
    model = manager.get(path)
    change(model["content"])
    manager.save({"type": "notebook", "format": "json", "content": model["content"]}, path)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def roles(notebook: NotebookNode) -> list[tuple[str, Any]]:
    """Ids and nbgrader metadata (points and roles) of all cells."""
    return [(cell.id, cell.metadata.get("nbgrader")) for cell in notebook.cells]


def test_jupyterlab_shows_every_key_that_its_panel_needs(jupyter: Any) -> None:
    shown = jupyter.get(PATH)["content"]
    for part in shown.cells:
        if "nbgrader" in part.metadata:
            assert {"grade", "grade_id", "locked", "schema_version", "solution", "task"} <= set(part.metadata.nbgrader)
    assert cell(shown, "double_check").metadata.nbgrader["points"] == 3
    assert cell(shown, "reflection").metadata.nbgrader["points"] == 3


def test_saving_without_a_change_changes_nothing(jupyter: Any, tiny: Path, labs: Path) -> None:
    before = roles(source_notebook(tiny))
    text = (tiny / "notebook.py").read_text(encoding="utf-8")
    edit_and_save(jupyter, lambda notebook: None)
    assert (tiny / "notebook.py").read_text(encoding="utf-8") == text
    assert roles(source_notebook(tiny)) == before
    assert stale(tiny, labs) == []
    assert build_lab(tiny, labs).changed == ()


def test_edited_text_and_answers_come_back(jupyter: Any, tiny: Path, labs: Path) -> None:
    def edit(notebook: NotebookNode) -> None:
        notebook.cells[0].source = "# A lab, edited in JupyterLab"
        answer = cell(notebook, "center")
        answer.source = answer.source.replace("X - X.mean(axis=0)", "X - X.mean(0)")

    before = roles(source_notebook(tiny))
    edit_and_save(jupyter, edit)
    text = (tiny / "notebook.py").read_text(encoding="utf-8")
    assert "# # A lab, edited in JupyterLab" in text
    assert "return X - X.mean(0)" in text
    assert roles(source_notebook(tiny))[1:] == before[1:]
    assert "lab_tiny.ipynb" in build_lab(tiny, labs).changed
    assert "edited in JupyterLab" in (labs / "lab_tiny" / "lab_tiny.ipynb").read_text(encoding="utf-8")


def test_what_the_create_assignment_panel_sets_comes_back(jupyter: Any, tiny: Path, labs: Path) -> None:
    """The panel writes a cell's whole `nbgrader` dictionary; here an ordinary text cell becomes a graded one."""

    def grade_by_hand(notebook: NotebookNode) -> None:
        cell(notebook, "reflection").metadata.nbgrader["points"] = 5
        notebook.cells.append(nbformat.v4.new_markdown_cell("Say why."))
        notebook.cells[-1].metadata["nbgrader"] = {
            "grade": True, "grade_id": "cell-5f0c3d1e8a", "locked": False, "points": 2,
            "schema_version": 3, "solution": True, "task": False,
        }  # fmt: skip

    edit_and_save(jupyter, grade_by_hand)
    source = source_notebook(tiny)
    assert cell(source, "reflection").metadata.nbgrader["points"] == 5
    assert cell(source, "cell-5f0c3d1e8a").metadata.nbgrader["points"] == 2
    build_lab(tiny, labs)
    assert cell(jupyter.get(PATH)["content"], "cell-5f0c3d1e8a").source == "Say why."


def test_points_of_a_check_set_in_the_panel_are_refused(jupyter: Any, tiny: Path, labs: Path) -> None:
    def set_points(notebook: NotebookNode) -> None:
        cell(notebook, "center_check").metadata.nbgrader["points"] = 40

    edit_and_save(jupyter, set_points)
    with pytest.raises(UserError, match=r'"center_check" says 40 points, its checks add up to 4: points live in checks\.py'):
        build_lab(tiny, labs)


def test_outputs_of_the_author_stay(jupyter: Any, tiny: Path, labs: Path) -> None:
    def run(notebook: NotebookNode) -> None:
        notebook.cells[3].outputs = [nbformat.v4.new_output("stream", text="[0 2 4]")]

    edit_and_save(jupyter, run)
    (tiny / "checks.py").write_text((tiny / "checks.py").read_text(encoding="utf-8").replace("points=4", "points=6"), encoding="utf-8")
    build_lab(tiny, labs)
    shown = jupyter.get(PATH)["content"]
    assert shown.cells[3].outputs[0].text == "[0 2 4]"
    assert cell(shown, "center_check").metadata.nbgrader["points"] == 6
    assert "[0 2 4]" not in (labs / "lab_tiny" / "lab_tiny.ipynb").read_text(encoding="utf-8")


def test_the_text_opened_as_a_notebook_saves_both(jupyter: Any, tiny: Path) -> None:
    def edit(notebook: NotebookNode) -> None:
        notebook.cells[0].source = "# Edited as text"

    edit_and_save(jupyter, edit, "solutions/lab_tiny/notebook.py")
    assert "# # Edited as text" in (tiny / "notebook.py").read_text(encoding="utf-8")
    assert nbformat.read(tiny / "notebook.ipynb", as_version=4).cells[0].source == "# Edited as text"


def save_without_jupytext(path: Path, source: str, seconds_after_text: int) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = source
    nbformat.write(notebook, path)
    age = path.with_name("notebook.py").stat().st_mtime_ns + seconds_after_text * 10**9
    os.utime(path, ns=(age, age))


def test_work_that_only_the_notebook_has_is_never_overwritten(tiny: Path, labs: Path) -> None:
    save_without_jupytext(tiny / "notebook.ipynb", "# Hours of work", seconds_after_text=60)
    text = (tiny / "notebook.py").read_text(encoding="utf-8")
    with pytest.raises(UserError, match=r"solutions/lab_tiny/notebook\.ipynb was saved after notebook\.py and says something else"):
        build_lab(tiny, labs)
    assert "Hours of work" in (tiny / "notebook.ipynb").read_text(encoding="utf-8")
    assert (tiny / "notebook.py").read_text(encoding="utf-8") == text


def test_a_notebook_older_than_its_text_is_kept_aside(tiny: Path, labs: Path) -> None:
    save_without_jupytext(tiny / "notebook.ipynb", "# Last week's title", seconds_after_text=-60)
    (sentence,) = build_lab(tiny, labs, laws=False).told
    assert sentence.startswith("solutions/lab_tiny/notebook.ipynb was older than notebook.py and now says the same; the old one is ")
    copy = tiny / ".ipynb_checkpoints" / "notebook-before-build.ipynb"
    assert "Last week's title" in copy.read_text(encoding="utf-8")
    assert "Last week's title" not in (tiny / "notebook.ipynb").read_text(encoding="utf-8")
    assert build_lab(tiny, labs, laws=False).told == ()


def test_a_notebook_that_nobody_touched_just_follows_its_text(tiny: Path, labs: Path) -> None:
    script = tiny / "notebook.py"
    for title in ("## Centering", "## Centred"):
        script.write_text(script.read_text(encoding="utf-8").replace("## Cent", f"{title}, once ## Cent"), encoding="utf-8")
        assert build_lab(tiny, labs, laws=False).told == ()
        assert title in (tiny / "notebook.ipynb").read_text(encoding="utf-8")


def test_a_damaged_notebook_says_so(tiny: Path, labs: Path) -> None:
    (tiny / "notebook.ipynb").write_text('{"cells": [', encoding="utf-8")
    with pytest.raises(UserError, match=r"notebook\.ipynb is no notebook: delete it, the build makes it again"):
        build_lab(tiny, labs)


@pytest.mark.parametrize("header", ["", "# ---\n# jupyter:\n#   kernelspec:\n#     display_name: Python 3\n#     name: python3\n# ---\n\n"])
def test_a_text_with_little_or_no_header_survives_too(tiny: Path, jupyter: Any, labs: Path, header: str) -> None:
    text = (tiny / "notebook.py").read_text(encoding="utf-8")
    (tiny / "notebook.py").write_text(header + text[text.index("# %% [markdown]") :], encoding="utf-8")
    (tiny / "notebook.ipynb").unlink()
    build_lab(tiny, labs)
    before = roles(source_notebook(tiny))
    edit_and_save(jupyter, lambda notebook: notebook.cells[2].update(source="## Twice"))
    after = source_notebook(tiny)
    assert after.cells[2].source == "## Twice"
    assert [metadata for _, metadata in roles(after)] == [metadata for _, metadata in before]
