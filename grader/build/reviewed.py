"""A lab's `review.py` in the build: each question is asked with many seeds of the reference and of the mistakes, and written down."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from nbformat import NotebookNode

from course_utils.checking.lab import Lab
from course_utils.errors import UserError
from course_utils.reviewing.declare import Asked, Declared, load_questions
from course_utils.reviewing.released import MOST_BYTES, written
from grader.build.helped import answer_lines, lines_told
from grader.build.shown import Unlike, places_for, shown

REVIEW = "review.py"
VARIANTS = 5  # of each question, each with other numbers
CHOICES = 4
_FEWEST = 3  # variants, and choices
_TRIES = 24  # seeds for them
_LOOKS = 2  # variants for which every mistake is asked; later only those that made a difference


class _Wrong(NamedTuple):
    """What a mistake makes of the same numbers."""

    name: str
    sentence: str
    value: Any


class _Dealt(NamedTuple):
    """One variant with the values of all choices."""

    asked: Asked
    given: list[list[str]]
    places: int
    wrong: list[_Wrong]  # any two of them, and the right one, read differently
    alike: str  # if any, the sentence of one of the author's own that reads like another choice
    telling: set[str]  # the mistakes that make a difference

    def texts(self, wrong: Sequence[_Wrong]) -> list[str]:
        """The right result and these wrong ones, all with as many places as they need."""
        values = [self.asked.right, *(each.value for each in wrong)]
        places = min(self.places, places_for(values))  # fewer tell the same: they are what these values need exactly
        return [shown(value, places) for value in values]


def reviews_of(folder: Path, lab: Lab, cells: Sequence[NotebookNode] = ()) -> str | None:
    """The text of review.json; None for a lab without review.py. `cells` are the lab's, with its answers.

    Raises UserError with one sentence for everything that does not hold.
    """
    path, where = folder / REVIEW, f"{folder.parent.name}/{folder.name}/{REVIEW}"
    if not path.is_file():
        return None
    problems: list[str] = []
    entries: dict[str, Any] = {}
    for declared in load_questions(path):
        try:
            entries |= _entries(declared, lab)
        except UserError as error:
            problems.append(f"{where}: {declared.name} {error}.")
    if problems:
        raise UserError("\n".join(problems))
    text = written(entries)
    if told := lines_told(text, set(answer_lines(cells))):
        raise UserError(f"{where}: its questions give a line of an answer away ({min(told)}): say it in words.")
    if len(text.encode()) > MOST_BYTES:
        raise UserError(f"{where}: its questions take {len(text.encode())} bytes, more than {MOST_BYTES}: show smaller arrays.")
    return text


def _entries(declared: Declared, lab: Lab) -> dict[str, Any]:
    """The questions that one declaration makes: which is right, and with a name what is wrong."""
    if declared.exercise not in lab.checks:
        raise UserError(f"asks about {declared.exercise}, which is no exercise of this lab")
    known = {mistake.name for mistake in lab.mistakes.get(declared.exercise, ())}
    for name in declared.without:
        if name not in known:
            raise UserError(f"leaves out {name}, which is no mistake of {declared.exercise}")
    dealt = list(_variants(declared, lab))
    which = _which(declared, dealt)
    if len(dealt) < _FEWEST:
        raise UserError(_too_few(len(dealt), _dealt(declared, lab, _seed(declared, lab, 0))))
    fault = _fault(declared, dealt)
    return {declared.name: which, **({f"{declared.name}_fault": fault} if len(fault["variants"]) >= _FEWEST else {})}


def _variants(declared: Declared, lab: Lab) -> Iterator[_Dealt]:
    """Variants whose numbers differ, VARIANTS at most."""
    seen, telling = set[str](), set[str]()
    for number in range(_TRIES):
        known = None if number < _LOOKS else telling
        dealt = _dealt(declared, lab, _seed(declared, lab, number), known)
        telling |= dealt.telling
        key = str(dealt.given)
        if key not in seen and not dealt.alike and len(dealt.wrong) + 1 >= _FEWEST:
            seen.add(key)
            yield dealt
        if len(seen) == VARIANTS:
            return


def _seed(declared: Declared, lab: Lab, number: int) -> list[int]:
    """A seed that no check is asked with."""
    return [zlib.crc32(f"{lab.name} {declared.name}".encode()), number]


def _too_few(count: int, first: _Dealt) -> str:
    found = f"has {count} variants with other numbers and at least {_FEWEST} choices that read differently, and needs {_FEWEST}"
    alike = f' ("{first.alike}" reads like another choice)' if first.alike else ""
    return f"{found}{alike}: draw other numbers, or give wrong results with `others`"


def _dealt(declared: Declared, lab: Lab, seed: Sequence[int], known: Set[str] | None = None) -> _Dealt:
    """The variant of a seed; of the mistakes only those that are `known` to make a difference, where some are."""

    def ask(subject: Any) -> Asked:
        names = {**lab.reference, declared.exercise: subject, "rng": np.random.default_rng(list(seed))}
        return declared.probe(*(names[parameter] for parameter in declared.parameters))

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            right = ask(lab.reference.get(declared.exercise))
    except Exception as error:
        raise UserError(f"stops with the reference ({type(error).__name__}: {error})") from error
    if not isinstance(right, Asked):
        raise UserError("returns no Asked")
    if not (declared.why or right.why):
        raise UserError("does not say why: give @question a sentence for the right choice")
    wrong = [_Wrong("", why, value) for why, value in right.others.items()] or list(_of_mistakes(declared, lab, ask, known))
    places = places_for([right.right, *(each.value for each in wrong)]) if declared.places is None else declared.places
    apart = _apart(right, wrong, places)
    alike = next((each.sentence for each in wrong if each.sentence in right.others and not any(each is kept for kept in apart)), "")
    given = [[name, shown(value, places_for([value]))] for name, value in right.given.items()]
    telling = {each.name for each in wrong if Unlike(places)(each.value, right.right)}
    return _Dealt(right, given, places, apart, alike, telling)


def _of_mistakes(declared: Declared, lab: Lab, ask: Callable[[Any], Asked], known: Set[str] | None) -> Iterator[_Wrong]:
    """What the mistakes give for the same numbers, where they give something that can be shown beside the right result."""
    for mistake in lab.mistakes.get(declared.exercise, ()):
        if mistake.name in declared.without or not (known is None or mistake.name in known):
            continue
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                value = ask(mistake.subject).right
            shown(value, 3)
        except Exception:  # noqa: BLE001 - a mistake may stop in any way: then it is no choice
            continue
        yield _Wrong(mistake.name, mistake.sentence, value)


def _apart(right: Asked, wrong: Sequence[_Wrong], places: int) -> list[_Wrong]:
    """Those that nobody can take for the right one or for one another; of two that read alike neither is a true explanation."""
    values = [right.right, *(each.value for each in wrong)]
    alike = set[int]()
    for one, other in combinations(range(len(values)), 2):
        if not Unlike(places)(values[one], values[other]):
            alike |= {one, other} if one else {other}
    return [each for number, each in enumerate(wrong, 1) if number not in alike]


def _which(declared: Declared, dealt: Sequence[_Dealt]) -> dict[str, Any]:
    sentences = _Sentences()
    variants = []
    for number, variant in enumerate(dealt):
        wrong = _turn(variant.wrong, number)[: CHOICES - 1]
        right, *texts = variant.texts(wrong)
        entry: dict[str, Any] = {"given": variant.given, "right": right}
        entry["wrong"] = [[text, sentences.number(each.sentence)] for text, each in zip(texts, wrong, strict=True)]
        variants.append({**entry, **({"why": variant.asked.why} if variant.asked.why else {})})
    text = " ".join(filter(None, [declared.context, declared.asks]))
    return _entry(declared, "which", text, declared.why, sentences, variants)


def _fault(declared: Declared, dealt: Sequence[_Dealt]) -> dict[str, Any]:
    """One variant for each that has a name and enough mistakes: a wrong result is shown, its sentence is the right choice."""
    sentences = _Sentences()
    variants = []
    for number, variant in enumerate(dealt):
        if not variant.asked.name or len(variant.wrong) < CHOICES - 1 or not all(each.name for each in variant.wrong):
            continue
        one, *others = _turn(variant.wrong, 2 * number + 1)[:CHOICES]
        right, text, *texts = variant.texts([one, *others])
        entry: dict[str, Any] = {"given": variant.given, "name": variant.asked.name, "answer": right}
        entry["right"] = [text, sentences.number(one.sentence)]
        entry["wrong"] = [[text, sentences.number(each.sentence)] for text, each in zip(texts, others, strict=True)]
        variants.append(entry)
    name = next((variant.asked.name for variant in dealt), "")
    text = " ".join(filter(None, [declared.context, f"Somebody's {name} comes out wrong, as shown. Which of these is the fault?"]))
    return _entry(declared, "fault", text, "", sentences, variants)


def _entry(declared: Declared, kind: str, text: str, why: str, sentences: _Sentences, variants: list[dict[str, Any]]) -> dict[str, Any]:
    told = sentences.known
    return {"exercise": declared.exercise, "kind": kind, "text": text, "why": why, "sentences": told, "variants": variants}


class _Sentences:
    """Each sentence once."""

    def __init__(self) -> None:
        self.known: list[str] = []

    def number(self, sentence: str) -> int:
        if sentence not in self.known:
            self.known.append(sentence)
        return self.known.index(sentence)


def _turn(wrong: Sequence[_Wrong], number: int) -> list[_Wrong]:
    """All of them, beginning elsewhere in each variant, so that other mistakes come."""
    start = number * (CHOICES - 1) % len(wrong) if wrong else 0
    return [*wrong[start:], *wrong[:start]]


def givens_of(folder: Path, lab: Lab) -> Mapping[str, list[Any]]:
    """By question, the values that its variants show."""
    return {
        declared.name: [value for dealt in _variants(declared, lab) for value in dealt.asked.given.values()]
        for declared in load_questions(folder / REVIEW)
    }
