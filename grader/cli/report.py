"""`handgrad report`: what a class got, and what it got wrong; and how a course goes from lab to lab."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.judging import Result

EXAMPLE = """examples:
  handgrad report lab01_perceptron --course course           one lab as tables
  handgrad report lab01_perceptron --course course --html    the same as a page: whom to write to, what to say, who made which mistake
  handgrad report --course course                            all labs, and who falls behind
  handgrad report --course course --html                     the same as a page

The scores are those of the gradebook: with the marks that people gave, and after penalties for being late.
Pages go to DIR/reports, or to FILE, which must end with .html; a page that this command wrote before is replaced."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "report",
        help="show the scores of a class and its most common mistakes",
        description="Show the score of every student, what came late, what needs marking, who handed in nothing, and the known mistakes.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lab", metavar="LAB", nargs="?", help="the lab (default: the whole course)")
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the nbgrader course (default: here)")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print one JSON object for a program to read")
    shape.add_argument("--html", nargs="?", const="", metavar="FILE", help="write a page into a file (default: into DIR/reports)")
    parser.add_argument("--groups", action="store_true", help="show wrong answers that no known mistake names, by what they answered")
    parser.set_defaults(run=run, extra="grader")


def run(args: argparse.Namespace) -> int:
    """Print the report. Returns 0 when there is something to report."""
    if args.groups:
        return _groups(args)
    if args.html is not None:
        return _page(args)
    return _class(args) if args.lab else _course(args)


def _groups(args: argparse.Namespace) -> int:
    from grader.cli.groups import show

    if not args.lab or args.html is not None:
        raise UserError("--groups shows the groups of one lab, as text or with --json: name the lab, and leave out --html.")
    return show(args)


def _page(args: argparse.Namespace) -> int:
    from grader.desk import write_class_page, write_course_page

    target = write_class_page(args.lab, args.course, args.html) if args.lab else write_course_page(args.course, args.html)
    print(f"Wrote {target}: open it in a browser. It has names and scores, and is for those who teach the course.")
    return 0


def _course(args: argparse.Namespace) -> int:
    from grader.desk import course_data, print_course, read_course_report

    report = read_course_report(args.course)
    if args.json:
        print(json.dumps(course_data(report)))
    else:
        print_course(report)
    return 0


def _class(args: argparse.Namespace) -> int:
    from grader.batch import as_data, class_table, mistake_table, on_devices, read_report, sentences, without_sandbox
    from grader.books import open_course
    from grader.desk import handed_in, told_of_handing_in

    report = read_report(args.lab, args.course)
    results = report.results.values()
    found = handed_in(open_course(args.course), args.lab, report)
    if args.json:
        more = {"identical": found.identical, "late_for_the_platform_only": found.late, "mistakes": _mistakes(results)}
        print(json.dumps(as_data(report) | more))
        return 0
    class_table(results, report.standings)
    for sentence in (*sentences(report), *told_of_handing_in(found)):
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
