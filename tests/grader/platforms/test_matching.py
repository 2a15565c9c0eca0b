"""No grade reaches somebody else: rows and students of random classes, with homonyms, accents, and ids of several platforms."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from course_utils.errors import UserError
from grader.platforms.columns import fitting
from grader.platforms.entries import read_entries
from grader.platforms.matching import match
from grader.platforms.people import Person
from grader.platforms.sheets import parse_sheet

ROSTERS = int(os.environ.get("ROSTERS", "300"))
FIRST = ["Ada", "Jörg", "Zoé", "Ana María", "Li", "Nguyễn", "O'Neil", "Søren"]
LAST = ["Lovelace", "Müller", "van den Berg", "López García", "Wang", "Văn", "Smith-Jones", "Ångström"]


def people_of(chance: random.Random, count: int) -> list[Person]:
    """A class with homonyms; logins that look alike; numbers of one platform that are those of another one's neighbours."""
    logins = chance.sample([f"{a}{b}" for a in ("al", "AL", "jm", "zo") for b in range(count)], count)
    logins = list({login.casefold(): login for login in logins}.values())
    numbers = chance.sample(range(1000, 1000 + 3 * count), len(logins))
    found = []
    for login, number in zip(logins, numbers, strict=True):
        ids = {"canvas": str(number), "sis": str(number + chance.choice([1, 5000])), "login": login, "moodle": str(number + 7)}
        mail = f"{login}@{chance.choice(['uni.edu', 'mail.de'])}".lower()
        found.append(Person(login, chance.choice(FIRST), chance.choice(LAST), mail, "A", ids))
    return found


def sheet_of(chance: random.Random, people: list[Person]) -> bytes:
    """What a platform says of these people, in any order."""
    rows = chance.sample(people, len(people))
    match chance.choice(["canvas", "moodle", "gradescope", "mail"]):
        case "canvas":
            head = "Student,ID,SIS User ID,SIS Login ID,Section,Lab (1)"
            body = [f'"{p.last_name}, {p.first_name}",{p.ids["canvas"]},{p.ids["sis"]},{p.ids["login"]},A,' for p in rows]
        case "moodle":
            head = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade)"
            body = [f"Participant {p.ids['moodle']},{p.first_name} {p.last_name},{p.email},-,,10.00,Yes,-" for p in rows]
        case "gradescope":
            head = "First Name,Last Name,SID,Email"
            body = [f"{p.first_name},{p.last_name},{p.ids['sis']},{p.email}" for p in rows]
        case _:
            head, body = "Name,E-Mail", [f"{p.first_name} {p.last_name},{p.email}" for p in rows]
    return "\n".join([head, *body]).encode()


def known_of(chance: random.Random, people: list[Person]) -> Iterator[tuple[str, Person]]:
    """What the course knows of them, by address: with other ids, with less, and not all of them."""
    key = chance.choice(["login", "sis", "canvas", "mailbox"])
    for person in people:
        student = person.email.partition("@")[0] if key == "mailbox" else person.ids[key]
        ids = {kind: value for kind, value in person.ids.items() if chance.random() < 0.5}
        mail = person.email if chance.random() < 0.5 else ""
        if chance.random() < 0.9:
            yield person.email, replace(person, student=student, ids=ids, email=mail)


@pytest.mark.stress
def test_no_row_of_a_random_class_is_taken_for_somebody_else() -> None:
    found = refused = 0
    for seed in range(ROSTERS):
        chance = random.Random(seed)
        people = people_of(chance, chance.randint(2, 12))
        known = dict(known_of(chance, people))
        entries = read_entries(parse_sheet(sheet_of(chance, people), "sheet.csv", fitting))
        try:
            students = match(entries, {one.student: one for one in known.values()}).students
        except UserError:
            refused += 1
            continue
        for entry, student in zip(entries.of_students, students, strict=True):
            if student is not None:
                whose = next(one for one in people if _is_about(entry, one))
                assert student == known[whose.email].student, (seed, entry, student)
                found += 1
    assert found > 2 * ROSTERS
    assert refused < ROSTERS / 3


def _is_about(entry: Any, person: Person) -> bool:
    """Whether the sheet wrote this row of this person, by what no two people share there."""
    if "canvas" not in entry.ids:
        return bool(entry.ids["email"] == person.email)
    return bool(entry.ids["canvas"] == person.ids["canvas"])


@pytest.mark.parametrize(
    ("known", "told", "same"),
    [
        (("Ada", "Lovelace"), "Lovelace, Ada", True),
        (("Jörg", "Müller"), "JORG MULLER", True),
        (("Jörg", "Müller"), "J. Müller", True),
        (("J.", "Müller"), "Jörg Müller", True),
        (("Anna María", "López García"), "María López", True),
        (("", "Cher"), "Cher", True),
        (("Ada", "Lovelace"), "Ada Byron", False),
        (("Ada", "Lovelace"), "Anne Lovelace", False),
        (("Li", "Wang"), "Wang, Li", True),
    ],
)
def test_a_mailbox_counts_where_first_and_last_name_agree(known: tuple[str, str], told: str, same: bool) -> None:
    entries = read_entries(parse_sheet(f'name,email\n"{told}",ada@elsewhere.edu\n'.encode(), "list.csv", fitting))
    people = {"ada": Person("ada", *known)}
    if same:
        assert match(entries, people).students == ["ada"]
        return
    with pytest.raises(UserError, match="Is it one person"):
        match(entries, people)
    assert match(entries, people, "email").students == ["ada"]
