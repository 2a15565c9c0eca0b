"""What is known of an assignment without asking for it again, and when it is asked for again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbgrader
import pytest
from nbgrader.api import Gradebook

from course_utils.checking.lab import Lab
from course_utils.errors import UserError
from grader.books.course import Prepared, open_course, prepare
from grader.books.database import Database
from grader.books.gradebook import Scores

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py
HEAVY = ("nbgrader.api", "sqlalchemy", "nbconvert", "jupytext", "jupyter_server", "scipy")
LOOK = f"""
import sys
from pathlib import Path
from course_utils.cli import spare_grammars
spare_grammars()
from grader.books import open_course, prepare
templates, lab = prepare(open_course(Path(sys.argv[1])), "{LAB}", Path(sys.argv[2]))
print(len(templates[0].graded), lab.name, *(name for name in {HEAVY} if name in sys.modules))
"""


class Asked:
    """How often the gradebook was opened and the lab's checks read."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.gradebook = self.lab = 0
        opened, read = Database.open, Lab.from_source

        def counted_open(database: Database) -> Gradebook:
            self.gradebook += 1
            return opened(database)

        def counted_read(folder: Path) -> Lab:
            self.lab += 1
            return read(folder)

        patch.setattr(Database, "open", counted_open)
        patch.setattr(Lab, "from_source", staticmethod(counted_read))


def look(classroom: Classroom, solutions: Path | None = None) -> Prepared:
    return prepare(open_course(classroom.root), LAB, solutions or classroom.solutions)


@pytest.fixture
def used(classroom: Classroom) -> Classroom:
    """A course in whose gradebook a run has written."""
    look(classroom)
    with Scores(open_course(classroom.root), LAB):
        pass
    return classroom


def test_what_nobody_changed_is_not_read_again(used: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Database, "recall", lambda database, lab: None)
        (asked_for,), whole = look(used)
        assert whole is not None
        exercises = list(whole.checks)
    asked = Asked(monkeypatch)
    (known,), lab = look(used)
    assert (asked.gradebook, asked.lab) == (0, 0)
    assert known == asked_for
    assert lab is not None
    assert (lab.name, lab.budget) == (LAB, {})
    assert list(lab.checks) == exercises
    assert asked.lab == 1


def test_a_gradebook_that_somebody_wrote_to_is_asked_once(used: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    with Gradebook(f"sqlite:///{used.root / 'gradebook.db'}", "handgrad") as gradebook:
        gradebook.find_notebook(LAB, LAB).source_cells[0].checksum = "by somebody"
        gradebook.db.commit()
    asked = Asked(monkeypatch)
    for _ in range(2):
        (template,), _ = look(used)
        assert "by somebody" in {cell.node.metadata.get("nbgrader", {}).get("checksum") for cell in template.cells}
    assert (asked.gradebook, asked.lab) == (1, 0)


@pytest.mark.kernel
def test_a_lab_that_was_changed_is_read_and_installed(used: Classroom, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (tiny / "notebook.py").read_text()
    (tiny / "notebook.py").write_text(text.replace("## Centring", "## Centering"))
    asked = Asked(monkeypatch)
    (template,), _ = look(used, tiny.parent)
    assert any("Centering" in cell.source for cell in template.cells)
    assert asked.lab > 0


@pytest.mark.stress
def test_a_look_at_what_is_known_imports_nothing_heavy(used: Classroom) -> None:
    done = subprocess.run([sys.executable, "-c", LOOK, used.root, used.solutions], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["4", LAB]


def test_a_gradebook_of_an_older_nbgrader_is_told_with_what_to_do(tmp_path: Path) -> None:
    made = Path(nbgrader.__file__).parent / "tests" / "apps" / "files" / "gradebook.db"
    shutil.copy(made, tmp_path / "gradebook.db")
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    with pytest.raises(UserError, match=r"is of an older nbgrader: .* `nbgrader db upgrade`"):
        prepare(open_course(tmp_path), "ps1", None)
