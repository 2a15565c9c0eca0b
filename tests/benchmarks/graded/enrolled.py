"""A class that goes through a whole course: what each student hands in for each lab, and what has to come of it.

A student's way with a lab changes from lab to lab: all right in the lab's own words, all right in other words, one known mistake, three
of them, or only the first half. One student misses a lab, one hands in a file that was cut off, one the lab as it was released.

Other words are for exercises that stand alone: two answers that each are right need not fit together, as when one gives lists and the
other wants arrays, or when a way back does not know the notes of this way forward.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from course_utils.checking import Lab
from grader.demo.made_up import MadeUp
from grader.judging.needed import asked_names

from .answers import ROOT, equivalents
from .classes import hand_in, made_up_of

GRADED, UNGRADABLE, MISSING = "graded", "ungradable", "missing"
# (student, lab) by number, of what happens in every class
MISSES, CUT_OFF, AS_RELEASED = (6, 4), (12, 7), (17, 2)


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

    asks: Mapping[str, Collection[str]]  # the names that the checks of an exercise look up

    @cached_property
    def uses(self) -> Mapping[str, set[str]]:
        """The other exercises that the lab's own answer to an exercise comes to, by itself or through others."""
        direct = {name: _names_in(self.made_up.right[name]) & self.asks.keys() - {name} for name in self.asks}
        found = {name: set(used) for name, used in direct.items()}
        for _ in direct:
            for used in found.values():
                used |= {far for near in used for far in direct[near]}
        return found

    def stands_alone(self, exercise: str) -> bool:
        """Whether neither another exercise nor its checks have to do with this one, nor this one's checks with another."""
        others = [name for name in self.asks if name != exercise]
        return not any(exercise in self.uses[name] or exercise in self.asks[name] or name in self.asks[exercise] for name in others)

    def follows(self, exercise: str, mistakes: Collection[str]) -> bool:
        """Whether an exercise has to take wrong ones as they are.

        The grader puts a right function in the place of a wrong one, but no class; and what a value was computed with is past.
        """
        used = self.uses[exercise] & set(mistakes)
        return bool(used) and (not self._is_made(exercise, ast.FunctionDef) or any(self._is_made(name, ast.ClassDef) for name in used))

    def _is_made(self, exercise: str, kind: type[ast.FunctionDef | ast.ClassDef]) -> bool:
        body = ast.parse(self.made_up.right[exercise]).body
        return any(isinstance(node, kind) and node.name == exercise for node in body)


def _names_in(code: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(code)))
    return {node.id for node in nodes if isinstance(node, ast.Name)} | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def known_of(source: Path, course: Path) -> Known:
    """Read a lab of `solutions/` that is in the course."""
    other: dict[str, list[str]] = {}
    for exercise, code in equivalents(ROOT / "tests" / "equivalents" / f"{source.name}.py"):
        other.setdefault(exercise, []).append(code)
    return Known(made_up_of(source, course), other, asked_names(Lab.from_source(source).checks))


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
    chosen = {name: chance.choice(ways) for name, ways in known.other.items() if ways and known.stands_alone(name)}
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
