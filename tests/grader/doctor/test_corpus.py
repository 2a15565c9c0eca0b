"""The public corpus: large enough, every row of it, each case made of something, and honest about what is deserved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.doctor.attacks import CASES, ROWS
from grader.doctor.attacks.case import LAB, MACHINERY, NOTEBOOK, POINTS, WHOLE, Case, Draft
from grader.doctor.honest import ordinary, right_answers, wrong_answers
from grader.doctor.mishaps import MISHAPS

WORDS = {
    "MARK": "attack-00aabbccddee-x",
    "RUN": "attack-00aabbccddee",
    "COURSE": "/course",
    "SOURCES": "/sources",
    "HOME": "/a/home",
    "SECRET_FILE": "/tmp/x",
    "PORT": "9",
    "KEY": "1",
}
LARGE = {
    "one-cell-of-100-mb",
    "a-notebook-of-500-mb",
    "outputs-of-50-mb",
    "thirty-thousand-cells",
    "many-keys",
    "an-answer-of-300-000-lines",
}


def released() -> Any:
    """The notebook as students get it."""
    cells = []
    for cell in ordinary().cells:
        role = cell.metadata.get("nbgrader", {})
        source = "raise NotImplementedError()" if role.get("solution") else cell.source
        cells.append({"cell_type": cell.cell_type, "id": cell.id, "metadata": {"nbgrader": dict(role)} if role else {}, "source": source})
    return {"cells": cells, "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def honest() -> Any:
    return released()


def draft(honest: Any, case: Case) -> Draft:
    return Draft(honest, right_answers(), case.called, WORDS)


def test_there_are_many_and_every_row_has_some() -> None:
    names = [case.name for case in CASES] + [mishap.name for mishap in MISHAPS]
    assert len(names) >= 150
    assert len(set(names)) == len(names)
    assert {case.row for case in CASES} | {MACHINERY} == set(ROWS)
    assert min(sum(case.row == row for case in CASES) for row in ROWS if row != MACHINERY) >= 25
    assert len(MISHAPS) >= 12
    assert all(thing.tries for thing in (*CASES, *MISHAPS))


def test_what_is_deserved_is_possible() -> None:
    assert sum(POINTS.values()) == WHOLE == 100
    assert [case.name for case in CASES if not 0 <= case.least <= case.most <= WHOLE] == []


def test_every_case_changes_the_honest_submission(honest: Any) -> None:
    for case in CASES:
        if case.name in LARGE:
            continue
        made = draft(honest, case)
        same = made.data()[:200_000]
        case.make(made)
        text = made.data()[:200_000]
        assert made.afterwards or not made.whole or case.student or text != same, case.name
        assert not re.search(rb"canary-[a-z]+-[0-9a-f]{8}", text), case.name  # a case that brought a secret along would always find one
        assert not re.search("|".join(f"@{word}@" for word in WORDS).encode(), text), case.name


def test_cases_can_be_put_on_a_disk(honest: Any, tmp_path: Path) -> None:
    (tmp_path / "ada" / LAB).mkdir(parents=True)
    for name in ("links-to-a-home", "the-lab-is-proc-self", "1200-nested-folders", "the-notebook-is-a-pipe", "names-that-are-no-text"):
        case = next(case for case in CASES if case.name == name)
        made = draft(honest, case)
        case.make(made)
        made.hand_in(tmp_path)
    assert (tmp_path / "links-to-a-home" / LAB / "data.csv").readlink() == Path("/a/home/.netrc")
    assert (tmp_path / "the-lab-is-proc-self" / LAB).readlink() == Path("/proc/self")
    assert (tmp_path / "1200-nested-folders" / LAB / NOTEBOOK).is_file()
    assert (tmp_path / "the-notebook-is-a-pipe" / LAB / NOTEBOOK).is_fifo()


@pytest.mark.parametrize(("given", "right"), [(right_answers(), set(POINTS)), (wrong_answers(), set(POINTS) - {"center"})])
def test_the_asserts_for_nbgrader_ask_what_the_checks_ask(given: dict[str, str], right: set[str]) -> None:
    passed = set()
    names: dict[str, Any] = {"np": np}
    for cell in ordinary().cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in given:
            exec(given[name], names)
        elif name:
            try:
                exec(cell.source, names)
            except AssertionError:
                continue
            passed.add(name.removesuffix("_check"))
    assert passed == right
