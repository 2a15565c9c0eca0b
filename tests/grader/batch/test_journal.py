"""The journal: what it acknowledged is there after any death, and a torn line is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.errors import UserError
from grader.batch.journal import Journal, read_results
from grader.judging.result import FAILED, GRADED, CellScore, Result


def result(student: str, digest: str, status: str = GRADED, answer: str = "") -> Result:
    return Result(student, "lab", digest, status, cells={"lab": {"f_check": CellScore(1.0, 2.0, answer)}}, seconds=0.5)


def test_seeds_stay_until_forced(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.begin("one", force=False)
        seeds = journal.seeds
        assert len(set(seeds)) == len(seeds) > 1
    with Journal(tmp_path) as journal:
        journal.begin("one", force=False)
        assert journal.seeds == seeds
        journal.begin("two", force=False)  # the lab has changed: the class is still graded alike
        assert journal.seeds == seeds
        journal.begin("two", force=True)
        assert journal.seeds != seeds


def test_results_of_an_older_state_of_the_assignment_are_known_until_they_are_judged_again(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        assert journal.is_of("one")
        journal.begin("one", force=False)
        journal.add(result("ada", "1"))
        journal.begin("two", force=False)
        journal.add(result("eve", "1"))
    with Journal(tmp_path) as journal:
        journal.begin("two", force=False)
        assert not journal.is_of("two")
        assert not journal.is_of("one")
        journal.begin("two", force=False, judged=True)
        assert journal.is_of("two")
    with Journal(tmp_path) as journal:
        assert journal.is_of("two")
        journal.begin("three", force=True)
        assert journal.is_of("three")


def test_only_its_owner_can_read_it(journal: Journal) -> None:
    assert journal.path.stat().st_mode & 0o077 == 0
    assert journal.path.parent.stat().st_mode & 0o077 == 0


def test_what_is_done_and_what_is_left(tmp_path: Path, journal: Journal) -> None:
    journal.add(result("ada", "1"))
    journal.add(result("eve", "1", FAILED))
    assert journal.is_done("ada", "1")
    assert not journal.is_done("ada", "2")
    assert not journal.is_done("eve", "1")
    assert [left.student for left in journal.unpublished()] == ["ada", "eve"]
    journal.published([result("ada", "1")])
    assert [left.student for left in journal.unpublished()] == ["eve"]
    journal.add(result("ada", "2"))
    assert sorted(left.digest for left in journal.unpublished()) == ["1", "2"]
    assert journal.earlier["ada"].digest == "1"


def test_forcing_forgets_results_but_not_what_the_gradebook_has(journal: Journal) -> None:
    journal.add(result("ada", "1"))
    journal.begin("one", force=True)
    assert not journal.is_done("ada", "1")
    assert journal.earlier["ada"].digest == "1"


def test_two_graders_on_one_lab(journal: Journal) -> None:
    with pytest.raises(UserError, match="Another grader is at work"):
        Journal(journal.path.parent)


@given(cut=st.integers(0, 10_000))
def test_a_journal_cut_anywhere_is_a_shorter_journal(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("journal")
    names = ["ada", "bob", "eve"]
    with Journal(folder) as journal:
        journal.begin("one", force=False)
        for name in names:
            journal.add(result(name, "1"))
    path = folder / "journal.jsonl"
    data = path.read_bytes()
    path.write_bytes(data[: cut % (len(data) + 1)])
    with Journal(folder) as journal:
        kept = list(journal.results)
        assert kept == names[: len(kept)]
        journal.begin("one", force=False)
        for name in names[len(kept) :]:
            journal.add(result(name, "1"))
    assert {name: kept.as_dict() for name, kept in read_results(folder).items()} == {name: result(name, "1").as_dict() for name in names}


@pytest.mark.parametrize(
    "line", ['{"event": "result"}', "[1]", '{"event": 7}', "null", '{"event": "begin"}', '{"event": "published", "student": 3}', "nan"]
)
def test_lines_that_are_none_of_ours_are_passed_over(tmp_path: Path, line: str) -> None:
    with Journal(tmp_path) as journal:
        journal.begin("one", force=False)
        journal.add(result("ada", "1"))
        path = journal.path
    path.write_text(path.read_text() + line + "\n")
    with Journal(tmp_path) as journal:
        journal.add(result("bob", "1"))
        assert [journal.results[name].digest for name in ("ada", "bob")] == ["1", "1"]
    assert list(read_results(tmp_path)) == ["ada", "bob"]
