"""What of this course's style a machine can see in a notebook, as one sentence for every lapse.

Other courses write as they like. What takes a reader, such as one thought a sentence, stays with readers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from statistics import median

from nbformat import NotebookNode

from grader.build.roles import Role, grade_id, role
from grader.build.rules import begin, without_answers

TEXT_WORDS = 80  # of one cell
CODE_LINES, USUAL_LINES = 20, 6  # of one cell that is no class; of half of the cells

_FORMULA = re.compile(r"\$\$.*?\$\$", re.DOTALL)
_ONE_WORD = re.compile(r"\$[^$]+\$|`[^`]+`|(?<=\])\([^)]*\)")  # a formula, a piece of code, the target of a link
_TABLE = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)
_TAG = re.compile(r"</?(?:details|summary|br|sup|sub)[^>]*>")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)[^)]*\)")
_LAB = re.compile(r"\.\./(\w+)/")
_MINUTES = re.compile(r"^\*[^*\n]*?(\d+) minutes?[^*\n]*\*", re.MULTILINE)
_INTERNAL = re.compile(r"(?<![\w$\\{^_`])[SE]\d{1,2}\b")  # numbers of the syllabus, such as S17 and E04
_LOUD = re.compile(r"^[ \t]*print\(|filterwarnings|simplefilter|%%capture", re.MULTILINE)
_EMOJI = re.compile("[\U0001f300-\U0001faff]")

_PARTS = {"bonus task": r"\bbonus\b", "summary of what was built": r"\byou\b.{0,20}\bbuilt\b", "word on what comes next": r"\bnext\b"}


def lapses(cells: Sequence[NotebookNode], labs: Collection[str]) -> list[str]:
    """Every lapse of an author's notebook, in the order of its cells. `labs` are the names of those that exist."""
    found: list[str] = []
    for place, cell in enumerate(cells):
        if cell.cell_type == "code":
            found += _code_lapses(cell)
            found += _exercise_lapses(cells, place) if role(cell) is Role.STUB else ()
        elif role(cell) is Role.NONE:
            found += _text_lapses(cell, labs)
    return found + list(_whole_lapses(cells))


def text_words(source: str) -> int:
    """The words of a text cell. A formula counts as one; what stands in tables is looked up, not read."""
    text = _TAG.sub(" ", _TABLE.sub("", _FORMULA.sub("x", source)))
    return sum(1 for word in _ONE_WORD.sub("x", text).split() if any(map(str.isalnum, word)))


def code_lines(cell: NotebookNode) -> int:
    """The lines of a code cell that students get, without empty ones and without the answer."""
    return sum(1 for line in without_answers(cell.source).splitlines() if line.strip())


def minutes_of(cells: Sequence[NotebookNode], place: int) -> float | None:
    """The minutes that the text above an exercise names, or None."""
    name = grade_id(cells[place])
    for cell in reversed(cells[:place]):
        if cell.cell_type == "markdown" and (found := _MINUTES.search(cell.source)):
            return float(found[1])
        if role(cell) is Role.CHECK and grade_id(cell) != f"{name}_check":  # above it is the exercise before
            return None
    return None


def _text_lapses(cell: NotebookNode, labs: Collection[str]) -> Iterator[str]:
    what = f"the text cell that begins with {begin(cell)}"
    if (count := text_words(cell.source)) > TEXT_WORDS:
        yield f"{what} has {count} words: at most {TEXT_WORDS} are one idea"
    for number in _INTERNAL.findall(cell.source):
        yield f"{what} speaks of {number}, a number of the syllabus that no student knows: say what it stands for"
    if _EMOJI.search(cell.source):
        yield f"{what} holds an emoji: say it in words"
    for text, target in _LINK.findall(cell.source):
        lab = _LAB.match(target)
        if lab and lab[1] not in labs:
            yield f"{what} links to {lab[1]}, which does not exist: take the link out until it does"
        if re.search(r"\blecture\b", text, re.IGNORECASE) and not re.search(r"[“\"'*].+\b(?:page|slide|p\.)\s*\d", text):
            yield f'{what} links to a lecture as "{text}": name the title and the page'


def _code_lapses(cell: NotebookNode) -> Iterator[str]:
    what = f"the code cell that begins with {begin(cell)}"
    if (count := code_lines(cell)) > CODE_LINES and not _defines_class(cell):
        yield f"{what} has {count} lines: at most {CODE_LINES} are one idea, but for a class"
    if loud := _LOUD.search(without_answers(cell.source)):
        yield f"{what} holds {loud[0].strip()}: let a last expression show the value, and mend what warns"


def _defines_class(cell: NotebookNode) -> bool:
    return any(isinstance(node, ast.ClassDef) for node in ast.parse(cell.source).body)


def _exercise_lapses(cells: Sequence[NotebookNode], place: int) -> Iterator[str]:
    if minutes_of(cells, place) is None:
        yield f'the exercise {grade_id(cells[place])} names no minutes: write "*Easy, 5 minutes.*" below its heading'


def _whole_lapses(cells: Sequence[NotebookNode]) -> Iterator[str]:
    lines = [code_lines(cell) for cell in cells if cell.cell_type == "code"]
    if lines and median(lines) > USUAL_LINES:
        yield f"half of its code cells have {median(lines):g} lines or more: {USUAL_LINES} are usual"
    if not any(role(cell) in (Role.REFLECTION, Role.BY_HAND) for cell in cells):
        yield "it has no reflection: ask one question at its end"
    texts = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for what, words in _PARTS.items():
        if not re.search(words, texts, re.IGNORECASE):
            yield f"it has no {what}: every lab of this course has one"
