"""From a platform's zip to the gradebook in two commands: `handgrad collect`, `handgrad grade`."""

from __future__ import annotations

import zipfile

import nbformat
import pytest

from course_utils.cli import main
from grader.books import open_course
from grader.platforms import Person, write_people

from .zips import canvas_name, gradescope_metadata, moodle_prefix, packed

LAB = "lab_tiny"
PEOPLE = [
    Person("ada", "Ada", "Lovelace", "ada@x.edu", section="Rocket", ids={"canvas": "4711", "sis": "71"}),
    Person("alan", "Alan", "Turing", "alan@x.edu", section="Rocket", ids={"canvas": "4712", "sis": "72"}),
    Person("zoe", "Zoë", "O'Brien", "zoe@x.edu", ids={"canvas": "4713", "sis": "73"}),
]


def of_canvas(right, wrong):
    return {
        canvas_name("Lovelace, Ada", 4711, 1, f"{LAB}-1.ipynb"): right,
        canvas_name("Turing, Alan", 4712, 2, f"{LAB}.ipynb"): wrong,
        canvas_name("O'Brien, Zoë", 4713, 3, f"{LAB}.ipynb", late=True): right,
    }


def of_moodle(right, wrong):
    return {
        f"{moodle_prefix('Ada Lovelace', 1)}/{LAB} (2).ipynb": right,
        f"{moodle_prefix('Alan Turing', 2)}/mine/{LAB}.ipynb": wrong,
        f"{moodle_prefix(chr(90) + 'oe' + chr(0x308) + ' O' + chr(39) + 'Brien', 3)}/{LAB}.ipynb": right,
    }


def of_gradescope(right, wrong):
    people = [[{"name": f"{one.first_name} {one.last_name}", "sid": one.ids["sis"], "email": one.email}] for one in PEOPLE]
    times = ["2020-11-01 10:00:00.000000000 Z", "2020-11-01 11:00:00.000000000 Z", "2020-11-03 10:00:00.000000000 Z"]
    told = {number: (who, when) for number, (who, when) in enumerate(zip(people, times, strict=True), 1)}
    files = {f"submission_{number}/{LAB}.ipynb": data for number, data in enumerate((right, wrong, right), 1)}
    return {"submission_metadata.yml": gradescope_metadata(told), **files}


@pytest.mark.stress
@pytest.mark.parametrize(
    ("platform", "late_at"), [(of_canvas, "2020-11-03 10:00"), (of_moodle, ""), (of_gradescope, "")], ids=["canvas", "moodle", "gradescope"]
)
def test_two_commands_from_a_zip_to_the_gradebook(classroom, tmp_path, platform, late_at, capsys):
    course = open_course(classroom.root)
    write_people(course, PEOPLE)
    with course.database.open() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate="2020-11-02 00:00:00 UTC")
    right = nbformat.writes(classroom.notebook()).encode()
    wrong = nbformat.writes(classroom.notebook({})).encode()
    source = packed(tmp_path / "handed-in.zip", platform(right, wrong), compression=zipfile.ZIP_DEFLATED)
    more = ["--late-at", late_at] if late_at else []
    assert main(["collect", LAB, "--from", str(source), "--course", str(course.root), "--yes", *more]) == 0
    words = ["--course", str(course.root), "--solutions", str(classroom.solutions), "--workers", "1"]
    assert main(["grade", LAB, *words]) == 0, capsys.readouterr().out
    with course.database.open() as gradebook:
        found = {one.student_id: (one.score, one.total_seconds_late) for one in gradebook.assignment_submissions(LAB)}
    assert {student: score for student, (score, _) in found.items()} == {"ada": 9, "alan": 0, "zoe": 9}  # a person gives the other 3
    day_and_a_half = 34 * 3600
    assert found["zoe"][1] == (0 if platform is of_moodle else day_and_a_half)
    assert found["ada"][1] == found["alan"][1] == 0
