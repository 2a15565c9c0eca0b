"""`review.json`: the questions of a lab as plain data, without any code.

By name a question has `exercise`, `kind`, `text`, `why`, `sentences` and `variants`. A variant has `given` (names with texts), `right`
and `wrong`. Results are texts, each wrong one with the number of its sentence. In the kind "which" one chooses among the results. In the
kind "fault" a wrong one is shown and one chooses among the sentences; `answer` is the right result and `name` what it is called.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.labs import packaged_labs

FILE = "review.json"
MOST_BYTES = 60_000


@dataclass(frozen=True)
class Choice:
    """One option, and what is said and shown to whoever takes it."""

    text: str
    why: str = ""
    shows: tuple[str, str] | None = None  # a name and a result


@dataclass(frozen=True)
class Variant:
    """A question with its numbers; the first choice is the right one, until they are dealt."""

    given: tuple[tuple[str, str], ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Question:
    """One question with all its variants."""

    exercise: str
    name: str
    kind: str
    text: str
    variants: tuple[Variant, ...]


def written(questions: Mapping[str, Any]) -> str:
    """The text of review.json."""
    lines = [f"{json.dumps(name)}:{json.dumps(entry, ensure_ascii=False, separators=(',', ':'))}" for name, entry in questions.items()]
    return '{"questions":{\n' + ",\n".join(lines) + "\n}}\n"


def read(lab: Path) -> list[Question]:
    """The questions of the lab in a folder, or of the packaged one of this name; none where there are none, or a damaged file."""
    for folder in (lab, packaged_labs() / lab.resolve().name):
        try:
            stored = json.loads((folder / FILE).read_text(encoding="utf-8"))["questions"]
            return [_question(name, entry) for name, entry in stored.items()]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
            continue
    return []


def _question(name: str, entry: Mapping[str, Any]) -> Question:
    read_variant = _fault if entry["kind"] == "fault" else _which
    variants = tuple(read_variant(variant, entry["sentences"], entry["why"]) for variant in entry["variants"])
    return Question(entry["exercise"], name, entry["kind"], entry["text"], variants)


def _given(pairs: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(text)) for name, text in pairs)


def _which(variant: Mapping[str, Any], sentences: Sequence[str], why: str) -> Variant:
    wrong = [Choice(text, sentences[number]) for text, number in variant["wrong"]]
    return Variant(_given(variant["given"]), (Choice(variant["right"], variant.get("why", why)), *wrong))


def _fault(variant: Mapping[str, Any], sentences: Sequence[str], _: str) -> Variant:
    name, (shown, right) = variant["name"], variant["right"]
    others = [Choice(sentences[number], "", (f"With the fault that you chose, {name}", text)) for text, number in variant["wrong"]]
    choices = (Choice(sentences[right], "", (f"Without the fault, {name}", variant["answer"])), *others)
    return Variant((*_given(variant["given"]), (f"{name}, with a fault", shown)), choices)
