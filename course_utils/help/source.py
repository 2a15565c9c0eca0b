"""The text of a `help.md`, read. What it may say, and how, stands at the top of this package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from course_utils.errors import UserError

PREDICTIONS, ANSWER, GAINED = "Predictions", "Answer", "Gained"
HINT_WORDS, GAINED_WORDS, REASON_WORDS = 80, 40, 60
STEPS = (2, 4)  # fewest and most for one exercise, without those that are bound to a mistake

_BOUND = re.compile(r"<!--\s*mistakes?:(.*?)-->", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ONE_WORD = re.compile(r"\$[^$]+\$|`[^`]+`")  # a formula or a piece of code is read at one glance


class Hint(NamedTuple):
    """One step of help. `mistakes` are the names of those whose makers it is for; none means everybody."""

    title: str
    text: str
    mistakes: tuple[str, ...] = ()


class Prediction(NamedTuple):
    """What a student is to predict: the right option, and why it is right."""

    answer: str
    why: str


@dataclass(frozen=True)
class Exercise:
    """The help for one exercise."""

    hints: tuple[Hint, ...]
    answer: str
    gained: str = ""

    @property
    def steps(self) -> list[Hint]:
        """The hints for everybody, in their order."""
        return [hint for hint in self.hints if not hint.mistakes]


@dataclass(frozen=True)
class Help:
    """All that a `help.md` says: by exercise, and by question."""

    exercises: Mapping[str, Exercise]
    predictions: Mapping[str, Prediction]


class _Section(NamedTuple):
    title: str
    line: int
    lines: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def parse(text: str, where: str = "help.md") -> Help:
    """Read the text of a `help.md`; `where` names it in the errors.

    Raises UserError with one sentence for everything that is not as it should be.
    """
    reader = _Reader()
    found = reader.read(text)
    if reader.problems:
        raise UserError("\n".join(f"{where}, line {line}: {sentence}." for line, sentence in sorted(reader.problems)))
    return found


def same_choice(one: str, other: str) -> bool:
    """Whether two texts name the same option: spaces, a capital at the start and a full stop at the end count for nothing."""
    return _plainly(one) == _plainly(other)


def one_line(text: str) -> str:
    """A text on one line, as a question is known by."""
    return " ".join(text.split())


def words(text: str) -> int:
    """How many words a reader has to read; a formula counts as one."""
    return len(_ONE_WORD.sub("x", _COMMENT.sub("", text)).split())


def _plainly(text: str) -> str:
    bare = one_line(text).removesuffix(".")
    return bare[:1].lower() + bare[1:]


class _Reader:
    """One pass over a text; what is wrong is collected with its line, and reading goes on."""

    def __init__(self) -> None:
        self.problems: list[tuple[int, str]] = []

    def read(self, text: str) -> Help:
        exercises: dict[str, Exercise] = {}
        predictions: dict[str, Prediction] = {}
        for section in self._once(self._split(text.splitlines(), "# ", 1), "the section"):
            below = list(self._split(section.lines, "## ", section.line + 1))
            if section.title == PREDICTIONS:
                predictions |= {one_line(part.title): self._prediction(part) for part in self._once(below, "the question")}
            else:
                exercises[section.title] = self._exercise(section, below)
        return Help(exercises, predictions)

    def _split(self, lines: Sequence[str], mark: str, first: int) -> Iterator[_Section]:
        """The sections that begin with a mark. A fence holds code, in which `#` begins a comment."""
        section, fenced = _Section("", first, []), False
        for number, line in enumerate(lines, first):
            fenced ^= line.lstrip().startswith("```")
            if line.startswith(mark) and not fenced:
                yield from self._ended(section, mark)
                section = _Section(line.removeprefix(mark).strip(), number, [])
            else:
                section.lines.append(line)
        yield from self._ended(section, mark)

    def _ended(self, section: _Section, mark: str) -> Iterator[_Section]:
        if section.title:
            yield section
        elif _COMMENT.sub("", section.text).strip():
            wanted = "the name of its exercise" if mark == "# " else "a title"
            self._say(section.line, f'text stands under no heading "{mark}…": give it {wanted}')

    def _once(self, sections: Iterable[_Section], what: str) -> list[_Section]:
        known: dict[str, _Section] = {}
        for section in sections:
            title = one_line(section.title)
            if title in known:
                self._say(section.line, f'{what} "{title}" stands in line {known[title].line} already: keep one of them')
            known[title] = section
        return list(known.values())

    def _exercise(self, section: _Section, below: Sequence[_Section]) -> Exercise:
        parts = {part.title: part for part in self._once(below, f'in {section.title}, the title')}
        answer, gained = parts.pop(ANSWER, None), parts.pop(GAINED, None)
        hints = tuple(map(self._hint, parts.values()))
        exercise = Exercise(hints, self._answer(section, answer), self._gained(gained))
        fewest, most = STEPS
        if not fewest <= len(exercise.steps) <= most:
            self._say(
                section.line,
                f"{section.title} has {len(exercise.steps)} {'hint' if len(exercise.steps) == 1 else 'hints'} for everybody: "
                f"write {fewest} to {most} sections, from a question to the last step before the answer",
            )
        return exercise

    def _hint(self, part: _Section) -> Hint:
        mistakes = tuple(name.strip() for names in _BOUND.findall(part.text) for name in names.split(","))
        text = _COMMENT.sub("", part.text).strip()
        if not text:
            self._say(part.line, f'the hint "{part.title}" has no text: write a question below its title')
        self._limit(part, text, HINT_WORDS, "hint")
        return Hint(part.title, text, mistakes)

    def _answer(self, section: _Section, part: _Section | None) -> str:
        text = _COMMENT.sub("", part.text).strip() if part else ""
        if not part or not text:
            line = part.line if part else section.line
            self._say(line, f'{section.title} has no answer: write "## {ANSWER}" and, below it, how one gets there')
        elif "```" in text:
            self._say(part.line, f"the answer of {section.title} holds code: its derivation is enough, the code is taken from notebook.py")
        return text

    def _gained(self, part: _Section | None) -> str:
        if part is None:
            return ""
        text = one_line(_COMMENT.sub("", part.text))
        if not text:
            self._say(part.line, f'"## {GAINED}" is empty: write one sentence, or delete it')
        self._limit(part, text, GAINED_WORDS, "sentence on what was gained")
        return text

    def _prediction(self, part: _Section) -> Prediction:
        text = one_line(_COMMENT.sub("", part.text))
        found = re.fullmatch(r"\*\*(.+?)\*\*\s*(.*)", text)
        if not found:
            self._say(part.line, f'the prediction "{part.title}" does not begin with its answer in bold: **one of the options.** Because …')
            return Prediction("", "")
        if not found[2]:
            self._say(part.line, f'the prediction "{part.title}" has no reason: write below the bold words why it is so')
        if "$" in text:
            self._say(part.line, f'the prediction "{part.title}" holds math, which its widget cannot show: write it in words or as a² = b')
        self._limit(part, found[2], REASON_WORDS, "reason")
        return Prediction(found[1].strip(), found[2])

    def _limit(self, part: _Section, text: str, most: int, what: str) -> None:
        if words(text) > most:
            self._say(part.line, f'the {what} below "{part.title}" has {words(text)} words: at most {most} are read by whoever is stuck')

    def _say(self, line: int, sentence: str) -> None:
        self.problems.append((line, sentence))
