"""Answers that were written without reading a lab's checks: `right.py` and `wrong.py` of a lab, one cell an answer."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

_HEAD = re.compile(r"# %% (\w+)/([\w-]+) \| (\S.*)")


class Stranger(NamedTuple):
    """One answer: whose exercise it is, what it is called, a line about it, and the cell's code."""

    exercise: str
    name: str
    line: str
    source: str

    @property
    def label(self) -> str:
        return f"{self.exercise}/{self.name}"


class Corpus(NamedTuple):
    """A lab's answers by strangers."""

    right: list[Stranger]
    wrong: list[Stranger]


def read_corpus(folder: Path) -> Corpus:
    """Both files of a lab. ValueError when two answers have one name: what people judged is kept by it."""
    corpus = Corpus(*(parse((folder / name).read_text(encoding="utf-8"), name) for name in ("right.py", "wrong.py")))
    names = Counter(stranger.label for stranger in [*corpus.right, *corpus.wrong])
    if twice := [label for label, count in names.items() if count > 1]:
        raise ValueError(f"{folder.name} has two answers called {', '.join(twice)}: rename one of them.")
    return corpus


def parse(text: str, where: str) -> list[Stranger]:
    """The answers of one file. ValueError for a cell whose head does not say exercise, name and a line."""
    before, *cells = re.split(r"^(?=# %%)", text, flags=re.MULTILINE)
    if loose := [line for line in before.splitlines() if line.strip() and not line.startswith("#")]:
        raise ValueError(f"{where} has code before its first cell: {loose[0]}")
    return [_stranger(cell, where) for cell in cells]


def _stranger(cell: str, where: str) -> Stranger:
    head, _, source = cell.partition("\n")
    found = _HEAD.fullmatch(head.strip())
    if not found:
        raise ValueError(f"{where}: a cell begins with `# %% EXERCISE/short_name | one line`, not with `{head}`.")
    return Stranger(*found.groups(), source.strip() + "\n")
