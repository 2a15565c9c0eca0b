"""A folder of labs as `handgrad start` makes it, with lab_tiny in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course_utils.help.worked import remember
from grader.build import build_lab

LAB = "lab_tiny"


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """lab_tiny as it is released."""
    source = tmp_path_factory.mktemp("source") / LAB
    shutil.copytree(Path(__file__).parent.parent / "fixtures" / "solutions" / LAB, source)
    return build_lab(source, source.parent / "labs").folder


@pytest.fixture
def lab(tiny, built, tmp_path, monkeypatch):
    """A folder that `handgrad start` made, with the reader in its lab; the solutions are at hand."""
    mine = tmp_path / "mine"
    shutil.copytree(built, mine / LAB)
    remember(mine, tiny.parent)
    monkeypatch.chdir(mine / LAB)
    return mine / LAB
