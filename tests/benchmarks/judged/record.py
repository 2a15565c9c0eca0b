"""What people wrote of the sentences that answers were given: `[exercise.name]` tables of `"sentence" = "true"`, "half" or "untrue".

One table an answer and one line a sentence, so that two people's judgements merge; a sentence that an answer gets later joins
the table that it has.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

from .corpus import Stranger
from .words import without_numbers

JUDGEMENTS = ("true", "half", "untrue")


class Record:
    """The judgements of one file; a file that does not exist yet has none."""

    def __init__(self, path: Path) -> None:
        tables = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self._judged: dict[tuple[str, str, str], str] = {}
        for exercise, answers in tables.items():
            for name, said in answers.items():
                for sentence, judgement in said.items():
                    if judgement not in JUDGEMENTS:
                        raise ValueError(f"{path.name}: [{exercise}.{name}] has {judgement!r}: write {', '.join(JUDGEMENTS)}.")
                    self._judged[exercise, name, without_numbers(sentence)] = judgement

    def judgement(self, stranger: Stranger, sentence: str) -> str | None:
        """What people wrote, or None when nobody has judged it."""
        return self._judged.get((stranger.exercise, stranger.name, without_numbers(sentence)))

    def unjudged(self, stranger: Stranger, given: Iterable[str]) -> list[str]:
        return [sentence for sentence in given if self.judgement(stranger, sentence) is None]


def to_judge(stranger: Stranger, given: Iterable[str]) -> str:
    """The table to write into the file once every ? is replaced."""
    lines = [f'{json.dumps(without_numbers(sentence), ensure_ascii=False)} = "?"' for sentence in given]
    return "\n".join([f"[{stranger.exercise}.{stranger.name}]", *lines])
