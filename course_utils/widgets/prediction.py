"""`predict(question, options)`: the student chooses before a cell shows what happens, and then reads the answer with its reason.

    predict("You double b. What does the border do?", ["it moves towards the origin", "it moves away from the origin", "it turns"])

The answer and its reason stand in the lab's help, found by the question's text. The first choice is kept: `prediction.choice`
is its index, −1 before. Where scripts do not run, the question stands with its options above a folded answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import traitlets

from course_utils import front
from course_utils.help import prediction, same_choice
from course_utils.widgets import explorer, rerun
from course_utils.widgets.alive import Alive, Bundle

HERE = Path(__file__).parent
_MARKED = re.compile(r"`([^`]+)`|\*\*(?! )(.+?)(?<! )\*\*|\*(?! )(.+?)(?<! )\*")
_TAGS = ("code", "strong", "em")
_SUMMARY = '<summary style="cursor:pointer;text-decoration:underline">Choose first, then open the answer</summary>'


class Prediction(Alive):
    """A question with 2 to 4 options, of which the student chooses one. `answer` is the index of the right one."""

    _esm = HERE / "prediction.js"
    _css = HERE / "prediction.css"
    choice = traitlets.Int(-1).tag(sync=True)
    _spec = traitlets.Dict().tag(sync=True)

    def __init__(self, question: str, options: Sequence[str], answer: int, reason: str) -> None:
        self.question, self.options, self.answer, self.reason = question, list(options), answer, reason
        spec = {"question": parts(question), "options": [parts(option) for option in options], "answer": answer, "reason": parts(reason)}
        super().__init__(_spec=spec)
        rerun.made(self)

    @traitlets.validate("choice")
    def _first_choice(self, proposal: Any) -> int:
        known = 0 <= proposal["value"] < len(self.options)
        return proposal["value"] if self.choice < 0 and known else self.choice

    def text(self) -> str:
        """The question and its options, without the answer."""
        return "\n".join([self.question, *(f"  ○ {option}" for option in self.options)])

    def html(self) -> str:
        """The same for pages where no script runs, with the answer folded."""
        listed = "".join(f"<li>{_html(option)}</li>" for option in self.options)
        folded = f"<p><strong>{_html(self.options[self.answer])}</strong></p><p>{_html(self.reason)}</p>"
        return (
            f'<div class="handgrad-prediction"><p><strong>Predict:</strong> {_html(self.question)}</p>'
            f"<ul>{listed}</ul><details>{_SUMMARY}{folded}</details></div>"
        )

    def still(self) -> Bundle:
        return {"text/plain": self.text(), "text/html": self.html()}, {}


class Unanswered:
    """Stands in a cell for a prediction that cannot be shown: one sentence."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __repr__(self) -> str:
        return self.sentence


def predict(question: str, options: Sequence[str]) -> Prediction | Unanswered | None:
    """Ask the student to choose one of the options; None where nobody can, as while grading."""
    if explorer.still:
        return None
    found = prediction(question, front.folder())
    if found is None:
        return Unanswered(f"There is no answer to {question!r}: the lab's hints.json has to lie beside the notebook.")
    right = [number for number, option in enumerate(options) if same_choice(option, found.answer)]
    if not right:
        return Unanswered(f"The answer to {question!r} is {found.answer!r}, which is not among the options.")
    return Prediction(question, options, right[0], found.why)


def parts(text: str) -> list[tuple[str, str]]:
    """Text with `code`, *emphasis* and **strong** words as pairs (tag, words); the tag of plain words is empty."""
    found, at = [], 0
    for match in _MARKED.finditer(text):
        found += [("", text[at : match.start()]), *((tag, words) for tag, words in zip(_TAGS, match.groups(), strict=True) if words)]
        at = match.end()
    return [(tag, words) for tag, words in [*found, ("", text[at:])] if words]


def _html(text: str) -> str:
    return "".join(f"<{tag}>{escape(words)}</{tag}>" if tag else escape(words) for tag, words in parts(text))

