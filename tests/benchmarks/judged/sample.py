"""A lab's blind mutants: half of the kinds that the checks were measured with, half of others; the same ones in every run."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from blind_mutants import blind_mutants
from mutants import mutants

from .corpus import Stranger
from .doors import at_notebook
from .notebook import Notebook
from .tally import Tried

EACH = 50
DRAWN_WITH = 2026


def sample(notebook: Notebook, seeds: Sequence[int], each: int = EACH) -> list[Tried]:
    """`each` of both halves: the first, in an order that is drawn once, that return values and are not the reference."""
    found: dict[str, Tried] = {}
    for kinds in (mutants, blind_mutants):
        wanted = len(found) + each
        for mutant in in_order(notebook, kinds):
            if len(found) == wanted:
                break
            if mutant.name not in found and (tried := _tried(notebook, mutant, seeds)):
                found[mutant.name] = tried
    return list(found.values())


def in_order(notebook: Notebook, kinds: Callable[[str], Iterator[Any]]) -> list[Stranger]:
    """One of every kind, then a second of every kind, and so on.

    Within a kind the order comes from each one's text, so that a change of one exercise leaves the sample of the others as it is.
    """
    turns: dict[str, list[Stranger]] = {}
    for cell in notebook.cells:
        for mutant in kinds(cell.source) if cell.exercise else ():
            turns.setdefault(getattr(mutant, "kind", ""), []).append(_stranger(cell.exercise, mutant))
    numbered = [pair for each in turns.values() for pair in enumerate(sorted(each, key=_drawn))]
    return [stranger for _, stranger in sorted(numbered, key=lambda pair: (pair[0], _drawn(pair[1])))]


def _drawn(stranger: Stranger) -> float:
    return random.Random(f"{DRAWN_WITH} {stranger.name}").random()


def _stranger(exercise: str, mutant: Any) -> Stranger:
    number = hashlib.sha256(f"{exercise}\n{mutant.source}".encode()).hexdigest()[:10]
    return Stranger(exercise, f"m{number}", f"line {mutant.line}: {mutant.change}", mutant.source + "\n")


def _tried(notebook: Notebook, mutant: Stranger, seeds: Sequence[int]) -> Tried | None:
    public, whole = at_notebook(notebook, mutant, seeds)
    if public.ended or whole.ended or public.raised or whole.raised or whole.full:
        return None
    if any(said.outcome == "not attempted" for said in whole.verdicts):
        return None
    return Tried(mutant, False, public, whole)
