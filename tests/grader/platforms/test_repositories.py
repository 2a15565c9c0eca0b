"""A folder or a zip of repositories, and nbgrader's own folders."""

from __future__ import annotations

import io
import zipfile

import pytest

from grader.platforms import Person

from .zips import LAB, course, notebook, packed, refused, submitted, take, texts, told

ADA = Person("ada", "Ada", "Lovelace", "ada@x.edu", ids={"github": "ada-l"})
ALAN = Person("alan", "Alan", "Turing", "alan@x.edu", ids={"github": "turing"})


def laid(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_repositories_by_login_with_the_folder_of_the_lab_in_them(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    files = {
        f"lab01-perceptron-ada-l/labs/{LAB}/{LAB}.ipynb": notebook("ada"),
        f"lab01-perceptron-ada-l/labs/{LAB}/data/a.csv": b"1",
        f"lab01-perceptron-ada-l/labs/{LAB}/timestamp.txt": b"2000-01-01 00:00:00 UTC",
        "lab01-perceptron-ada-l/README.md": b"hello",
        "lab01-perceptron-ada-l/.git/config": b"[core]\n  fsmonitor = touch /tmp/x",
        f"lab01-perceptron-turing/{LAB}.ipynb": notebook("alan"),
    }
    plan = take(made, laid(tmp_path / "repositories", files))
    assert texts(made) == {"ada": "ada", "alan": "alan"}
    assert set(submitted(made)["ada"]) == {f"{LAB}.ipynb", "data/a.csv"}
    assert "timestamp.txt stays out" in told(plan)
    assert f"only what lies in labs/{LAB}/ is taken, not 1 other file" in told(plan)


def test_zips_as_github_gives_them(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    packs = {}
    for login in ("ada-l", "turing"):
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as target:
            target.writestr(f"lab01-{login}-main/{LAB}.ipynb", notebook(login))
        packs[f"lab01-{login}-main.zip"] = inner.getvalue()
    take(made, laid(tmp_path / "here", packs))
    assert texts(made) == {"ada": "ada-l", "alan": "turing"}


def test_students_csv_beside_them_says_who_is_who(tmp_path):
    made = course(tmp_path / "course", [Person("ada", "Ada", "Lovelace", "ada@x.edu"), Person("l", "L", "L", "l@x.edu")])
    table = b"username,first_name,last_name,email,section,github_id\nada-l,Ada,Lovelace,ADA@x.edu,A,77\n"
    take(made, packed(tmp_path / "all.zip", {"students.csv": table, f"{LAB}-ada-l/{LAB}.ipynb": notebook("ada")}))
    assert texts(made) == {"ada": "ada"}


def test_a_name_that_ends_in_two_logins_is_refused(tmp_path):
    made = course(tmp_path / "course", [Person("a", ids={"github": "x-ada"}), Person("b", ids={"github": "ada"})])
    plan = take(made, laid(tmp_path / "here", {f"hw-x-ada/{LAB}.ipynb": notebook(), f"other/{LAB}.ipynb": notebook()}))
    assert "ends in the logins x-ada and ada" in refused(plan)["hw-x-ada"]


def test_without_a_roster_the_id_is_what_stands_behind_the_labs_name(tmp_path):
    made = course(tmp_path / "course")
    take(made, laid(tmp_path / "here", {f"lab01-perceptron-{login}/{LAB}.ipynb": notebook(login) for login in ("ada-l", "ada-x")}))
    assert texts(made) == {"ada-l": "ada-l", "ada-x": "ada-x"}


def test_no_link_in_a_folder_is_followed(tmp_path):
    made = course(tmp_path / "course", [ADA])
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    folder = laid(tmp_path / "here", {f"x-ada-l/{LAB}.ipynb": notebook("ada")})
    (folder / "x-ada-l" / "s.txt").symlink_to(secret)
    (folder / "x-ada-l" / "d").symlink_to(tmp_path)
    plan = take(made, folder)
    assert set(submitted(made)["ada"]) == {f"{LAB}.ipynb"}
    assert told(plan).count("no link is followed") == 2


def test_nbgraders_submitted_folder(tmp_path):
    made = course(tmp_path / "course", [ADA, ALAN])
    files = {
        f"submitted/ada/{LAB}/{LAB}.ipynb": notebook("ada"),
        f"submitted/ada/{LAB}/timestamp.txt": b"2020-01-01 00:00:00 UTC",
        "submitted/ada/lab02_losses/lab02_losses.ipynb": notebook("other"),
        f"submitted/alan/{LAB}/{LAB}.ipynb": notebook("alan"),
    }
    take(made, packed(tmp_path / "submitted.zip", files))
    assert texts(made) == {"ada": "ada", "alan": "alan"}
    assert submitted(made)["ada"]["timestamp.txt"] == b"2020-01-01 00:00:00 UTC"


def test_nbgraders_inbound_the_newest_counts_by_the_folders_name(tmp_path):
    made = course(tmp_path / "course", [ADA, Person("a+b", "A", "B")])
    names = {
        f"ada+{LAB}+2020-01-02 10:00:00.000000 UTC+x1": "second",
        f"ada+{LAB}+2020-01-02 09:00:00.000000 Europe/Berlin+x2": "first",
        f"a+b+{LAB}+2020-01-03 09:00:00 UTC": "plus",
        "ada+lab02_losses+2020-01-02 10:00:00.000000 UTC+x1": "other lab",
    }
    files = {f"{name}/{LAB}.ipynb".replace("/Berlin", "/Berlin"): notebook(text) for name, text in names.items() if "Berlin" not in name}
    files |= {f"{name}/timestamp.txt": b"1999-01-01 00:00:00 UTC" for name in names if "Berlin" not in name}
    plan = take(made, packed(tmp_path / "inbound.zip", files))
    assert texts(made) == {"a+b": "plus", "ada": "second"}
    assert submitted(made)["ada"]["timestamp.txt"] == b"2020-01-02 10:00:00.000000 UTC"
    assert len(plan.rows) == 2
    older = {f"ada+{LAB}+2020-01-01 10:00:00.000000 UTC+x0/{LAB}.ipynb": notebook("older"), **files}
    plan = take(made, packed(tmp_path / "again.zip", older))
    assert texts(made)["ada"] == "second"
    assert "a newer one counts" in told(plan)


@pytest.mark.parametrize("name", [f"ada+{LAB}+yesterday+x", f"eve+{LAB}+2020-01-02 10:00:00 UTC+x"])
def test_a_time_that_is_none_and_a_student_that_is_none(tmp_path, name):
    made = course(tmp_path / "course", [ADA])
    assert refused(take(made, packed(tmp_path / "inbound.zip", {f"{name}/{LAB}.ipynb": notebook()})))
