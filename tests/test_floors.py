"""What we ask for, what the tests run with, and what has a known hole: the lists agree."""

from __future__ import annotations

import tomllib
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]


def canonical(name: str) -> str:
    return name.lower().replace("_", "-")


def test_what_the_tests_run_with_is_what_we_ask_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    asked = [need for need in map(Requirement, listed) if need.name != "handgrad"]
    lines = [line.partition("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    pinned = {canonical(name): Version(version) for name, _, version in lines}
    assert len(asked) > 40
    wrong = [str(need) for need in asked if need.marker is None and not need.specifier.contains(pinned[canonical(need.name)])]
    assert wrong == []
