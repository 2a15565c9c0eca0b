"""The rooms of the grader stand in the order of a submission's way: none imports a later one, and each is entered by its front door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

GRADER = Path(__file__).parent.parent / "grader"
ROOMS = ["sandbox", "intake", "judging", "build", "books", "batch", "platforms", "desk", "site", "demo", "doctor", "cli"]


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, with the line, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)


def steps_between_rooms() -> Iterator[tuple[str, str, str, bool]]:
    """Where an import leads from one room to another: the place, both rooms, and whether it goes past the front door."""
    for path in sorted(GRADER.rglob("*.py")):
        here = path.relative_to(GRADER).parts[0]
        for line, name in imports_of(path):
            _, room, *inside = [*name.split("."), ""]
            if name.startswith("grader.") and room in ROOMS and room != here:
                past = len(inside) > 2 and (GRADER / room / f"{inside[0]}.py").exists()
                yield f"{path.relative_to(GRADER.parent)}:{line}", here, room, past


def test_every_room_is_there_and_nothing_stands_in_the_hall_that_belongs_in_one():
    assert {path.parent.name for path in GRADER.glob("*/__init__.py")} == set(ROOMS)
    assert {path.name for path in GRADER.glob("*.py")} == {"__init__.py", "files.py"}


def test_no_room_imports_a_later_one():
    steps = list(steps_between_rooms())
    assert len({(here, there) for _, here, there, _ in steps}) > 10  # the test sees imports at all
    assert [place for place, here, there, _ in steps if here in ROOMS and ROOMS.index(there) > ROOMS.index(here)] == []
    assert [place for place, here, _, _ in steps if here not in ROOMS] == []


def test_rooms_are_entered_by_their_front_doors():
    assert [place for place, _, _, past in steps_between_rooms() if past] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_front_door_says_what_goes_in_and_what_comes_out(room):
    says = ast.get_docstring(ast.parse((GRADER / room / "__init__.py").read_text(encoding="utf-8")))
    assert says
    assert 1 <= len(says.splitlines()) <= 12


def test_course_utils_never_imports_the_grader():
    files = sorted((GRADER.parent / "course_utils").rglob("*.py"))
    assert [str(path) for path in files for _, name in imports_of(path) if name.split(".")[0] == "grader"] == []
