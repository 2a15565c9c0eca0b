"""A round of questions on a page: one after the other, chosen by mouse or keys, each answered at once.

The page knows a question's right choice only after the reader's: the kernel judges, and keeps the result beside the notebook.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import traitlets

from course_utils.help.page import in_letters
from course_utils.reviewing.rounds import LETTERS, Item, Round, Told
from course_utils.widgets import rerun
from course_utils.widgets.alive import Alive, Bundle
from course_utils.widgets.prediction import parts

HERE = Path(__file__).parent
_STILL = "A round of questions: run this cell to answer them."


class Quiz(Alive):
    """One round. `choice` is the reader's choice for the question that is shown, −1 before; `at` is that question's number from 0."""

    _esm = HERE / "quiz.js"
    _css = HERE / "quiz.css"
    at = traitlets.Int(0).tag(sync=True)
    choice = traitlets.Int(-1).tag(sync=True)
    _asked = traitlets.Dict().tag(sync=True)
    _told = traitlets.Dict().tag(sync=True)

    def __init__(self, dealt: Round) -> None:
        self.dealt = dealt
        super().__init__(_asked=_spec(dealt.items[0], 1, len(dealt.items)))
        rerun.made(self)

    @traitlets.validate("choice")
    def _first_choice(self, proposal: Any) -> int:
        """One choice a question; −1 is no choice, and only possible for a question that was not answered."""
        answered, chosen = len(self.dealt.rights) > self.at, proposal["value"]
        known = chosen == -1 or 0 <= chosen < len(self.dealt.items[self.at].choices)
        return self.choice if answered or not known else chosen

    @traitlets.observe("choice")
    def _judge(self, change: Any) -> None:
        if change["new"] >= 0:
            told = self.dealt.answer(change["new"])
            self._told = {**_said(told), "closing": "" if self.dealt.left else self.dealt.closing()}

    @traitlets.validate("at")
    def _next_only(self, proposal: Any) -> int:
        answered = len(self.dealt.rights) == self.at + 1
        return proposal["value"] if answered and proposal["value"] == self.at + 1 < len(self.dealt.items) else self.at

    @traitlets.observe("at")
    def _ask(self, change: Any) -> None:
        self.choice, self._told = -1, {}
        self._asked = _spec(self.dealt.items[change["new"]], change["new"] + 1, len(self.dealt.items))

    def still(self) -> Bundle:
        return {"text/plain": _STILL, "text/html": f"<p>{escape(_STILL)}</p>"}, {}


def _spec(item: Item, number: int, of: int) -> dict[str, Any]:
    return {
        "number": number,
        "of": of,
        "way": item.way,
        "text": parts(in_letters(item.candidate.question.text)),
        "given": [list(pair) for pair in item.given],
        "words": item.candidate.question.kind == "fault",  # the choices are sentences
        "choices": [[letter, choice.text] for letter, choice in zip(LETTERS, item.choices, strict=False)],
    }


def _said(told: Told) -> dict[str, Any]:
    said, way = told.lines()
    return {"right": told.item.right, "said": parts(in_letters(said)), "way": way, "shows": list(told.shows or ())}
