"""What `scripts/course.py` finds: threads between labs that are not there, and labs that are named without a thread."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIRST, SECOND, THIRD = "lab00_first", "lab01_second", "lab02_third"
THREAD = {"lab": THIRD, "from": FIRST, "names": ["add"], "what": "a sum", "text": "as in lab 0"}
RULE = {"says": "N is the first axis.", "lab": FIRST, "text": "N first", "again": {THIRD: "as in lab"}}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("course", ROOT / "scripts" / "course.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def labs(script: ModuleType) -> dict:
    first = script.Lab(FIRST, frozenset({"add"}), (("First", "# First"), ("Axes", "N first. Lab 2 needs it, and lab 1 comes next.")))
    second = script.Lab(SECOND, frozenset(), (("Second", "# Second"),))
    sums = "A sum as\nin lab 0, [lab 0](../lab00_first/lab00_first.ipynb)."
    third = script.Lab(THIRD, frozenset(), (("Third", "# Third"), ("Sums & more", sums)))
    return {lab.name: lab for lab in (first, second, third)}


def test_what_is_listed_and_not_there_is_said(script: ModuleType, labs: dict) -> None:
    assert script.faults(labs, {"thread": [THREAD], "rule": [RULE]}) == []
    wrong = [
        THREAD | {"names": ["multiply"]},
        THREAD | {"text": "as in lab 7"},
        THREAD | {"how": "yours"},
        THREAD | {"lab": FIRST, "from": THIRD, "names": [], "text": "N first"},
    ]
    found = script.faults(labs, {"thread": wrong, "rule": [RULE | {"again": {SECOND: "N first"}}]})
    assert found == [
        "lab00_first has no exercise multiply, which lab02_third takes",
        "lab02_third has no text 'as in lab 7', where it takes from lab00_first",
        "lab02_third does not take anything out of a notebook of lab00_first",
        "lab00_first cannot take from lab02_third, which comes later",
        "lab01_second has no text 'N first', where it says: N is the first axis.",
    ]


def test_a_lab_that_is_named_has_a_thread_but_for_the_next_one(script: ModuleType, labs: dict) -> None:
    assert script.unlisted(labs, [THREAD]) == []
    assert script.unlisted(labs, []) == [
        "lab00_first names lab 2, and docs/threads.toml has no thread between the two",
        "lab02_third names lab 0, and docs/threads.toml has no thread between the two",
    ]


def test_the_page_and_the_picture_show_every_thread_once(script: ModuleType, labs: dict) -> None:
    page = script.page(labs, {"thread": [THREAD], "rule": [RULE]})
    assert "| [lab02_third](../labs/lab02_third) | lab 0 | `add`: a sum |" in page
    assert "| [lab00_first](../labs/lab00_first) | lab 2 | `add` |" in page
    assert "| N is the first axis. | lab 0, *Axes* | lab 2 |" in page
    strong = THREAD | {"how": "shown", "label": "add"}
    for threads, marker, labels in (([THREAD], "url(#idea)", 0), ([THREAD, strong], "url(#shown)", 1)):
        picture = script.picture(labs, threads)
        assert picture.count('<path d="M380') == 1, "one arc for a pair of labs, however many threads join it"
        assert marker in picture.partition('<path d="M380')[2]
        assert picture.count(">add</text>") == labels
