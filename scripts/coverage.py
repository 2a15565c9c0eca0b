"""Write docs/coverage.md: every topic of the lectures, and every slip in them, and the lab and section that teach it.

`python scripts/coverage.py` writes the page, `--check` exits with 1 when it is not what would be written. A topic of a lab
that exists must have its place; a topic of a lab that does not is marked as still to come.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "coverage.md"
HEAD = """# What the labs cover

Every topic of the five lectures (by the numbers of their files), and where a lab teaches it. Written by
`python scripts/coverage.py` from `docs/topics.toml` and the notebooks in `labs/`.

| topic | lectures | lab | section |
|---|---|---|---|
"""
SLIPS = """
## Slips in the lectures

What the lectures print and what does not hold, each of them an exercise of a lab, or shown by one of its cells.

| | the lecture | lectures | lab | section |
|---|---|---|---|---|
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    listed = tomllib.loads((ROOT / "docs" / "topics.toml").read_text(encoding="utf-8"))
    missing: list[str] = []
    topics = table(sorted(listed["topic"], key=lambda topic: topic["lab"]), missing)
    slips = table(listed["slip"], missing)
    page = HEAD + "\n".join(topics) + "\n" + SLIPS + "\n".join(f"| {n} {row}" for n, row in enumerate(slips, start=1)) + "\n"
    if check and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page):
        missing.append('docs/coverage.md is not what the labs say today: run "python scripts/coverage.py"')
    elif not check:
        PAGE.write_text(page, encoding="utf-8")
    print("\n".join(missing) or f"{len(topics)} topics, {len(slips)} slips of the lectures")
    return 1 if missing else 0


def table(topics: list[dict[str, str]], missing: list[str]) -> list[str]:
    """A row for each topic, with its place; what has no place in its lab is added to `missing`."""
    rows = []
    for topic in topics:
        place = find(topic)
        if place is None:
            what = f"exercise {topic['exercise']}" if "exercise" in topic else f"text {topic['text']!r}"
            missing.append(f"{topic['lab']} has no {what}, where docs/topics.toml looks for the topic {topic['name']!r}")
        rows.append(f"| {topic['name']} | {', '.join(topic['lectures'])} | {topic['lab']} | {place} |")
    return rows


def find(topic: dict[str, str]) -> str | None:
    """The heading above the topic's place; "still to come" for a lab that is not written yet, None for a place that is not there."""
    path = ROOT / "labs" / topic["lab"] / f"{topic['lab']}.ipynb"
    if not path.exists():
        return "*still to come*"
    heading = ""
    for cell in nbformat.read(path, as_version=4).cells:
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            heading = line.lstrip("#").strip() if line.startswith("#") else heading
        if holds(cell, topic):
            return heading
    return None


def holds(cell: nbformat.NotebookNode, topic: dict[str, str]) -> bool:
    """Whether this is the topic's cell: the exercise's own, or the first whose text matches; a space stands for any white space."""
    if "exercise" in topic:
        return bool(cell.metadata.get("nbgrader", {}).get("grade_id") == topic["exercise"])
    return re.search(topic["text"].replace(" ", r"\s+"), cell.source, re.IGNORECASE) is not None


if __name__ == "__main__":
    sys.exit(main())
