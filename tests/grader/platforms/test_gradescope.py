"""From Gradescope's export into the course: folders and `submission_metadata.yml`."""

from __future__ import annotations

import zipfile

import pytest

from course_utils.errors import UserError
from grader.platforms import Person

from .zips import LAB, course, gradescope_metadata, notebook, packed, refused, submitted, take, texts

ADA = Person("ada", "Ada", "Lovelace", "ada@x.edu", ids={"sis": "4711"})
ALAN = Person("alan", "Alan", "Turing", "alan@x.edu")
AT, LATER = "2020-11-03 21:14:05.123456789 Z", "2020-11-04 08:00:00.000000000 +01:00"
WRAPPER = "assignment_9100_export"


def who(person: Person, sid: str = "") -> dict[str, str]:
    return {"name": f"{person.first_name} {person.last_name}", "sid": sid or person.ids.get("sis", ""), "email": person.email}


def export(submissions, files, wrapper=f"{WRAPPER}/"):
    return {f"{wrapper}submission_metadata.yml": gradescope_metadata(submissions), **{wrapper + name: data for name, data in files.items()}}


def test_people_by_sid_and_e_mail_with_the_time_of_each(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    files = {f"submission_1/{LAB}.ipynb": notebook("ada"), "submission_1/a.csv": b"1", f"submission_2/{LAB}.ipynb": notebook("alan")}
    take(made, packed(tmp_path / "export.zip", export({1: ([who(ADA)], AT), 2: ([who(ALAN)], LATER)}, files)))
    assert texts(made) == {"ada": "ada", "alan": "alan"}
    assert submitted(made)["ada"]["timestamp.txt"] == b"2020-11-03 21:14:05.123456 UTC"
    assert submitted(made)["alan"]["timestamp.txt"] == b"2020-11-04 07:00:00.000000 UTC"
    assert "a.csv" in submitted(made)["ada"]


def test_the_zip_may_be_unpacked(tmp_path):
    made = course(tmp_path / "course", [ADA])
    source = packed(tmp_path / "export.zip", export({1: ([who(ADA)], AT)}, {f"submission_1/{LAB}.ipynb": notebook("ada")}))
    with zipfile.ZipFile(source) as opened:
        opened.extractall(tmp_path / "here")
    take(made, tmp_path / "here")
    assert texts(made) == {"ada": "ada"}


def test_a_group_hands_in_once_for_all(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    plan = take(
        made, packed(tmp_path / "export.zip", export({1: ([who(ADA), who(ALAN)], AT)}, {f"submission_1/{LAB}.ipynb": notebook("both")}))
    )
    assert texts(made) == {"ada": "both", "alan": "both"}
    assert plan.rows[0].how.endswith("handed in together")


def test_a_group_with_a_stranger_in_it_is_refused_whole(tmp_path):
    made = course(tmp_path / "course", [ADA])
    plan = take(made, packed(tmp_path / "export.zip", export({1: ([who(ADA), who(ALAN)], AT)}, {f"submission_1/{LAB}.ipynb": notebook()})))
    assert "nobody in the roster has e-mail alan@x.edu or this name" in refused(plan)["submission_1"]
    assert submitted(made) == {}


def test_a_newer_submission_replaces_and_an_older_one_does_not(tmp_path):
    made = course(tmp_path / "course", [ADA])
    for number, when in ((1, AT), (2, LATER), (1, AT)):
        take(
            made,
            packed(tmp_path / "export.zip", export({number: ([who(ADA)], when)}, {f"submission_{number}/{LAB}.ipynb": notebook(when)})),
        )
    assert texts(made) == {"ada": LATER}
    assert len(list((made.notes(LAB) / "replaced" / "ada").iterdir())) == 1


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ({"name": "Ada Lovelace", "sid": "9", "email": "ada@gmail.com"}, "another SID and e-mail"),
        ({"name": "Ada Lovelace", "sid": "4711", "email": "alan@x.edu"}, "SID says ada, e-mail says alan"),
        ({"name": "Grace Hopper", "sid": "9"}, "nobody in the roster has SID 9"),
    ],
)
def test_what_contradicts_itself_or_the_roster_is_refused(tmp_path, person, why):
    made = course(tmp_path / "course", [ADA, ALAN])
    plan = take(made, packed(tmp_path / "export.zip", export({1: ([person], AT)}, {f"submission_1/{LAB}.ipynb": notebook()})))
    assert why in refused(plan)["submission_1"]


def test_folders_that_the_metadata_does_not_know_and_the_other_way_round(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    plan = take(made, packed(tmp_path / "export.zip", export({1: ([who(ADA)], AT)}, {f"submission_2/{LAB}.ipynb": notebook()})))
    assert "no file of it is in the export" in refused(plan)["submission_1"]
    assert "does not say whose it is" in refused(plan)["submission_2"]


@pytest.mark.parametrize(
    ("person", "student"),
    [
        ({"name": "Ada Lovelace", "sid": "4711", "email": "ada@x.edu"}, "4711"),
        ({"name": "Ada Lovelace", "email": "Ada@x.edu"}, "ada@x.edu"),
        ({"name": "Ada Lovelace", "sid": "=1+1", "email": ""}, "ada-lovelace"),
        ({"name": "Zo\u00eb: 'x' #y"}, "zo\u00eb-x-y"),
    ],
)
def test_without_a_roster(tmp_path, person, student):
    made = course(tmp_path / "course")
    take(made, packed(tmp_path / "export.zip", export({1: ([person], AT)}, {f"submission_1/{LAB}.ipynb": notebook("?")})))
    assert texts(made) == {student: "?"}


BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}, *{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        (b"submission_1: [\x00", "cannot be read"),
        (b"submission_1:\n  - : :\n :", "cannot be read"),
        (b"\xff\xfe\xff", "cannot be read"),
        (BOMB.encode(), ""),
        (b"submission_1: " + b"[" * 3000 + b"]" * 3000, ""),
        (b"submission_1: !ruby/object:Kernel\n  :submitters: !!python/object/apply:os.system [echo]\n", ""),
        (b"submission_1:\n  :submitters:\n  - &p\n    :name: &n Ada Lovelace\n    :sid: '4711'\n  :created_at: *n\n", ""),
    ],
)
def test_metadata_that_is_broken_or_made_to_hurt(tmp_path, yaml, said):
    made = course(tmp_path / "course", [ADA])
    source = packed(tmp_path / "export.zip", {"submission_metadata.yml": yaml, f"submission_1/{LAB}.ipynb": notebook("ada")})
    if said:
        with pytest.raises(UserError, match=said):
            take(made, source)
    else:
        plan = take(made, source)
        assert texts(made) == ({} if plan.problems else {"ada": "ada"})
