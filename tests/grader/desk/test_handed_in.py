"""Two who handed in the same bytes are named, with no word of why; and who is late for a platform where nbgrader does not see it."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from course_utils.cli import main
from grader.batch.journal import Journal
from grader.books import open_course
from grader.desk.handed_in import identical
from grader.intake import read_submission
from grader.judging import CellScore, Result
from grader.platforms.collected import Collected, write_collected

from .conftest import LAB, graded, squared, unreadable


def one(student: str, content: str, **more: object) -> Result:
    return graded(student, {}, content=content, **more)


@pytest.mark.stress  # it draws the page's figures
def test_report_and_page_name_them(class_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "course"
    shutil.copytree(class_root, root, symlinks=True)
    course = open_course(root)
    with Journal(course.notes(LAB)) as journal:
        for result in (graded("dan", squared(), content="same"), one("ada", "same"), one("cleo", "other")):
            journal.add(result)
    write_collected(course, LAB, {"cleo": Collected("cleo", "canvas", "cleo_1", "x", late=True)})
    assert main(["report", LAB, "--course", str(root)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Identical submissions, the same notebook byte by byte: ada, dan. Why they are identical, the files do not say." in said
    assert "Late for the platform but not for nbgrader" in said
    assert "due date: cleo." in said
    assert main(["report", LAB, "--course", str(root), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["identical"], told["late_for_the_platform_only"]) == ([["ada", "dan"]], ["cleo"])
    assert main(["report", LAB, "--course", str(root), "--html"]) == 0
    page = (root / "reports" / f"{LAB}.html").read_text(encoding="utf-8")
    start = page.index("Identical submissions")
    assert "Ada Lovelace" in page[start : page.index("</section>", start)]
    assert "Late for the platform" in page[:start]


def test_who_is_not_named() -> None:
    waiting = [one(name, "essay") for name in ("ada", "bob")]
    team = {name: Collected(name, "moodle", "team_1", "x", together=("eve", "flo")) for name in ("eve", "flo")}
    assert identical([one("eve", "team"), one("flo", "team"), one("gus", ""), one("hal", "")], team) == []
    copied = [one("eve", "team"), one("flo", "team"), one("gus", "team")]
    assert identical([*copied, *waiting], team) == [["eve", "flo", "gus"], ["ada", "bob"]]
    blank = [one(name, "as released", no_response={LAB: ["double"]}, answers={LAB: {"double": "d"}}) for name in ("ian", "jo")]
    for result in blank:
        result.cells[LAB]["reflection"] = CellScore(0.0, 3.0)
    assert identical(blank, {}) == []
    torn = [unreadable(name, "torn") for name in ("kim", "lea")]
    for result in torn:
        result.content, result.answers = "torn", {LAB: {"double": "unreadable"}}
    assert identical(torn, {}) == [["kim", "lea"]]


def test_times_and_other_files_make_no_difference(tmp_path: Path) -> None:
    for student, text, day in (("ada", "{}", 1), ("bob", "{}", 2), ("cleo", "{ }", 1), ("dan", "", 1)):
        folder = tmp_path / student / LAB
        folder.mkdir(parents=True)
        (folder / f"{LAB}.ipynb").write_text(text)
        (folder / "timestamp.txt").write_text(f"2026-01-0{day} 12:00:00 UTC")
        (folder / "notes.txt").write_text(student)
    read = [read_submission(tmp_path, name, LAB, (LAB,), datetime(2026, 2, 1)) for name in ("ada", "bob", "cleo", "dan", "nobody")]
    ada, bob, cleo, dan, nobody = (found.content for found in read)
    assert "" != ada == bob != cleo
    assert (dan, nobody) == ("", "")
    assert read[0].digest != read[1].digest
