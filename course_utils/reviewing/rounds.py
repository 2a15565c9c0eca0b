"""A round of questions: which ones come, in which order their choices stand, and what an answer changes."""

from __future__ import annotations

import datetime
import difflib
import random
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course_utils import logbook
from course_utils.errors import UserError
from course_utils.labs import is_lab, lab_folders, packaged_labs
from course_utils.places import labs_around, labs_below
from course_utils.reviewing import boxes
from course_utils.reviewing.boxes import Card
from course_utils.reviewing.released import Choice, Question, read

COUNT, MOST = 5, 50
LETTERS = "abcdef"
NOTHING = "There is nothing to review yet. A question comes when its exercise has points: check one, and come back."


@dataclass(frozen=True)
class Candidate:
    """A question that may come, with what is known of it, and the folder whose logbook knows that."""

    where: Path
    lab: str
    question: Question
    known: Card | None


@dataclass(frozen=True)
class Item:
    """A question of this round, its choices in the order in which they are shown."""

    candidate: Candidate
    variant: int
    choices: tuple[Choice, ...]
    right: int

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        return self.candidate.question.variants[self.variant].given

    @property
    def way(self) -> str:
        """Where the exercise is: `lab04_backprop, affine_backward`."""
        return f"{self.candidate.lab}, {self.candidate.question.exercise}"


@dataclass
class Round:
    """The questions of one sitting, and how many were right."""

    items: Sequence[Item]
    today: int
    early: int = 0  # of the questions that are not due yet
    rights: list[bool] = field(default_factory=list)

    def answer(self, choice: int) -> Told:
        """Take the answer to the next question, and keep what follows from it beside the notebook."""
        item = self.items[len(self.rights)]
        right = choice == item.right
        self.rights.append(right)
        candidate, name = item.candidate, item.candidate.question.name
        card = boxes.after(candidate.known, item.variant, self.today, right=right)

        def change(entry: logbook.Entry) -> None:
            kept = entry.get("review")
            entry["review"] = {**(kept if isinstance(kept, dict) else {}), name: list(card)}

        logbook.update(candidate.where, candidate.lab, candidate.question.exercise, change)
        return Told(right, choice, item)

    @property
    def left(self) -> int:
        return len(self.items) - len(self.rights)

    def closing(self) -> str:
        """The last words."""
        right, of = sum(self.rights), len(self.items)
        again = "They come back in a few days." if right == of else "What was wrong comes back tomorrow, the rest later."
        early = "" if self.early < of else " All of these came ahead of their day."
        return f"{right} of {of} right. {again}{early}"


@dataclass(frozen=True)
class Told:
    """What is said after an answer."""

    right: bool
    choice: int
    item: Item

    def lines(self) -> list[str]:
        """One sentence why, and the way to the exercise."""
        item, why = self.item, self.item.choices[self.choice].why
        if why and not self.right:  # a mistake's sentence: it begins with a small letter, and has no full stop
            why = f"Your {LETTERS[self.choice]}): {why}" + ("" if why.endswith("?") else ".")
        said = "Right." if self.right else f"Not this time: {LETTERS[item.right]}) is right."
        return [f"{said} {why}".strip(), f"Exercise: {item.way}"]

    @property
    def shows(self) -> tuple[str, str] | None:
        """A result that says more than words."""
        return self.item.choices[self.choice].shows


def begun(folder: Path, *, lab: str = "", count: int = COUNT, today: int | None = None, chance: random.Random | None = None) -> Round:
    """A round for whoever stands in `folder`; one without items where nothing is done yet.

    Raises UserError for a lab that is not there, and for a count that is none.
    """
    if not 1 <= count <= MOST:
        raise UserError(f"A round has 1 to {MOST} questions, not {count}.")
    now = _today() if today is None else today
    chance = chance or random.Random()
    found = _candidates(_shelves(folder, lab))
    dealt = chosen(found, count, now, chance)
    early = sum(1 for each in dealt if each.known and boxes.waits(each.known, now) > 0)
    return Round([_item(each, chance) for each in dealt], now, early)


def reminder(folder: Path, call: str, finished: Container[str], *, today: int | None = None) -> str:
    """A line for whoever looks at their progress: what is due of what was asked before, or that a finished lab has questions.

    `call` is what to type. "" where there is neither.
    """
    try:
        found = _candidates(_shelves(folder, ""))
    except UserError:
        return ""
    now = _today() if today is None else today
    due = sum(each.known is not None and boxes.waits(each.known, now) <= 0 for each in found)
    if due:
        return f"{due} {'question' if due == 1 else 'questions'} from earlier days {'is' if due == 1 else 'are'} due: `{call}` asks again."
    if any(each.known is None and each.lab in finished for each in found):
        return f"Will you know it next week? `{call}` asks a few questions, with other numbers each time."
    return ""


def chosen(found: Sequence[Candidate], count: int, today: int, chance: random.Random) -> list[Candidate]:
    """The questions of a round: what is due first, the longest overdue before, then new ones, then what would come soonest.

    While there are others, no exercise comes twice.
    """

    def rank(each: Candidate) -> tuple[int, int]:
        days = boxes.waits(each.known, today) if each.known else 0
        return (1, 0) if each.known is None else (0 if days <= 0 else 2, days)

    ordered = sorted(chance.sample(list(found), len(found)), key=rank)
    first, more, seen = list[Candidate](), list[Candidate](), set[tuple[str, str]]()
    for each in ordered:
        key = (each.lab, each.question.exercise)
        (more if key in seen else first).append(each)
        seen.add(key)
    return [*first, *more][:count]


def _today() -> int:
    return datetime.date.today().toordinal()


def _shelves(folder: Path, lab: str) -> list[tuple[Path, Path]]:
    """The folders of labs around, each with the folder whose logbook knows what was done in it."""
    alone = [] if is_lab(folder) else _alone(folder)
    unique = {path.resolve(): folder.resolve() for path in alone} | {path.resolve(): path.resolve() for path in labs_around(folder)}
    if not unique:
        labs_below(folder)  # says that there are none
    named = {path: where for path, where in unique.items() if lab in ("", path.name)}
    if not named:
        raise UserError(_no_lab(lab, sorted(path.name for path in unique), folder))
    return [(where, path) for path, where in named.items()]


def _alone(folder: Path) -> list[Path]:
    """Packaged labs of notebooks that were opened without their folder."""
    book = logbook.read(folder)
    return [lab for lab in lab_folders(packaged_labs()) if lab.name in book]


def _no_lab(lab: str, names: Sequence[str], folder: Path) -> str:
    near = difflib.get_close_matches(lab, names, 1) or [name for name in names if name.startswith(lab)]
    return f"There is no {lab} in {folder.resolve()}: " + (f"do you mean {near[0]}?" if near else f"the labs here are {', '.join(names)}.")


def _candidates(shelves: Sequence[tuple[Path, Path]]) -> list[Candidate]:
    """The questions about exercises that have points."""
    found = []
    for where, lab in shelves:
        entries = logbook.read(where).get(lab.name, {})
        done = {name for name, entry in entries.items() if _points(entry) > 0}
        for question in read(lab) if done else ():
            if question.exercise in done and question.variants:
                known = boxes.cards(entries[question.exercise]).get(question.name)
                found.append(Candidate(where, lab.name, question, known))
    return found


def _points(entry: logbook.Entry) -> float:
    score = entry.get("score", 0)
    return score if isinstance(score, int | float) else 0


def _item(candidate: Candidate, chance: random.Random) -> Item:
    """Deal a variant other than the last one, its choices in any order."""
    last = candidate.known.variant if candidate.known else -1
    numbers = range(len(candidate.question.variants))
    variant = chance.choice([number for number in numbers if number != last] or list(numbers))
    choices = candidate.question.variants[variant].choices
    order = chance.sample(range(len(choices)), len(choices))
    return Item(candidate, variant, tuple(choices[number] for number in order), order.index(0))
