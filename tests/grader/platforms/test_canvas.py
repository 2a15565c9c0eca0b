"""From Canvas's zip into the course: names as lib/content_zipper.rb writes them."""

from __future__ import annotations

from datetime import datetime

import pytest

from grader.platforms import Person, read_collected, read_table

from .zips import LAB, canvas_name, course, notebook, packed, refused, run, submitted, take, texts, told

ADA = Person("ada", "Ada", "Lovelace", "ada@x.edu", ids={"canvas": "4711"})
ALAN = Person("alan", "Alan", "Turing", "alan@x.edu", ids={"canvas": "4712"})


def test_a_class_with_late_ones_files_beside_and_a_second_version(tmp_path, capsys):
    made = course(tmp_path / "course", [ADA, ALAN])
    source = packed(
        tmp_path / "submissions.zip",
        {
            canvas_name("Lovelace, Ada", 4711, 90210, f"{LAB}-1.ipynb", late=True): notebook("ada"),
            canvas_name("Lovelace, Ada", 4711, 90211, "my data.csv", late=True): b"1,2",
            canvas_name("Turing, Alan", 4712, 90212, f"{LAB}.ipynb"): notebook("alan"),
        },
    )
    assert run(made, source, "--yes") == 0
    assert texts(made) == {"ada": "ada", "alan": "alan"}
    assert submitted(made)["ada"]["my data.csv"] == b"1,2"
    said = " ".join(capsys.readouterr().out.split())
    assert "ada late and does not say when" in said
    assert "handgrad grade" in said
    record = read_collected(made, LAB)
    assert (record["ada"].late, record["alan"].late, record["ada"].ids) == (True, False, {"canvas": "4711"})


def test_a_time_that_is_given_for_the_late_ones_lies_where_nbgrader_reads_it_and_stays(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    files = {canvas_name(who.last_name, int(who.ids["canvas"]), 1, f"{LAB}.ipynb", late=who is ADA): notebook() for who in (ADA, ALAN)}
    source = packed(tmp_path / "submissions.zip", files)
    assert run(made, source, "--yes", "--late-at", "2020-11-20 18:00+01:00") == 0
    once = submitted(made)
    assert once["ada"]["timestamp.txt"] == b"2020-11-20 17:00:00.000000 UTC"
    assert "timestamp.txt" not in once["alan"]
    plan = take(made, source)
    assert not plan.late_without_time
    assert submitted(made) == once


@pytest.mark.parametrize(
    ("sortable", "user"),
    [
        ("Late, Anna LATE", 11),
        ("O'Brien-Müller, Zoë d'Arc", 12),
        ("Zoe\u0308, A", 13),
        ("Иванова, Анна", 14),
        ("李, 小龙", 15),
        ("agent_007_bond", 16),
        ("Bond_7", 17),
        ("7_x", 18),
        ("...", 19),
        ("Ng_4711", 20),
    ],
)
def test_odd_names_reach_the_one_whose_number_it_is(tmp_path, sortable, user):
    last, _, first = sortable.partition(", ")
    people = [ADA, ALAN, Person("seven", "Sieben", "Zwerge", ids={"canvas": "7"}), Person("odd", first, last, ids={"canvas": str(user)})]
    made = course(tmp_path / "course", people)
    file = canvas_name(sortable, user, 90210, f"{LAB}.ipynb", late=True)
    take(made, packed(tmp_path / "submissions.zip", {file: notebook("odd")}))
    assert texts(made) == {"odd": "odd"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (canvas_name("Lovelace, Ada", 99, 1, f"{LAB}.ipynb"), "ada has this name, but another Canvas's number"),
        (canvas_name("Hopper, Grace", 99, 1, f"{LAB}.ipynb"), "nobody in the roster has Canvas's number 99"),
        (canvas_name("Turing, Alan", 4711, 1, f"{LAB}.ipynb"), "Canvas's number says ada, and the name says alan"),
        ("bond_4711_4712_90212_lab.ipynb", "can be read in several ways"),
        ("anon_x7k2p_90212_lab.ipynb", "nobody in the roster has Canvas's number x7k2p"),
    ],
)
def test_who_is_not_certain_is_refused_and_nothing_is_collected(tmp_path, name, why):
    made = course(tmp_path / "course", [ADA, ALAN, Person("grace", "Grace", "Brewster", ids={"canvas": "5"})])
    source = packed(
        tmp_path / "submissions.zip", {name: notebook("?"), canvas_name("Brewster, Grace", 5, 2, f"{LAB}.ipynb"): notebook("grace")}
    )
    (said,) = refused(take(made, source)).values()
    assert why in said
    assert submitted(made) == {}
    take(made, source, skip=True)
    assert texts(made) == {"grace": "grace"}


def test_without_a_roster_the_ids_are_made_of_name_and_number(tmp_path):
    made = course(tmp_path / "course")
    files = {canvas_name("Müller, Jörg", 12, 1, f"{LAB}.ipynb"): notebook("one"), f"LATE_anon_x7k2p_3_{LAB}.ipynb": notebook("two")}
    plan = take(made, packed(tmp_path / "submissions.zip", files))
    assert not plan.with_roster
    assert texts(made) == {"müllerjörg-12": "one", "anon-x7k2p": "two"}


def test_a_number_in_a_name_is_told_from_the_users_by_the_labs_name_where_there_is_no_roster(tmp_path):
    made = course(tmp_path / "course")
    take(made, packed(tmp_path / "submissions.zip", {canvas_name("Bond_7", 4711, 90210, f"{LAB}.ipynb"): notebook("bond")}))
    assert texts(made) == {"bond-7-4711": "bond"}


def test_two_notebooks_of_one_are_refused_until_somebody_says_which_counts(tmp_path):
    made = course(tmp_path / "course", [ADA])
    files = {canvas_name("Lovelace, Ada", 4711, number, f"{LAB}.ipynb"): notebook(str(number)) for number in (1, 2)}
    source = packed(tmp_path / "submissions.zip", files)
    assert "which counts?" in refused(take(made, source))["lovelaceada_4711"]
    table = tmp_path / "whose.csv"
    table.write_text(f"file,student,notebook\nlovelaceada_4711,ada,2/{LAB}.ipynb\n")
    take(made, source, said=read_table(table))
    assert texts(made) == {"ada": "2"}


def test_two_attachments_with_the_same_bytes_are_one(tmp_path):
    made = course(tmp_path / "course", [ADA])
    files = {canvas_name("Lovelace, Ada", 4711, number, f"{LAB}.ipynb"): notebook("same") for number in (1, 2)}
    take(made, packed(tmp_path / "submissions.zip", files))
    assert texts(made) == {"ada": "same"}


def test_what_was_typed_into_canvas_is_collected_and_told(tmp_path):
    made = course(tmp_path / "course", [ADA])
    plan = take(made, packed(tmp_path / "submissions.zip", {"lovelaceada_LATE_4711_text.html": b"<p>hello"}))
    assert submitted(made) == {"ada": {"text.html": b"<p>hello"}}
    assert f"there is no {LAB}.ipynb" in told(plan)


def test_a_group_hands_in_by_one_of_its_members_and_the_table_asks_for_the_others(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    source = packed(tmp_path / "submissions.zip", {canvas_name("Team Rocket", 4711, 1, f"{LAB}.ipynb"): notebook("both")})
    assert "of a group?" in take(made, source).rows[0].how
    table = tmp_path / "whose.csv"
    table.write_text("file;student\nteamrocket_4711;ada & alan\n")
    take(made, source, said=read_table(table))
    assert texts(made) == {"ada": "both", "alan": "both"}


def test_an_older_zip_does_not_replace_what_came_later(tmp_path):
    made = course(tmp_path / "course", [ADA])
    old, new = (
        packed(tmp_path / f"{number}.zip", {canvas_name("Lovelace, Ada", 4711, number, f"{LAB}.ipynb"): notebook(str(number))})
        for number in (90210, 90999)
    )
    for source in (old, new, old):
        take(made, source)
    assert texts(made) == {"ada": "90999"}
    kept = made.notes(LAB) / "replaced" / "ada" / "1" / f"{LAB}.ipynb"
    assert kept.read_bytes() == notebook("90210")


def test_a_name_alone_does_not_count_while_another_file_may_be_under_it(tmp_path):
    people = [Person("ada", "Ada", "Lovelace", ids={"canvas": "7"}), Person("other", "Ada_7", "Lovelace")]
    made = course(tmp_path / "course", people)
    files = {canvas_name("Lovelace, Ada_7", user, user, f"{LAB}.ipynb"): notebook(str(user)) for user in (4711, 4712)}
    files |= {canvas_name("Lovelace, Ada_7", 4713, 9, f"{LAB}.ipynb", late=True): notebook("late")}
    assert len(refused(take(made, packed(tmp_path / "submissions.zip", files)))) == 3
    assert submitted(made) == {}


def test_an_older_zip_does_not_replace_what_came_later_with_a_time_that_was_given(tmp_path):
    made = course(tmp_path / "course", [ADA])
    for number in (90210, 90999, 90210):
        files = {canvas_name("Lovelace, Ada", 4711, number, f"{LAB}.ipynb", late=True): notebook(str(number))}
        take(made, packed(tmp_path / "submissions.zip", files), late_at=datetime(2020, 11, 20))
    assert texts(made) == {"ada": "90999"}
