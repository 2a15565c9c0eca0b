"""`handgrad review`: a round of questions in a terminal, or line by line for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markdown import Markdown

from course_utils.help.page import Page
from course_utils.reviewing.rounds import LETTERS, NOTHING, Item, Round, Told, begun

_STOPPED = "You stopped here; what you answered is kept."
_STOPS = ("q", "quit", "exit")


def review(folder: Path, *, lab: str = "", count: int, as_json: bool = False) -> int:
    """Ask a round of questions; 0 when it was finished, 1 when it was not, or when there is nothing to ask.

    With `as_json` every question is an object on a line of its own, and so is what is said to each answer; answers are read as lines.
    """
    dealt = begun(folder, lab=lab, count=count)
    table: Any = _Lines() if as_json else _Screen(Console(highlight=False))
    if not dealt.items:
        table.say(NOTHING)
        return 1
    for number, item in enumerate(dealt.items, 1):
        table.ask(item, number, len(dealt.items))
        choice = _choice(len(item.choices), table.read, table.say)
        if choice is None:
            table.say(_STOPPED)
            return 1
        table.tell(dealt.answer(choice))
    table.close(dealt)
    return 0


def _choice(count: int, read: Callable[[], str | None], say: Callable[[str], None]) -> int | None:
    """The number of the choice that is typed, by letter or number; None when the reader stops."""
    while (typed := read()) is not None:
        word = typed.strip().lower().rstrip(").")
        if word in _STOPS:
            return None
        if len(word) == 1 and word in LETTERS[:count]:
            return LETTERS.index(word)
        if word.isascii() and word.isdigit() and 1 <= int(word) <= count:
            return int(word) - 1
        say(f"Type one letter, a to {LETTERS[count - 1]}, and Enter; q stops.")
    return None


class _Screen:
    """Somebody reads and types."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def ask(self, item: Item, number: int, of: int) -> None:
        self.console.print(f"\nQuestion {number} of {of}  ({item.way})", style="bold", markup=False)
        self._text(item.candidate.question.text)
        for name, text in item.given:
            self._block(f"{name} = ", text)
        for letter, choice in zip(LETTERS, item.choices, strict=False):
            self.console.print()
            self._block(f"{letter}) ", choice.text)
        self.console.print()

    def read(self) -> str | None:
        try:
            return input("Your answer: ")
        except EOFError:
            self.console.print()
            return None

    def tell(self, told: Told) -> None:
        said, way = told.lines()
        self._text(f"{'✓' if told.right else '✗'} {said}")
        if told.shows:
            name, text = told.shows
            self._block(f"{name} = ", text)
        self.console.print(way, style="dim", markup=False)

    def close(self, dealt: Round) -> None:
        self.console.print(f"\n{dealt.closing()}", markup=False)

    def say(self, sentence: str) -> None:
        self.console.print(sentence, markup=False)

    def _text(self, text: str) -> None:
        self.console.print(Markdown(Page(text.replace("*", r"\*")).in_letters()))

    def _block(self, before: str, text: str) -> None:
        """Text in columns: its further lines stand under the first."""
        if "\n" in text:
            text = text.replace("\n", "\n" + " " * len(before))
        self.console.print(f"{before}{text}", markup=False)


class _Lines:
    """A program reads and answers."""

    def ask(self, item: Item, number: int, of: int) -> None:
        question = item.candidate.question
        asked = {"question": number, "of": of, "lab": item.candidate.lab, "exercise": question.exercise, "kind": question.kind}
        self._line({**asked, "text": question.text, "given": dict(item.given), "choices": [choice.text for choice in item.choices]})

    def read(self) -> str | None:
        return sys.stdin.readline() or None

    def tell(self, told: Told) -> None:
        said, _ = told.lines()
        shows = dict([told.shows]) if told.shows else {}
        self._line({"right": told.right, "answer": LETTERS[told.item.right], "why": said, "shows": shows})

    def close(self, dealt: Round) -> None:
        self._line({"finished": True, "right": sum(dealt.rights), "of": len(dealt.items)})

    def say(self, sentence: str) -> None:
        self._line({"message": sentence})

    def _line(self, said: dict[str, Any]) -> None:
        print(json.dumps(said), flush=True)  # in ASCII, as every console takes it: a letter that is spelt could end a string
