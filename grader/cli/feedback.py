"""`handgrad feedback`: bring pages up to date with what a person wrote into the gradebook."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.batch import Renewed

EXAMPLE = """examples:
  handgrad feedback lab01_perceptron --course course                  the pages whose marks or comments changed
  handgrad feedback lab01_perceptron --course course --student ada    this student's only
  handgrad feedback lab01_perceptron --course course --force          all pages, changed or not

No code of a student runs, and no mark changes. The next `handgrad grade` does the same."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "feedback",
        help="after marking by hand: renew the feedback pages",
        description="Write DIR/feedback/*/LAB anew for the students whose marks or comments changed in the gradebook.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lab", metavar="LAB", help="the lab, or any assignment of the course")
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the nbgrader course (default: here)")
    parser.add_argument("--student", action="append", metavar="NAME", help="only this student's page; may be given again")
    parser.add_argument("--force", action="store_true", help="write the pages that are up to date as well")
    parser.add_argument("--json", action="store_true", help="print one JSON object for a program to read")
    parser.add_argument("--solutions", type=Path, metavar="DIR", help="where labs are written, as for `handgrad grade`")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="pages at a time (default: CPUs)")
    parser.set_defaults(run=run, extra="grader")


def run(args: argparse.Namespace) -> int:
    """Renew the pages. Returns 0 when everybody who was graded has one that is up to date."""
    from grader.batch import renew_pages
    from grader.cli.grade import find_solutions

    solutions = args.solutions or find_solutions(args.course, args.lab)
    renewed = renew_pages(args.lab, args.course, solutions, max(1, args.workers), students=args.student, every=args.force)
    if args.json:
        print(json.dumps({"renewed": renewed.students, "without_page": renewed.without_page}))
    else:
        print(_told(renewed, args.lab))
    return 1 if renewed.without_page else 0


def _told(renewed: Renewed, lab: str) -> str:
    """What was done, in a sentence or two."""
    from grader.batch import some

    count, gone = len(renewed.students), renewed.without_page
    told = f"{count} page{'' if count == 1 else 's'} renewed: {some(renewed.students)}." if count else "No page had to be renewed."
    if not gone:
        return told
    lack = f"The graded notebook of {some(gone)} is not there: `handgrad grade {lab}` makes it again."
    return f"{told} {lack}" if count else lack
