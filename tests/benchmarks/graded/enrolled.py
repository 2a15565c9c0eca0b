"""A class that goes through a whole course: what each student hands in for each lab, and what has to come of it.

A student's way with a lab changes from lab to lab: all right in the lab's own words, all right in other words, one known mistake, three
of them, or only the first half. One student misses a lab, one hands in a file that was cut off, one the lab as it was released.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.demo.made_up import MadeUp

from .answers import ROOT, equivalents
from .classes import hand_in, made_up_of

GRADED, UNGRADABLE, MISSING = "graded", "ungradable", "missing"
# (student, lab) by number, of what happens in every class
MISSES, CUT_OFF, AS_RELEASED = (6, 4), (12, 7), (17, 2)
OTHER_WORDS = 0.8  # of the answers that somebody gives in other words who does


@dataclass(frozen=True)
class Handed:
    """One student's answers to one lab: the code by exercise, and the known mistake, if any, of each."""

    student: str
    answers: Mapping[str, str] = field(default_factory=dict)
    mistakes: Mapping[str, str] = field(default_factory=dict)
    state: str = GRADED


@dataclass(frozen=True)
class Known:
    """What a lab's answers are made from."""

    made_up: MadeUp
    other: Mapping[str, Sequence[str]]  # right ones in other words, by exercise

    @property
    def checked(self) -> list[str]:
        """The exercises that checks judge; the others are pages for a person."""
        return [name for name, code in self.made_up.right.items() if _is_code(code)]


def _is_code(answer: str) -> bool:
    try:
        compile(answer, "<answer>", "exec")
    except SyntaxError:  # a page in words
        return False
    return True


def known_of(source: Path, course: Path) -> Known:
    """Read a lab of `solutions/` that is in the course."""
    other: dict[str, list[str]] = {}
    for exercise, code in equivalents(ROOT / "tests" / "equivalents" / f"{source.name}.py"):
        other.setdefault(exercise, []).append(code)
    return Known(made_up_of(source, course), other)


def class_of(known: Known, lab: int, students: int) -> Iterator[Handed]:
    """What each of so many students does with the lab of this number. The same in every run."""
    for number in range(students):
        chance = random.Random(f"{number} {lab}")
        student = f"student{number:02}"
        match (number, lab):
            case pair if pair == MISSES:
                yield Handed(student, state=MISSING)
            case pair if pair == CUT_OFF:
                yield Handed(student, known.made_up.right, state=UNGRADABLE)
            case pair if pair == AS_RELEASED:
                yield Handed(student)
            case _:
                answers, mistakes = _WAYS[(number + lab) % len(_WAYS)](known, chance)
                yield Handed(student, answers, mistakes)


def submit(handed: Handed, known: Known, course: Path, lab: str) -> None:
    """Put the notebook into `submitted/`, if there is one."""
    if handed.state == MISSING:
        return
    notebook = known.made_up.file(handed.answers)
    hand_in(course, lab, handed.student, notebook[: len(notebook) // 2] if handed.state == UNGRADABLE else notebook)


Way = tuple[Mapping[str, str], Mapping[str, str]]


def _right(known: Known, chance: random.Random) -> Way:
    return known.made_up.right, {}


def _in_other_words(known: Known, chance: random.Random) -> Way:
    chosen = {name: chance.choice(ways) for name, ways in known.other.items() if ways and chance.random() < OTHER_WORDS}
    return {**known.made_up.right, **chosen}, {}


def _half_done(known: Known, chance: random.Random) -> Way:
    right = known.made_up.right
    return dict(list(right.items())[: len(right) // 2]), {}


def _mistaken(count: int) -> Callable[[Known, random.Random], Way]:
    def way(known: Known, chance: random.Random) -> Way:
        wrong = known.made_up.wrong
        mistakes = {name: chance.choice(sorted(wrong[name])) for name in chance.sample(sorted(wrong), min(count, len(wrong)))}
        return {**known.made_up.right, **{name: wrong[name][said] for name, said in mistakes.items()}}, mistakes

    return way


_WAYS = (_right, _mistaken(1), _in_other_words, _mistaken(3), _half_done)
