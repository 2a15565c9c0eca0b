"""`handgrad report`: what a class got, and what it got wrong."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from course_utils.errors import UserError


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "report",
        help="show the scores of a class and its most common mistakes",
        description="Show the last results: the score of every student, and the known mistakes of the class.",
        epilog="example:\n  handgrad report lab01_perceptron --course course",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lab", metavar="LAB", help="the lab")
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the nbgrader course (default: here)")
    parser.add_argument("--json", action="store_true", help="print one JSON object for a program to read")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the report. Returns 0 when there is something to report."""
    from grader.batch import class_table, mistake_table, on_devices, read_results, without_sandbox
    from grader.books import open_course
    from grader.judging import mistakes_of

    course = open_course(args.course)
    results = list(read_results(course.notes(args.lab)).values())
    if not results:
        graded = sorted(path.parent.name for path in course.notes("").glob("*/journal.jsonl"))
        there = f" Graded are {', '.join(graded)}." if graded else ""
        raise UserError(f"{args.lab} has not been graded in {args.course}: run `handgrad grade LAB --course {args.course}`.{there}")
    if args.json:
        found = Counter(mistake for result in results for mistake in mistakes_of(result))
        mistakes = [{"exercise": name, "mistake": said, "students": count} for (name, said), count in found.most_common()]
        print(json.dumps({"results": [result.public() for result in results], "mistakes": mistakes}))
        return 0
    class_table(sorted(results, key=lambda result: result.student))
    print()
    mistake_table(results)
    if devices := on_devices(results):
        print(f"Graded{devices}.")
    if warning := without_sandbox(results):
        print(warning.strip())
    return 0
