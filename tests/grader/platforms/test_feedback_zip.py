"""Feedback pages in the zip that a platform takes back, named as Canvas and Moodle look for whose they are."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from .office import LAB, Office, furnished, office, save
from .test_filling import CANVAS, MOODLE

__all__ = ["furnished", "office"]
Capture = pytest.CaptureFixture[str]

# How the platforms read such names: Canvas by user and attachment, Moodle by the parts between underscores
IN_CANVAS = re.compile(r"_(?P<user>\d+)_(?P<attachment>\d+)_")


@pytest.fixture
def graded(office: Office) -> Office:
    office.enrol("ada", "grace", "jmu", "jmu2", "ida")
    office.grade({"ada": 7.5, "grace": 8, "jmu": 3, "jmu2": 5})
    for student in ("ada", "grace", "jmu"):
        office.page(student, f"<p>{student}</p>")
    return office


def collected(office: Office, *entries: dict[str, object]) -> None:
    """What collecting noted, as far as it is read here."""
    told = [{"digest": "d", "when": "", "late": False, "together": [], "ids": {}} | entry for entry in entries]
    (office.root / ".handgrad" / LAB / "collected.json").write_text(json.dumps(told))


def pages(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_canvas_keeps_user_and_attachment(graded: Office, tmp_path: Path, capsys: Capture) -> None:
    collected(
        graded,
        {"student": "ada", "platform": "canvas", "place": "lovelaceada_101", "order": 555, "late": True},
        {"student": "grace", "platform": "canvas", "place": "hoppergrace_102", "order": 556},  # excused in the sheet: her grade stays out
        {"student": "jmu2", "platform": "canvas", "place": "mllerjrg_104", "order": 557},  # without a page
    )
    out = tmp_path / "pages.zip"
    words = ("export", LAB, "--to", "canvas", "--fill", save(tmp_path, "c.csv", CANVAS), "--feedback", out)
    assert graded.run(*words) == 0
    assert pages(out) == {f"lovelaceada_101_555_{LAB}.html": "<p>ada</p>"}
    found = IN_CANVAS.search(next(iter(pages(out))))
    assert found
    assert (found["user"], found["attachment"]) == ("101", "555")
    told = capsys.readouterr().out
    assert "No page of jmu2 is in it: there is none in feedback/." in told
    assert "No page of jmu is in it: not collected from a zip of Canvas" in told
    before = out.read_bytes()
    assert graded.run(*words) == 0
    assert out.read_bytes() == before


@pytest.mark.stress
def test_moodle_finds_folders_that_it_made_and_those_of_the_worksheet(graded: Office, tmp_path: Path) -> None:
    collected(
        graded,
        {"student": "ada", "platform": "moodle", "place": "Ada von Lovelace_501", "order": 0},
        {"student": "jmu", "platform": "canvas", "place": "mllerjrg_103", "order": 557},  # of another platform: the worksheet's number
    )
    out = tmp_path / "pages.zip"
    rows = [row.replace("Jörg Müller", "Jörg_../Müller") for row in MOODLE]
    assert graded.run("export", LAB, "--to", "moodle", "--fill", save(tmp_path, "m.csv", rows), "--feedback", out) == 0
    assert pages(out) == {
        "Ada von Lovelace_501_assignfeedback_file/feedback.html": "<p>ada</p>",
        "Jörg .. Müller_503_assignfeedback_file/feedback.html": "<p>jmu</p>",
    }
    for name in pages(out):  # as Moodle parses it
        _, number, plugin, kind = name.split("/")[0].split("_", 4)
        assert (number.isdigit(), plugin, kind) == (True, "assignfeedback", "file")


@pytest.mark.stress
def test_a_lab_of_two_notebooks_has_two_pages(graded: Office, tmp_path: Path) -> None:
    (graded.root / "feedback" / "ada" / LAB / "second.html").write_text("2")
    collected(graded, {"student": "ada", "platform": "canvas", "place": "lovelaceada_101", "order": 555})
    out = tmp_path / "pages.zip"
    assert graded.run("export", LAB, "--to", "canvas", "--fill", save(tmp_path, "c.csv", CANVAS), "--feedback", out) == 0
    assert set(pages(out)) == {f"lovelaceada_101_555_{LAB}.html", "lovelaceada_101_555_second.html"}


@pytest.mark.stress
@pytest.mark.parametrize(
    ("to", "told"),
    [("canvas", "No feedback page of lab01_perceptron can go into a zip for Canvas"), ("gradescope", "Only Canvas and Moodle")],
)
def test_where_no_page_can_be_named_nothing_is_written(to: str, told: str, graded: Office, tmp_path: Path, capsys: Capture) -> None:
    collected(graded, {"student": "ada", "platform": "canvas", "place": "../../etc/passwd_1", "order": 5})
    rows = CANVAS if to == "canvas" else ["Email,lab01_perceptron", "ada@x.y,"]
    out = tmp_path / "pages.zip"
    assert graded.run("export", LAB, "--to", to, "--fill", save(tmp_path, "c.csv", rows), "--feedback", out) == 2
    assert told in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.csv", "course"]


@pytest.mark.stress
def test_a_team_has_one_page(graded: Office, tmp_path: Path, capsys: Capture) -> None:
    team = {"platform": "moodle", "place": "Team 7_31", "order": 0, "together": ["ada", "jmu"]}
    collected(graded, team | {"student": "ada"}, team | {"student": "jmu"})
    out = tmp_path / "pages.zip"
    assert graded.run("export", LAB, "--to", "moodle", "--fill", save(tmp_path, "m.csv", MOODLE), "--feedback", out) == 0
    assert pages(out) == {"Team 7_31_assignfeedback_file/feedback.html": "<p>ada</p>"}
    assert "Feedback pages of 2 students" in capsys.readouterr().out
