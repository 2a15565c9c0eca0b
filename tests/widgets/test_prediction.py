"""A prediction asks, keeps the first choice, and never gives its answer away in the notebook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from course_utils import predict
from course_utils.widgets import explorer
from course_utils.widgets.prediction import Prediction, parts

QUESTION = "You double `b`. What does the border do?"
OPTIONS = ["it moves towards the origin", "it moves away from the origin", "it turns"]
ANSWER = {"answer": "It moves away from the origin.", "why": "Because the sum is *twice* as large where `x` is 0 < 1."}


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    hints = {"exercises": {}, "predictions": {QUESTION: ANSWER, "Another one?": {"answer": "Yes.", "why": "So it is."}}}
    (tmp_path / "hints.json").write_text(json.dumps(hints), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_answer_is_found_by_the_questions_text(lab: Path) -> None:
    asked = predict(QUESTION, OPTIONS)
    assert isinstance(asked, Prediction)
    assert asked.options[asked.answer] == "it moves away from the origin"
    assert asked.choice == -1


def test_the_first_choice_is_kept(lab: Path) -> None:
    asked = predict(QUESTION, OPTIONS)
    asked.choice = 7
    assert asked.choice == -1
    asked.choice = 2
    asked.choice = 1
    assert asked.choice == 2


def test_where_scripts_do_not_run_the_answer_is_folded(lab: Path) -> None:
    data, _ = predict(QUESTION, OPTIONS)._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert "Because" not in data["text/plain"]
    assert all(option in data["text/plain"] for option in OPTIONS)
    before, _, folded = data["text/html"].partition("<details>")
    assert "You double <code>b</code>" in before
    assert "Because the sum is <em>twice</em> as large where <code>x</code> is 0 &lt; 1." in folded
    assert "Because" not in before


def test_what_cannot_be_asked_is_one_sentence(lab: Path) -> None:
    assert repr(predict("Why?", OPTIONS)).startswith("There is no answer to 'Why?'")
    assert "not among the options" in repr(predict(QUESTION, OPTIONS[:1]))


def test_while_grading_nothing_is_asked(lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer, "still", True)
    assert predict(QUESTION, OPTIONS) is None


def test_marked_words() -> None:
    assert parts("a `b*c*` **d** *e*") == [("", "a "), ("code", "b*c*"), ("", " "), ("strong", "d"), ("", " "), ("em", "e")]
    assert parts("2 * 3 * 4") == [("", "2 * 3 * 4")]
