"""What people are called."""

from __future__ import annotations

from grader.desk.roll import Roll
from grader.platforms import Person


def test_two_people_of_one_name_are_told_apart_by_their_ids() -> None:
    people = [Person("li1", "Li", "Wang"), Person("li2", "Li", "Wang"), Person("ada", "Ada", "Lovelace"), Person("nameless")]
    roll = Roll({person.student: person for person in people})
    assert [roll.told_apart(name) for name in ("li1", "li2", "ada", "nameless", "unknown")] == [
        "Li Wang (li1)", "Li Wang (li2)", "Ada Lovelace", "nameless", "unknown",
    ]  # fmt: skip
