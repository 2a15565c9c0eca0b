"""`handgrad hint`, `answer`, `progress` and `check`, from wherever the reader stands."""

from __future__ import annotations

import json
import shutil

import nbformat
import pytest

from course_utils import logbook
from course_utils.cli import main
from course_utils.help.worked import remember

LAB = "lab_tiny"


@pytest.fixture
def told(capsys):
    """Run the command and give its exit code with what it printed, on one line."""

    def run(*words):
        code = main(list(words))
        out, err = capsys.readouterr()
        return code, " ".join(f"{out}{err}".split())

    return run


@pytest.mark.parametrize("where", [".", "..", "../.."])
def test_a_hint_is_found_from_wherever_the_reader_stands(lab, told, monkeypatch, where):
    monkeypatch.chdir(lab / where)
    first = "double, hint 1 of 2: Every number comes back as it was What does one add to x to get twice x?"
    assert told("hint", "double") == (0, f"{first} handgrad hint double again gives the next one.")
    assert told("hint", "double")[1].endswith("This was the last hint. handgrad answer double shows a worked answer.")
    assert len(logbook.entry(lab.resolve(), LAB, "double")["hints"]) == 2


@pytest.mark.parametrize(
    ("where", "target"), [("..", LAB), ("../..", LAB), ("../..", f"mine/{LAB}"), ("..", f"{LAB}/{LAB}.ipynb"), (".", f"{LAB}.ipynb")]
)
def test_a_lab_can_be_named(lab, told, monkeypatch, where, target):
    monkeypatch.chdir(lab / where)
    assert "hint 1 of 2" in told("hint", "double", target)[1]
    assert logbook.entry(lab.resolve(), LAB, "double")["hints"]


def test_what_is_not_found_is_one_sentence(lab, told, monkeypatch):
    monkeypatch.chdir(lab.parent)
    assert told("hint", "duoble") == (2, "handgrad: There are no hints for 'duoble': do you mean 'double'?")
    assert told("check", "lab_tinny") == (2, "handgrad: lab_tinny is neither a notebook nor the folder of a lab: do you mean lab_tiny?")
    assert told("check", "lab") == (2, "handgrad: lab is neither a notebook nor the folder of a lab: do you mean lab_tiny?")
    assert told("check", "week1")[1].endswith("week1 is neither a notebook nor the folder of a lab: the labs here are lab_tiny.")
    assert told("check")[1].endswith("mine is not the folder of a lab: name one, such as lab01_perceptron.")
    (lab / f"{LAB}.ipynb").rename(lab / "mine.ipynb")
    (lab / "yours.ipynb").write_text("{}")
    assert told("check", LAB)[1] == "handgrad: lab_tiny has several notebooks: name the one to be checked."


def test_a_named_lab_does_not_answer_for_another(lab, told, monkeypatch):
    monkeypatch.chdir(lab.parent)
    assert told("hint", "sigmoid", LAB) == (2, "handgrad: lab_tiny has no exercise 'sigmoid': it is one of lab01_perceptron.")
    said = told("answer", "double_conv2d_backward", LAB)[1]
    assert "There are no hints for" in said, "no lab has it"
    assert logbook.entry(lab.resolve(), LAB, "sigmoid") == {}


def test_two_labs_of_one_name_are_told_apart(lab, told, monkeypatch, tmp_path):
    shutil.copytree(lab.parent, tmp_path / "another")
    monkeypatch.chdir(tmp_path)
    assert told("hint", "double") == (
        2, "handgrad: double is an exercise of another/lab_tiny and of mine/lab_tiny: name one of these labs as well."
    )  # fmt: skip
    assert told("check", LAB) == (2, "handgrad: lab_tiny can be another/lab_tiny or mine/lab_tiny: name one of these.")


def test_an_answer_in_a_terminal(lab, told):
    sentence = "You have not tried double so far: handgrad answer double once more, or with --give-up, shows the worked answer."
    assert told("answer", "double") == (0, sentence)
    shown = "double, a worked answer Twice x is x + x, which is 2x. def double(x): return 2 * x"
    assert told("answer", "double") == (0, shown)
    assert told("answer", "double", "--give-up") == (0, shown)


def test_solutions_can_be_named(lab, told, tiny, tmp_path):
    remember(lab.parent, None)
    assert told("answer", "double", "--give-up")[1].endswith(
        "lab_tiny came without its solutions: handgrad answer double --solutions DIR reads them in a checkout of Handgrad."
    )
    assert "return 2 * x" in told("answer", "double", "--give-up", "--solutions", str(tiny.parent))[1]
    assert told("answer", "double", "--solutions", str(tmp_path / "no"))[0] == 2


def test_progress_has_the_columns_of_the_notebook(lab, told, monkeypatch):
    told("hint", "center")
    told("answer", "center", "--give-up")
    monkeypatch.chdir(lab.parent.parent)
    _, table = told("progress")
    assert "exercise points hints answer ○ double 0/2 (+1) 0 of 2 ○ center 0/4 1 of 2 shown" in table
    assert table.endswith("(+): points of checks that run when the notebook is graded Next: double in lab_tiny (not tried yet)")
    told_json = json.loads(told("progress", "--json")[1])
    assert told_json[LAB]["center"] == {"score": 0, "max_score": 4, "tried": False, "hints": 1, "answer": True}


def test_labs_that_are_not_begun_take_a_line_each(lab, told, monkeypatch):
    shutil.copytree(lab, lab.parent / "lab_earlier", ignore=shutil.ignore_patterns(".handgrad"))
    told("hint", "double")
    monkeypatch.chdir(lab.parent)
    table = told("progress")[1]
    assert "○ double 0/2 (+1) 1 of 2" in table
    assert "not begun yet lab exercises points ○ lab_earlier 3 0/8 (+1)" in table
    assert table.endswith("Next: double in lab_tiny (not tried yet)")


def test_progress_of_a_notebook_that_lies_alone(told, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert told("progress")[1].startswith("handgrad: There is no lab in")
    (tmp_path / "lab01_perceptron.ipynb").touch()
    logbook.update(tmp_path, "lab01_perceptron", "perceptron", lambda entry: entry.update(score=8, tries=["a"]))
    assert "✓ perceptron 8/8" in told("progress")[1]
    (tmp_path / "lab00_start.ipynb").touch()
    assert "○ lab00_start 5 0/82 (+18)" in told("progress")[1]


def test_the_bare_command_says_where_to_begin(told):
    code, said = told()
    assert code == 2
    assert said.startswith("usage: handgrad")
    assert said.endswith("New here? `handgrad start --open` copies the labs and opens the first one.")


@pytest.mark.parametrize("verb", ["start", "check", "hint", "answer", "progress"])
def test_every_verb_shows_an_example(verb, capsys):
    with pytest.raises(SystemExit):
        main([verb, "--help"])
    assert f"example:\n  handgrad {verb}" in capsys.readouterr().out


@pytest.fixture
def solved(lab):
    """The notebook with the first exercise answered right."""
    path = lab / f"{LAB}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == "double").source = "def double(x):\n    return 2 * x"
    nbformat.write(notebook, path)
    return lab


@pytest.mark.kernel
def test_hidden_checks_earn_their_points_where_solutions_are_at_hand(solved, told):
    code, out = told("check", "--all", "--exercise", "double")
    assert code == 0
    assert "numbers, one by one 1/1" in out
    assert out.endswith("You have doubled a number, and will never do it by hand again. 3 of 3 points")
    assert "✓ double 3/3 0 of 2" in told("progress")[1]
    told("check")  # the same answer keeps them
    assert "✓ double 3/3 0 of 2" in told("progress")[1]
    path = solved / f"{LAB}.ipynb"
    path.write_text(path.read_text().replace("return 2 * x", "return x + x"))
    told("check")  # another one has to earn them again
    assert "✓ double 2/2 (+1) 0 of 2" in told("progress")[1]


@pytest.mark.kernel
def test_what_is_not_written_takes_one_line(solved, told):
    out = told("check")[1]
    assert out.startswith("double 2/2")
    assert out.endswith("Not written yet: center, true_lines 2 of 8 points")
    assert told("check", "--exercise", "center")[1].startswith("center 0/4 ○ ")


def test_hidden_checks_need_solutions(lab, told):
    remember(lab.parent, None)
    sentence = "handgrad: The hidden checks of lab_tiny are not at hand: say with --solutions where a checkout's solutions/ is."
    assert told("check", "--all") == (2, sentence)
