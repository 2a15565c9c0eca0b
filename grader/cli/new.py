"""`handgrad new`: a folder in solutions/ that builds as it is and keeps the laws."""

from __future__ import annotations

import argparse
import re
from importlib.resources import files
from pathlib import Path

from course_utils.errors import UserError

EXAMPLE = """example:
  handgrad new lab11_attention            then edit solutions/lab11_attention and run
  handgrad build lab11_attention"""

EQUIVALENTS = "equivalents.py"  # right answers written in other ways: they live beside the tests of this course


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "new",
        help="begin a lab",
        description="Begin a lab: notebook.py, checks.py, mistakes.py and help.md, with one exercise that works. Put yours in its place.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lab", metavar="LAB", help="name of the lab and of its folder: letters, digits and _")
    parser.set_defaults(run=run, extra="grader")


def run(args: argparse.Namespace) -> int:
    """Write the skeleton. Raises UserError when the name is taken or no name."""
    from grader.cli.build import project_root

    if not re.fullmatch(r"[a-z][a-z0-9_]*", args.lab):
        raise UserError(f"{args.lab!r} cannot be the name of a lab: use small letters, digits and _, because it also names a folder.")
    root = project_root(Path.cwd())
    folder = root / "solutions" / args.lab
    if folder.exists():
        raise UserError(f"solutions/{args.lab} exists already: edit it there, or choose another name.")
    folder.mkdir()
    for name, text in _skeleton(args.lab).items():
        if name != EQUIVALENTS:
            (folder / name).write_text(text, encoding="utf-8")
        elif (root / "tests" / "equivalents").is_dir():
            (root / "tests" / "equivalents" / f"{args.lab}.py").write_text(text, encoding="utf-8")
    print(f'solutions/{args.lab} begun: write its cells, then run "handgrad build {args.lab}"')
    return 0


def _skeleton(lab: str) -> dict[str, str]:
    """The text of every file of a new lab, by name."""
    templates = [path for path in files("grader.build").joinpath("skeleton").iterdir() if path.name.endswith(".txt")]
    return {path.name.removesuffix(".txt"): path.read_text(encoding="utf-8").replace("LAB_NAME", lab) for path in templates}
