"""Whose a submission is: what a platform says of a person, looked up in the roster. What is not certain is refused.

Numbers, e-mail addresses and logins come first and must agree. A name counts only where nothing else is known, where one person of the
course has it, and where nothing that the platform says contradicts: two people may have one name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.batch import some
from grader.intake import is_student
from grader.platforms.canvas import Reading
from grader.platforms.handed import Handed, Who
from grader.platforms.names import folded, squeezed
from grader.platforms.people import Person

# What a value may be in the roster, by what the platform calls it: the first kind that anybody has decides
_KINDS = {
    "canvas": ("canvas",),
    "moodle": ("moodle",),
    "sis": ("sis", "student", "login"),
    "github": ("github", "login", "student"),
    "student": ("student",),
    "email": ("email",),
}
_TOLD = {
    "canvas": "Canvas's number", "moodle": "Moodle's number", "sis": "SID", "github": "login", "email": "e-mail",
    "student": "nbgrader's id",
}  # fmt: skip
# What Moodle calls everybody in a blind assignment, by how it begins in the languages that are known
_PARTICIPANT = ("participa", "teilnehm", "deelneme", "partecipa", "deltag", "osallistuj", "uczestnik", "účastn", "учасник", "участник")


@dataclass(frozen=True)
class Found:
    """The students that a submission belongs to, how each was recognised, and why it is not certain, if it is not."""

    students: tuple[str, ...] = ()
    how: str = ""
    problem: str = ""


class Roster:
    """The people of a course, by all that a platform may call them. `handed` are the submissions in which they are looked for."""

    def __init__(self, people: Mapping[str, Person], handed: Iterable[Handed] = ()) -> None:
        self._people = people
        self._known: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        self._groups: dict[str, set[str]] = defaultdict(set)
        for person in people.values():
            self._note(person)
        handed = list(handed)
        self._called = Counter(squeezed(name) for one in handed for name in (*(who.name for who in one.whose), *one.may_be))
        numbers = {who.ids["moodle"] for one in handed for who in one.whose if "moodle" in who.ids}
        # A participant has another number in each assignment: only where one of these is known do the others say who somebody is not
        self._silent = set() if any(("moodle", number) in self._known for number in numbers) else {"moodle"}

    def __bool__(self) -> bool:
        return bool(self._people)

    def logins(self) -> list[str]:
        """What repositories may be called after."""
        people = self._people.values()
        return [*self._people, *(value for kind in ("github", "login") for person in people for value in person.numbers(kind))]

    def find(self, who: Who) -> Found:
        """The students that the platform may mean; without a roster, the id that is made of what it says."""
        if not self:
            return self._made(who)
        hits = {kind: students for kind, value in _claims(who) if (students := self._by(kind, value))}
        students = set().union(*hits.values())
        if len(students) == 1:
            return self._confirmed(who, students.pop(), " and ".join(_TOLD[kind] for kind in hits))
        if hits:
            told = ", ".join(f"{_TOLD[kind]} says {' or '.join(sorted(students))}" for kind, students in hits.items())
            return Found(problem=f"the roster knows more than one: {told}")
        return self._by_name(who)

    def readings(self, ways: Sequence[Reading], notebooks: Sequence[str]) -> Sequence[Reading] | None:
        """Which readings of a Canvas name can be meant: in which the file is called as the lab is, and number and name are one person's.

        None for a file that is not called so: then nothing tells where the person's name ends and the file's begins.
        """
        named = [way for way in ways if folded(way.file).startswith(tuple(folded(name) for name in notebooks))]
        if not named:
            return None
        if not any(self._by("canvas", way.user) for way in ways):
            return named
        return [way for way in named if self._names.get(squeezed(way.name), set()) & self._by("canvas", way.user)]

    def _note(self, person: Person) -> None:
        self._known["student", folded(person.student)].add(person.student)
        if person.email:
            self._known["email", folded(person.email)].add(person.student)
        for kind in person.ids:
            for number in person.numbers(kind):
                self._known[kind, folded(number)].add(person.student)
        for one, other in ((person.first_name, person.last_name), (person.last_name, person.first_name)):
            if name := squeezed(one + other):
                self._names[name].add(person.student)
        for group in person.section.split(","):
            if name := squeezed(group):
                self._groups[name].add(person.student)

    def _by(self, kind: str, value: str) -> set[str]:
        return next((found for known in _KINDS[kind] if (found := self._known.get((known, folded(value)), set()))), set())

    def _by_name(self, who: Who) -> Found:
        """By name alone, which two people may share."""
        named = sorted(self._names.get(squeezed(who.name), ()))
        fitting = [student for student in named if not self._contradicts(who, self._people[student])]
        if fitting and self._called[squeezed(who.name)] > 1:
            return Found(problem=f"this name is that of {some(named)}, and more than one submission may be under it")
        if len(fitting) == 1 and len(named) == 1:
            return Found((fitting[0],), "name")
        if len(fitting) > 1 or (fitting and named):
            return Found(problem=f"{some(named)} have this name, and nothing else tells whose it is")
        if named:
            kinds = " and ".join(_TOLD[kind] for kind, _ in _claims(who) if kind not in self._silent)
            has = "has this name, but another" if len(named) == 1 else "have this name, but each another"
            return Found(problem=f"{some(named)} {has} {kinds} in the roster: is it somebody else?")
        if team := self._by_group(who):
            return team
        told = [*(f"{_TOLD[kind]} {value}" for kind, value in _claims(who)), *(["this name"] if who.name else [])]
        return Found(problem=f"nobody in the roster has {' or '.join(told)}")

    def _contradicts(self, who: Who, person: Person) -> bool:
        """Whether the roster knows this person by another number or address of a kind that the platform tells."""
        theirs = {"email": [person.email] if person.email else [], "student": [person.student]}
        return any(kind not in self._silent and theirs.get(kind, person.numbers(kind)) for kind, _ in _claims(who))

    def _confirmed(self, who: Who, student: str, how: str) -> Found:
        """A number or an address is this student's: does the name say anything against it?"""
        name, person = squeezed(who.name), self._people[student]
        named = self._names.get(name, set())
        if not name or student in named or not (person.first_name or person.last_name):
            return Found((student,), how)
        if named:
            return Found(problem=f"{how} says {student}, and the name says {some(sorted(named))}")
        if "moodle" in who.ids and not self._is_blind(name):  # a team has a number of its own, which may be somebody's
            return self._by_group(who) or Found(problem=f"{how} says {student}, and the name there is {who.name}")
        if "canvas" in who.ids:  # a group hands in by one of its members, under its own name
            how += f"; the name there is {who.name}: of a group? Then name its members with --map"
        return Found((student,), how)

    def _is_blind(self, name: str) -> bool:
        """Whether all are called so, because nobody is to know who is who."""
        return (len(self._called) == 1 and self._called[name] > 1) or name.startswith(_PARTICIPANT)

    def _by_group(self, who: Who) -> Found | None:
        team = sorted(self._groups.get(squeezed(who.name), ())) if who.may_be_team else []
        return Found(tuple(team), f"group {who.name} of the roster") if team else None

    def _made(self, who: Who) -> Found:
        if not who.own or not is_student(who.own):
            return Found(problem="no student's id can be made of what the platform says")
        return Found((who.own,), f"made of {who.own_from}" if who.own_from != "nbgrader's folder" else who.own_from)


def _claims(who: Who) -> list[tuple[str, str]]:
    return [*who.ids.items(), *([("email", who.email)] if who.email else [])]


def find_all(handed: Sequence[Handed], people: Mapping[str, Person], said: Mapping[str, tuple[str, ...]] | None = None) -> list[Found]:
    """Whose each submission is, in order. Two submissions of one student are refused, but for those that a time tells apart.

    `said` are the students of some submissions by place, as a person says; nobody: that one stays out.
    """
    roster = Roster(people, handed)
    found = [_found(one, roster, said or {}) for one in handed]
    by_student: dict[str, list[int]] = defaultdict(list)
    for at, of in enumerate(found):
        for student in of.students:
            by_student[student if people or handed[at].nbgraders else folded(student)].append(at)
    for shared in by_student.values():
        orders = {handed[at].order for at in shared}
        if len(shared) > 1 and not (len(orders) == len(shared) and all(handed[at].nbgraders for at in shared)):
            _refuse(found, shared, handed)
    return found


def _found(one: Handed, roster: Roster, said: Mapping[str, tuple[str, ...]]) -> Found:
    found = Found(problem=one.problem) if one.problem else _together([roster.find(who) for who in one.whose])
    if one.place not in said or (found.students and said[one.place] == found.students):
        return found
    return Found(said[one.place], "--map")


def _together(found: Sequence[Found]) -> Found:
    """Of several people who handed in one submission."""
    problem = "; ".join(dict.fromkeys(of.problem for of in found if of.problem))
    if problem:
        return Found(problem=problem)
    students = tuple(dict.fromkeys(student for of in found for student in of.students))
    how = "; ".join(dict.fromkeys(of.how for of in found))
    return Found(students, f"{how}; handed in together" if len(students) > 1 else how)


def _refuse(found: list[Found], shared: Sequence[int], handed: Sequence[Handed]) -> None:
    for at in shared:
        others = [handed[other].place for other in shared if other != at]
        of = found[at]
        if of.students:
            whose = some(of.students)
            found[at] = Found(problem=f"{some(others)} would be {whose} too: two people of one name, or two submissions of one person?")
