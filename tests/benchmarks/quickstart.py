"""What grading nbgrader's own example costs, with Handgrad and with nbgrader: `python tests/benchmarks/quickstart.py`.

    python tests/benchmarks/quickstart.py                    a class of 40, one worker
    python tests/benchmarks/quickstart.py --students 3       whether it works

The course is what `nbgrader quickstart` makes. Each student hands in one of the two submissions of nbgrader's user guide, or the unsolved
notebooks, with a cell more that names the student. nbgrader runs `autograde` and `generate_feedback`; Handgrad runs `grade`, which does
the work of both, in a copy that `handgrad adopt` set up. Both start from nothing, once: their start-up is part of what is measured, and
their scores are compared. Processor seconds are those of all processes together.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import nbformat
import nbgrader as package
from graded.answers import ROOT
from graded.measured import Cost, handgrad, nbgrader, script

from grader.build import adopt, scripts_on_path

LAB = "ps1"
GUIDE = Path(package.__file__).parent / "docs" / "source" / "user_guide" / "submitted"
ASKED = 5  # times faster, at the least


def main() -> None:
    """Make the class, have it graded by both, print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=40, metavar="N", help="how many submissions (default: 40)")
    count = parser.parse_args().students
    with scripts_on_path(), tempfile.TemporaryDirectory(prefix="handgrad-quickstart-") as folder:
        theirs, ours = Path(folder) / "course101", Path(folder) / "adopted"
        quickstart(theirs)
        hand_in(theirs, count)
        shutil.copytree(theirs, ours)
        adopt(ours)
        told = report(nbgrader(LAB, theirs), handgrad(LAB, ROOT / "solutions", ours, "--workers", "1"), count)
        same = scores(theirs) == scores(ours)
    print(told)
    print(f"every cell has the score that nbgrader gave it: {'yes' if same else 'NO'}")
    sys.exit(0 if same else 1)


def quickstart(course: Path) -> None:
    """A course as nbgrader makes it, with its assignment released."""
    for words, where in ((["quickstart", course.name], course.parent), (["generate_assignment", LAB], course)):
        subprocess.run([script("nbgrader"), *words], cwd=where, check=True, capture_output=True)


def hand_in(course: Path, count: int) -> None:
    """Different submissions of so many students."""
    kinds = itertools.cycle([*sorted(GUIDE.glob(f"*/{LAB}")), course / "release" / LAB])
    for number, kind in enumerate(itertools.islice(kinds, count)):
        folder = Path(shutil.copytree(kind, course / "submitted" / f"student{number:02}" / LAB))
        for path in folder.glob("*.ipynb"):
            notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
            notebook.cells.append(nbformat.from_dict({"cell_type": "markdown", "metadata": {}, "source": f"By {number}."}))
            if notebook.nbformat_minor >= 5:
                notebook.cells[-1].id = f"by-{number}"
            nbformat.write(notebook, path)


def report(theirs: Cost, ours: Cost, count: int) -> str:
    """The table, with the ratio that is asked for."""
    lines = [f"nbgrader quickstart's {LAB}, {count} submissions, one worker, start-up included"]
    lines.append(f"{'':12}{'wall s':>10}{'processor s':>14}")
    for name, cost in (("nbgrader", theirs), ("handgrad", ours)):
        lines.append(f"{name:12}{cost.wall / count:10.2f}{cost.cpu / count:14.2f}   for each")
    wall, cpu = theirs.wall / ours.wall, theirs.cpu / ours.cpu
    lines.append(f"nbgrader / handgrad: wall {wall:.1f}, processor {cpu:.1f} (asked: {ASKED})")
    return "\n".join(lines)


def scores(course: Path) -> list[tuple[object, ...]]:
    """Every score of the gradebook, by student and cell."""
    asked = (
        "select s.student_id, b.name, c.name, g.auto_score, g.needs_manual_grade from grade g join base_cell c on c.id = g.cell_id "
        "join submitted_notebook n on n.id = g.notebook_id join notebook b on b.id = n.notebook_id "
        "join submitted_assignment s on s.id = n.assignment_id order by 1, 2, 3"
    )
    with closing(sqlite3.connect(course / "gradebook.db")) as gradebook:
        return list(gradebook.execute(asked))


if __name__ == "__main__":
    main()
