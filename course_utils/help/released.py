"""`hints.json`: what students get of a lab's `help.md`. The answers' prose is not in it, nor any mistake's name."""

from __future__ import annotations

import difflib
import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from course_utils import looks
from course_utils.errors import UserError
from course_utils.help.source import Exercise, Help, Hint, Prediction, one_line
from course_utils.labs import packaged_labs

FILE = "hints.json"


def mark(sentence: str) -> str:
    """What stands for a mistake in hints.json: the sentence that names it is for those who made it."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:12]


def released(found: Help, sentences: Mapping[tuple[str, str], str]) -> str:
    """The text of hints.json. `sentences` holds those of the mistakes, by exercise and name."""
    exercises = {
        name: {
            "hints": [
                {"title": hint.title, "text": hint.text, "mistakes": [mark(sentences[name, mistake]) for mistake in hint.mistakes]}
                for hint in exercise.hints
            ],
            "gained": exercise.gained,
        }
        for name, exercise in found.exercises.items()
    }
    predictions = {question: answer._asdict() for question, answer in found.predictions.items()}
    return json.dumps({"exercises": exercises, "predictions": predictions}, ensure_ascii=False, indent=1) + "\n"


def read(folder: Path) -> Help | None:
    """What was released in a lab's folder, its hints bound by `mark`; None where there is no help, or a damaged file."""
    path = folder / FILE
    try:
        return _loaded(path, looks.changed(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def prediction(question: str, folder: Path) -> Prediction | None:
    """The answer to a question of the lab in `folder`, or of a packaged one where no lab is there; None where nobody knows it."""
    for candidate in folders(folder):
        found = read(candidate)
        if found and one_line(question) in found.predictions:
            return found.predictions[one_line(question)]
    return None


def folders(folder: Path) -> list[Path]:
    """Where help may lie for a notebook in `folder`: beside it, then in the package."""
    return [folder, *sorted(path.parent for path in packaged_labs().glob(f"*/{FILE}"))]


@functools.lru_cache(maxsize=32)
def _loaded(path: Path, _changed: int) -> Help:
    stored = json.loads(path.read_text(encoding="utf-8"))
    exercises = {
        name: Exercise(tuple(Hint(hint["title"], hint["text"], tuple(hint["mistakes"])) for hint in entry["hints"]), "", entry["gained"])
        for name, entry in stored["exercises"].items()
    }
    return Help(exercises, {question: Prediction(**entry) for question, entry in stored["predictions"].items()})


def find(exercise: str, folder: Path) -> tuple[Path, Exercise]:
    """The folder of the lab that helps with an exercise, and its help: the lab in `folder`, or a packaged one where no lab is there.

    Raises UserError with the likely name where there is none, and with the lab that has it where the one in `folder` has not.
    """
    known: list[str] = []
    own = read(folder)
    elsewhere = [lab.name for lab in folders(folder)[1:] if own and exercise not in own.exercises and helps(lab, exercise)]
    if own and elsewhere:
        near = difflib.get_close_matches(exercise, own.exercises, 1)
        where = f"{folder.resolve().name} has no exercise {exercise!r}: it is one of {' and of '.join(elsewhere)}."
        raise UserError(f"{where} Do you mean {near[0]!r}?" if near else where)
    for candidate in folders(folder):
        found = read(candidate)
        if found and exercise in found.exercises:
            return candidate, found.exercises[exercise]
        known += found.exercises if found else ()
    near = difflib.get_close_matches(exercise, known, 1)
    if near:
        raise UserError(f"There are no hints for {exercise!r}: do you mean {near[0]!r}?")
    likely = f"is it spelt as in the exercise's title, and does {FILE} lie beside the notebook?"
    raise UserError(f"There are no hints for {exercise!r}: {likely}")


def helps(folder: Path, exercise: str) -> bool:
    """Whether the lab in `folder` has hints for an exercise."""
    found = read(folder)
    return bool(found and exercise in found.exercises)
