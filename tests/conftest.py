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
LONGEST = ("test_laws.py", "test_resume.py", "test_labs.py")

spare_grammars()  # before any test file imports nbformat

# Time limits for single examples measure the machine; a failure that only one run in ten sees helps nobody.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no core waits for one of them at the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


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
