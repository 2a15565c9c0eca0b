"""The gradebook: a batch in one transaction; in trouble one sentence, at the start as at any later moment, and nothing lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event

from course_utils.cli import main
from course_utils.errors import UserError
from grader.books.course import open_course, prepare
from grader.books.database import Database
from grader.books.gradebook import Scores
from grader.judging.result import FAILED, GRADED, CellScore, Result

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.books.database.BUSY_SECONDS", 0)


def result(student: str, *, answer: str = "a", double: float | None = 3.0, status: str = GRADED, timestamp: str | None = None) -> Result:
    cells = {
        "double_check": CellScore(double, 3.0, answer),
        "center_check": CellScore(4.0, 4.0, answer),
        "true_lines_check": CellScore(2.0, 2.0, answer),
    }
    return Result(student, LAB, "d", status, cells={LAB: cells}, no_response={LAB: ["true_lines"]}, timestamp=timestamp)


def grade(classroom: Classroom, *results: Result) -> None:
    """What a run asks of the gradebook."""
    prepare(open_course(classroom.root), LAB, classroom.solutions)
    write(classroom, *results)


def write(classroom: Classroom, *results: Result, earlier: tuple[Result, ...] = ()) -> Any:
    course = open_course(classroom.root)
    with Scores(course, LAB) as scores:
        return scores.write(results, {known.student: known for known in earlier})


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program writes to the gradebook and takes its time."""
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("begin exclusive")
        yield
    connection.close()


@contextmanager
def overwritten(path: Path, change: Callable[[bytes], bytes]) -> Iterator[None]:
    whole = path.read_bytes()
    path.write_bytes(change(whole))
    yield
    path.write_bytes(whole)


@contextmanager
def in_its_place(path: Path) -> Iterator[None]:
    aside = path.with_name("aside")
    path.rename(aside)
    path.mkdir()
    yield
    path.rmdir()
    aside.rename(path)


@contextmanager
def away(path: Path) -> Iterator[None]:
    aside = path.with_name("aside")
    path.rename(aside)
    yield
    assert not path.exists()  # nobody made an empty one
    aside.rename(path)


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """The owner of everything may write everywhere: the settings say what a file's mode would say to others."""
    settings = path.with_name("nbgrader_config.py")
    before = settings.read_text()
    settings.write_text(f'{before}\nc.CourseDirectory.db_url = "sqlite:///file:{path}?mode=ro&uri=true"\n')
    yield
    settings.write_text(before)


@contextmanager
def full(path: Path) -> Iterator[None]:
    """A disk on which the gradebook cannot grow."""
    with pytest.MonkeyPatch.context() as patch:
        opened = Database.open

        def without_room(self: Database) -> Gradebook:
            gradebook = opened(self)
            event.listen(gradebook.engine, "connect", _no_more_pages)
            gradebook.engine.dispose()
            return gradebook

        patch.setattr(Database, "open", without_room)
        yield


def _no_more_pages(connection: sqlite3.Connection, record: object) -> None:
    (pages,) = connection.execute("pragma page_count").fetchone()
    connection.execute(f"pragma max_page_count = {pages}")


TROUBLES = {
    "locked": (held, "is held by another program"),
    "not a database": (lambda path: overwritten(path, lambda data: b"grades of last year\n" * 1000), "is damaged"),
    "cut off": (lambda path: overwritten(path, lambda data: data[: len(data) // 2]), "is damaged|does not have lab_tiny"),
    "empty": (lambda path: overwritten(path, lambda data: b""), "does not have lab_tiny, though lab_tiny was graded with it"),
    "a folder": (in_its_place, "cannot be opened: is it a file"),
    "gone": (away, "does not have lab_tiny, though lab_tiny was graded with it: put it back"),
    "read-only": (read_only, "may only be read"),
    "full": (full, "the disk is full: make room"),
}


@pytest.mark.parametrize(("trouble", "sentence"), TROUBLES.values(), ids=TROUBLES.keys())
def test_a_gradebook_in_trouble_costs_one_sentence_and_no_grade(classroom: Classroom, trouble: Any, sentence: str) -> None:
    write(classroom, result("ada"))
    before = classroom.scores()
    fresh = [result(f"student{number}") for number in range(200)]
    with trouble(classroom.root / "gradebook.db"), pytest.raises(UserError, match=sentence) as told:
        grade(classroom, *fresh)
    assert "\n" not in str(told.value)
    assert classroom.scores() == before
    write(classroom, *fresh)
    assert len(classroom.scores()) == 201 * 4


@pytest.mark.parametrize("name", ["locked", "cut off", "gone", "not a database"])
def test_trouble_that_comes_while_a_class_is_graded(classroom: Classroom, name: str) -> None:
    trouble, sentence = TROUBLES[name]
    classroom.hand_in("ada")
    write(classroom, result("ada"))
    before = classroom.scores()
    with Scores(open_course(classroom.root), LAB) as scores:
        with trouble(classroom.root / "gradebook.db"), pytest.raises(UserError, match=sentence):
            scores.write([result(f"student{number}") for number in range(200)], {})
        assert classroom.scores() == before
        scores.write([result("bob")], {})
    assert {row[0] for row in classroom.scores()} == {"ada", "bob"}


def test_one_sentence_on_the_command_line(classroom: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    write(classroom, result("ada"))
    (classroom.root / "gradebook.db").write_bytes(b"grades of last year\n" * 1000)
    assert main(["grade", LAB, "--course", str(classroom.root), "--solutions", str(classroom.solutions)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "is damaged: put a copy of it back" in said


def test_a_large_batch_is_written_as_one_by_one(classroom: Classroom) -> None:
    class_of = [result(f"student{number:03}", double=number % 4) for number in range(600)]
    marks = write(classroom, *class_of)
    together = classroom.scores(), classroom.comments()
    assert len(together[0]) == 600 * 4
    assert marks["student002"].marks[LAB].scores["double_check"] == (2.0, 3.0)
    assert marks["student002"].marks[LAB].comments["true_lines"] == "No response."
    assert write(classroom, *class_of) == marks
    for known in class_of[:3]:
        assert write(classroom, known)[known.student] == marks[known.student]
    assert (classroom.scores(), classroom.comments()) == together


def test_what_people_wrote_stays_and_is_flagged_when_the_answer_is_another_one(classroom: Classroom) -> None:
    write(classroom, result("ada"))
    with Gradebook(f"sqlite:///{classroom.root / 'gradebook.db'}", "handgrad") as gradebook:
        grade = gradebook.find_grade("double_check", LAB, LAB, "ada")
        grade.manual_score, grade.extra_credit = 1.5, 0.25
        gradebook.find_comment("double", LAB, LAB, "ada").manual_comment = "nearly"
        gradebook.db.commit()

    def again(**changes: Any) -> tuple[Any, ...]:
        fresh, before = result("ada", **changes), result("ada")
        if "answer" in changes:
            fresh.digest = "another"
        assert write(classroom, fresh, earlier=(before,))["ada"].marks[LAB].scores["double_check"] == (1.75, 3.0)
        assert {row[3] for row in classroom.comments() if row[:2] == ("ada", "double")} == {"nearly"}
        return next(row[3:] for row in classroom.scores() if row[2] == "double_check")

    assert again() == (3.0, 1.5, 0.25, 0)
    assert again(double=0.0) == (0.0, 1.5, 0.25, 1)  # by other checks
    settle(classroom)
    assert again(double=0.0) == (0.0, 1.5, 0.25, 0)
    assert again(double=0.0, answer="b") == (0.0, 1.5, 0.25, 1)


def settle(classroom: Classroom) -> None:
    """A person has looked again."""
    with Gradebook(f"sqlite:///{classroom.root / 'gradebook.db'}", "handgrad") as gradebook:
        gradebook.find_grade("double_check", LAB, LAB, "ada").needs_manual_grade = False
        gradebook.db.commit()


def test_a_failed_submission_has_no_score(classroom: Classroom) -> None:
    write(classroom, result("ada"), result("bob"))
    write(classroom, result("ada", status=FAILED))
    assert {row[3] for row in classroom.scores() if row[0] == "ada"} == {None}
    assert {row[6] for row in classroom.scores() if row[0] == "ada"} == {1}
    assert {row[3] for row in classroom.scores() if row[0] == "bob"} == {3, 4, 2, None}


def test_who_is_late_with_an_extension_loses_less(classroom: Classroom) -> None:
    """nbgrader's plugin takes a number from the settings here; its own gives no penalty."""
    due = datetime(2026, 5, 1, 12)
    (classroom.root / "late.py").write_text(
        "from nbgrader.plugins import BasePlugin\n\n\nclass Late(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n        return total_seconds_late / 3600\n"
    )
    settings = classroom.root / "nbgrader_config.py"
    there = f"import sys\nsys.path.insert(0, {str(classroom.root)!r})\n"
    settings.write_text(f"{there}{settings.read_text()}\nc.AssignLatePenalties.plugin_class = 'late.Late'\n")
    with Gradebook(f"sqlite:///{classroom.root / 'gradebook.db'}", "handgrad") as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=due)
    students = {name: result(name, timestamp=(due + timedelta(hours=hours)).isoformat()) for name, hours in LATE.items()}
    first = write(classroom, *students.values())
    assert {name: first[name].penalty for name in LATE} == {"early": 0, "late": 2, "very-late": 9}
    with Gradebook(f"sqlite:///{classroom.root / 'gradebook.db'}", "handgrad") as gradebook:
        gradebook.find_submission(LAB, "late").extension = timedelta(hours=1)
        gradebook.db.commit()
    again = write(classroom, *students.values())
    assert {name: again[name].penalty for name in LATE} == {"early": 0, "late": 1, "very-late": 9}
    kept = classroom.query(
        "select s.student_id, n.late_submission_penalty from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id"
    )
    assert dict(kept) == {"early": None, "late": 1.0, "very-late": 9.0}


LATE = {"early": -1, "late": 2, "very-late": 40}  # hours; a penalty is never more than the score, which is 9
