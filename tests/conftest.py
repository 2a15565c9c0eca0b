"""Fixtures that more than one test file uses."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from course_utils.cli import spare_grammars

from .standin import Machine, stand_in
from .today import is_today

TESTS = Path(__file__).parent
LONGEST = (
    "test_laws.py", "test_labs.py", "test_attacking.py", "test_resume.py",
    "test_explorers.py", "test_class.py", "test_again.py", "test_replay.py", "test_strangers.py",
)  # fmt: skip
BY_LAB = ("test_laws.py", "test_labs.py")  # whose tests of one lab share what that lab takes to load, and nothing else
# Many tests of one kind, of which each day has its part
TURNS = {
    "tests/verdicts/": 5,
    "tests/widgets/": 4,
    "tests/pictures/": 4,
    "tests/help/test_laws.py": 4,
    "tests/oracles/": 2,
    "tests/training/": 2,
    "tests/grader/sandbox/test_cards.py": 3,
    "tests/grader/intake/test_strangers.py": 2,
    "tests/grader/batch/test_class.py": 3,
    "tests/grader/batch/test_replay.py": 3,
    "tests/grader/batch/test_settings.py": 3,
    "tests/grader/batch/test_cluster.py": 3,
    "tests/grader/batch/test_budget.py": 2,
    "tests/grader/batch/test_marks.py": 2,
    "tests/grader/batch/test_gpu.py": 2,
    "tests/grader/batch/test_formats.py": 2,
    "tests/grader/doctor/test_attacking.py": 3,
    "tests/grader/judging/test_again.py": 3,
    "tests/grader/platforms/test_hosts_container.py": 3,
    "tests/grader/platforms/test_to_the_gradebook.py": 3,
    "tests/grader/platforms/": 2,
    "tests/grader/site/": 3,
    "tests/grader/books/test_gradebook.py": 2,
    "tests/grader/batch/test_ordinary.py": 2,
    "tests/help/test_built.py": 2,
    "tests/test_lab": 2,
    "tests/grader/desk/": 2,
    "tests/reviewing/": 2,
    "tests/grader/batch/test_resume.py": 3,
    "tests/grader/books/test_postgres.py": 2,
    "tests/grader/judging/test_labs.py": 4,
    "tests/browser/test_explorers.py": 3,
    "tests/test_laws.py": 3,
    "tests/test_strangers.py": 3,
    "tests/test_console.py": 2,
    "tests/browser/test_notebook7.py": 2,
    "tests/browser/test_page.py": 2,
    "tests/browser/test_formgrader": 2,
    "tests/grader/batch/": 2,
}

spare_grammars()  # before any test file imports nbformat

# Time limits for single examples measure the machine; a failure that only one run in ten sees helps nobody.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Those whose turn it is. What takes longest comes first, so that no core waits for it at the end."""
    if config.args_source.name != "ARGS":  # whoever names tests means all of them
        today = {item: is_today(item.nodeid, TURNS) for item in items}
        config.hook.pytest_deselected(items=[item for item in items if not today[item]])
        items[:] = [item for item in items if today[item]]
    items.sort(key=lambda item: _lab_of(item.nodeid), reverse=True)
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.hookimpl(optionalhook=True)  # pytest-xdist's
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file goes to one core, as its tests share fixtures; of the laws of labs, what is about one lab."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByLab(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return f"{super()._split_scope(nodeid)} {_lab_of(nodeid)}".rstrip()

    return ByLab(config, log)


def _lab_of(nodeid: str) -> str:
    """The lab that a test of the laws of labs is about, or nothing."""
    file, _, test = nodeid.partition("::")
    found = re.search(r"lab\d\d_[a-z_]+", test) if Path(file).name in BY_LAB else None
    return found[0] if found else ""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A private copy of the source of `lab_tiny`, in a project folder of its own: `<tmp_path>/solutions/lab_tiny`."""
    source = tmp_path / "solutions" / "lab_tiny"
    shutil.copytree(TESTS / "fixtures" / "solutions" / "lab_tiny", source, ignore=shutil.ignore_patterns("*.ipynb", "__pycache__"))
    return source


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Two NVIDIA cards that are none; see standin.py."""
    return stand_in(tmp_path / "machine", monkeypatch)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been slept, in seconds."""
    found: list[float] = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found
