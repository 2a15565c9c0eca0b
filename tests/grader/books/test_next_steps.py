"""A feedback page begins with what went wrong: a link, the points and one sentence an exercise."""

from __future__ import annotations

from typing import Any

from grader.books.next_steps import next_steps
from grader.judging.result import UNGRADABLE, Result


def entry(*outcomes: str, message: str = "", first: str = "", mistake: str | None = None) -> dict[str, Any]:
    checks = [
        {"title": "t", "outcome": outcome, "score": 2.0 * (outcome == "passed"), "max_score": 2, "message": message, "mistake": mistake}
        for outcome in outcomes
    ]
    return {"score": sum(check["score"] for check in checks), "max_score": 2 * len(checks), "first": first, "checks": checks}


def page(reason: str = "", **exercises: dict[str, Any]) -> str:
    return next_steps(Result("ada", "lab", "0", "graded", reason, exercises=exercises))


def test_the_cause_comes_before_what_follows_from_it() -> None:
    told = page(
        good=entry("passed"),
        late=entry("failed", message="x differs", first="mend early first"),
        early=entry("passed", "failed", message="called with 1\nx is <b>2</b>, expected 3"),
        named=entry("failed", message="…", mistake="the bias is missing"),
        empty=entry("not attempted"),
    )
    assert '<a href="#early_check">early</a> (2 of 4 points): x is &lt;b&gt;2&lt;/b&gt;, expected 3' in told
    assert "(0 of 2 points): the bias is missing" in told
    assert told.index("early_check") < told.index("late_check")
    assert "mend early first" in told
    assert 'Not written yet: <a href="#empty_check">' in told
    assert "good_check" not in told


def test_a_cell_that_did_not_run_is_something_to_mend() -> None:
    why = "the cell that defines double did not run: SyntaxError: invalid syntax\nin the line: retrun 2 * x"
    told = page(double=entry("not attempted", message=why), empty=entry("not attempted", message="not written yet"))
    assert f'<a href="#double_check">double</a> (0 of 2 points): {why.replace(chr(10), ", ")}</li>' in told
    assert 'Not written yet: <a href="#empty_check">empty</a>.' in told


def test_an_error_is_told_with_the_line_where_it_happened() -> None:
    told = page(mean=entry("failed", message="called with x (3,)\nNameError: name 'y' is not defined\nin the line: return y / 3"))
    assert "(0 of 2 points): NameError: name &#x27;y&#x27; is not defined, in the line: return y / 3</li>" in told


def test_who_handed_in_nothing_readable_learns_what_to_do() -> None:
    assert "hand it in again" in next_steps(Result("ada", "lab", "0", UNGRADABLE, "the file is cut"))
    assert "hand it in again" not in page("the file is cut")


def test_when_all_is_well_it_says_so() -> None:
    assert "Every check passes" in page(good=entry("passed"))


def test_why_nothing_could_be_graded_stands_first() -> None:
    assert "the file is &lt;cut&gt;" in page("the file is <cut>")
    assert page() == ""
