"""A small share of `tests/benchmarks/courses.py`: a course of ten years ago, graded as nbgrader grades it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ...variants.both import grade_both
from ...variants.courses import SECRETS, STUDENTS, Variant

OLDEST = Variant(minor=0, schema=1, delimiters="configured", notebooks=2)
CLASS = ("wrong", "a&b")


@pytest.mark.stress
def test_a_course_of_ten_years_ago_is_graded_as_by_nbgrader(tmp_path: Path) -> None:
    compared = grade_both(tmp_path, OLDEST, {name: STUDENTS[name] for name in CLASS})
    assert compared.differences == []
    assert compared.cells > 30
    pages = [path.read_text(encoding="utf-8") for path in compared.ours.glob("feedback/*/ps/*.html")]
    assert len(pages) == 4
    assert not any(secret in page for page in pages for secret in SECRETS)
    assert "was edited" not in (compared.ours / ".handgrad" / "ps" / "journal.jsonl").read_text(encoding="utf-8")
