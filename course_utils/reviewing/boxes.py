"""When a question comes again: Leitner's boxes (S. Leitner, So lernt man lernen, Herder 1972), with days that double.

A question begins in the first box. Whoever answers it right moves it one box on, whoever does not moves it back to the first.
It comes again after as many days as its box says. A question that is answered ahead of its time stays where it is if it was right: what
was read yesterday is no proof of memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

DAYS = (1, 2, 4, 8, 16)  # by box, until a question comes again


class Card(NamedTuple):
    """Where a question is: its box from 1 on, the day of its last answer (days since 0001), and the variant that was shown then."""

    box: int
    day: int
    variant: int


def card(stored: Any) -> Card | None:
    """A card as it is kept in a file; None for what is none."""
    well = isinstance(stored, list) and len(stored) == 3 and all(type(number) is int for number in stored)
    if not well or not 1 <= stored[0] <= len(DAYS):
        return None
    return Card(*stored)


def waits(known: Card, today: int) -> int:
    """Days until a question is due, 0 or less when it is. What was answered in the future tells of a wrong clock: it is due."""
    return 0 if known.day > today else known.day + DAYS[known.box - 1] - today


def after(known: Card | None, variant: int, today: int, *, right: bool) -> Card:
    """The card of a question that was answered today."""
    if not right:
        return Card(1, today, variant)
    if known is None:
        return Card(2, today, variant)  # known before it was ever asked here
    if waits(known, today) > 0:
        return known._replace(variant=variant)
    return Card(min(known.box + 1, len(DAYS)), today, variant)


def cards(entry: Mapping[str, Any]) -> dict[str, Card]:
    """By question, the cards in a logbook's entry of an exercise."""
    kept = entry.get("review")
    found = {name: card(stored) for name, stored in kept.items()} if isinstance(kept, dict) else {}
    return {name: known for name, known in found.items() if known}
