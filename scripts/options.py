"""Write docs/nbgrader.md: what becomes of every option and every command of nbgrader in a course that Handgrad grades.

`python scripts/options.py` writes the page from grader/books/options.toml, `--check` exits with 1 when it is not what would be written.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from grader.books.options import table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "nbgrader.md"
HEAD = """# nbgrader's options and commands

You have a course in nbgrader, and its `nbgrader_config.py` sets this and that. `handgrad grade` reads these settings where nbgrader
reads them: in the course's folder and in Jupyter's own folders (`nbgrader_config.py` or `.json`, and `jupyter_config`). Old names of
options, such as `NbGrader.course_id`, are understood as nbgrader understands them. What becomes of an option is one of four things:

- **obeyed**: it means what it means in nbgrader.
- **replaced**: Handgrad does this in its own way. If you set it, `handgrad grade` says so, and grades.
- **refused**: Handgrad cannot do this. If you set it, `handgrad grade` says so in one sentence and stops with exit code 2, before
  anything is graded.
- **untouched**: only nbgrader's own commands read it, and Handgrad does not come in between.

The page is written by `python scripts/options.py` from `grader/books/options.toml`, which is what `handgrad grade` goes by. A test
holds the list against all options that the installed nbgrader has.
"""
SCORES = """
## Scores

In a course that is not made of Handgrad's labs, every cell's score, its most, whether it waits for a person and nbgrader's
"No response." are nbgrader's. `python tests/benchmarks/courses.py` compares them cell by cell. Meant to be different are:

- **A missing check cell** is put back and counts. nbgrader leaves it to a person, unless `OverwriteCells.add_missing_cells` is set.
- **Cells that lost their metadata** are known by what they say. nbgrader leaves them to a person.
- **What nbgrader gives up** is graded: a cell that is there twice (nbgrader then ends the whole class), metadata of an older schema,
  a file that is not a valid notebook. A cell that claims more points than it has gets 0.
- **Moved check cells** go back to their place, below their answer.
- **`%run` of a sibling** finds every notebook of the assignment, without hidden tests. nbgrader has only those that were graded before,
  with hidden tests in them.
- **A released file that a notebook changed** is as it was released for the next notebook.
- **Marks of a person** stay as in nbgrader, and only those that may need another look are flagged; nbgrader flags all of them at
  every regrade. [instructors.md](instructors.md) has the table.

The first three are compared, the others follow from how it is built.
"""
COMMANDS = """
## Commands

| `nbgrader …` | what becomes of it | how |
|---|---|---|
"""
FLAGS = """
What `nbgrader autograde` and `nbgrader generate_feedback` are given on the command line, and what `handgrad grade` is given in its place:

| there | here |
|---|---|
"""
OPTIONS = """
## Options

A class that takes an option over from another one is not listed again. `Execute`, for one, may be set as `ExecutePreprocessor`, too.

| option | what becomes of it | how, or why not |
|---|---|---|
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    page = written()
    if not parser.parse_args().check:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        print('docs/nbgrader.md is not what options.toml says today: run "python scripts/options.py"')
        return 1
    print(f"{len(table()['option'])} groups of options, {len(table()['command'])} of commands")
    return 0


def written() -> str:
    """The page."""
    commands = [_row(_codes(entry["names"]), entry["verdict"], entry["says"]) for entry in table()["command"]]
    flags = [_row(_codes(entry["names"]), entry["type"]) for entry in table()["flag"]]
    options = [_row("<br>".join(map(_option, entry["names"])), _verdict(entry), entry["says"]) for entry in table()["option"]]
    return HEAD + SCORES + COMMANDS + "".join(commands) + FLAGS + "".join(flags) + OPTIONS + "".join(options)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _codes(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _option(name: str) -> str:
    """`A|B.x|y` as people read it."""
    classes, _, traits = name.partition(".")
    if traits == "*":
        return f"all of {_codes(classes.split('|'))}"
    return f"{_codes(classes.split('|'))}: {_codes(traits.split('|'))}"


def _verdict(entry: dict[str, Any]) -> str:
    """With the values under which there is nothing to refuse."""
    if entry["verdict"] != "refused":
        return str(entry["verdict"])
    plain = [value for value in entry["plain"] if not isinstance(value, list) and value not in ("", "Sandboxed")]
    allowed = " or ".join(f"`{_python(value)}`" for value in plain)
    return f"refused, unless it is {allowed or 'what nbgrader has'}"


def _python(value: Any) -> str:
    return repr(value) if not isinstance(value, str) or value == "*" else value


if __name__ == "__main__":
    sys.exit(main())
