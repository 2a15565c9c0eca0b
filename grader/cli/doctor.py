"""`handgrad doctor`: which labs run on this machine? Can it grade strangers' code, and what protects it?"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.errors import UserError
from course_utils.extras import require

if TYPE_CHECKING:
    from rich.console import Console

    from grader.doctor import Kind, Verdict

EXAMPLE = """examples:
  handgrad doctor                          which labs can be done here, and which protections are active
  handgrad doctor --attack                 try the public attacks; some minutes
  handgrad doctor --attack --only gradebook
                                           the attacks with this word in their name or their row
  handgrad doctor --attack --user nobody   as an ordinary user, when you are root
  handgrad doctor --attack --grader nbgrader
                                           the same attacks on `nbgrader autograde`, in an outer sandbox"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "doctor",
        help="say which labs can be done here, and which protections of the sandbox are active",
        description="Say which labs can be done here. Where grading is installed, say which protections are active; then a few attacks "
        "try them. The exit code is 1 when one gets through.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sandbox", choices=("bwrap", "container", "none"), default="bwrap", help="which sandbox to examine")
    kept = "with --sandbox container: what students' code must not be able to read there; may be said again"
    parser.add_argument("--closed", type=Path, action="append", default=[], metavar="PATH", help=kept)
    parser.add_argument("--gpu", action="store_true", help="try whether the NVIDIA cards work inside a sandbox")
    attacks = parser.add_argument_group("attacks")
    attacks.add_argument("--attack", action="store_true", help="hand in the public attacks; say what gets through")
    attacks.add_argument("--grader", choices=("handgrad", "nbgrader"), default="handgrad", help="which grader is attacked")
    attacks.add_argument("--only", default="", metavar="WORD", help="the attacks with this word in their name or their row")
    attacks.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="submissions at a time (default: CPUs)")
    attacks.add_argument("--user", metavar="NAME|UID", help="attack as this user (only root can)")
    attacks.add_argument("--json", action="store_true", help="print one JSON object for a program to read")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Examine or attack. Returns 0 only when the sandbox starts, everything is active and every attack is held."""
    if args.closed and (args.attack or args.sandbox != "container"):
        raise UserError("--closed says what a container has to keep from students' code: say --sandbox container with it.")
    if args.attack:
        require("grader", "doctor --attack")
        return _attack(args)
    if args.only or args.user or args.json or args.grader != "handgrad":
        raise UserError("--only, --user, --json and --grader say how to attack: add --attack.")
    from rich.console import Console

    console, plain = Console(highlight=False), args.sandbox == "bwrap" and not args.gpu
    broken = plain and _here(console)
    try:
        require("grader", "grade")
    except UserError as sentence:
        if not plain:
            raise
        _print(console, "○", "grading, for instructors", str(sentence))
        return int(broken)
    return max(int(broken), _examine(args, console))


def _here(console: Console) -> bool:
    """Print what a student asks; whether something is broken."""
    from course_utils.terminal.here import here

    found = list(here())
    for each in found:
        _print(console, *each)
    return any(each.mark == "✗" for each in found)


def _print(console: Console, mark: str, name: str, sentence: str) -> None:
    from rich.text import Text

    colour = {"✓": "green", "✗": "red"}.get(mark, "")
    console.print(Text(f"{mark} {name:<28} {sentence}", colour), soft_wrap=True)


def _examine(args: argparse.Namespace, console: Console) -> int:
    """Print every protection and every attack. Returns 0 only when all is well."""
    from grader.doctor import examine, examine_cards
    from grader.sandbox import SandboxUnavailable

    try:
        findings = [*examine(args.sandbox, args.closed), *examine_cards(args.sandbox, lend=args.gpu)]
    except SandboxUnavailable as sentence:
        _print(console, "✗", "sandbox", str(sentence))
        if args.sandbox == "bwrap" and os.geteuid() == 0:
            console.print("In a container that grades one submission and is then thrown away, examine --sandbox container.")
        return 1
    for finding in findings:
        _print(console, "✓" if finding.good else "✗", finding.name, finding.sentence)
    return 0 if all(finding.good for finding in findings) else 1


def _attack(args: argparse.Namespace) -> int:
    from grader.doctor import as_json, as_user, attack, names

    if args.user:
        return as_user(args.user, _without_user(args))
    if args.sandbox == "container":
        raise UserError("The public attacks are tried on a whole course; a container is for one submission. Leave out --attack.")
    kind: Kind = "nbgrader" if args.grader == "nbgrader" else args.sandbox
    total, begun = len(names(args.only)), 0

    def tell(count: int, row: str) -> None:
        nonlocal begun
        begun = begun + count
        print(f"attacking {kind}: {row} ({min(begun, total)} of {total})", file=sys.stderr, flush=True)

    verdicts = list(attack(kind, max(1, args.workers), args.only, tell))
    if args.json:
        print(json.dumps(as_json(verdicts, grader=args.grader, sandbox=kind, user=os.geteuid())))
    else:
        _show(verdicts, f"{args.grader}, {'in an outer sandbox' if kind != 'bwrap' else 'bubblewrap'}, user {os.geteuid()}")
    return 1 if any(verdict.happened for verdict in verdicts) or not any(verdict.stopped for verdict in verdicts) else 0


def _without_user(args: argparse.Namespace) -> list[str]:
    """The same command for the other user."""
    words = ["doctor", "--attack", "--sandbox", args.sandbox, "--grader", args.grader, "--only", args.only, "--workers", str(args.workers)]
    return [*words, "--json"] if args.json else words


def _show(verdicts: Sequence[Verdict], title: str) -> None:
    """The table by rows, then what happened in each case that got through."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from grader.doctor import table

    console = Console(highlight=False)
    console = console if console.is_terminal else Console(highlight=False, width=140)
    shown = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    shown.add_column("row", no_wrap=True)
    for name in ("cases", "stopped", "got through", "not tried"):
        shown.add_column(name, justify="right", no_wrap=True)
    shown.add_column("names of those that got through")
    rows = table(verdicts)
    for row in rows:
        shown.add_row(row.name, *map(str, (row.cases, row.stopped, len(row.through), len(row.skipped))), Text(", ".join(row.through)))
    counts = [sum(numbers) for numbers in zip(*((row.cases, row.stopped, len(row.through), len(row.skipped)) for row in rows), strict=True)]
    shown.add_row("all", *map(str, counts), "", style="bold")
    console.print(shown)
    for verdict in verdicts:
        if not verdict.stopped:
            mark, what = ("–", f"not tried: {verdict.skipped}") if verdict.skipped else ("✗", "; ".join(verdict.happened))
            console.print(Text(f"{mark} {verdict.name} ({verdict.tries}): {what}"), soft_wrap=True)
