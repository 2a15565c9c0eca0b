"""`handgrad collect`: what a learning platform handed out comes into `submitted/`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.console import typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.platforms import CollectedRow, Collecting

EXAMPLE = """examples:
  handgrad collect lab01_perceptron --from submissions.zip --course course        show the table, ask, and collect
  handgrad collect lab01_perceptron --from submissions.zip --course course --yes  do not ask
  handgrad collect lab01_perceptron --from submissions.zip --table whose.csv      write the table, to be changed
  handgrad collect lab01_perceptron --from submissions.zip --map whose.csv        collect as the changed table says

Takes Canvas's submissions.zip, Moodle's zip of all submissions, Gradescope's export, a folder or zip with a repository for each student,
and nbgrader's submitted/ and inbound/. A zip may be unpacked. Whose a file is, the roster says (`handgrad roster FILE`).
The same zip given again changes nothing; what is replaced is kept in .handgrad/LAB/replaced/."""

_COUNTED = {"replaces the one before": "replaced"}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "collect",
        help="bring the submissions of Canvas, Moodle, Gradescope or a folder into the course",
        description="Show whose each submission is, and put them into DIR/submitted/*/LAB, where `handgrad grade` finds them.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lab", metavar="LAB", help="the lab, or any assignment of the course")
    parser.add_argument("--from", dest="source", type=Path, required=True, metavar="FILE", help="the platform's zip, or a folder")
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the nbgrader course (default: here)")
    kinds = ("canvas", "moodle", "gradescope", "nbgrader", "repositories")
    parser.add_argument("--platform", choices=kinds, metavar="NAME", help=f"where it is not recognised: {', '.join(kinds)}")
    go = parser.add_mutually_exclusive_group()
    go.add_argument("--yes", action="store_true", help="collect without asking")
    go.add_argument("--dry-run", action="store_true", help="show the table and collect nothing")
    parser.add_argument("--skip-ambiguous", action="store_true", help="leave out what is refused, and collect the rest")
    parser.add_argument("--table", type=Path, metavar="CSV", help="write the table to a file, collect nothing")
    parser.add_argument("--map", type=Path, metavar="CSV", help="collect as this table says; an empty student leaves a file out")
    late = "when those came that Canvas calls LATE, such as '2026-11-20 18:00+01:00' (Canvas's zip does not say)"
    parser.add_argument("--late-at", metavar="TIME", help=late)
    parser.set_defaults(run=run, extra="grader")


def run(args: argparse.Namespace) -> int:
    """Show the table, ask, and collect. Returns 0 when everything was collected that is not left out on purpose."""
    from grader.books import open_course
    from grader.intake import one_line
    from grader.platforms import open_source, parse_time, plan_collecting, read_table, write_table

    course = open_course(args.course)
    said = read_table(args.map) if args.map else None
    late_at = parse_time(args.late_at) if args.late_at else None
    with open_source(args.source) as source:
        plan = plan_collecting(course, args.lab, source, platform=args.platform, said=said, late_at=late_at)
        _show(plan)
        if late_at and not any(row.handed.late for row in plan.rows):
            print(f"--late-at changes nothing: {one_line(source.name)} calls nobody late.")
        if args.table:
            write_table(args.table, map(_cells_of, plan.rows))
            print(f"The table is in {args.table}: change the column `student`, and collect with --map {args.table}. Nothing was collected.")
            return 0
        return _go_on(args, plan)


def _go_on(args: argparse.Namespace, plan: Collecting) -> int:
    """What comes after the table."""
    writes = sum(len(row.writes) for row in plan.rows)
    if plan.problems and not args.skip_ambiguous:
        count = len(plan.problems)
        what = "1 submission is" if count == 1 else f"{count} submissions are"
        print(
            f"\n{what} refused, so nothing was collected. Say whose {'it is' if count == 1 else 'they are'} in a table (--table whose.csv, "
            "change it, --map whose.csv), or leave out what is refused with --skip-ambiguous."
        )
        return 1
    if not writes:
        print(
            "\nNothing else is to be collected: the rest is there."
            if plan.problems
            else "\nNothing is to be collected: all of it is there."
        )
        return 1 if plan.problems else 0
    if args.dry_run or not (args.yes or _agreed(writes)):
        print("\nNothing was collected." + (" Say --yes to collect." if not args.dry_run else ""))
        return 0 if args.dry_run else 1
    return _collect(args, plan)


def _agreed(count: int) -> bool:
    """Whether somebody at a keyboard says yes."""
    if not sys.stdin.isatty():
        return False
    try:
        return input(f"\nCollect {_folders(count)}? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _collect(args: argparse.Namespace, plan: Collecting) -> int:
    from grader.batch import some
    from grader.platforms import collect

    placed = collect(plan)
    print(f"\n{_folders(len(placed))} collected into {plan.course.step('submitted')}.")
    if replaced := [one.student for one in placed if one.before]:
        print(f"What was there of {some(replaced)} is kept in {plan.course.notes(plan.lab) / 'replaced'}.")
    where = f" --course {typed(args.course)}" if args.course != Path() else ""
    print(f"Next: handgrad grade {plan.lab}{where}")
    return 0


def _show(plan: Collecting) -> None:
    """The table, and what it does not say."""
    from grader.batch import some
    from grader.intake import one_line
    from grader.platforms import TOLD, print_table, why_nobody_is_late

    print(f"{one_line(plan.source.name)} is taken for {TOLD[plan.platform]}.\n")
    rows = [_cells_of(row) for row in plan.rows]
    columns = ("file", "student", "recognised by", "submitted", "late", "what happens", "remarks")
    print_table([*columns], [[row[column] for column in columns] for row in rows])
    counts = Counter(_COUNTED.get(what, what) for row in plan.rows if not row.problem for what in row.becomes.values())
    print(f"\n{', '.join(f'{count} {what}' for what, count in counts.items()) or 'Nothing to collect'}. Times are UTC.")
    if not plan.with_roster:
        told = "so students' ids are made of what the platform says"
        why = "; of Moodle that is the name alone, because its numbers are new in each assignment" if plan.platform == "moodle" else ""
        print(f"The course has no roster, {told}{why}. `handgrad roster FILE` brings one in: better before than after.")
    if plan.platform == "moodle" and any("Moodle's number" in row.problem and not row.students for row in plan.problems):
        print(
            "Moodle's numbers are new in each assignment, and so may teams be: bring in the grading worksheet of this assignment first "
            "(`handgrad roster WORKSHEET.csv`), from a blind one after Moodle shows the names."
        )
    if plan.platform in ("moodle", "repositories") and any(row.when is None and row.writes for row in plan.rows):
        print(
            f"{TOLD[plan.platform][:1].upper()}{TOLD[plan.platform][1:]} does not say when they handed in, so nobody is late. If penalties "
            "are taken, give the times in the column `submitted` of a table (--table, --map)."
        )
    if late := plan.late_without_time:
        students = [student for row in late for student in row.students]
        print(
            f"The platform calls {some(students)} late and does not say when they handed in: without a time, nbgrader takes no penalty. "
            "Give one time for all with --late-at, or each its own in the column `submitted` of a table (--table, --map)."
        )
    if any(row.handed.late for row in plan.rows) and (why := why_nobody_is_late(plan.course, plan.lab)):
        print(why)
    for told in plan.left_out[:20]:
        print(told)
    if len(plan.left_out) > 20:
        print(f"And {len(plan.left_out) - 20} more files are left out.")


def _cells_of(row: CollectedRow) -> Mapping[str, str]:
    """One line of the table, for the screen and for a file."""
    if row.problem:
        what = f"REFUSED: {row.problem}"
    else:
        what = "; ".join(dict.fromkeys(row.becomes.values())) or "left out, as --map says"
    return {
        "file": row.handed.place,
        "student": " & ".join(row.students),
        "recognised by": row.how,
        "submitted": f"{row.when:%Y-%m-%d %H:%M:%S}" if row.when else "",
        "late": "LATE" if row.handed.late else "",
        "notebook": " & ".join(row.notebooks),
        "what happens": what,
        "remarks": "; ".join(row.told),
    }


def _folders(count: int) -> str:
    return "1 submission" if count == 1 else f"{count} submissions"
