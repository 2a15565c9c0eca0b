"""The whole round through nbgrader's exchange with nbgrader's own commands: two students, one instructor, and one who came by mail."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_core.application import NoStart
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp

LAB = "lab_tiny"
COMMENT = "Nicely put, <b>ada</b>."
Classroom = Any  # the fixture of conftest.py


@dataclass
class User:
    """Somebody with a folder to stand in and settings of their own."""

    home: Path
    patch: pytest.MonkeyPatch

    def __call__(self, *words: str) -> str:
        """Run a command of nbgrader in this process; gives its log. It has to end well."""
        self.patch.chdir(self.home)
        self.patch.setenv("JUPYTER_DATA_DIR", str(self.home / ".jupyter-data"))
        app, log, code = NbGraderApp.instance(), StringIO(), 0
        try:
            app.initialize(list(words))
            app.init_logging(logging.StreamHandler, [log], color=False, subapps=True)
            app.start()
        except NoStart:
            pass
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            told = log.getvalue()
            app.reset()
        assert code == 0, told
        return " ".join(told.split())


@pytest.fixture
def users(classroom: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], User]]:
    """Everybody by name; the instructor has the course."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    shared = f"c.Exchange.root = {str(exchange)!r}\n"
    with (classroom.root / "nbgrader_config.py").open("a") as settings:
        settings.write(shared)

    def user(name: str) -> User:
        home = classroom.root if name == "instructor" else tmp_path / name
        if not home.exists():
            home.mkdir()
            who = f"c.CourseDirectory.course_id = 'handgrad'\nc.CourseDirectory.student_id = {name!r}\n"
            (home / "nbgrader_config.py").write_text(shared + who)
        return User(home, monkeypatch)

    yield user
    monkeypatch.undo()  # nobody stands in a folder that is taken away


def page_of(user: User) -> str:
    """What a student got back."""
    (page,) = (user.home / LAB / "feedback").glob(f"*/{LAB}.html")
    return page.read_text(encoding="utf-8")


def mark(classroom: Classroom, student: str) -> str:
    """What formgrader does when a person gives points and a comment; the name of the cell."""
    with Gradebook(f"sqlite:///{classroom.root / 'gradebook.db'}", "handgrad") as gradebook:
        notebook = gradebook.find_submission_notebook(LAB, LAB, student)
        (grade,) = (grade for grade in notebook.grades if grade.needs_manual_grade)
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        (comment,) = (comment for comment in notebook.comments if comment.name == grade.name)
        comment.manual_comment = COMMENT
        gradebook.db.commit()
        name: str = grade.name
    return name


def total(page: str) -> float:
    return float(re.search(r"\(Score: ([\d.]+) / 12", page)[1])  # type: ignore[index]


@pytest.mark.stress
@pytest.mark.filterwarnings("ignore:unclosed file .*timestamp.txt:ResourceWarning")  # nbgrader's release_feedback leaves them open
def test_from_release_to_feedback(classroom: Classroom, users: Callable[[str], User]) -> None:
    instructor, ada, bob = map(users, ("instructor", "ada", "bob"))
    instructor("release_assignment", LAB)
    for user, answers in ((ada, None), (bob, {})):
        user("fetch_assignment", LAB)
        nbformat.write(classroom.notebook(answers), user.home / LAB / f"{LAB}.ipynb")
        user("submit", LAB)
    instructor("collect", LAB)
    classroom.hand_in("carl")  # by mail: no secret, no time
    told = instructor("autograde", LAB)
    assert "ada: graded in Handgrad's sandbox; the tests gave 9 of 12 points." in told
    assert "carl: graded in Handgrad's sandbox" in told
    mark(classroom, "ada")
    told = instructor("generate_feedback", LAB)
    assert "Handgrad's feedback pages, with the marks of now: ada." in told
    told = instructor("release_feedback", LAB)
    assert told.count("Feedback released to") == 3
    for user in (ada, bob):
        user("fetch_feedback", LAB)
    assert (total(page_of(ada)), total(page_of(bob))) == (11.5, 0)
    assert "Nicely put, " in page_of(ada)
    assert "Nicely put, " not in page_of(bob)
    before = len(list((classroom.root / "feedback").rglob("submission_secret.txt")))
    secret = (classroom.root / "feedback" / "carl" / LAB / "submission_secret.txt").read_bytes()
    shutil.rmtree(ada.home / LAB / "feedback")
    instructor("generate_feedback", LAB, "--force")
    assert "Feedback released to" in instructor("release_feedback", LAB, "--student", "ada")
    ada("fetch_feedback", LAB)
    assert total(page_of(ada)) == 11.5
    assert before == 3
    assert (classroom.root / "feedback" / "carl" / LAB / "submission_secret.txt").read_bytes() == secret
