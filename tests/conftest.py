"""Fixtures that more than one test file uses."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from hypothesis import settings

from course_utils.cli import spare_grammars

from .standin import Machine, stand_in

TESTS = Path(__file__).parent
LONGEST = (
    "test_laws.py", "test_labs.py", "test_attacking.py", "test_resume.py",
    "test_explorers.py", "test_class.py", "test_again.py", "test_replay.py", "test_strangers.py",
)  # fmt: skip
BY_LAB = ("test_laws.py", "test_labs.py")  # whose tests of one lab share what that lab takes to load, and nothing else

spare_grammars()  # before any test file imports nbformat

# Time limits for single examples measure the machine; a failure that only one run in ten sees helps nobody.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no core waits for it at the end, and keep together what shares a fixture."""
    items.sort(key=_lab_of, reverse=True)
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(f"{item.path.relative_to(TESTS)} {_lab_of(item)}".rstrip()))


def _lab_of(item: pytest.Item) -> str:
    """The lab that a test of a lab's laws is about, or nothing: the last lab, which trains the largest networks, comes first."""
    if item.path.name not in BY_LAB or not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return ""
    return next((Path(str(value)).name for value in item.callspec.params.values() if Path(str(value)).name.startswith("lab")), "")


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
