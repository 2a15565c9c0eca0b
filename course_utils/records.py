"""The record of a race, in a file beside the notebook: handed in with it, shown by `progress`, read without torch.

`race.json` holds `device`, `milliseconds` (the median of the runs that counted), `accuracy` (the smallest of them), `runs`, `rungs` (the
habits that were seen) and `when` (seconds since 1970). Whoever likes can write such a file by hand: nothing is graded by it.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

FILE = "race.json"
_LONGEST = 10_000  # bytes of the file, and
_WORD = 80  # letters of a name in it


class Record(NamedTuple):
    """How soon a network was trained, and how well."""

    device: str
    milliseconds: float
    accuracy: float
    runs: int
    rungs: tuple[str, ...]
    when: int = 0

    def __str__(self) -> str:
        time_ = f"{self.milliseconds:,.0f} ms" if self.milliseconds < 9999.5 else f"{self.milliseconds / 1000:,.1f} s"
        read = f"{math.floor(1000 * self.accuracy) / 10:.1f} of 100 read right or more"
        return f"{time_} on {self.device} (median of {self.runs} runs), {read}; rungs: {', '.join(self.rungs) or 'none'}"


def read(folder: Path) -> Record | None:
    """The record in a folder; None where there is none, or none in the form of one."""
    path = folder / FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size <= _LONGEST else None
    except (OSError, ValueError, RecursionError):
        return None
    return _checked(found) if isinstance(found, dict) else None


def _checked(found: dict[str, Any]) -> Record | None:
    device, rungs = found.get("device"), found.get("rungs")
    numbers: list[Any] = [found.get(name) for name in ("milliseconds", "accuracy", "runs", "when")]
    well = (
        isinstance(device, str)
        and isinstance(rungs, list)
        and all(isinstance(name, str) for name in rungs)
        and all(type(number) in (int, float) and 0 <= number < 1e12 for number in numbers)
    )
    if not well:
        return None
    milliseconds, accuracy, runs, when = numbers
    return Record(_plain(str(device)), float(milliseconds), float(accuracy), int(runs), tuple(map(_plain, rungs or ())), int(when))


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text[:_WORD])


def keep(folder: Path, record: Record) -> Record:
    """Write a record, unless a quicker one of the same device is there; gives the one that stands there now."""
    before = read(folder)
    if before and before.device == record.device and before.milliseconds <= record.milliseconds:
        return before
    record = record._replace(when=round(time.time()))
    (folder / FILE).write_text(json.dumps(record._asdict(), ensure_ascii=False, indent=1), encoding="utf-8")
    return record


def lines(folders: Sequence[Path]) -> list[str]:
    """A line for each of these labs that has a record."""
    found = [(folder.name, read(folder)) for folder in folders]
    return [f"Race of {name}: {record}" for name, record in found if record]
