"""Labs of a student with a small review.json each, and what progress says of their exercises."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from course_utils import logbook
from course_utils.reviewing.released import FILE

ASKED = {
    "exercise": "double", "kind": "which", "text": "What is twice x?", "why": "Twice is once and once more.",
    "sentences": ["x is squared", "1 is added"],
    "variants": [{"given": [["x", str(x)]], "right": str(2 * x), "wrong": [[str(x * x), 0], [str(x + 1), 1]]} for x in (3, 4, 5)],
}  # fmt: skip
FAULT = {
    "exercise": "center", "kind": "fault", "text": "What is wrong?", "why": "",
    "sentences": ["the rows are taken", "nothing is taken", "all is taken"],
    "variants": [
        {"given": [["X", "[1, 3]"]], "name": "Y", "answer": "[-1, 1]", "right": ["[0, 0]", 0], "wrong": [["[1, 3]", 1], ["[-2, 0]", 2]]},
    ],
}  # fmt: skip


@pytest.fixture
def student(tmp_path: Path) -> Callable[..., Path]:
    """Makes the folder of a lab, `lab_one` or another, with points for some of its exercises; gives the folder of all labs."""

    def make(name: str = "lab_one", done: tuple[str, ...] = ("double", "center"), questions: dict[str, object] | None = None) -> Path:
        folder = tmp_path / "labs" / name
        folder.mkdir(parents=True)
        (folder / "cases.npz").touch()
        found = {"twice": ASKED, "middle": FAULT} if questions is None else questions
        (folder / FILE).write_text(json.dumps({"questions": found}), encoding="utf-8")
        for exercise in ("double", "center"):
            score = 2 if exercise in done else 0
            logbook.update(folder, name, exercise, lambda entry, score=score: entry.update(score=score, max_score=2))
        return folder.parent

    return make
