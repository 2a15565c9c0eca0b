"""Which cells a check needs: what a check would see after the needed cells is what it would see after all of them.

A notebook is written as text here: `# %% demo` is a cell of the template, `# %% own` one of the student's, `# %% exercise` an
answer, and `# %% check f` asks f. Both ways are run in this process and compared.
"""

from __future__ import annotations

import contextlib
import io
import random
import re
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from grader.intake import Repaired, TemplateCell
from grader.judging.needed import Needed, lacks_in_outputs, needed
from grader.sandbox.child import chance_kept

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "needed"
HEAD = "# %% demo\nimport numpy as np\nimport math\n"
DRAWS = "# %% demo\nplain = [1, 2, 3]\nlen(plain)\n"  # what no answer below has to do with: it is left out wherever anything is


def notebook(text: str) -> tuple[Repaired, dict[str, list[str]]]:
    cells, roles, asks = [], [], {}
    for part in re.split(r"^# %% ", text, flags=re.MULTILINE)[1:]:
        head, _, source = part.partition("\n")
        kind, *names = head.split()
        marked = NotebookNode(handgrad=NotebookNode(needed=True)) if kind == "marked" else NotebookNode()
        node = nbformat.v4.new_code_cell(source.strip("\n") if kind != "check" else f'check("{names[0]}")', metadata=marked)
        stub = nbformat.v4.new_code_cell("...")
        cells.append(node)
        if kind == "check":
            asks[names[0]] = names
            roles.append(TemplateCell(node, f"{names[0]}_check", True, False, True))
        else:
            released = TemplateCell(node, "", False, False, False)
            roles.append({"own": None, "exercise": TemplateCell(stub, "x", False, True, False)}.get(kind, released))
    book = nbformat.v4.new_notebook(cells=cells)
    return Repaired(book, tuple(roles), (), (None,) * len(cells)), asks


def answers(repaired: Repaired, asks: dict[str, list[str]], plan: Needed, run: frozenset[int]) -> tuple[list[str], bool]:
    """What every check sees when these cells run, and whether a name was missing that a cell left out may bind."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    seen, lacks = [], False
    for i, (cell, role) in enumerate(zip(repaired.notebook.cells, repaired.roles, strict=True)):
        if role is not None and role.check in asks:
            found = [_attempt(f"{name}(3) if callable({name}) else {name}", namespace) for name in asks[str(role.check)]]
        elif i in run:
            demonstration = role is not None and not role.solution
            with chance_kept() if demonstration else contextlib.nullcontext():  # as the sandbox does
                found = [_attempt(cell.source, namespace, "exec")]
        else:
            continue
        errors = [NotebookNode(output_type="error", ename=text.split(":")[0], evalue=text) for text in found]
        lacks = lacks or (run != plan.cells and lacks_in_outputs(errors, plan))
        if role is not None and role.check in asks:
            seen += [text if re.match(r"\w+Error:", text) is None else text.split(":")[0] for text in found]
    return seen, lacks


def _attempt(code: str, namespace: dict[str, Any], how: str = "eval") -> str:
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.sub(r"0x\w+", "0x", repr(eval(compile(code, "<cell>", how), namespace)))
    except Exception as error:  # noqa: BLE001 - a notebook goes on
        return f"{type(error).__name__}: {error}"


def compared(text: str) -> Needed:
    repaired, asks = notebook(text)
    plan = needed(repaired, asks)
    whole, _ = answers(repaired, asks, plan, plan.cells)
    partly, lacks = answers(repaired, asks, plan, plan.run)
    assert lacks or partly == whole, (plan, text)
    assert whole
    return plan


# What the student wrote, or a demonstration does, and whether cells can be left out all the same.
FEWER, ALL = "fewer", "all"
_PARTS = re.split(r"^=== (.*) \| (.*)\n", (FIXTURES / "snippets.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
SNIPPETS = {name: (expected, text) for name, expected, text in zip(_PARTS[::3], _PARTS[1::3], _PARTS[2::3], strict=True)}
_PLAIN = "# %% exercise\ndef f(x):\n    return x\n# %% check f\n"
SNIPPETS["too long"] = (ALL, "# %% own\n" + "k = 1\n" * 4000 + _PLAIN)
SNIPPETS["nested too deeply"] = (ALL, "# %% own\nk = " + "-" * 5000 + "1\n" + _PLAIN)


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_check_sees_what_it_would_see_after_all_cells(name: str) -> None:
    expected, text = SNIPPETS[name]
    plan = compared(HEAD + DRAWS + text)
    assert plan.all == (expected == ALL), (plan, text)
    assert bool(plan.why_all) == plan.all


def test_a_missing_name_that_nobody_foresaw_is_noticed() -> None:
    repaired, asks = notebook("# %% demo\nk = 4\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n")
    plan = needed(repaired, asks)
    missing = NotebookNode(output_type="error", ename="NameError", evalue="name 'k' is not defined")
    assert lacks_in_outputs([missing], plan)
    other = NotebookNode(output_type="error", ename="ZeroDivisionError", evalue="division by zero")
    assert not lacks_in_outputs([other], plan)


def test_an_attribute_that_a_cell_left_out_sets_is_missed() -> None:
    repaired, asks = notebook("# %% demo\nclass V: pass\nV.width = 4\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n")
    plan = needed(repaired, asks)
    gone = NotebookNode(output_type="error", ename="AttributeError", evalue="type object 'V' has no attribute 'width'")
    assert lacks_in_outputs([gone], plan)
    assert not lacks_in_outputs([NotebookNode(gone, evalue="type object 'V' has no attribute 'height'")], plan)


def test_an_author_can_mark_a_cell_as_needed() -> None:
    text = HEAD + DRAWS + "# %% marked\nhidden = 3\n# %% exercise\ndef f(x):\n    return x\n# %% check f\n"
    repaired, asks = notebook(text)
    assert 2 in needed(repaired, asks).run
    assert 2 not in needed(*notebook(text.replace("marked", "demo"))).run


def test_unchanged_demonstrations_may_do_what_they_like() -> None:
    """What only the template's functions do, and nobody needs, costs nothing."""
    text = HEAD + "# %% demo\ndef patched():\n    return globals()\n# %% demo\npatched()\n" + _PLAIN
    assert compared(text).run == {3}


@pytest.mark.parametrize("cell", ["k = 1\n" * 3000, "".join(f"n{i} = n{i + 1}\n" for i in range(1800)), "f(" * 900])
def test_a_long_notebook_is_not_thought_about_for_long(cell: str) -> None:
    repaired, asks = notebook("".join(f"# %% own\n{cell.replace('n', f'n{number}_')}\n" for number in range(60)) + _PLAIN)
    begin = time.process_time()
    needed(repaired, asks)
    assert time.process_time() - begin < 5


def test_what_a_person_marks_is_run() -> None:
    repaired, asks = notebook(HEAD + DRAWS + "# %% exercise\ndef f(x):\n    return x\n# %% check f\n")
    roles = list(repaired.roles)
    by_hand = replace(roles[1], grade=True) if roles[1] else None
    plan = needed(repaired._replace(roles=(roles[0], by_hand, *roles[2:])), asks)
    assert {1, 2} <= plan.run & plan.own


# Notebooks made by chance, from statements that have to do with each other's names.
NAMES = ("a", "b", "c", "g", "h")
STATEMENTS = (
    "{0} = [1]", "{0} = 2", "{0} = {1}", "{0} = [{1}, {2}]", "{0} = {1}[0] if isinstance({1}, list) else {1}",
    "{0}.append(3) if isinstance({0}, list) else None", "{0} += {1} if type({0}) is type({1}) is list and {0} is not {1} else {0}",
    "def {0}(x):\n    return {1}",
    "def {0}(x):\n    global {1}\n    {1} = [x]\n    return {2}",
    "def {0}(x):\n    y = {1}\n    if isinstance(y, list):\n        y.append(x)\n    return y",
    "def {0}(x):\n    box = {{}}\n    box['in'] = {1}\n    other = box\n    box['n'] = x\n    if isinstance({1}, list):\n"
    "        other['in'][0:0] = [x]\n    return {2}",
    "def {0}(x, y={1}):\n    if isinstance(y, list):\n        y.append(x)\n    return y",
    "def {0}(x):\n    return {1}(x) if callable({1}) and {1} is not {0} and x < 9 else {2}",
    "{0}(4) if callable({0}) else None", "{0} = {1}(5) if callable({1}) else {1}",
    "for {0} in [{1}, {2}]:\n    pass", "{0} = lambda x: {1}",
    "class {0}:\n    kept = {1}\n    def __new__(self, x):\n        return {2}",
    "{0}.n = {1}", "{0} = getattr({1}, 'n', 0)", "[{0} := i for i in range(3)]",
)  # fmt: skip


def by_chance(seed: int) -> str:
    chance = random.Random(seed)
    cells = []
    for _ in range(chance.randrange(3, 9)):
        kind = chance.choice(["demo", "demo", "demo", "own", "exercise"])
        lines = [chance.choice(STATEMENTS).format(*chance.sample(NAMES, 3)) for _ in range(chance.randrange(1, 3))]
        cells.append(f"# %% {kind}\n" + "\n".join(lines) + "\n")
    for name in chance.sample(NAMES, 2):
        cells.insert(chance.randrange(1, len(cells) + 1), f"# %% check {name}\n")
    return "".join(cells)


def seeds(count: int) -> Iterator[int]:
    yield from range(count)


def test_notebooks_made_by_chance() -> None:
    left_out = sum(not compared(by_chance(seed)).all for seed in seeds(30))
    assert left_out > 10  # it would hold for nothing if all cells always ran


@pytest.mark.stress
def test_many_notebooks_made_by_chance() -> None:
    for seed in range(1000, 4000):
        compared(by_chance(seed))
