"""`handgrad site`: the labs as a page that runs Python in the reader's browser."""

from __future__ import annotations

import argparse
from pathlib import Path

EXAMPLE = """examples:
  handgrad site                           the folder handgrad-site, for any web host
  handgrad site usb --pyodide pyodide     a folder that needs no network: try it with `python usb/serve.py`

What a reader's browser shows is practice: a downloaded notebook is graded by `handgrad grade` as ever."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "site",
        help="build a web page on which the labs run without any installation",
        description="Build a folder of files with which all labs that need no torch run in the reader's browser.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "target", nargs="?", type=Path, default=Path("handgrad-site"), metavar="DIR", help="where to (default: handgrad-site)"
    )
    where = (
        "where Pyodide, Python for browsers, comes from: an address, or a folder for a site that works with no network (default: its home)"
    )
    parser.add_argument("--pyodide", metavar="URL|DIR", help=where)
    parser.add_argument("--labs", type=Path, metavar="DIR", help="the folder of built labs (default: those of this project)")
    parser.set_defaults(run=run, extra="site")


def run(args: argparse.Namespace) -> int:
    """Build the site. Raises UserError when a tool is missing, Pyodide cannot be had, or something else lies in its place."""
    from rich.console import Console

    from course_utils.labs import packaged_labs
    from grader.site import HOME, build_site

    with Console(stderr=True).status("building the page: a minute or two the first time …"):
        built = build_site(args.target, args.labs or packaged_labs(), args.pyodide or HOME)
    print(f"{built.target}: {len(built.labs)} labs, {built.bytes / 1e6:.0f} MB of files; nothing of solutions/ is in it")
    for lab in built.left_out:
        print(f"{lab.name} is left out: it needs {lab.needs}, which no browser can run")
    if built.slow:
        print(f"Its Python is text that each visit compiles, and starts some seconds later for it: {built.slow}.")
    print(f"\nTry it: python {built.target / 'serve.py'}\nThen copy the folder to any web host. What it shows is practice, never a grade.")
    return 0
