"""What collecting promises, whatever the platform: a plan first, nothing lost, nothing half-written, and twice is once."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from course_utils.errors import UserError
from grader.platforms import Person, placing, read_collected, read_table
from grader.platforms.notebooks import Wanted, choose

from .zips import LAB, OTHER, course, moodle_prefix, notebook, packed, refused, run, submitted, take, texts, told

ADA, ALAN = Person("ada", "Ada", "Lovelace"), Person("alan", "Alan", "Turing")


def handed_in(folder, **said):
    """A zip of Moodle in which these people say these things."""
    names = {"ada": "Ada Lovelace", "alan": "Alan Turing", "eve": "Eve Nobody", "=cmd": "=cmd|' /C calc'!A1"}
    files = {f"{moodle_prefix(names[who], 1)}/{LAB}.ipynb": notebook(text) for who, text in said.items()}
    return packed(folder / "moodle.zip", files)


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"") for path in sorted(root.rglob("*"))}


def test_nothing_is_written_before_somebody_says_yes(tmp_path, capsys):
    made = course(tmp_path / "course", [ADA])
    source, before = handed_in(tmp_path, ada="one"), tree(tmp_path / "course")
    assert run(made, source, "--dry-run") == 0
    assert run(made, source) == 1  # nobody is at the keyboard of a test
    assert "--yes" in capsys.readouterr().out
    assert tree(tmp_path / "course") == before


def test_the_same_zip_given_again_changes_nothing(tmp_path):
    made = course(tmp_path / "course", [ADA])
    source = handed_in(tmp_path, ada="one")
    take(made, source)
    once = tree(tmp_path / "course")
    plan = take(made, source)
    assert plan.rows[0].becomes == {"ada": "as before"}
    assert tree(tmp_path / "course") == once


def test_what_somebody_mended_by_hand_stays_until_another_one_is_handed_in(tmp_path):
    made = course(tmp_path / "course", [ADA])
    take(made, handed_in(tmp_path, ada="one"))
    path = made.folder("submitted", "ada", LAB) / f"{LAB}.ipynb"
    path.write_bytes(notebook("mended"))
    take(made, handed_in(tmp_path, ada="one"))
    assert texts(made) == {"ada": "mended"}
    take(made, handed_in(tmp_path, ada="two"))
    assert texts(made) == {"ada": "two"}
    assert (made.notes(LAB) / "replaced" / "ada" / "1" / f"{LAB}.ipynb").read_bytes() == notebook("mended")


def test_every_submission_that_was_replaced_is_kept(tmp_path):
    made = course(tmp_path / "course", [ADA])
    for text in ("one", "two", "three"):
        take(made, handed_in(tmp_path, ada=text))
    kept = made.notes(LAB) / "replaced" / "ada"
    assert [(kept / number / f"{LAB}.ipynb").read_bytes() for number in ("1", "2")] == [notebook("one"), notebook("two")]


def test_a_submission_without_the_notebook_does_not_replace_one_that_has_it(tmp_path):
    made = course(tmp_path / "course", [ADA])
    take(made, handed_in(tmp_path, ada="one"))
    source = packed(tmp_path / "moodle.zip", {f"{moodle_prefix('Ada Lovelace', 1)}/notes.txt": b"sorry"})
    assert "it has no notebook of the lab" in refused(take(made, source))["Ada Lovelace_1"]
    assert texts(made) == {"ada": "one"}
    (tmp_path / "whose.csv").write_text("file,student\nAda Lovelace_1,ada\n")
    take(made, source, said=read_table(tmp_path / "whose.csv"))
    assert list(submitted(made)["ada"]) == ["notes.txt"]


def test_whoever_is_killed_between_two_steps_starts_again(tmp_path, monkeypatch):
    made = course(tmp_path / "course", [ADA, ALAN])
    take(made, handed_in(tmp_path, ada="one", alan="one"))
    source, moved, rename = handed_in(tmp_path, ada="two", alan="two"), [], placing._rename

    def dies(one: Path, other: Path) -> None:
        moved.append(other)
        if len(moved) == 4:
            raise KeyboardInterrupt
        rename(one, other)

    monkeypatch.setattr(placing, "_rename", dies)
    with pytest.raises(KeyboardInterrupt):
        take(made, source)
    assert texts(made) == {"ada": "two"}  # whole; the other one waits in the folder of what was replaced
    monkeypatch.setattr(placing, "_rename", rename)
    take(made, source)
    assert texts(made) == {"ada": "two", "alan": "two"}
    assert {name: entry.place for name, entry in read_collected(made, LAB).items()} == {"ada": "Ada Lovelace_1", "alan": "Alan Turing_1"}
    assert (made.notes(LAB) / "replaced" / "alan" / "1" / f"{LAB}.ipynb").read_bytes() == notebook("one")


def test_a_full_disk_leaves_everything_as_it_was(tmp_path, monkeypatch):
    made = course(tmp_path / "course", [ADA, ALAN])
    take(made, handed_in(tmp_path, ada="one"))
    before = submitted(made)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(placing.Stage, "add", full)
    with pytest.raises(UserError, match=r"No space left on device\). Nothing was collected"):
        take(made, handed_in(tmp_path, ada="two", alan="two"))
    assert submitted(made) == before
    assert not (made.notes(LAB) / "collecting").exists()


def test_a_link_in_the_place_of_a_submission_is_set_aside_and_not_followed(tmp_path):
    made = course(tmp_path / "course", [ADA])
    outside = tmp_path / "outside"
    outside.mkdir()
    place = made.folder("submitted", "ada", LAB)
    place.parent.mkdir(parents=True)
    place.symlink_to(outside)
    take(made, handed_in(tmp_path, ada="one"))
    assert texts(made) == {"ada": "one"}
    assert list(outside.iterdir()) == []


def test_folders_of_a_course_with_another_structure(tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"\n'
        'c.CourseDirectory.submitted_directory = "in"\nc.CourseDirectory.groupshared = True\n'
    )
    for step in ("source", "release"):
        (tmp_path / "course" / step / LAB / ".").mkdir(parents=True)
        (tmp_path / "course" / step / LAB / f"{LAB}.ipynb").write_bytes(notebook())
    made = course(tmp_path / "course", [ADA], {})
    take(made, handed_in(tmp_path, ada="one"))
    folder = tmp_path / "course" / "in" / LAB / "ada"
    assert (folder / f"{LAB}.ipynb").read_bytes() == notebook("one")
    assert stat.S_IMODE(folder.stat().st_mode) & 0o2070 == 0o2070


def test_the_table_is_written_changed_and_given_back(tmp_path, capsys):
    made = course(tmp_path / "course", [ADA, ALAN])
    source, table = handed_in(tmp_path, ada="ada", eve="alan, really", **{"=cmd": "a stranger"}), tmp_path / "whose.csv"
    assert run(made, source, "--table", str(table)) == 0
    text = table.read_text("utf-8-sig")
    assert "\n'=cmd C calc!A1_1," in text
    assert not submitted(made)
    changed = text.replace("Eve Nobody_1,", "Eve Nobody_1,alan", 1)
    table.write_text(changed, "utf-8-sig")
    assert run(made, source, "--map", str(table), "--yes") == 0
    assert texts(made) == {"ada": "ada", "alan": "alan, really"}
    assert "left out, as --map says" in " ".join(capsys.readouterr().out.split())
    assert read_table(table)["Ada Lovelace_1"].notebooks == (f"{LAB}.ipynb",)
    assert run(made, source, "--table", str(table)) == 2  # somebody's work is not overwritten
    assert table.read_text("utf-8-sig") == changed


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("file,student\nnobody,ada\n", "nobody, which is not in the source"),
        ("file,student\nAda Lovelace_1,eve\n", "eve, who is not in the roster"),
        ("file,student\nAda Lovelace_1,../x\n", "line 2: '../x' cannot be a student's id"),
        ("file,student\nAda Lovelace_1,ada\nAda Lovelace_1,ada\n", "line 3: Ada Lovelace_1 is there twice"),
        ("file,student,submitted\nAda Lovelace_1,ada,soon\n", "line 2: 'soon' is no date"),
        ("datei;student\nAda Lovelace_1;ada\n", "no column 'file'"),
    ],
)
def test_a_table_that_cannot_be_followed(tmp_path, table, why):
    made = course(tmp_path / "course", [ADA])
    (tmp_path / "whose.csv").write_text(table)
    with pytest.raises(UserError, match=why):
        take(made, handed_in(tmp_path, ada="one"), said=read_table(tmp_path / "whose.csv"))


def test_a_time_in_the_table_lies_where_nbgrader_reads_it(tmp_path):
    made = course(tmp_path / "course", [ADA])
    (tmp_path / "whose.csv").write_text("file;student;submitted\nAda Lovelace_1;ada;2020-11-20 18:00+01:00\n")
    take(made, handed_in(tmp_path, ada="one"), said=read_table(tmp_path / "whose.csv"))
    assert submitted(made)["ada"]["timestamp.txt"] == b"2020-11-20 17:00:00.000000 UTC"


def test_a_notebook_is_named_in_the_table_where_two_could_be_it(tmp_path):
    made = course(tmp_path / "course", [ADA])
    start = moodle_prefix("Ada Lovelace", 1)
    source = packed(tmp_path / "moodle.zip", {f"{start}/{name}": notebook(name) for name in (f"{LAB}.ipynb", f"{LAB} (1).ipynb")})
    assert "which counts?" in refused(take(made, source))["Ada Lovelace_1"]
    (tmp_path / "whose.csv").write_text("file,student,notebook\nAda Lovelace_1,ada,../other.ipynb\n")
    assert "not among what was handed in" in refused(take(made, source, said=read_table(tmp_path / "whose.csv")))["Ada Lovelace_1"]
    (tmp_path / "whose.csv").write_text(f"file,student,notebook\nAda Lovelace_1,ada,{LAB} (1).ipynb\n")
    take(made, source, said=read_table(tmp_path / "whose.csv"))
    assert texts(made) == {"ada": f"{LAB} (1).ipynb"}


@pytest.mark.parametrize("lab", ["lab99", "", "../x", ".hidden"])
def test_a_lab_that_the_course_does_not_have(tmp_path, lab):
    made = course(tmp_path / "course", [ADA])
    with pytest.raises(UserError, match="is no lab of this course"):
        take(made, handed_in(tmp_path, ada="one"), lab=lab)


@pytest.mark.parametrize(
    ("asked", "said"), [(None, "is of no platform"), ("canvas", "is not Canvas's"), ("gradescope", "is not Gradescope's")]
)
def test_a_zip_of_no_platform(tmp_path, asked, said):
    made = course(tmp_path / "course", [ADA])
    with pytest.raises(UserError, match=said):
        take(made, packed(tmp_path / "x.zip", {"README.md": b"x", f"a/{LAB}.ipynb": b"x"}), platform=asked)


def test_what_is_nobodys_by_its_name_is_told(tmp_path):
    made = course(tmp_path / "course", [ADA])
    files = {
        f"{moodle_prefix('Ada Lovelace', 1)}/{LAB}.ipynb": notebook("ada"),
        "readme.txt": b"x",
        "__MACOSX/._a": b"x",
        ".DS_Store": b"x",
    }
    plan = take(made, packed(tmp_path / "moodle.zip", files))
    assert plan.left_out == ["readme.txt is nobody's, by its name."]


def test_a_record_that_cannot_be_read_is_one_sentence(tmp_path):
    made = course(tmp_path / "course", [ADA])
    made.notes(LAB).mkdir(parents=True)
    (made.notes(LAB) / "collected.json").write_text("{")
    with pytest.raises(UserError, match="delete it"):
        take(made, handed_in(tmp_path, ada="one"))


@pytest.mark.parametrize(
    ("name", "is_it"),
    [
        ("p1.ipynb", True),
        ("p1 (2).ipynb", True),
        ("p1-1.ipynb", True),
        ("p1-Copy1.ipynb", True),
        ("P1.ipynb", True),
        ("Kopie von p1.ipynb", True),
        ("Copy of p1.ipynb", True),
        ("p1_ada_final.ipynb", True),
        ("p1.ipynb.txt", True),
        ("work/p1.ipynb", True),
        ("p10.ipynb", False),
        ("p1_extra.ipynb", False),
        ("homework.ipynb", False),
        ("p1.py", False),
        (".ipynb_checkpoints/p1.ipynb", False),
    ],
)
def test_which_names_are_the_notebooks(name, is_it):
    chosen = choose({name: "x"}, Wanted(("p1", "p1_extra"), {}, lambda _: False), lambda _: 1, lambda _: b"x", {}, False)
    assert (chosen.files.get("p1.ipynb") == "x") == is_it


def test_several_notebooks_of_one_lab_keep_their_own_names(tmp_path):
    made = course(tmp_path / "course", [ADA], {LAB: ["p1", "p1_extra"], OTHER: [OTHER]})
    start = moodle_prefix("Ada Lovelace", 1)
    names = ["week/p1 (1).ipynb", "week/p1_extra.ipynb", "week/data/a.csv", "week/scratch.ipynb"]
    plan = take(made, packed(tmp_path / "moodle.zip", {f"{start}/{name}": name.encode() for name in names}))
    assert submitted(made) == {
        "ada": {"p1.ipynb": b"week/p1 (1).ipynb", "p1_extra.ipynb": b"week/p1_extra.ipynb", "data/a.csv": b"week/data/a.csv"}
    }
    assert "other notebooks stay out: scratch.ipynb" in told(plan)


def test_a_students_own_timestamp_and_secret_count_nothing(tmp_path):
    made = course(tmp_path / "course", [ADA])
    start = moodle_prefix("Ada Lovelace", 1)
    names = [f"{LAB}.ipynb", "timestamp.txt", "submission_secret.txt"]
    take(made, packed(tmp_path / "moodle.zip", {f"{start}/{name}": b"2000-01-01 00:00:00 UTC" for name in names}))
    assert list(submitted(made)["ada"]) == [f"{LAB}.ipynb"]


def test_what_is_written_is_private_while_it_is_written_and_readable_after(tmp_path):
    made = course(tmp_path / "course", [ADA])
    take(made, handed_in(tmp_path, ada="one"))
    path = made.folder("submitted", "ada", LAB) / f"{LAB}.ipynb"
    assert os.access(path, os.R_OK)
    assert stat.S_IMODE((made.notes(LAB) / "collected.json").stat().st_mode) == 0o600


def test_a_table_that_nobody_changed_changes_nothing(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    names = {"Ada Lovelace": "homework.ipynb", "Alan Turing": f"{LAB} (2).ipynb"}
    source = packed(tmp_path / "moodle.zip", {f"{moodle_prefix(who, 1)}/{file}": notebook(file) for who, file in names.items()})
    table = tmp_path / "whose.csv"
    assert run(made, source, "--table", str(table)) == 0
    take(made, source, said=read_table(table))
    assert [list(files) for files in submitted(made).values()] == [["homework.ipynb"], [f"{LAB}.ipynb"]]
