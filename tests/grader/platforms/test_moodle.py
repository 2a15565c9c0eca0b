"""From Moodle's zip into the course: names as mod/assign/classes/downloader.php writes them, both layouts."""

from __future__ import annotations

import pytest

from grader.platforms import Person

from .zips import LAB, course, moodle_prefix, notebook, packed, refused, submitted, take, texts, told

ADA = Person("ada", "Ada", "Lovelace", section="Team Rocket", ids={"moodle": "4711 5822"})
ALAN = Person("alan", "Alan", "Turing", section="Team Rocket, Monday", ids={"moodle": "4712 5823"})
ANNA, ANNA2 = Person("anna", "Anna", "Schmidt"), Person("anna2", "Anna", "Schmidt")
OBRIEN = Person("obrien", "Seán", "O'Brien-Nic_Aodh")


def test_a_folder_for_each_with_what_was_typed_in_and_folders_below(tmp_path):
    made = course(tmp_path / "course", [ADA, OBRIEN])
    files = {
        f"{moodle_prefix('Ada Lovelace', 9001)}/{LAB}.ipynb": notebook("ada"),
        f"{moodle_prefix('Ada Lovelace', 9001)}/data/a.csv": b"1",
        f"{moodle_prefix('Ada Lovelace', 9001, 'onlinetext')}/onlinetext.html": b"<p>hello",
        f"{moodle_prefix(chr(83) + 'ean' + chr(769) + ' O' + chr(39) + 'Brien-Nic_Aodh', 9002)}/{LAB} (2).ipynb": notebook("sean"),
    }
    files = {name.replace("Sean\u0301", "Sea\u0301n"): data for name, data in files.items()}  # decomposed, as a Mac packs it
    take(made, packed(tmp_path / "moodle.zip", files))
    assert texts(made) == {"ada": "ada", "obrien": "sean"}
    assert set(submitted(made)["ada"]) == {f"{LAB}.ipynb", "data/a.csv", "onlinetext.html"}


def test_flat_names(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    files = {
        f"{moodle_prefix('Ada Lovelace', 4711)}_{LAB}.ipynb": notebook("ada"),
        f"{moodle_prefix('Ada Lovelace', 4711)}_my_data.csv": b"1",
        f"{moodle_prefix('Alan Turing', 4712)}_Kopie von {LAB}.ipynb": notebook("alan"),
    }
    take(made, packed(tmp_path / "moodle.zip", files))
    assert texts(made) == {"ada": "ada", "alan": "alan"}
    assert "my_data.csv" in submitted(made)["ada"]


def test_folders_of_before_4_1_end_in_an_underscore(tmp_path):
    made = course(tmp_path / "course", [ADA])
    take(made, packed(tmp_path / "moodle.zip", {f"{moodle_prefix('Ada Lovelace', 1)}_/{LAB}.ipynb": notebook("ada")}))
    assert texts(made) == {"ada": "ada"}


@pytest.mark.parametrize("number", [12, None])
def test_a_team_hands_in_for_all_of_its_members(tmp_path, number):
    made = course(tmp_path / "course", [ADA, ALAN, ANNA])
    plan = take(made, packed(tmp_path / "moodle.zip", {f"{moodle_prefix('Team Rocket', number)}/{LAB}.ipynb": notebook("both")}))
    assert texts(made) == {"ada": "both", "alan": "both"}
    assert "group Team Rocket" in plan.rows[0].how


def test_a_team_whose_number_is_that_of_a_participant_is_not_this_participant(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    plan = take(made, packed(tmp_path / "moodle.zip", {f"{moodle_prefix('Die anderen', 4711)}/{LAB}.ipynb": notebook("?")}))
    assert "Moodle's number says ada, and the name there is Die anderen" in refused(plan)["Die anderen_4711"]


def test_a_blind_assignment_is_recognised_by_numbers_where_the_roster_has_them(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    files = {f"{moodle_prefix('Teilnehmer/in', number)}/{LAB}.ipynb": notebook(str(number)) for number in (4711, 4712)}
    take(made, packed(tmp_path / "moodle.zip", files))
    assert texts(made) == {"ada": "4711", "alan": "4712"}
    other = {f"{moodle_prefix('Teilnehmer/in', number)}/{LAB}.ipynb": notebook(str(number)) for number in (1, 2)}
    plan = take(made, packed(tmp_path / "other.zip", other))
    assert all("nobody in the roster has Moodle's number" in why for why in refused(plan).values())


def test_the_number_is_another_one_in_each_assignment_and_then_the_name_counts(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    take(made, packed(tmp_path / "moodle.zip", {f"{moodle_prefix('Ada Lovelace', 7777)}/{LAB}.ipynb": notebook("ada")}))
    assert texts(made) == {"ada": "ada"}


def test_where_a_number_is_known_another_one_says_that_it_is_somebody_else(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    names = [moodle_prefix("Alan Turing", 4712), moodle_prefix("Ada Lovelace", 7777)]
    plan = take(made, packed(tmp_path / "moodle.zip", {f"{name}/{LAB}.ipynb": notebook() for name in names}))
    assert "another Moodle's number in the roster" in refused(plan)["Ada Lovelace_7777"]


@pytest.mark.parametrize("people", [[ANNA, ANNA2], [ANNA], []])
def test_two_people_of_one_name_are_refused(tmp_path, people):
    made = course(tmp_path / "course", people)
    files = {f"{moodle_prefix('Anna Schmidt', number)}/{LAB}.ipynb": notebook(str(number)) for number in (1, 2)}
    plan = take(made, packed(tmp_path / "moodle.zip", files))
    assert len(refused(plan)) == 2
    assert submitted(made) == {}


def test_without_a_roster_the_id_is_made_of_the_name_alone(tmp_path):
    made = course(tmp_path / "course")
    for number in (1, 2):
        take(made, packed(tmp_path / f"{number}.zip", {f"{moodle_prefix('Ada Lovelace', number)}/{LAB}.ipynb": notebook(str(number))}))
    assert texts(made) == {"ada-lovelace": "2"}


def test_the_notebook_of_another_lab_is_told(tmp_path):
    made = course(tmp_path / "course", [ADA])
    plan = take(made, packed(tmp_path / "moodle.zip", {f"{moodle_prefix('Ada Lovelace', 1)}/lab02_losses.ipynb": notebook("?")}))
    assert "lab02_losses.ipynb is the notebook of lab02_losses" in told(plan)
