"""`handgrad report`: what a class got, and what it got wrong."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.judging import Result

EXAMPLE = """example:
  handgrad report lab01_perceptron --course course

The scores are those of the gradebook: with the marks that people gave, and after penalties for being late."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "report",
        help="show the scores of a class and its most common mistakes",
        description="Show the score of every student, what came late, what needs marking, who handed in nothing, and the known mistakes.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lab", metavar="LAB", help="the lab")
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the nbgrader course (default: here)")
    parser.add_argument("--json", action="store_true", help="print one JSON object for a program to read")
    parser.add_argument("--groups", action="store_true", help="show wrong answers that no known mistake names, by what they answered")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the report. Returns 0 when there is something to report."""
    if args.groups:
        from grader.cli.groups import show

        return show(args)
    from grader.batch import as_data, class_table, mistake_table, on_devices, read_report, sentences, without_sandbox

    report = read_report(args.lab, args.course)
    results = report.results.values()
    if args.json:
        print(json.dumps(as_data(report) | {"mistakes": _mistakes(results)}))
        return 0
    class_table(results, report.standings)
    for sentence in sentences(report):
        print(sentence)
    print()
    mistake_table(results)
    if devices := on_devices(results):
        print(f"Graded{devices}.")
    if warning := without_sandbox(results):
        print(warning.strip())
    return 0


def _mistakes(results: Iterable[Result]) -> list[dict[str, object]]:
    from grader.judging import mistakes_of

    found = Counter(mistake for result in results for mistake in mistakes_of(result))
    return [{"exercise": name, "mistake": said, "students": count} for (name, said), count in found.most_common()]
