"""Print what a lab asks of a reader: words, lines of code, exercises, and honest minutes beside those that its first cell promises.

`python scripts/words.py` counts in `labs/` as it is here, `--at REV` as it was at a git revision, so that before and after are
one command each. Minutes are reading and writing together:

- 150 words a minute, the pace of somebody who reads in a second language and thinks along. A short formula or a piece of code
  in a sentence is one word, a formula on a line of its own ten. Tables count, folded help does not.
- 5 seconds for each line of code that is given: cells that show something, and stubs with their docstrings.
- The minutes that each exercise states.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
WORDS_A_MINUTE, SECONDS_A_LINE, FORMULA_WORDS = 150, 5, 10
COLUMNS = ("lab", "words", "code lines given", "exercises", "reading", "exercises state", "honest minutes", "promised")

_FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
_FORMULA = re.compile(r"\$\$.*?\$\$", re.DOTALL)
_ONE_WORD = re.compile(r"\$[^$]+\$|`[^`]+`|(?<=\])\([^)]*\)|<[^>]+>")
_STATED = re.compile(r"^\*[^*\n]*?(\d+) minutes?[^*\n]*\*", re.MULTILINE)
_NUMBERS = {"an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_WORDS = "|".join(_NUMBERS)
_PROMISED = re.compile(rf"(?:Allow|about|exercises,) ((?:\d+|{_WORDS})(?: and a half)?) (minutes?|hours?)( and a half)?")


class Load(NamedTuple):
    """What one lab asks of a reader; minutes are None where its first cell promises none."""

    words: int
    lines: int
    exercises: int
    stated: float
    promised: float | None

    @property
    def reading(self) -> float:
        """Minutes."""
        return self.words / WORDS_A_MINUTE + self.lines * SECONDS_A_LINE / 60

    def row(self, lab: str) -> str:
        """One line of the table."""
        promised = "–" if self.promised is None else f"{self.promised:.0f}"
        numbers = (self.words, self.lines, self.exercises, round(self.reading), f"{self.stated:g}", round(self.reading + self.stated))
        return f"| {lab} | {' | '.join(map(str, numbers))} | {promised} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--at", metavar="REV", help="count in this git revision, such as 05d2362 or main~10")
    revision = parser.parse_args().at
    print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
    for lab, text in (at(revision) if revision else here()).items():
        print(load(nbformat.reads(text, as_version=4).cells).row(lab))
    return 0


def here() -> dict[str, str]:
    """The notebooks of `labs/` by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("labs/*/*.ipynb")) if path.stem == path.parent.name}


def at(revision: str) -> dict[str, str]:
    """The same at a git revision."""
    names = _git("ls-tree", "-r", "--name-only", revision, "labs").splitlines()
    notebooks = [name for name in names if name.endswith(".ipynb")]
    return {Path(name).stem: _git("show", f"{revision}:{name}") for name in notebooks}


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr.strip())
    return done.stdout


def load(cells: list[NotebookNode]) -> Load:
    """Count in a notebook as students get it."""
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    roles = [cell.metadata.get("nbgrader", {}) for cell in cells]
    code = [cell.source for cell, role in zip(cells, roles, strict=True) if cell.cell_type == "code" and not role.get("grade")]
    return Load(
        sum(map(words, texts)),
        sum(1 for source in code for line in source.splitlines() if line.strip()),
        sum(1 for cell, role in zip(cells, roles, strict=True) if cell.cell_type == "code" and role.get("grade")),
        sum(float(minutes) for text in texts for minutes in _STATED.findall(text)),
        promised(texts[0]) if texts else None,
    )


def words(text: str) -> int:
    """The words of a text cell, as this page's first lines count them."""
    text, formulas = _FORMULA.subn(" ", _FOLDED.sub("", text))
    return FORMULA_WORDS * formulas + sum(1 for word in _ONE_WORD.sub(" x ", text).split() if any(map(str.isalnum, word)))


def promised(text: str) -> float | None:
    """The minutes that a text asks for ("Allow two and a half hours"), in figures or in words."""
    found = _PROMISED.search(" ".join(text.split()))
    if not found:
        return None
    first, _, half = found[1].partition(" and ")
    value = float(first) if first.isdigit() else _NUMBERS[first.lower()]
    return (value + (0.5 if half or found[3] else 0)) * (60 if found[2].startswith("hour") else 1)


if __name__ == "__main__":
    sys.exit(main())
