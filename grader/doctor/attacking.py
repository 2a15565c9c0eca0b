"""`handgrad doctor --attack`: the whole corpus against one grader."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from subprocess import run
from typing import Any

from course_utils.errors import UserError
from grader.doctor.arena import Arena, Kind
from grader.doctor.attacks import CASES, ROWS, Case
from grader.doctor.attacks.case import MACHINERY
from grader.doctor.campaign import TOGETHER, Campaign, Verdict
from grader.doctor.mishaps import MISHAPS
from grader.doctor.scene import befall

Tell = Callable[[int, str], None]  # how many cases begin now, and what they are about


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    cases: int
    stopped: int
    through: tuple[str, ...]
    skipped: tuple[str, ...]


def names(word: str = "") -> list[str]:
    """The cases whose name or row has this word in it."""
    return [name for name, row in _all() if word in name or word in row]


def attack(kind: Kind, workers: int, word: str, tell: Tell) -> Iterator[Verdict]:
    """Try the cases that are named by a word. Raises UserError when there is none, or when not even honest ones can be graded."""
    chosen = set(names(word))
    if not chosen:
        raise UserError(f"No case has {word!r} in its name or its row.")
    with tempfile.TemporaryDirectory(prefix="handgrad-attack-") as folder:
        Path(folder).chmod(0o755)  # the outer sandbox is entered by somebody else
        campaign = Campaign(Arena(Path(folder), kind), workers)
        try:
            campaign.prepare()
            for cases in _rounds([case for case in CASES if case.name in chosen], kind):
                yield from campaign.attack(cases, lambda some: tell(len(some), some[0].row))
            for mishap in MISHAPS:
                if mishap.name in chosen:
                    tell(1, MACHINERY)
                    yield befall(mishap, campaign)
        finally:
            run(["rm", "-rf", "--", *map(str, Path(folder).iterdir())], check=False)  # however deep it is


def table(verdicts: Iterable[Verdict]) -> list[Row]:
    """How each row fared, in the order of the rows."""
    found = list(verdicts)
    rows = []
    for name in ROWS:
        here = [verdict for verdict in found if verdict.row == name]
        through = tuple(verdict.name for verdict in here if verdict.happened)
        skipped = tuple(verdict.name for verdict in here if verdict.skipped)
        if here:
            rows.append(Row(name, len(here), sum(verdict.stopped for verdict in here), through, skipped))
    return rows


def as_json(verdicts: Sequence[Verdict], **about: Any) -> dict[str, Any]:
    """All that was found, for a program to read."""
    cases = [{**verdict.__dict__, "happened": list(verdict.happened), "stopped": verdict.stopped} for verdict in verdicts]
    rows = [{**row.__dict__, "through": list(row.through), "skipped": list(row.skipped)} for row in table(verdicts)]
    return {**about, "rows": rows, "cases": cases}


def _all() -> list[tuple[str, str]]:
    return [(case.name, case.row) for case in CASES] + [(mishap.name, MACHINERY) for mishap in MISHAPS]


def _rounds(cases: Sequence[Case], kind: Kind) -> Iterator[list[Case]]:
    """As many of one row as are handed in together. What nothing ends before its round is over has one of its own."""
    apart = [case for case in cases if case.alone and kind != "bwrap"]
    yield from ([case] for case in apart)
    for _, row in groupby((case for case in cases if case not in apart), key=lambda case: case.row):
        some = list(row)
        yield from (some[at : at + TOGETHER] for at in range(0, len(some), TOGETHER))
