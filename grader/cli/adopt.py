"""`handgrad adopt`: let nbgrader's own buttons and commands grade a course through Handgrad."""

from __future__ import annotations

import argparse
from pathlib import Path
from textwrap import shorten

EXAMPLE = """example:
  handgrad adopt course

formgrader's Autograde and Generate Feedback, `nbgrader autograde` and `nbgrader generate_feedback` then go through the sandbox. Restart
JupyterLab if it is running. All else in the course stays as it is. To undo it, remove the line."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "adopt",
        help="let formgrader and nbgrader autograde go through the sandbox",
        description="Add one line to nbgrader_config.py of an nbgrader course.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("course", type=Path, metavar="COURSE", help="the folder of the course")
    parser.set_defaults(run=run, extra="grader")


def run(args: argparse.Namespace) -> int:
    """Add the line and show it. Returns 0 when the course has it."""
    from grader.books import open_course
    from grader.build import adopt

    open_course(args.course)
    done = adopt(args.course)
    if not done.line:
        print(f"{done.path} grades through Handgrad already: nothing to do.")
        return 0
    if done.before is None:
        print(f"before: there was no {done.path}")
    else:
        print(f"before: {done.path} ended at line {done.number - 1}: {shorten(done.before, 80, placeholder='…') or '(an empty line)'}")
    print(f"after:  line {done.number}, the only change:\n\n{done.line}\n")
    print("Now formgrader's Autograde and Generate Feedback, and nbgrader's commands of these names, go through Handgrad's sandbox.")
    print("Restart JupyterLab if it is running. What nbgrader graded before stays as it is until it is graded again.")
    print(f"To undo this, remove line {done.number}.")
    return 0
