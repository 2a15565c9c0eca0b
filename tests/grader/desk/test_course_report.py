"""The course from lab to lab: who falls behind, in a terminal, for a program, as a page."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from course_utils.cli import main
from grader.batch.journal import Journal
from grader.books import open_course
from grader.desk import read_course_report
from grader.desk.progress import MISSING, OPEN, Stand, falls_behind

from .conftest import LAB, SQUARED, graded, over_rows, squared
from .test_class_page import Page

OTHER = "lab_zeta"


def stands(*shares: float | str) -> dict[str, Stand]:
    return {f"lab{at}": Stand("graded", one) if isinstance(one, float) else Stand(one) for at, one in enumerate(shares)}


@pytest.mark.parametrize(
    ("shares", "why"),
    [
        ((1.0, 0.9, 0.8), []),
        ((0.4, 0.9), []),
        ((0.9, MISSING, 0.9), []),
        ((0.9, OPEN), []),
        ((0.9, MISSING), ["nothing that counts in lab1"]),
        ((0.9, MISSING, OPEN), ["nothing that counts in lab1"]),
        ((MISSING, "ungradable", 0.9), ["nothing that counts in lab0, lab1"]),
        ((0.3,), ["less than half in lab0"]),
        ((0.4, 0.3), ["less than half in lab0 and lab1"]),
        ((0.9, 0.8, 0.5), ["50 % in lab2, 85 % before"]),
        ((0.9, "failed"), []),
        ((), []),
    ],
)
def test_who_falls_behind_and_why(shares, why):
    assert falls_behind(stands(*shares)) == why


@pytest.fixture(scope="module")
def root(class_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class again, with a second lab that the gradebook does not have."""
    root = tmp_path_factory.mktemp("course") / "dl <101>"
    shutil.copytree(class_root, root, symlinks=True)
    with Journal(open_course(root).notes(OTHER)) as journal:
        journal.begin("one", force=False)
        for result in (graded("ada", squared() | over_rows()), graded("bob", {})):
            result.lab = OTHER
            journal.add(result)
    return root


def test_a_terminal_shows_the_labs_and_then_people(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["report", "--course", str(root)]) == 0
    said = capsys.readouterr().out
    rows = [line.split() for line in said.splitlines()]
    assert [row[:4] for row in rows[1:3]] == [[LAB, "5", "1", "56"], [OTHER, "2", "4", "61"]]
    assert f"double: {SQUARED} (3)" in said
    assert "Marks of people and penalties are not shown. The gradebook" in said
    assert "5 of 6 students fall behind." in said
    assert any(row[:1] == ["ada"] and "22 % in lab_zeta, 100 % before" in " ".join(row) for row in rows)


def test_a_program_gets_the_same(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["report", "--course", str(root), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    first, second = told["labs"]
    assert (first["lab"], first["handed_in"], first["missing"], first["to_mark"], first["ungradable"]) == (LAB, 5, 1, 4, 1)
    assert first["most_common_mistake"] == {"exercise": "double", "mistake": SQUARED, "students": 3}
    assert (first["due"], first["open"]) == ("2026-01-02T12:00:00", False)
    assert second["most_common_mistake"]["students"] == 1
    ada = next(one for one in told["students"] if one["student"] == "ada")
    assert (ada["section"], ada["labs"][LAB]["share"], ada["behind"]) == ("north", 1.0, ["22 % in lab_zeta, 100 % before"])


def test_nobody_is_behind_in_a_lab_that_is_open(root: Path):
    report = read_course_report(root, datetime(2026, 1, 2, 12) - timedelta(hours=1))
    assert report.students["flo"][LAB].state == OPEN
    assert report.behind["flo"] == [f"nothing that counts in {OTHER}"]
    assert read_course_report(root).behind["flo"] == [f"nothing that counts in {LAB}, {OTHER}"]


def test_the_page_has_the_same_and_leads_to_the_labs_pages(root: Path, tmp_path: Path):
    assert main(["report", LAB, "--course", str(root), "--html"]) == 0
    assert main(["report", "--course", str(root), "--html"]) == 0
    page = Page((root / "reports" / "course.html").read_text(encoding="utf-8"))
    assert page.said("behind").startswith("Who falls behind")
    assert "Flo Late: nothing that counts in lab_tiny, lab_zeta" in page.said("behind")
    assert "The middle student had least in lab_tiny: 56 percent" in page.said("progress")
    assert f"{LAB}.html" in page.links
    assert f"../feedback/dan/{LAB}/{LAB}.html" in page.links
    assert "nothing handed in" in page.values("aria-label")
    assert "<script> Bobby" in page.said("students")
    elsewhere = tmp_path / "a b.html"
    assert main(["report", "--course", str(root), "--html", str(elsewhere)]) == 0
    links = Page(elsewhere.read_text(encoding="utf-8")).links
    assert any(link.endswith(f"/dl%20%3C101%3E/reports/{LAB}.html") for link in links)


def test_a_course_without_results_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "submitted").mkdir()
    assert main(["report", "--course", str(tmp_path)]) == 2
    assert f"No lab has results in {tmp_path} yet: run `handgrad grade LAB --course {tmp_path}` first." in capsys.readouterr().err
