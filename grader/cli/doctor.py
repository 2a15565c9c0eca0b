"""`handgrad doctor`: can this machine grade strangers' code, and what protects it?"""

from __future__ import annotations

import argparse


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "doctor",
        help="say which protections of the sandbox are active",
        description="Say which protections are active. Then a few attacks try them. The exit code is 1 when one gets through.",
        epilog="example:\n  handgrad doctor",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sandbox", choices=("bwrap", "none"), default="bwrap", help="which sandbox to examine")
    parser.add_argument("--gpu", action="store_true", help="try whether the NVIDIA cards work inside a sandbox")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Examine. Returns 0 only when the sandbox starts, everything is active and every attack is held."""
    from rich.console import Console
    from rich.text import Text

    from grader.doctor import examine, examine_cards
    from grader.sandbox import SandboxUnavailable

    console = Console(highlight=False)
    try:
        findings = [*examine(args.sandbox), *examine_cards(args.sandbox, lend=args.gpu)]
    except SandboxUnavailable as sentence:
        console.print(Text(f"✗ sandbox   {sentence}", "red"), soft_wrap=True)
        return 1
    for finding in findings:
        mark, colour = ("✓", "green") if finding.good else ("✗", "red")
        console.print(Text(f"{mark} {finding.name:<28} {finding.sentence}", colour), soft_wrap=True)
    return 0 if all(finding.good for finding in findings) else 1
