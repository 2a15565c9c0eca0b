"""A platform's list of students in nbgrader's gradebook: read with nbgrader's own API, and as formgrader lists it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from grader.books.course import open_course
from grader.platforms import read_people
from grader.platforms.columns import fitting
from grader.platforms.entries import read_entries, split_name
from grader.platforms.sheets import parse_sheet

from .office import LAB, Office, furnished, lines, office, save

__all__ = ["furnished", "office"]
Fields = tuple[str | None, ...]

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Lab 1: Perceptron (12345),Current Score",
    '"    Points Possible",,,,,100.0,(read only)',
    '"Lovelace, Ada",101,s1,ada,A and B,,90',
    '"Müller, Jörg",103,s3,jmu,B,40.00,',
    '"Müller, Jörg",104,s4,jmu2,B,7,',
    '"Student, Test",199,,0a1b2c,A,,',
)
IN_CANVAS = {
    "ada": ("Ada", "Lovelace", None, "101"),
    "jmu": ("Jörg", "Müller", None, "103"),
    "jmu2": ("Jörg", "Müller", None, "104"),
}
SEMICOLONS = [CANVAS[0], ",,,,,Muted,", *(row.replace(", ", ",_") for row in CANVAS[1:])]
LISTS: dict[str, tuple[bytes, dict[str, Fields]]] = {
    "Canvas": ("\n".join(CANVAS).encode(), IN_CANVAS),
    "Canvas with a mark, semicolons and a row that says what is muted": (
        b"\xef\xbb\xbf" + lines(*(row.replace(",", ";").replace(";_", ", ") for row in SEMICOLONS), end="\r\n"),
        IN_CANVAS,
    ),
    "Canvas with names in two columns, an integration id and a column of its own": (
        "LastName,FirstName,ID,SIS User ID,SIS Login ID,Integration ID,Section,Notes,Lab 1 (1)\n"
        "Lovelace,Ada,101,s1,ada@uni.edu,i1,A,likes engines,\n".encode("utf-16"),
        {"ada@uni.edu": ("Ada", "Lovelace", "ada@uni.edu", "101")},
    ),
    "Canvas without SIS": (
        b"Student,ID,SIS Login ID,Section,Lab 1 (1)\n\"van den Berg, Anna\",7,anna,A,\n",
        {"anna": ("Anna", "van den Berg", None, "7")},
    ),
    "Moodle's participants in English": (
        b"First name,Surname,ID number,Email address,Groups\nAda,Lovelace,s1,ada@uni.uk,\"G1, G2\"\n",
        {"ada": ("Ada", "Lovelace", "ada@uni.uk", "s1")},
    ),
    "Moodle's participants in German, in the encoding of Windows": (
        "Vorname;Nachname;E-Mail-Adresse;Gruppen\r\nJörg;Müller;jmu@uni.de;Übung 1\r\n".encode("cp1252"),
        {"jmu": ("Jörg", "Müller", "jmu@uni.de", None)},
    ),
    "Moodle's participants in Spanish": (
        "\ufeffNombre,Apellido(s),Dirección de correo\nAna,López García,ana@uni.es\n".encode(),
        {"ana": ("Ana", "López García", "ana@uni.es", None)},
    ),
    "Moodle's worksheet in German": (
        'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden",'
        '"Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"\n'
        'Teilnehmer/in1234567,"Max van der Berg",max@mail.de,"Zur Bewertung abgegeben",,"100,00",Ja,-,-,"zwei\nZeilen"\n'.encode(),
        {"max": ("Max", "van der Berg", "max@mail.de", None)},
    ),
    "Moodle's worksheet in French, with tabs": (
        "Identifiant\tNom complet\tAdresse de courriel\tStatut\tNote\tNote maximale\tLa note peut être modifiée\t"
        "Dernière modification (note)\n"
        "Participant900110\tZoé Test\tzoe@uni.ch\t' -\t\t100,00\tOui\t-\n".encode(),
        {"zoe": ("Zoé", "Test", "zoe@uni.ch", None)},
    ),
    "Moodle's worksheet in a language that nobody told us": (
        "Tunniste,Koko nimi,Osoite,Tila,Arvosana,Enintään,Voi muuttaa,Muokattu\n"
        "Osallistuja 11,Aino Virtanen,aino@uni.fi,Palautettu,,\"100,00\",Kyllä,-\n"
        "Osallistuja 12,Eero Aalto,eero@uni.fi,Palautettu,,\"100,00\",Kyllä,-\n".encode(),
        {"aino": ("Aino", "Virtanen", "aino@uni.fi", None), "eero": ("Eero", "Aalto", "eero@uni.fi", None)},
    ),
    "Gradescope": (
        b"First Name,Last Name,SID,Email,Role,Section\nAda,Lovelace,3032,ada@uni.edu,Student,A\nBob,Boss,,bob@uni.edu,Instructor,\n",
        {"ada": ("Ada", "Lovelace", "ada@uni.edu", "3032")},
    ),
    "Gradescope with one column for the name": (
        b"Name,SID,Email,Role,Sections\nAda Lovelace,3032,ada@uni.edu,Student,A\nTim A,,tim@uni.edu,TA,\n",
        {"ada": ("Ada", "Lovelace", "ada@uni.edu", "3032")},
    ),
    "Gradescope's scores of an assignment, from Windows": (
        b"\xef\xbb\xbf"
        b"First Name,Last Name,SID,Email,Sections,Total Score,Max Points,Status\r\n"
        b'"Ada","Lovelace",,ada@uni.edu,,8.0,10.0,Graded\r\n',
        {"ada": ("Ada", "Lovelace", "ada@uni.edu", None)},
    ),
    "Gradescope's scores of a course, saved again with tabs": (
        "First Name\tLast Name\tSID\tEmail\tsection_name\tLab 1\tLab 1 - Max Points\n"
        "Zoë\tÅngström\t7\tzoe@uni.edu\tA\t\t10.0\n".encode("utf-16"),
        {"zoe": ("Zoë", "Ångström", "zoe@uni.edu", "7")},
    ),
    "Gradescope with a student who means harm": (
        b'First Name,Last Name,SID,Email,Role\n"=HYPERLINK(""http://x"")","Love\nlace, \x1b[31mAda",1,eve@uni.edu,Student\n',
        {"eve": ('=HYPERLINK("http://x")', "Love lace, Ada", "eve@uni.edu", "1")},
    ),
    "Canvas with a student who means harm": (
        b'Student,ID,SIS Login ID,Section,Lab 1 (1)\n"</td><script>, \x1b]0;x\x07Eve",9,eve,"A,\n""B""",=cmd|x\n',
        {"eve": ("]0;xEve", "</td><script>", None, "9")},
    ),
    "Moodle's worksheet with a student who means harm": (
        b"Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade)\n"
        b'Participant 5,"Eve_..//\xe2\x80\xaeevil_6_assignsubmission_file",eve@uni.edu,"\n-",,10.00,Yes,-\n',
        {"eve": (None, "Eve_..//evil_6_assignsubmission_file", "eve@uni.edu", None)},
    ),
    "Classroom 50": (
        b"username,first_name,last_name,email,section,github_id\nada-l,Ada,Lovelace,ada@uni.edu,A,583231\n",
        {"ada-l": ("Ada", "Lovelace", "ada@uni.edu", None)},
    ),
    "a list whose ids end in numbers, which is no worksheet": (
        lines("id,name,year,role,grade", "ada1,Ada Lovelace,2026,student,", "bob2,Bob Boss,2026,student,"),
        {"ada1": ("Ada", "Lovelace", None, None), "bob2": ("Bob", "Boss", None, None)},
    ),
    "a list with numbers after a letter": (
        lines("ID;Name;Kurs;Gruppe", "s101;Ada Lovelace;5;A", "s102;Bob Boss;5;A"),
        {"s101": ("Ada", "Lovelace", None, None), "s102": ("Bob", "Boss", None, None)},
    ),
    "a list that somebody made": (
        b"Name;E-Mail\nAda Lovelace;ada@uni.edu\n\nCher;cher@uni.edu\n",
        {"ada": ("Ada", "Lovelace", "ada@uni.edu", None), "cher": (None, "Cher", "cher@uni.edu", None)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
def test_every_platforms_list_says_who_its_students_are(kind: str) -> None:
    data, expected = LISTS[kind]
    found = []
    for entry in read_entries(parse_sheet(data, "list.csv", fitting)).of_students:
        first, last = split_name(entry.full) if entry.full else (entry.first, entry.last)
        found.append((first or None, last or None, entry.ids.get("email")))
    assert found == [fields[:3] for fields in expected.values()]


@pytest.mark.stress
@pytest.mark.parametrize("kind", LISTS)
def test_names_addresses_and_ids_come_into_the_gradebook_and_a_second_time_changes_nothing(
    kind: str, office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, expected = LISTS[kind]
    path = save(tmp_path, "list.csv", data)
    assert office.run("roster", path) == 0
    assert office.students() == expected
    people = read_people(open_course(office.root))
    assert {name: (one.first_name or None, one.last_name or None) for name, one in people.items()} == {
        name: fields[:2] for name, fields in expected.items()
    }
    capsys.readouterr()
    before = (office.root / "gradebook.db").read_bytes(), (office.root / ".handgrad" / "roster.json").read_bytes()
    assert office.run("roster", path) == 0
    assert f"Students: {len(expected)} as before." in capsys.readouterr().out
    assert before == ((office.root / "gradebook.db").read_bytes(), (office.root / ".handgrad" / "roster.json").read_bytes())


def test_formgrader_has_names_where_it_said_none(office: Office, tmp_path: Path) -> None:
    office.enrol("ada")
    assert office.run("roster", save(tmp_path, "c.csv", CANVAS)) == 0
    course = open_course(office.root)
    listed = {
        one["id"]: f"{one['last_name']}, {one['first_name']}" for one in NbGraderAPI(CourseDirectory(config=course.config)).get_students()
    }
    assert listed == {"ada": "Lovelace, Ada", "jmu": "Müller, Jörg", "jmu2": "Müller, Jörg"}


def test_a_worksheet_of_teams_takes_no_section_away(office: Office, tmp_path: Path) -> None:
    people = ["Vorname;Nachname;E-Mail-Adresse;Gruppen", "Ada;Lovelace;ada@uni.de;Übung 1", "Bob;Ross;bob@uni.de;Übung 2"]
    assert office.run("roster", save(tmp_path, "p.csv", people)) == 0

    def teams(ada: str, bob: str) -> dict[str, str]:
        head = "ID;Vollständiger Name;E-Mail-Adresse;Gruppe;Bewertung;Zuletzt geändert (Bewertung)"
        rows = [f"Teilnehmer/in1;Ada Lovelace;ada@uni.de;{ada};;-", f"Teilnehmer/in2;Bob Ross;bob@uni.de;{bob};;-"]
        assert office.run("roster", save(tmp_path, "w.csv", [head, *rows])) == 0
        return {name: one.section for name, one in read_people(open_course(office.root)).items()}

    assert teams("Team 1", "Team 2") == {"ada": "Übung 1, Team 1", "bob": "Übung 2, Team 2"}
    assert teams("Team 2", "Team 1") == {"ada": "Übung 1, Team 2", "bob": "Übung 2, Team 1"}


@pytest.mark.stress
def test_sections_and_what_platforms_call_people_lie_beside_the_gradebook(office: Office, tmp_path: Path) -> None:
    assert office.run("roster", save(tmp_path, "c.csv", CANVAS)) == 0
    german = LISTS["Moodle's worksheet in German"][0].replace(b"max@mail.de", b"ada@uni.de").replace(b"Max van der Berg", b"Ada Lovelace")
    assert office.run("roster", save(tmp_path, "m.csv", german)) == 0
    worksheet = b"Identifier,Full name,Email address,Grade,Last modified (grade)\nParticipant 8,Ada Lovelace,ada@uni.de,,-\n"
    assert office.run("roster", save(tmp_path, "m2.csv", worksheet)) == 0
    ada = read_people(open_course(office.root))["ada"]
    assert (ada.section, ada.email, ada.first_name) == ("A and B", "ada@uni.de", "Ada")
    assert ada.ids == {"canvas": "101", "sis": "s1", "login": "ada", "moodle": "1234567 8"}  # Moodle has a number for each assignment
    assert ada.numbers("moodle") == ["1234567", "8"]


@pytest.mark.stress
@pytest.mark.parametrize(
    ("ids", "told"),
    [
        (("ada", "jmu", "jmu2"), "user name"),
        (("s1", "s3", "s4"), "institution's number"),
        (("101", "103"), "Canvas ID"),
        (("ADA", "JMU", "extra"), "user name"),
    ],
)
def test_the_students_of_the_course_decide_what_an_id_is(
    ids: tuple[str, ...], told: str, office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.enrol(*ids)
    assert office.run("roster", save(tmp_path, "c.csv", CANVAS)) == 0
    assert f"nbgrader's id is the {told}" in capsys.readouterr().out
    known = office.students()
    assert known[ids[0]][:2] == ("Ada", "Lovelace")
    assert set(ids) <= set(known)
    assert len(known) == max(3, len({*ids, *(["jmu2"] if "extra" in ids else [])}))


@pytest.mark.stress
def test_a_folder_in_submitted_is_a_student_as_well(office: Office, tmp_path: Path) -> None:
    office.hand_in("s1")
    assert office.run("roster", save(tmp_path, "c.csv", CANVAS)) == 0
    assert set(office.students()) == {"s1", "s3", "s4"}


@pytest.mark.stress
def test_who_was_collected_before_is_known_by_the_platforms_number(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.hand_in("lovelaceada-101")
    noted = office.root / ".handgrad" / LAB / "collected.json"
    noted.parent.mkdir(parents=True)
    told = {"student": "lovelaceada-101", "platform": "canvas", "place": "", "digest": "", "ids": {"canvas": "101"}}
    noted.write_text(json.dumps([told]))
    path = save(tmp_path, "c.csv", CANVAS)
    assert office.run("roster", path) == 2  # the others need ids, and no column has such as this one
    assert "2 rows of c.csv cannot be matched with the students" in capsys.readouterr().err
    assert office.run("roster", path, "--id", "SIS Login ID") == 0
    assert {name: fields[1] for name, fields in office.students().items()} == {
        "lovelaceada-101": "Lovelace",
        "jmu": "Müller",
        "jmu2": "Müller",
    }


@pytest.mark.stress
def test_a_number_that_anybody_may_have_given_is_no_proof(office: Office, tmp_path: Path) -> None:
    assert office.run("roster", save(tmp_path, "a.csv", ["id,login,name", "1,ada,Ada L", "2,bob,Bob B"])) == 0
    assert office.run("roster", save(tmp_path, "b.csv", ["id,login,section", "2,ada,A", "1,bob,B"])) == 0
    people = read_people(open_course(office.root))
    assert {name: one.section for name, one in people.items()} == {"ada": "A", "bob": "B"}
    hub = ["username,first_name,last_name,email,section,github_id", "ada,Eve,E,,C,9"]  # at GitHub, Eve is called ada
    assert office.run("roster", save(tmp_path, "c.csv", hub)) == 2
    assert office.students()["ada"][:2] == ("Ada", "L")


@pytest.mark.stress
def test_a_column_can_be_named(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, "c.csv", CANVAS)
    assert office.run("roster", path, "--id", "sis user id") == 0
    assert set(office.students()) == {"s1", "s3", "s4"}
    assert office.run("roster", path, "--id", "Shoe size") == 2
    assert "has no column 'Shoe size' for --id; it has Student, ID" in capsys.readouterr().err


def test_nobody_is_removed_and_no_empty_cell_empties_anything(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office.enrol("ada", first_name="Ada", last_name="King", email="old@uni.edu")
    office.enrol("gone", email="gone@uni.edu")
    path = save(tmp_path, "list.csv", ["login,name,email", "ada,,ada@uni.edu"])
    assert office.run("roster", path, "--dry-run") == 0
    assert office.students()["ada"] == ("Ada", "King", "old@uni.edu", None)
    assert office.run("roster", path) == 0
    assert office.students() == {"ada": ("Ada", "King", "ada@uni.edu", None), "gone": (None, None, "gone@uni.edu", None)}
    told = capsys.readouterr().out
    assert "email old@uni.edu → ada@uni.edu" in told
    assert "In the course and not in this file, so they stay as they are: gone." in told


REFUSED = {
    "two rows with one id": (["login,name", "ada,Ada Lovelace", "bob,Bob B", "ada,Ada Lovelace"], "Lines 2 and 4 are both ada"),
    "one id but for its case": (["login,name", "ada,Ada Lovelace", "Ada,A. Lovelace"], "Lines 2 and 3 are both ada"),
    "two mailboxes of one name": (
        ["name,email", "Ada Lovelace,ada@a.edu", "Ada Lovelace,ada@b.edu", "Old,old@b.edu"],
        "Lines 2 and 3 are both ada",
    ),
    "nobody": (["login,name"], "has no students in it"),
    "no ids": (["shoe size,name", "44,Ada"], "no column that says who a row is about"),
    "a row about two": (["login,email", "ada,old@a.edu"], "Line 2 .*two students: e-mail address says old, nbgrader's id says ada"),
    "another one's mailbox": (["name,email", "Grace Hopper,ada@b.edu"], "Line 2 is Grace Hopper, but .* it is ada, who is Ada Lovelace"),
    "nobody of the course": (["login,name", "x1,X", "x2,Y"], "2 rows of list.csv cannot be matched with the students of .*--id COLUMN"),
}


@pytest.mark.stress
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_certain_is_refused_in_one_sentence_and_nothing_is_done(
    kind: str, office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, told = REFUSED[kind]
    office.enrol("ada", first_name="Ada", last_name="Lovelace")
    office.enrol("old", email="old@a.edu")
    before = office.students()
    assert office.run("roster", save(tmp_path, "list.csv", rows)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert re.search(told, said.err), said.err
    assert office.students() == before
    assert not (office.root / ".handgrad" / "roster.json").exists()


def test_a_row_without_an_id_is_told_and_left_out(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["login,name", "ada,Ada L", ",Nobody N", "=cmd(),Evil E", "../up,Up U"]
    assert office.run("roster", save(tmp_path, "list.csv", rows), "--id", "login") == 1
    told = capsys.readouterr().out
    assert "Line 3 (Nobody N) has no id: left out." in told
    assert "Line 4 (Evil E) has the id '=cmd()', which nbgrader cannot keep" in told
    assert "Line 5 (Up U)" in told
    assert set(office.students()) == {"ada"}


@pytest.mark.stress
def test_a_name_can_do_nothing_in_a_terminal(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["login,first name,last name", '"ada","A\x1b[31md\x1b]0;x\x07a\u202e","[red]L\novelace"']
    assert office.run("roster", save(tmp_path, "list.csv", rows)) == 0
    told = capsys.readouterr().out
    assert not set("\x1b\x07\u202e") & set(told)
    assert office.students()["ada"][1] == "[red]L ovelace"


def test_a_gradebook_that_is_missing_or_held_is_one_sentence(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.books.database.BUSY_SECONDS", 0)
    path = save(tmp_path, "c.csv", CANVAS)
    with office.gradebook() as gradebook:
        gradebook.db.connection().exec_driver_sql("BEGIN IMMEDIATE")
        assert office.run("roster", path) == 2
    assert "is held by another program" in capsys.readouterr().err
    assert not (office.root / ".handgrad" / "roster.json").exists()
    (office.root / "gradebook.db").rename(tmp_path / "away.db")
    assert office.run("roster", path) == 2
    assert "gradebook.db is not there yet" in capsys.readouterr().err
    assert not (office.root / "gradebook.db").exists()


@pytest.mark.stress
def test_without_a_file_it_shows_who_is_there(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office.run("roster", save(tmp_path, "c.csv", CANVAS))
    office.run("roster", "--extension", "ada", LAB, "2026-05-03")
    office.hand_in("bob")
    capsys.readouterr()
    assert office.run("roster") == 0
    told = capsys.readouterr().out
    assert re.search(r"ada +Lovelace +Ada +A and B +lab01_perceptron until 2026-05-03 23:59 UTC\n", told)
    assert "\nbob" in told
    assert "4 students." in told
    assert office.run("roster", "--json") == 0
    shown = {one["student"]: one for one in json.loads(capsys.readouterr().out)}
    assert (shown["ada"]["ids"]["canvas"], shown["bob"]["extensions"]) == ("101", [])


@pytest.mark.stress
def test_a_blind_worksheet_makes_no_students(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["Identifier,Status,Grade,Maximum Grade,Last modified (grade)", "Participant 503,-,,10.00,-"]
    assert office.run("roster", save(tmp_path, "blind.csv", rows)) == 2
    assert "is the worksheet of an assignment that is graded blindly" in capsys.readouterr().err


def test_what_needs_a_file_says_so(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.run("roster", "--dry-run") == 2
    assert "need the CSV file" in capsys.readouterr().err
    assert office.run("roster", "x.csv", "--extension", "ada", LAB, "none") == 2
    assert "takes STUDENT LAB DATE and no file" in capsys.readouterr().err
