"""Grades in the sheet that a platform exported: the right cells and no other byte, and everybody who is left out is told."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.errors import UserError
from grader.platforms.columns import columns_of, fitting
from grader.platforms.entries import read_entries
from grader.platforms.filling import fill_rows
from grader.platforms.grades import Grades
from grader.platforms.matching import match
from grader.platforms.people import Person
from grader.platforms.sheets import parse_sheet
from grader.platforms.targets import Target, find_target

from .office import DUE, LAB, Office, furnished, lines, office, save

__all__ = ["furnished", "office"]

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Lab 1: Perceptron (12345),Essay (99),Current Score",
    '"    Points Possible",,,,,100.0,10.0,(read only)',
    '"Lovelace, Ada",101,s1,ada,A and B,,,=1+1',
    '"Hopper, Grace",102,s2,grace,A,EX,,',
    '"Student, Test",199,,0a1b2c,A,,,',
    '"Müller, Jörg",103,s3,jmu,B,40.00,,',
    '"Müller, Jörg",104,s4,jmu2,B,7,,',
    '"Nobody, Ida",105,s5,ida,B,,,',
)
MOODLE = (
    'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden",'
    '"Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"',
    'Teilnehmer/in501,"Ada Lovelace",ada@uni.de,"Abgegeben",,"100,00",Ja,-,"Freitag, 1. Mai 2026, 10:00","gut,\n""sehr"""',
    'Teilnehmer/in502,"Grace Hopper",grace@uni.de,"Abgegeben",,"100,00",Nein,-,-,',
    'Teilnehmer/in503,"Jörg Müller",jmu@uni.de,"Abgegeben","40,00","100,00",Ja,-,-,',
    'Teilnehmer/in504,"Jörg Müller",jmu2@uni.de,"Abgegeben",-,"100,00",Ja,-,-,',
    'Teilnehmer/in505,"Ida Nobody",ida@uni.de,"Keine Abgabe",,"100,00",Ja,-,-,',
)
GRADESCOPE = (
    "First Name,Last Name,SID,Email,Sections,lab01_perceptron,lab01_perceptron - Max Points,lab01_perceptron - Submission Time",
    "Ada,Lovelace,s1,ada@uni.edu,A,,20.0,",
    "Jörg,Müller,s3,jmu@uni.edu,A,8.0,20.0,",
)


@pytest.fixture
def graded(office: Office) -> Office:
    """Ada has 8.5 of 10 points, Grace 9, one Jörg 4; the other one waits for a mark; Ida handed in nothing; Zoe is in no sheet."""
    office.enrol("ada", "grace", "jmu", "jmu2", "ida", "zoe")
    office.grade({"ada": 7.5, "grace": 8, "jmu": 3, "zoe": 5})
    office.grade({"jmu2": 5}, essay=None)
    return office


def export(office: Office, path: Path, to: str, *words: str) -> tuple[int, bytes]:
    """What the command answers, and the file that it wrote."""
    code = office.run("export", LAB, "--to", to, "--fill", path, *words)
    written = path.with_name(f"{path.stem}-filled{path.suffix}")
    return code, written.read_bytes() if written.exists() else b""


def test_canvas_one_column_is_filled_and_everybody_else_is_told(graded: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, "c.csv", b"\xef\xbb\xbf" + lines(*CANVAS, end="\r\n"))
    code, data = export(graded, path, "canvas")
    assert code == 0
    assert data == path.read_bytes().replace(b"A and B,,,=1+1", b"A and B,85,,=1+1")
    told = capsys.readouterr().out
    for sentence in (
        "1 to change, 1 as they should be",
        "lab01_perceptron has 10 points and the sheet 100: 2 grades are multiplied by 10.",
        "Held back, needs marking: jmu2.",
        "Graded, but not in the sheet, so their grades are not exported: zoe.",
        "Left alone, excused: grace.",
        "nbgrader's id is the user name: 5 students of the course found by it.",
        "Left alone, nothing handed in: ida.",
    ):
        assert sentence in told
    assert re.search(r"ada +Ada Lovelace +\(empty\) +85\n", told)


@pytest.mark.stress
def test_moodle_in_german_has_its_commas_its_locks_and_its_rule(graded: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, "m.csv", MOODLE)
    code, data = export(graded, path, "moodle", "--unmarked", "--missing-zero")
    assert code == 0
    expected = path.read_bytes().replace(b'Abgegeben",,"100,00",Ja', b'Abgegeben","85,00","100,00",Ja')
    expected = expected.replace(b'Abgegeben",-,', b'Abgegeben","50,00",').replace(b'Keine Abgabe",,', b'Keine Abgabe","0,00",')
    assert data == expected
    told = capsys.readouterr().out
    assert "Left alone, locked: grace." in told
    assert "more than 60 s after this worksheet was downloaded" in told


@pytest.mark.stress
def test_gradescope_has_a_maximum_beside_each_column(graded: Office, tmp_path: Path) -> None:
    code, data = export(graded, save(tmp_path, "g.csv", GRADESCOPE), "gradescope")
    assert code == 0
    assert data == lines(*GRADESCOPE).replace(b"A,,20.0", b"A,17,20.0")  # Jörg's 8.0 stays as it is written


@pytest.mark.stress
def test_twice_is_the_same_and_another_file_is_not_replaced(graded: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, "c.csv", CANVAS)
    assert export(graded, path, "canvas", "--dry-run") == (0, b"")
    _, first = export(graded, path, "canvas")
    assert export(graded, path, "canvas") == (0, first)
    assert "is up to date" in capsys.readouterr().out
    assert export(graded, tmp_path / "c-filled.csv", "canvas") == (0, b"")
    assert "no other sheet is made of it" in capsys.readouterr().out
    graded.grade({"ada": 1})
    assert export(graded, path, "canvas") == (2, first)
    assert "is there already" in capsys.readouterr().err
    assert export(graded, path, "canvas", "--out", str(path)) == (2, first)
    assert "is the sheet itself" in capsys.readouterr().err
    assert export(graded, path, "canvas", "--force")[1] == first.replace(b",85,", b",20,")
    assert path.read_bytes() == lines(*CANVAS)


@pytest.mark.stress
def test_what_has_no_grade_yet_is_held_back(graded: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graded.hand_in("ida")
    graded.grade({"grace": 8}, status="failed")
    graded.grade({"ada": 0}, essay=0.0, status="ungradable")
    path = save(tmp_path, "c.csv", [row.replace(",EX,", ",,") for row in CANVAS])
    code, data = export(graded, path, "canvas", "--missing-zero")
    assert (code, data) == (0, path.read_bytes().replace(b"A and B,,", b"A and B,0,"))
    told = capsys.readouterr().out
    assert "Held back, not graded yet: ida. Run `handgrad grade lab01_perceptron` first." in told
    assert "Held back, the grader failed: grace." in told
    assert "With 0 points, because what was handed in could not be graded: ada" in told


@pytest.mark.stress
def test_marks_of_people_and_penalties_count_and_nobody_gets_less_than_nothing(
    graded: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (graded.root / "nbgrader_config.py").write_text("c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    graded.grade({"ada": 7.5, "jmu": 3}, when=DUE + timedelta(hours=26))
    with graded.gradebook() as gradebook:
        gradebook.find_grade("essay", LAB, LAB, "jmu2").manual_score = 2.0
        gradebook.find_grade("essay", LAB, LAB, "jmu2").needs_manual_grade = False
        for notebook in gradebook.find_submission(LAB, "ada").notebooks:
            notebook.late_submission_penalty = 500.0
        for notebook in gradebook.find_submission(LAB, "jmu").notebooks:
            notebook.late_submission_penalty = 1.5
        gradebook.db.commit()
    _, data = export(graded, save(tmp_path, "c.csv", CANVAS), "canvas")
    rows = {row[3]: row[5] for row in csv.reader(io.StringIO(data.decode()))}
    assert {name: rows[name] for name in ("ada", "jmu", "jmu2")} == {"ada": "0", "jmu": "25", "jmu2": "70"}
    assert re.search(r"jmu +Jörg Müller +1 d 2 h, -1.5 +40.00 +25\n", capsys.readouterr().out)


@pytest.mark.stress
@pytest.mark.parametrize("numbers", ["collected", "roster"])
def test_a_blind_worksheet_is_filled_by_participants_numbers(numbers: str, graded: Office, tmp_path: Path) -> None:
    notes = graded.root / ".handgrad"
    if numbers == "collected":
        told = {"student": "jmu", "platform": "moodle", "place": "", "digest": "", "ids": {"moodle": "503"}}
        (notes / LAB / "collected.json").write_text(json.dumps([told]))
    else:
        graded.run("roster", save(tmp_path, "m.csv", MOODLE))
    rows = ["Identifier,Status,Grade,Maximum Grade,Last modified (grade)", "Participant 503,-,,10.00,-", "Participant 777,-,,10.00,-"]
    code, data = export(graded, save(tmp_path, "blind.csv", rows), "moodle")
    assert (code, data) == (0, lines(*rows).replace(b"503,-,,", b"503,-,4.00,"))


@pytest.mark.stress
def test_the_worksheet_of_another_assignment_is_told_by_its_numbers(
    graded: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path, "m.csv", MOODLE)
    for number, warned in (("501", False), ("777", True)):
        entry = {"student": "ada", "platform": "moodle", "place": "", "digest": "", "ids": {"moodle": number}}
        (graded.root / ".handgrad" / LAB / "collected.json").write_text(json.dumps([entry]))
        export(graded, path, "moodle")
        assert ("is this the worksheet of another one?" in capsys.readouterr().out) == warned


TITLES: dict[str, tuple[str, tuple[str, ...], int | str]] = {
    "by its name": ("lab01_perceptron (1)", (), 5),
    "by its words": ("Lab 1 – Perceptron (1)", (), 5),
    "with more words": ("Lab 1: Perceptron (due on Friday) (1)", (), 5),
    "with fewer words": ("Lab 1 (1)", (), 5),
    "another lab that names it": ("Lab 2: beyond lab 1 and the perceptron (1)", (), "no column for lab01_perceptron"),
    "a part of it": ("Lab 1.2 (1)", (), "no column for lab01_perceptron"),
    "a part of another lab": ("Lab 0.1 Perceptron (1)", (), "no column for lab01_perceptron"),
    "another lab": ("Lab 11: Perceptron (1)", (), "no column for lab01_perceptron: name it with --column. There is"),
    "named by its title": ("First steps (1)", ("--column", "first steps"), 5),
    "named by its number": ("First steps (77)", ("--column", "77"), 5),
    "named, and not there": ("First steps (1)", ("--column", "Second"), "no column for Second"),
    "without a number": ("Lab 1: Perceptron", (), "no number in parentheses, so Canvas would make a new assignment"),
    "without a number, but named": ("Lab 1: Perceptron", ("--column", "Lab 1: Perceptron"), 5),
    "read only": ("Lab 1: Perceptron (1)", ("--column", "Current Score"), "it is read only"),
    "two of one name": ("Other (2)", ("--column", "other"), "2 columns for other"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TITLES)
def test_the_column_of_a_lab_in_canvas(kind: str) -> None:
    title, words, expected = TITLES[kind]
    rows = [
        f"Student,ID,SIS Login ID,Section,Other (9),{title},Current Score",
        ",".join(["Points Possible", *[""] * 5, "(read only)"]),
        "A,1,a,s,,,",
    ]
    sheet = parse_sheet(lines(*rows), "c.csv", fitting)
    column = words[1] if words else None
    if isinstance(expected, int):
        assert find_target(sheet, columns_of(sheet), "canvas", LAB, column).at == expected
    else:
        with pytest.raises(UserError, match=re.escape(expected)):
            find_target(sheet, columns_of(sheet), "canvas", LAB, column)


REFUSED = {
    "a sheet of another platform": (MOODLE, "canvas", (), "is no gradebook export of Canvas; it is a grading worksheet of Moodle"),
    "a worksheet for Gradescope": (MOODLE, "gradescope", (), "it is a grading worksheet of Moodle (--to moodle)"),
    "a list": (["login,name", "ada,A"], "moodle", (), "is no grading worksheet of Moodle"),
    "a scale": (
        ["ID,Vollständiger Name,E-Mail-Adresse,Bewertung,Skala,Zuletzt geändert (Bewertung)", "Teilnehmer/in1,Ada,ada@x.y,,gut,-"],
        "moodle", (), "grades by a scale",
    ),
    "nobody of the course": ([CANVAS[0], '"Else, Somebody",9,s9,else,A,,,'], "canvas", (), "No row of m.csv is about a student"),
    "two rows about one": ([*CANVAS, CANVAS[2]], "canvas", (), "Lines 3 and 9 are both ada"),
    "a row that ends too soon": ([*CANVAS[:2], '"Lovelace, Ada",101,s1,ada,A'], "canvas", (), "line 3: the row ends before the column"),
    "no sheet": (CANVAS, "canvas", ("--fill", "/nowhere.csv"), "/nowhere.csv is not there"),
    "which word means locked": (
        ["Identifier,Email address,Grade,Maximum Grade,Grade can be changed,Last modified (grade)",
         "Participant 1,ada@x.y,,10.00,qa,-", "Participant 2,jmu@x.y,,10.00,qu,-"],
        "moodle", (), "which of 'qa', 'qu' means that a grade is locked?",
    ),
}  # fmt: skip


@pytest.mark.stress
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_certain_is_refused_in_one_sentence(
    kind: str, graded: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, to, words, told = REFUSED[kind]
    assert export(graded, save(tmp_path, "m.csv", list(rows)), to, *words) == (2, b"")
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert told in said.err


@pytest.mark.stress
def test_a_lab_without_grades_or_a_gradebook_is_told(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, "c.csv", CANVAS)
    assert export(office, path, "canvas")[0] == 2
    assert f"{LAB} has no results" in capsys.readouterr().err
    office.grade({"ada": 7.5})
    (office.root / "gradebook.db").unlink()
    assert export(office, path, "canvas")[0] == 2
    assert "nobody knows the marks and penalties" in capsys.readouterr().err
    assert office.run("export", LAB, "--to", "canvas") == 2
    assert "Name the sheet that Canvas exported with --fill" in capsys.readouterr().err


@st.composite
def classes(draw: st.DrawFn) -> tuple[Mapping[str, float], bytes, list[list[str]]]:
    """(points by student, a Canvas sheet in some dialect, its rows): homonyms, EX, old grades, cells that need quotes."""
    students = draw(st.lists(st.from_regex(r"[a-z]{2,4}[0-9]?", fullmatch=True), min_size=1, max_size=6, unique=True))
    points = {name: draw(st.sampled_from([0, 2.25, 3, 8])) for name in students if draw(st.booleans())} or {students[0]: 1.0}
    words = st.sampled_from(["", "A", 'say "hi"', "a;b", "a,b", "Zoë", "=1+1", "two\nlines"])
    rows = [
        ["Student", "ID", "SIS Login ID", "Section", "Lab01 perceptron (4)", "Final Score"],
        ["    Points Possible", "", "", "", "10", "(read only)"],
    ]
    old = st.sampled_from(["", "EX", "3", "-"])
    rows += [[f"Wang, {draw(words)}", draw(words), name, draw(words), draw(old), draw(words)] for name in draw(st.permutations(students))]
    stream = io.StringIO(newline="")
    separator, end = draw(st.sampled_from(",;\t")), draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    csv.writer(stream, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    return points, stream.getvalue().encode(encoding), rows


@given(classes())
@settings(max_examples=15)
def test_in_a_random_class_only_the_right_cells_change(made: tuple[Mapping[str, float], bytes, list[list[str]]]) -> None:
    points, data, rows = made
    entries = read_entries(parse_sheet(data, "c.csv", fitting))
    target = find_target(entries.sheet, entries.columns, "canvas", LAB, None)
    students = match(entries, {row[2]: Person(row[2]) for row in rows[2:]}).students
    written = fill_rows(entries, target, Grades(points, 10.0, {}, []), students, LAB).data
    before, after = entries.sheet, parse_sheet(written, "c.csv", fitting)
    assert (after.encoding, after.mark, after.separator) == (before.encoding, before.mark, before.separator)
    for row, old, new in zip(rows, before.rows, after.rows, strict=True):
        raw = [[sheet.text[cell.start : cell.end] for cell in line.cells] for sheet, line in ((before, old), (after, new))]
        changed = [at for at, (one, other) in enumerate(zip(*raw, strict=True)) if one != other]
        if row[2] not in points or row[4] == "EX" or (row[4] == "3" and points[row[2]] == 3):
            assert changed == []
        else:
            assert changed == [4]
            assert float(new.text(4).replace(",", ".")) == points[row[2]]


@pytest.mark.parametrize(
    ("points", "said"), [(8.225, "8.23"), (82.25, "82.25"), (10, "10"), (0.0, "0"), (1 / 3, "0.33"), (2.675, "2.68"), (9.999, "10")]
)
def test_a_number_has_two_decimals_and_halves_go_up(points: float, said: str) -> None:
    assert Target(0, "x").written(points) == said
    assert Target(0, "x", comma=True).written(points) == said.replace(".", ",")
    assert float(Target(0, "x", decimals=2).written(points)) == float(said)
    assert Target(0, "x", decimals=2, comma=True).written(7) == "7,00"
    assert Target(0, "x", decimals=0).written(7.5) == "8"
