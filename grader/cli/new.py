"""`handgrad new`: a folder in solutions/ that builds as it is."""

from __future__ import annotations

import argparse
import re
from importlib.resources import files
from pathlib import Path

from course_utils.errors import UserError

EXAMPLE = """example:
  handgrad new lab11_attention            then edit solutions/lab11_attention, and run
  handgrad build lab11_attention"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "new",
        help="begin a lab",
        description="Begin a lab: notebook.py, checks.py and mistakes.py with one exercise that works, to be replaced by yours.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lab", metavar="LAB", help="name of the lab and of its folder: letters, digits and _")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the skeleton. Raises UserError when the name is taken or no name."""
    from grader.cli.build import project_root

    if not re.fullmatch(r"[a-z][a-z0-9_]*", args.lab):
        raise UserError(f"{args.lab!r} is no name for a lab: it names a folder too, so use small letters, digits and _.")
    folder = project_root(Path.cwd()) / "solutions" / args.lab
    if folder.exists():
        raise UserError(f"solutions/{args.lab} exists already: edit it there, or choose another name.")
    folder.mkdir()
    for template in files("grader.build").joinpath("skeleton").iterdir():
        if template.name.endswith(".txt"):
            text = template.read_text(encoding="utf-8").replace("LAB_NAME", args.lab)
            (folder / template.name.removesuffix(".txt")).write_text(text, encoding="utf-8")
    print(f'solutions/{args.lab} begun: write its cells, then run "handgrad build {args.lab}"')
    return 0
