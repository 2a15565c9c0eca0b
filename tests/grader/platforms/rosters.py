"""Random classes whose names are easily taken for each other, and what each platform would hand out of them.

Every notebook says whose it really is, so that nothing of what is tested is needed to count who was taken for somebody else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from grader.platforms import Person

from .zips import LAB, canvas_name, gradescope_metadata, moodle_prefix, notebook

FIRST = [
    "Ada", "Anna", "Anna-Maria", "Annamaria", "Anna Maria", "Zoë", "Zoe", "Jörg", "Jorg", "Joerg", "José", "Jose", "Seán",
    "D'Arcy", "Ann", "Lee", "Late", "LATE", "Lata", "Иван", "小龙", "Ахмед", "محمد", "अनन्या", "İpek", "Ipek", "Bond_7",
    "agent_007_x", "X", "Ng_12", "O", "8",
]  # fmt: skip
LAST = [
    "Schmidt", "Schmidt-Meyer", "Schmidt Meyer", "Müller", "Muller", "Mueller", "O'Brien", "OBrien", "O’Brien", "de la Cruz",
    "De La Cruz", "Lee", "Ann", "Late", "Iyer LATE", "Иванова", "李", "Łukasz", "Strauß", "Strauss", "van 't Hoff", "Ng", "Nguyễn",
    "Smith_3", "Jr. 2", "Brien", "Müller II",
]  # fmt: skip


@dataclass(frozen=True)
class Someone:
    """A person as the platform knows it; `student` is the id in the course, empty for one who is not in the roster."""

    student: str
    first: str
    last: str
    canvas: int
    moodle: int
    elsewhere: int
    sid: str
    email: str


@dataclass(frozen=True)
class Case:
    """A roster, and what is handed out: bytes by name."""

    people: list[Person]
    files: Mapping[str, bytes]


def squeezed(name: str) -> str:
    """Names that nobody can tell apart by what a platform leaves of them."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return "".join(sorted(letter for letter in plain if letter.isalnum() or unicodedata.category(letter).startswith("M")))


def a_class(rng: Random) -> tuple[list[Someone], list[Someone]]:
    """The students of a course, and some who are in the platform's course only. Many have one name, or nearly one."""
    small = rng.random() < 0.5  # numbers that also stand in names
    numbers = rng.sample(range(1, 100) if small else range(1000, 9_999_999), 60)
    everybody: list[Someone] = []
    for at in range(rng.randint(2, 12)):
        first, last = rng.choice(FIRST), rng.choice(LAST)
        if everybody and rng.random() < 0.3:
            twin = rng.choice(everybody)
            first, last = rng.choice([(twin.first, twin.last), (twin.last, twin.first), (twin.first.upper(), twin.last)])
        if everybody and rng.random() < 0.1:
            first = f"{first}_{rng.choice(everybody).canvas}"  # as if somebody else's number stood in the name
        canvas, moodle, elsewhere = numbers.pop(), numbers.pop(), numbers.pop()
        everybody.append(Someone(f"s{at}", first, last, canvas, moodle, elsewhere, str(numbers.pop()), f"s{at}@x.edu"))
    strangers = [replace(one, student="") for one in everybody if rng.random() < 0.15]
    return everybody, _apart(rng, strangers, numbers)


def _apart(rng: Random, strangers: list[Someone], numbers: list[int]) -> list[Someone]:
    """People of the same or other names with numbers of their own."""
    found = []
    for one in strangers[:2]:
        first = one.first if rng.random() < 0.7 else rng.choice(FIRST)
        sid, email = str(numbers.pop()), f"x{numbers[-1]}@x.edu"
        found.append(replace(one, first=first, canvas=numbers.pop(), moodle=numbers.pop(), sid=sid, email=email))
    return found


def _form(rng: Random, name: str) -> str:
    return unicodedata.normalize(rng.choice(["NFC", "NFD"]), name)


def _who_hand_in(rng: Random, students: list[Someone]) -> list[Someone]:
    """Some do not: whoever has their name, or their number in a name, must not be taken for them."""
    return [one for one in students if rng.random() < 0.7] or students[:1]


def _untellable(strangers: list[Someone], nameless: list[Someone]) -> list[Someone]:
    """Without those of whom nothing but the name is known, where somebody has it who hands in nothing: nobody could tell."""
    names = {squeezed(one.first + one.last) for one in nameless}
    return [one for one in strangers if squeezed(one.first + one.last) not in names]


def canvas_case(rng: Random) -> Case:
    """Of Canvas, with a roster of Canvas, or one that has numbers of some or of nobody."""
    students, strangers = a_class(rng)
    share = rng.choice([1.0, 1.0, 0.6, 0.0])
    known = [one for one in students if rng.random() < share or share == 1.0]
    people = [Person(one.student, one.first, one.last, ids={"canvas": str(one.canvas)} if one in known else {}) for one in students]
    files, attachment = {}, rng.choice([1, 90210])
    there = _who_hand_in(rng, students)
    for one in [*there, *_untellable(strangers, [one for one in students if one not in known and one not in there])]:
        late, name = rng.random() < 0.3, _form(rng, f"{one.last}, {one.first}")
        for file in [f"{LAB}{rng.choice(['', '-1', '-2'])}.ipynb", *(["12_3_data.csv"] if rng.random() < 0.2 else [])]:
            attachment += rng.randint(1, 3)
            files[canvas_name(name, one.canvas, attachment, file, late=late)] = notebook(one.student)
    return Case(people, files)


def moodle_case(rng: Random) -> Case:
    """Of Moodle, in one of both layouts; the roster has names, the numbers of this assignment, or those of another one."""
    students, strangers = a_class(rng)
    has = rng.choice(["names", "here", "elsewhere"])
    numbers = {
        "names": lambda one: {},
        "here": lambda one: {"moodle": str(one.moodle)},
        "elsewhere": lambda one: {"moodle": str(one.elsewhere)},
    }
    people = [Person(one.student, one.first, one.last, ids=numbers[has](one)) for one in students]
    there = _who_hand_in(rng, students)
    there += strangers if has == "here" else _untellable(strangers, [one for one in students if one not in there])
    joint = rng.choice(["/", "_"])
    files = {}
    for one in there:
        name = rng.choice([f"{one.first} {one.last}", f"{one.last} {one.first}"])
        files[f"{moodle_prefix(_form(rng, name), one.moodle)}{joint}{LAB}.ipynb"] = notebook(one.student)
    return Case(people, files)


def gradescope_case(rng: Random) -> Case:
    """Of Gradescope; the roster has SID, address, both or neither of each."""
    students, strangers = a_class(rng)
    kinds = {one.student: rng.choice(["both", "both", "sid", "email", "none"]) for one in students}
    people = [
        Person(
            one.student, one.first, one.last, one.email if kinds[one.student] in ("both", "email") else "",
            ids={"sis": one.sid} if kinds[one.student] in ("both", "sid") else {},
        )
        for one in students
    ]  # fmt: skip
    there = _who_hand_in(rng, students)
    there += _untellable(strangers, [one for one in students if kinds[one.student] == "none" and one not in there])
    told = {}
    for number, one in enumerate(there, 100):
        who = {"name": _form(rng, f"{one.first} {one.last}"), "sid": one.sid, "email": one.email}
        told[number] = ([who], "2020-11-03 21:14:05.123456789 Z")
    files = {f"submission_{number}/{LAB}.ipynb": notebook(one.student) for number, one in enumerate(there, 100)}
    return Case(people, {"submission_metadata.yml": gradescope_metadata(told), **files})


CASES: Mapping[str, Callable[[Random], Case]] = {"canvas": canvas_case, "moodle": moodle_case, "gradescope": gradescope_case}
