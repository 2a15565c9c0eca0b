"""The table for a spreadsheet program: what nbgrader exports, quoted, and with nothing in it that such a program runs."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.plugins import CsvExportPlugin

from grader.platforms.table_of_grades import defused

from .office import DUE, LAB, Office, furnished, office

__all__ = ["furnished", "office"]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_it_says_what_nbgrader_exports(office: Office, tmp_path: Path) -> None:
    office.enrol("ada", first_name="Ada", last_name="Lovelace", email="ada@uni.edu")
    office.enrol("ida")
    office.grade({"ada": 7.5, "jmu": 3}, when=DUE + timedelta(hours=1))
    with office.gradebook() as gradebook:
        gradebook.find_submission(LAB, "jmu").notebooks[0].late_submission_penalty = 500.0
        gradebook.db.commit()
        plugin = CsvExportPlugin()
        plugin.to = str(tmp_path / "theirs.csv")
        plugin.export(gradebook)
    assert office.run("export", LAB, "--to", "csv", "--out", tmp_path / "ours.csv", "--missing-zero") == 0
    assert rows_of(tmp_path / "ours.csv") == rows_of(tmp_path / "theirs.csv")


@pytest.mark.stress
def test_names_that_a_spreadsheet_program_would_run_are_text_and_ids_stay(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.enrol("+ada", first_name='=HYPERLINK("http://x","y")', last_name="-Love, lace\nAda", email="@sum")
    office.enrol("0012", first_name="Ann-Marie", last_name="O'Neil")
    office.grade({"0012": 7.5})
    office.grade({"wait": 7.5}, essay=None)
    assert office.run("export", LAB, "--to", "csv", "--out", tmp_path / "t.csv") == 0
    rows = {row["student_id"]: row for row in rows_of(tmp_path / "t.csv")}
    assert (rows["+ada"]["first_name"], rows["+ada"]["last_name"]) == ('\'=HYPERLINK("http://x","y")', "'-Love, lace\nAda")
    assert (rows["+ada"]["email"], rows["+ada"]["score"]) == ("'@sum", "")
    assert (rows["0012"]["first_name"], rows["0012"]["last_name"], rows["0012"]["score"]) == ("Ann-Marie", "O'Neil", "8.5")
    assert rows["wait"]["score"] == ""
    assert "Without a score, needs marking: wait." in capsys.readouterr().out
    assert office.run("export", LAB, "--to", "csv", "--column", "x") == 2
    assert "--column needs a sheet of a platform" in capsys.readouterr().err


@settings(max_examples=30)
@given(st.text(st.sampled_from(list("=+-@\t\r ab'\uff1d")), max_size=6))
def test_no_text_begins_like_a_formula(text: str) -> None:
    safe = defused(text)
    assert safe[:1] not in tuple("=+-@\t\r\uff1d")
    assert safe in (text, f"'{text}")
    assert defused("Ann=Marie") == "Ann=Marie"
