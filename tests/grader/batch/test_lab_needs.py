"""Labs that train networks: they take longer than is usual, and their reference keeps torch's threads busy."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from course_utils.errors import UserError
from grader.sandbox import Limits

LAB = "lab_tiny"
Classroom = Any  # the fixture of conftest.py
SLOW = "import time\n\n\ndef double(x):\n    return 2 * x\n\n\ntime.sleep(4)"
WITH_TORCH = '''

@check("double", points=1)
def a_sum_in_many_threads(double, rng):
    """a sum that takes several threads"""
    import torch

    return {"sum": float(torch.ones(2_000_000).exp().sum()) * 0 + double(1.0)}
'''


@pytest.fixture
def lab(classroom: Classroom, tmp_path: Path) -> Path:
    """The checks of a private copy of the lab, to be changed."""
    shutil.copytree(classroom.solutions, tmp_path / "solutions")
    classroom.options = classroom.options.__class__(**{**classroom.options.__dict__, "solutions": tmp_path / "solutions"})
    return tmp_path / "solutions" / LAB / "checks.py"


def append(checks: Path, text: str) -> None:
    checks.write_text(checks.read_text().replace("import check\n", "import budget, check\n") + text)


@pytest.mark.stress
def test_a_lab_may_need_longer_unless_the_instructor_says_otherwise(classroom: Classroom, lab: Path) -> None:
    append(lab, "\nbudget(cell_seconds=30)\n")
    classroom.hand_in("ada", classroom.notebook(classroom.made_up.right | {"double": SLOW}))
    assert classroom.grade(limits=classroom.hurried).results["ada"].status == "graded"
    result = classroom.grade(force=True, limits=classroom.hurried, asked=frozenset({"cell_seconds"})).results["ada"]
    assert (result.status, "ran longer than 3 s" in str(result.as_dict())) == ("partial", True)


def test_a_budget_never_takes_away() -> None:
    generous = Limits(cell_seconds=300)
    assert generous.allowing({"cell_seconds": 60, "notebook_seconds": 900}, ()) == Limits(cell_seconds=300, notebook_seconds=900)


def test_a_budget_names_limits_that_exist() -> None:
    with pytest.raises(UserError, match=r"The lab's budget names minutes: the limits are memory_bytes, .*cell_seconds"):
        Limits().allowing({"minutes": 3}, ())


@pytest.mark.stress
def test_workers_do_not_wait_for_threads_that_only_the_grader_has(classroom: Classroom, lab: Path) -> None:
    torch = pytest.importorskip("torch")
    append(lab, WITH_TORCH)
    classroom.hand_in("ada")
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        torch.ones(2_000_000).exp().sum()  # starts them, as training a reference does
        results: dict[str, Any] = {}
        grading = threading.Thread(target=lambda: results.update(classroom.grade().results), daemon=True)
        grading.start()
        grading.join(120)
    finally:
        torch.set_num_threads(before)
    assert "ada" in results, "the worker hangs"
    assert results["ada"].score == 10
