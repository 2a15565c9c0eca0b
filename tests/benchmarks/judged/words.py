"""Which words of a verdict are a diagnosis: they name an operation, an argument or a step, and so can be untrue."""

from __future__ import annotations

import re
from typing import Any

_SEEN = ("called with ", "also wrong: ", "right for your own ")
_HINT = re.compile(r"does (?:it|the function) end with return\?")
# a shape, a number or a place is what was seen: it says nothing of how it came about
_NUMBERS_ONLY = re.compile(
    r"only (?:row|column|entry|index) .*|every entry of .* too (?:large|small)|.* has the shape of its transpose|"
    r"the numbers of .* are right, only the shape is not|.* is \S+ times too (?:large|small)"
)
_DECIMALS = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?")


def sentences(verdict: Any) -> list[str]:
    """The diagnosing sentences of a verdict, each once."""
    if verdict.outcome != "failed":
        return []
    diagnosis = getattr(verdict, "diagnosis", None)
    found = [verdict.mistake or ""]
    found += _left_over(verdict) if diagnosis is None else diagnosis.split("\n")
    found += _HINT.findall(verdict.message)
    return [line for line in dict.fromkeys(found) if line and not _NUMBERS_ONLY.fullmatch(line)]


def _left_over(verdict: Any) -> list[str]:
    """For an engine whose verdicts do not tell their parts: the lines that are neither seen, nor the difference, nor an error."""
    lines = [line for line in verdict.message.split("\n") if not line.startswith(_SEEN)]
    if verdict.difference is None:
        return [line for line in lines if line.startswith("the argument ")]
    told = verdict.difference.sentence.split("\n")
    return [line for line in lines if line not in told and not _HINT.search(line)]


def without_numbers(sentence: str) -> str:
    """How a sentence is looked up: numbers that change with the seed are left out."""
    return _DECIMALS.sub("#", sentence)
