"""Write docs/coverage.md: every topic of the lectures, and the lab and cell that teach it.

`python scripts/coverage.py` writes the page, `--check` exits with 1 when it is not what would be written. A topic of a lab
that exists must have its cell; a topic of a lab that does not is marked as still to come.
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

| topic | lectures | lab | cell |
|---|---|---|---|
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    topics = tomllib.loads((ROOT / "docs" / "topics.toml").read_text(encoding="utf-8"))["topic"]
    rows, missing = [], []
    for topic in sorted(topics, key=lambda topic: topic["lab"]):
        place = find(topic["lab"], topic["text"])
        if place is None:
            missing.append(f"{topic['lab']} has no cell with {topic['text']!r}, which docs/topics.toml says it has")
        rows.append(f"| {topic['name']} | {', '.join(topic['lectures'])} | {topic['lab']} | {place} |")
    page = HEAD + "\n".join(rows) + "\n"
    if check and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page):
        missing.append('docs/coverage.md is not what the labs say today: run "python scripts/coverage.py"')
    elif not check:
        PAGE.write_text(page, encoding="utf-8")
    print("\n".join(missing) or f"{len(rows)} topics")
    return 1 if missing else 0


def find(lab: str, text: str) -> str | None:
    """The number of the cell and the heading above it; "still to come" for a lab that is not written yet."""
    path = ROOT / "labs" / lab / f"{lab}.ipynb"
    if not path.exists():
        return "*still to come*"
    heading = ""
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells, 1):
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#+ (.*)$", cell.source, re.MULTILINE)
            heading = headings[-1] if headings else heading
        if re.search(text, cell.source, re.IGNORECASE):
            return f"{number}: {heading}"
    return None


if __name__ == "__main__":
    sys.exit(main())
