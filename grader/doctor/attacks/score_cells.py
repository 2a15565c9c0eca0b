"""Tampering with the score: what can be done to the notebook's cells and their metadata."""

from __future__ import annotations

import copy
from collections.abc import Callable

from grader.doctor.attacks.case import SCORE, WHOLE, Case, Cell, Draft

Act = Callable[[Draft], object]
_UNSOLVED = "def sigmoid(z):\n    raise NotImplementedError()"
_WITHOUT = WHOLE - 20


def _edited(name: str, tries: str, act: Act, most: float = _WITHOUT) -> Case:
    """`sigmoid` is not answered; `act` does something to the notebook."""

    def make(draft: Draft) -> None:
        draft.answer("sigmoid", _UNSOLVED)
        act(draft)

    return Case(name, SCORE, tries, make, most)


def _role(draft: Draft, name: str = "sigmoid_check") -> Cell:
    role: Cell = draft.cell(name)["metadata"]["nbgrader"]
    return role


def _source(text: str) -> Act:
    return lambda draft: draft.cell("sigmoid_check").update(source=text)


def _metadata(**values: object) -> Act:
    return lambda draft: _role(draft).update(values)


def _delete(draft: Draft) -> None:
    draft.notebook["cells"] = [
        cell for cell in draft.cells if not str(cell["metadata"].get("nbgrader", {}).get("grade_id", "")).endswith("_check")
    ]


def _copy(draft: Draft) -> None:
    for _ in range(4):
        draft.cells.append(copy.deepcopy(draft.cell("evens_check")))


def _split(draft: Draft) -> None:
    check = draft.cell("sigmoid_check")
    lines = check["source"] if isinstance(check["source"], str) else "".join(check["source"])
    check["source"] = "30.0"
    draft.insert(lines, "relu")


def _reorder(draft: Draft) -> None:
    checks = [cell for cell in draft.cells if str(cell["metadata"].get("nbgrader", {}).get("grade_id", "")).endswith("_check")]
    draft.notebook["cells"] = checks + [cell for cell in draft.cells if cell not in checks]


def _swap(draft: Draft) -> None:
    _role(draft)["grade_id"], _role(draft, "evens_check")["grade_id"] = "swapped", "sigmoid_check"
    next(cell for cell in draft.cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == "swapped")["metadata"]["nbgrader"][
        "grade_id"
    ] = "evens_check"


def _outputs(draft: Draft) -> None:
    data = {"text/plain": "20.0"}
    draft.cell("sigmoid_check")["outputs"] = [{"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}]
    draft.cell("sigmoid_check")["metadata"]["tags"] = ["skip-execution"]


def _own_graded(draft: Draft) -> None:
    role = {"grade": True, "grade_id": "bonus", "locked": False, "points": 1000, "schema_version": 3, "solution": False, "task": False}
    draft.insert("1000.0", "")["metadata"]["nbgrader"] = role


def _answer_is_graded(draft: Draft) -> None:
    _role(draft, "sigmoid").update(grade=True, points=1000)
    draft.cell("sigmoid")["source"] = "1000.0"


def _twice(draft: Draft) -> None:
    again = copy.deepcopy(draft.cell("sigmoid_check"))
    again["source"] = "20.0"
    draft.cells.append(again)


def _kernel(draft: Draft) -> None:
    draft.notebook["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}


def _no_ids(draft: Draft) -> None:
    for cell in draft.cells:
        cell["metadata"] = {}
        cell.pop("id", None)
    draft.cells.append({"cell_type": "code", "metadata": {}, "source": "20.0", "outputs": [], "execution_count": 1})


def _checksum(draft: Draft) -> None:
    _role(draft)["checksum"] = "0" * 32
    draft.cell("sigmoid_check")["source"] = "20.0"


CASES = [
    _edited("edits-a-check", "writes the points into the check cell", _source("20.0")),
    _edited("empties-a-check", "empties the check cell", _source("")),
    _edited("passes-a-check", "writes `pass` into the check cell", _source("pass")),
    _edited("comments-a-check-out", "hides the check in a string", _source("'''\ncheck('sigmoid')\n'''\n20.0")),
    _edited("captures-a-check", "puts a cell magic above the check", _source("%%capture\ncheck('sigmoid')")),
    _edited("catches-a-check", "catches every error of the check", _source("try:\n    check('sigmoid')\nfinally:\n    20.0")),
    _edited("checks-another-exercise", "asks for an exercise that is right", _source('check("evens")')),
    _edited("deletes-checks", "deletes all check cells", _delete),
    _edited("copies-a-check", "copies the check of a right answer four times", _copy),
    _edited("splits-a-check", "moves the check out of its cell", _split),
    _edited("reorders-checks", "moves all check cells to the top", _reorder),
    _edited("retypes-a-check", "turns the check cell into text", lambda draft: draft.cell("sigmoid_check").update(cell_type="markdown")),
    _edited("makes-a-check-raw", "turns the check cell into a raw cell", lambda draft: draft.cell("sigmoid_check").update(cell_type="raw")),
    _edited("raises-points", "changes the points in the metadata", lambda draft: _role(draft, "relu_check").update(points=1000)),
    _edited("negative-points", "makes what is lost worth less than nothing", _metadata(points=-1000)),
    _edited("points-as-text", "writes the points as a word", _metadata(points="1e9")),
    _edited("points-that-are-no-number", "writes NaN as the points", _metadata(points=float("nan"))),
    _edited("swaps-ids", "gives the check of a right answer another one's id", _swap),
    _edited("doubles-an-id", "adds a second cell with the check's id", _twice),
    _edited(
        "unlocks-a-check", "unlocks the check cell and edits it", lambda draft: (_role(draft).update(locked=False), _source("20.0")(draft))
    ),
    _edited("takes-the-grade-away", "makes the check cell an ungraded one", _metadata(grade=False, solution=True, locked=False)),
    _edited("makes-a-check-a-task", "makes the check cell a task, graded by hand", _metadata(task=True, grade=False)),
    _edited("future-schema", "claims a schema version that nobody knows", _metadata(schema_version=99)),
    _edited("old-schema", "claims the oldest schema version", _metadata(schema_version=0, points=None)),
    _edited("forges-the-checksum", "edits a check and forges its checksum", _checksum),
    _edited("forged-outputs", "hands in a check with outputs and asks not to run it", _outputs),
    _edited("adds-a-graded-cell", "adds a graded cell of its own", _own_graded),
    _edited("grades-an-answer", "makes the answer cell a graded one", _answer_is_graded),
    _edited("another-kernel", "claims to be written in another language", _kernel),
    _edited("drops-all-ids", "loses all metadata and appends its points", _no_ids),
    _edited(
        "role-is-a-list", "nbgrader's metadata is a list", lambda draft: draft.cell("sigmoid_check")["metadata"].update(nbgrader=[1, 2])
    ),
]
