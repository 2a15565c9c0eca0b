"""Wrong answers that no known mistake names, grouped by what they answered. Pure, but for the examples of code."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from course_utils.errors import UserError
from grader.books import Course, Remark, print_in
from grader.desk.nameless import Example, Wanted, read_examples
from grader.intake import one_line
from grader.judging import Print, Result, cluster, failures
from grader.platforms import read_people

_SHORTEST = 3  # letters of a group's name that are enough where they mean one group only
NOTHING = Example()
_TRIES = 3  # members of a group whose notebook is looked at for an example


@dataclass(frozen=True)
class Group:
    """Students whose answer to an exercise gave the same; `names` are all by which the group has been or may be called."""

    name: str
    exercise: str
    answered: str
    print: Print
    students: tuple[str, ...]
    names: frozenset[str]
    comments: tuple[str, ...] = ()
    example: Example = NOTHING

    def public(self) -> dict[str, Any]:
        """The group as `--json` tells it."""
        told = {name: getattr(self, name) for name in ("exercise", "answered", "students", "comments")}
        return {"group": self.name, **told, "code": self.example.code, "print": str(self.print)}


def groups_of(results: Mapping[str, Result], remarks: Sequence[Remark] = ()) -> list[Group]:
    """The groups of a class, the largest first; a student is in one group of an exercise at most."""
    answers: dict[str, list[tuple[str, Print, str]]] = {}
    for student, result in sorted(results.items()):
        for exercise, entry in result.exercises.items():
            answer = print_in(entry)
            if answer is not None:
                answers.setdefault(exercise, []).append((student, answer, entry["alike"]["said"]))
    groups = [group for exercise, given in answers.items() for group in _groups(exercise, given, remarks)]
    return sorted(groups, key=lambda group: -len(group.students))


def _groups(exercise: str, given: Sequence[tuple[str, Print, str]], remarks: Sequence[Remark]) -> Iterator[Group]:
    numbers = cluster([answer for _, answer, _ in given])
    for number in range(max(numbers) + 1):
        members = [one for one, mine in zip(given, numbers, strict=True) if mine == number]
        names = Counter(answer.name for _, answer, _ in members)
        name = min(names, key=lambda each: (-names[each], each))
        answer, said = next((answer, said) for _, answer, said in members if answer.name == name)
        said_to = [remark for remark in remarks if any(remark.reaches(exercise, each) for _, each, _ in members)]
        yield Group(
            name,
            exercise,
            one_line(said),
            answer,
            tuple(student for student, _, _ in members),
            frozenset(names) | {remark.group for remark in said_to},
            tuple(remark.text for remark in said_to),
        )


def find_group(groups: Sequence[Group], word: str) -> Group:
    """The group that a word means: its name, or how it begins. Raises UserError where none or several are meant."""
    found = [group for group in groups if word in group.names]
    if not found and len(word) >= _SHORTEST:
        found = [group for group in groups if any(name.startswith(word) for name in group.names)]
    if len(found) == 1:
        return found[0]
    if found:
        told = ", ".join(f"{group.name} ({group.exercise})" for group in found)
        raise UserError(f"{one_line(word, 20)!r} means {len(found)} groups: {told}. Give one more letter.")
    there = ", ".join(f"{group.name} ({group.exercise})" for group in groups[:5])
    told = f"The largest are {there}." if there else "There is none in this lab."
    raise UserError(f"There is no group {one_line(word, 20)!r}. {told} `handgrad report LAB --groups` shows them.")


def with_examples(groups: Sequence[Group], course: Course, lab: str, results: Mapping[str, Result]) -> list[Group]:
    """The groups, each with the code of one member. The notebooks are read in a worker, and no name of the student's stays in it."""
    known = _names(course)
    found: dict[int, Example] = {}
    for place in range(_TRIES):
        left = [number for number, group in enumerate(groups) if not found.get(number, NOTHING).code and len(group.students) > place]
        asked = []
        for number in left:
            student = groups[number].students[place]
            names = (student, *known.get(student, ()))
            folder = course.folder("autograded", student, lab)
            paths = tuple(str(folder / f"{notebook}.ipynb") for notebook in results[student].cells)
            asked.append(Wanted(paths, groups[number].exercise, names))
        found |= dict(zip(left, read_examples(asked), strict=True))
    return [replace(group, example=found.get(number, NOTHING)) for number, group in enumerate(groups)]


def _names(course: Course) -> dict[str, tuple[str, ...]]:
    """By student, all names that are known, of the roster and of the gradebook."""
    found: dict[str, tuple[str, ...]]
    found = {student: (one.first_name, one.last_name, one.email) for student, one in read_people(course).items()}
    with contextlib.suppress(UserError):  # a gradebook in trouble: `handgrad report` tells of it
        held = {} if course.database.missing else course.database.names()
        return {student: (*found.get(student, ()), *held.get(student, ())) for student in found.keys() | held.keys()}
    return found


@dataclass(frozen=True)
class Counted:
    """Wrong answers of a class: how many there are, how many a known mistake names, how many are in groups of two or more, or alone.

    `follow` are wrong because of another exercise that they call; `unknown` were graded before answers were grouped.
    """

    wrong: int
    named: int
    together: int
    alone: int
    follow: int
    unknown: int


def count(results: Mapping[str, Result], groups: Sequence[Group]) -> Counted:
    """Count the wrong answers of a class, one for each student and exercise."""
    entries = [entry for result in results.values() for entry in result.exercises.values() if failures(entry)]
    named = sum(any(check.get("mistake") for check in entry["checks"]) for entry in entries)
    sizes = [len(group.students) for group in groups]
    grouped = sum(sizes)
    nameless = [entry for entry in entries if not any(check.get("mistake") for check in entry["checks"]) and print_in(entry) is None]
    follow = sum(bool(entry.get("first")) for entry in nameless)
    together = sum(size for size in sizes if size > 1)
    return Counted(len(entries), named, together, grouped - together, follow, len(nameless) - follow)
