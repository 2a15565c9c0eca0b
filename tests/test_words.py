"""The counting of `scripts/words.py`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("words", ROOT / "scripts" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_formula_is_a_word_or_ten_and_folded_help_is_none(script: ModuleType) -> None:
    assert script.words("Take $a + b$ and `x + y`, please.") == 5
    assert script.words("So\n\n$$a + b$$\n\nholds.") == 12
    assert script.words("| a | b |\n|---|---|\n| 1 | 2 |") == 4
    assert script.words("Ask.\n<details><summary>Stuck?</summary>\n\nA hint.\n</details>") == 1


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Allow 90 minutes.", 90),
        ("You have worked 30 hours. Allow about three\nhours, reading included.", 180),
        ("Allow two and a half hours.", 150),
        ("Nine exercises, about 180 minutes with the reading. After 110 minutes you may stop.", 180),
        ("Allow an hour and a half.", 90),
        ("It takes long.", None),
    ],
)
def test_promised_minutes_are_read_from_words(script: ModuleType, text: str, minutes: float | None) -> None:
    assert script.promised(text) == minutes


def test_a_notebook_is_counted_as_students_get_it(script: ModuleType) -> None:
    new = nbformat.v4
    cells = [
        new.new_markdown_cell("# A lab\n\nAllow 10 minutes."),
        new.new_markdown_cell("### Exercise: `double`\n*Easy, 5 minutes.*"),
        new.new_code_cell("def double(x):\n\n    raise NotImplementedError()", metadata={"nbgrader": {"solution": True}}),
        new.new_code_cell('check("double")', metadata={"nbgrader": {"grade": True}}),
    ]
    found = script.load(cells)
    assert (found.words, found.lines, found.exercises, found.stated, found.promised) == (10, 2, 1, 5, 10)
    assert found.reading == pytest.approx(10 / 150 + 10 / 60)
