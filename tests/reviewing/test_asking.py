"""`handgrad review` in a terminal and for programs, and `review()` in a notebook."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_utils import asking, front, logbook
from course_utils.cli import main
from course_utils.help.page import Page
from course_utils.labs import open_lab, packaged_labs
from course_utils.widgets.quiz import Quiz

Student = Callable[..., Path]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run the command with what somebody types; gives its exit code and what it printed."""

    def run(answers: str, *words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(answers))
        code = main(["review", *words])
        out, err = capsys.readouterr()
        return code, out + err

    return run


def test_a_round_in_a_terminal(student: Student, typed) -> None:
    code, told = typed("a\nB)\n", str(student()))
    assert code == 0
    assert "Question 1 of 2  (lab_one, " in told
    assert told.count("Exercise: lab_one, ") == 2
    assert "of 2 right." in told


def test_wrong_input_gets_one_sentence_and_the_question_stays(student: Student, typed) -> None:
    code, told = typed("7\n\nzebra\n²\n1\n", str(student(done=("double",))))
    assert code == 0
    assert told.count("Type one letter, a to c, and Enter; q stops.") == 4


@pytest.mark.parametrize("answers", ["a\nq\n", "a\n"])
def test_who_stops_is_told_that_the_answers_are_kept(student: Student, typed, answers: str) -> None:
    labs = student()
    code, told = typed(answers, str(labs))
    assert code == 1
    assert told.endswith("You stopped here; what you answered is kept.\n")
    assert sum("review" in entry for entry in logbook.read(labs / "lab_one")["lab_one"].values()) == 1


def test_nothing_done_yet(student: Student, typed) -> None:
    code, told = typed("", str(student(done=())))
    assert code == 1
    assert "There is nothing to review yet." in told


def test_a_program_reads_and_answers_line_by_line(student: Student, typed) -> None:
    code, told = typed("a\nb\n", str(student()), "--json")
    first, said, second, _, last = map(json.loads, told.splitlines())
    assert code == 0
    assert first.keys() == {"question", "of", "lab", "exercise", "kind", "text", "given", "choices"}
    assert said.keys() == {"right", "answer", "why", "shows"}
    assert (first["question"], second["question"], len(second["choices"])) == (1, 2, 3)
    assert (last["finished"], last["of"]) == (True, 2)


def test_a_notebook_asks_one_after_the_other(student: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    labs = student()
    monkeypatch.chdir(labs / "lab_one")
    quiz = asking.review()
    assert isinstance(quiz, Quiz)
    first = quiz._asked
    quiz.at = 1  # not before an answer
    quiz.choice = 9
    assert (quiz.at, quiz.choice, quiz._told) == (0, -1, {})
    quiz.choice = 1
    quiz.choice = 0  # the first choice is kept
    assert quiz.choice == 1
    assert quiz._told["said"]
    assert quiz._told["closing"] == ""
    quiz.at = 1
    assert (quiz.at, quiz.choice, quiz._told) == (1, -1, {})
    assert quiz._asked["text"] != first["text"]
    quiz.choice = 0
    assert "of 2 right." in quiz._told["closing"]
    quiz.at = 2
    assert quiz.at == 1
    assert all("review" in entry for entry in logbook.read(labs / "lab_one")["lab_one"].values())


def test_the_page_does_not_know_the_right_choice_before_the_reader_chose(student: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(student() / "lab_one")
    quiz = asking.review()
    assert quiz._asked.keys() == {"number", "of", "way", "text", "given", "words", "choices"}
    assert "run this cell" in quiz.still()[0]["text/html"]


def test_in_a_notebook_what_cannot_be_is_a_sentence(student: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(student(done=()) / "lab_one")
    assert "nothing to review yet" in asking.review().text()
    unknown = asking.review("lab_two")
    assert isinstance(unknown, Page)
    assert "There is no lab_two" in unknown.text()
    monkeypatch.setattr(asking, "silent", True)
    assert asking.review() is None


def test_progress_points_to_a_round_once_a_lab_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    lab = tmp_path / "my labs" / "lab00_start"
    shutil.copytree(packaged_labs() / lab.name, lab)
    for name, checks in open_lab(lab).checks.items():
        points = sum(check.points for check in checks)
        logbook.update(lab, lab.name, name, lambda entry, points=points: entry.update(score=points, max_score=points))
    monkeypatch.chdir(lab)
    assert "`from course_utils import review; review()` asks a few questions" in asking.progress().text()
    monkeypatch.setattr(front, "shell", lambda: SimpleNamespace(user_ns={"review": asking.review}))
    assert "Will you know it next week? <code>review()</code> asks a few" in asking.progress()._repr_html_()
    monkeypatch.chdir(tmp_path)
    assert main(["progress", "my labs"]) == 0
    assert '`handgrad review "my labs"` asks a few questions' in " ".join(capsys.readouterr().out.split())
