"""`handgrad demo`: a class of submissions, graded before your eyes."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

CELL_SECONDS = 5.0  # somebody is watching: one of the class never ends


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    from grader.cli.grade import add_options

    parser = subparsers.add_parser(
        "demo",
        help="make a class of submissions and grade it",
        description="Make a course with a class of submissions (right, wrong, broken and hostile ones), and grade it.",
        epilog="example:\n  handgrad demo --students 40",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("course", nargs="?", type=Path, default=Path("course"), metavar="DIR", help="the course to make (default: course)")
    parser.add_argument("--lab", default="lab01_perceptron", help="the lab that the class worked on")
    parser.add_argument("--students", type=int, default=40, metavar="N", help="how many submissions to make")
    parser.add_argument("--force", action="store_true", help="grade everything again")
    add_options(parser)
    parser.set_defaults(run=run, extra="grader")


def run(args: argparse.Namespace) -> int:
    """Make the class and grade it. Returns 0 when every submission came to an end that the grader understands."""
    from grader.cli.grade import options_of
    from grader.demo import show

    options = options_of(args, args.lab, args.course)
    if args.cell_seconds is None:
        options = replace(options, limits=replace(options.limits, cell_seconds=CELL_SECONDS))
    code: int = show(options, args.students)
    return code
