"""Groups of wrong answers in a class, and sentences for all who are in one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course_utils.cli import main

from ..conftest import LAB, SOLUTIONS, Classroom

DOUBLE = "def double(x):\n    "
ANSWERS = {
    "ada": {},
    "bob": {"double": f'{DOUBLE}"""By Bob Builder."""\n    # bob: I turn it\n    bob_sum = x + x\n    return -bob_sum'},
    "bea": {"double": f"{DOUBLE}return x * -2.0000000000000004"},
    "cleo": {"double": f"{DOUBLE}return 3 * x"},
    "dan": {"center": "def center(X):\n    return X - Dans_mean"},
    "dora": {"center": "def center(X):\n    y = 1\n    return y - my_2nd_array"},
    "eve": {"double": f"{DOUBLE}return x * x"},
    "finn": {"double": "def double(x)\n    return 2 * finn"},
    "gus": {"true_lines": "true_lines = ['b']"},
}


def fill(classroom: Classroom, answers: dict[str, dict[str, str]]) -> None:
    for student, given in answers.items():
        classroom.hand_in(student, classroom.notebook(classroom.made_up.right | given))
    classroom.grade()


@pytest.fixture(scope="module")
def before(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course of a class that was graded; copy it, never write to it."""
    root = tmp_path_factory.mktemp("grouped") / "course"
    shutil.copytree(installed, root, symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.books.course.PICTURES", ())
        fill(Classroom(root), ANSWERS)
    return root


@pytest.fixture
def graded(before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Classroom:
    monkeypatch.setattr("grader.books.course.PICTURES", ())
    shutil.copytree(before, tmp_path / "course", symlinks=True)
    return Classroom(tmp_path / "course")


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr("grader.batch.job.grade", None)
        yield


def ask(classroom: Classroom, capsys: pytest.CaptureFixture[str], verb: str, *words: str, code: int = 0) -> str:
    more = ["--solutions", str(classroom.solutions), "--workers", "1"] if verb == "comment" else []
    assert main([verb, LAB, *words, "--course", str(classroom.root), *more]) == code
    said = capsys.readouterr()
    return said.err if code == 2 else said.out


def groups(classroom: Classroom, capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, ...], dict[str, Any]]:
    told = json.loads(ask(classroom, capsys, "report", "--groups", "--json"))
    return {tuple(group["students"]): group for group in told["groups"]}


def page(classroom: Classroom, student: str) -> str:
    return classroom.written("feedback", student).read_text()


pytestmark = pytest.mark.stress  # a class is graded


def test_those_who_gave_the_same_are_together_and_nobody_else(graded, capsys):
    found = groups(graded, capsys)
    assert set(found) == {("bea", "bob"), ("cleo",), ("dan", "dora"), ("finn",), ("gus",)}
    assert found["dan", "dora"]["answered"] == "“a table with far-off columns”: NameError: name '…' is not defined"
    assert found["bea", "bob"]["answered"].startswith("“an array”: y differs in 3 of 3 entries; largest at [")
    assert found["bea", "bob"]["answered"].endswith("; wrong in 2 of 2 checks")
    assert found["finn",]["answered"].startswith("the cell did not run: SyntaxError")


def test_an_example_names_nobody(graded, capsys):
    code = groups(graded, capsys)["bea", "bob"]["code"]
    assert code == "def double(x):\n    return x * -2.0000000000000004"
    (graded.root / "autograded" / "bea" / LAB / f"{LAB}.ipynb").unlink()
    assert groups(graded, capsys)["bea", "bob"]["code"] == "def double(x):\n    student_sum = x + x\n    return -student_sum"


def test_what_is_printed_of_groups(graded, capsys):
    said = ask(graded, capsys, "report", "--groups")
    first, *_ = said.split("\n")
    assert first == (
        "Of 8 wrong answers: 1 named by a known mistake, 4 without a name, but the same as another student's, 3 without a name and alone."
    )
    assert "  double  2 students\n    “an array”: y differs" in said
    assert "bea" not in said
    assert "bob" not in said
    assert f"Speak to all of a group at once: handgrad comment {LAB} " in said


def test_a_comment_reaches_all_of_a_group_and_changes_no_points(graded, capsys, nothing_runs):
    group, before = groups(graded, capsys)["bea", "bob"], (graded.scores(), graded.comments())
    said = ask(graded, capsys, "comment", group["group"], "The sign is **turned**: see <script>alert(1)</script> $x^2$.")
    assert "2 feedback pages renewed: bea, bob." in said
    for student in ("bea", "bob"):
        assert "Comment from your instructor:" in page(graded, student)
        assert "The sign is <strong>turned</strong>" in page(graded, student)
        assert "<script>" not in page(graded, student)
    for student in ("ada", "cleo", "dan", "eve"):
        assert "from your instructor" not in page(graded, student)
    assert (graded.scores(), graded.comments()) == before
    assert groups(graded, capsys)["bea", "bob"]["comments"] == ["The sign is **turned**: see <script>alert(1)</script> $x^2$."]


def test_a_comment_can_be_changed_and_taken_back(graded, capsys, nothing_runs):
    name = groups(graded, capsys)["bea", "bob"]["group"]
    ask(graded, capsys, "comment", name, "One thing.")
    assert "Said before, and replaced: One thing." in ask(graded, capsys, "comment", name[:3], "Another thing.")
    assert "One thing" not in page(graded, "bob")
    assert "Another thing." in page(graded, "bob")
    assert "No feedback page had to be renewed." in ask(graded, capsys, "comment", name, "Another thing.")
    assert "Another thing." in ask(graded, capsys, "comment")
    assert "Taken back: Another thing." in ask(graded, capsys, "comment", name, "--remove")
    assert "from your instructor" not in page(graded, "bob")
    assert "Nothing was said to group" in ask(graded, capsys, "comment", name, "--remove", code=2)


def test_a_comment_survives_new_seeds_and_reaches_who_comes_later(graded, capsys):
    ask(graded, capsys, "comment", groups(graded, capsys)["bea", "bob"]["group"], "Look at the sign.")
    graded.hand_in("zoe", graded.notebook(graded.made_up.right | {"double": f"{DOUBLE}return -1 * (2 * x)"}))
    graded.hand_in("bea")  # she mended it
    graded.grade(force=True)
    assert set(groups(graded, capsys)) >= {("bob", "zoe")}
    for student in ("bob", "zoe"):
        assert "Look at the sign." in page(graded, student)
    assert "Look at the sign." not in page(graded, "bea")


def test_a_comment_that_was_kept_before_its_pages_were_renewed_comes_with_the_next_run(graded, capsys, monkeypatch):
    name = groups(graded, capsys)["dan", "dora"]["group"]
    with monkeypatch.context() as patch:
        patch.setattr("grader.batch.renew_pages", lambda *words, **more: (_ for _ in ()).throw(KeyboardInterrupt))
        assert main(["comment", LAB, name, "Late.", "--course", str(graded.root), "--solutions", str(graded.solutions)]) == 130
    assert "Late." not in page(graded, "dan")
    graded.grade()
    assert "Late." in page(graded, "dan")


def test_judging_again_keeps_groups_and_finds_those_that_a_new_mistake_names(graded, capsys, tmp_path, nothing_runs):
    before = groups(graded, capsys)
    graded.solutions = Path(shutil.copytree(SOLUTIONS, tmp_path / "solutions"))
    command = ["grade", LAB, "--course", str(graded.root), "--solutions", str(graded.solutions), "--workers", "1", "--replay"]
    assert main(command) == 0
    capsys.readouterr()
    assert groups(graded, capsys) == before
    mistake = ask(graded, capsys, "comment", before["bea", "bob"]["group"], "the sign is turned", "--with-code").split("mistakes.py:\n\n")[
        1
    ]
    with (graded.solutions / LAB / "mistakes.py").open("a") as mistakes:
        mistakes.write(f"\n\n{mistake}")
    assert main(command) == 0
    capsys.readouterr()
    assert set(groups(graded, capsys)) == set(before) - {("bea", "bob")}
    assert "the sign is turned" in page(graded, "bob")


def test_comments_go_to_another_course_with_other_seeds(graded, capsys, installed, tmp_path, monkeypatch):
    ask(graded, capsys, "comment", groups(graded, capsys)["bea", "bob"]["group"], "Look at the sign.")
    file = tmp_path / "shared.json"
    assert "Wrote 1 comment on" in ask(graded, capsys, "comment", "--share", str(file))
    assert "bob" not in file.read_text()
    assert "is there already" in ask(graded, capsys, "comment", "--share", str(file), code=2)
    shutil.copytree(installed, tmp_path / "other", symlinks=True)
    other = Classroom(tmp_path / "other")
    monkeypatch.setattr("grader.batch.journal.secrets.randbits", lambda bits: 77)
    fill(other, {"hans": {"double": f"{DOUBLE}return x - 3 * x"}, "ina": {"double": f"{DOUBLE}return 2.5 * x"}})
    assert "1 feedback page renewed: hans." in ask(other, capsys, "comment", "--from", str(file))
    assert "Look at the sign." in page(other, "hans")
    assert "Look at the sign." not in page(other, "ina")
    assert "0 new comments" in ask(other, capsys, "comment", "--from", str(file))


def test_a_mistake_to_complete_is_python_and_has_no_code_that_nobody_asked_for(graded, capsys, nothing_runs):
    found = groups(graded, capsys)
    said = ask(graded, capsys, "comment", found["bea", "bob"]["group"], 'The "sign" is turned.')
    mistake = said.split("mistakes.py:\n\n")[1]
    compile(mistake, "mistakes.py", "exec")
    assert mistake.startswith('@mistake("double", "The \\"sign\\" is turned.")\ndef group_')
    assert mistake.rstrip().endswith("return solution.double(x)")
    assert "2.00000" not in mistake
    assert "mistakes.py" not in ask(graded, capsys, "comment", found["gus",]["group"], "Read the lines again.")


def test_what_cannot_be_done_is_said_in_a_sentence(graded, capsys, tmp_path, subtests):
    def refuses(sentence: str, *words: str) -> None:
        with subtests.test(words):
            assert sentence in ask(graded, capsys, "comment", *words, code=2)

    refuses("There is no group 'zzzzzz'. The largest are ", "zzzzzz", "x")
    refuses("Which comment? Name its group", "--remove")
    refuses("leave the group out", "abc", "--share", "x.json")
    refuses("leave the text or --remove out", "abc", "text", "--remove")
    refuses("/nowhere.json cannot be read", "--from", "/nowhere.json")
    refuses("Nothing was said to any group", "--share", "x.json")
    refuses("The comment is empty", groups(graded, capsys)["bea", "bob"]["group"], " \n")
    for stored in ("[", "[]", '{"format": 2, "comments": []}', '{"format": 1, "comments": [{"print": 3}]}', "[" * 9999):
        (tmp_path / "bad.json").write_text(stored)
        refuses("cannot be read", "--from", str(tmp_path / "bad.json"))
    (tmp_path / "other.json").write_text('{"format": 1, "lab": "lab_huge", "comments": []}')
    refuses("has comments on 'lab_huge', not on lab_tiny", "--from", str(tmp_path / "other.json"))
