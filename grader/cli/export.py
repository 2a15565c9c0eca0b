"""`handgrad export`: grades into the sheet that a learning platform exported, and feedback pages as it takes them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.errors import UserError

if TYPE_CHECKING:
    from grader.platforms import Filling, Pages

SHEETS = ("canvas", "moodle", "gradescope")
RUNNERS = ("gradescope-autograder", "prairielearn")
EXAMPLE = """examples:
  handgrad export lab01_perceptron --to canvas --fill 2026-grades.csv     writes 2026-grades-filled.csv: import it in Canvas
  handgrad export lab01_perceptron --to moodle --fill worksheet.csv --feedback pages.zip
  handgrad export lab01_perceptron --to csv                               nbgrader's columns, safe to open in a spreadsheet program
  handgrad export lab01_perceptron --to gradescope-autograder             a zip by which Gradescope grades; or --to prairielearn

Fills one column of the sheet that the platform exported. All else in the file stays as it is, byte by byte."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "export",
        help="fill grades into the sheet that your learning platform exported",
        description="Put the gradebook's scores of a lab into a platform's own sheet, and feedback pages into the zip that it takes.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lab", metavar="LAB", help="the lab, or any assignment of the course")
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the nbgrader course (default: here)")
    parser.add_argument("--to", required=True, choices=[*SHEETS, "csv", *RUNNERS], help="who takes it")
    parser.add_argument("--fill", type=Path, metavar="CSV", help="the sheet that the platform exported; it is not changed itself")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write (default: beside the sheet, with -filled in its name)")
    parser.add_argument("--feedback", type=Path, metavar="ZIP", help="write the feedback pages here, as Canvas or Moodle takes them")
    parser.add_argument("--column", metavar="TITLE", help="the column to fill (default: the one with the lab's name)")
    parser.add_argument("--id", metavar="COLUMN", help="the column that has nbgrader's student ids (default: where they are found)")
    parser.add_argument("--unmarked", action="store_true", help="export points though a person still has to mark some of the work")
    parser.add_argument("--missing-zero", action="store_true", help="0 for those who handed in nothing (default: left empty)")
    where = "where labs are written, for what grades on another host (default: where `handgrad grade` finds them)"
    parser.add_argument("--solutions", type=Path, metavar="DIR", help=where)
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and write nothing")
    parser.add_argument("--force", action="store_true", help="replace files that are there")
    parser.set_defaults(run=run, extra="grader")


def run(args: argparse.Namespace) -> int:
    """Show what changes, then write. Returns 0 when the files are there."""
    from grader.books import open_course
    from grader.platforms import feedback_pages, fill_sheet, grades_of

    if args.to in RUNNERS:
        return _host(args)
    if args.to == "csv" and args.fill is None:
        return _table(args)
    if args.fill is None:
        raise UserError(
            f"Name the sheet that {args.to.capitalize()} exported with --fill: its own rows and columns are the only sure way in."
        )
    course = open_course(args.course)
    grades = grades_of(course, args.lab, unmarked=args.unmarked)
    filling = fill_sheet(course, args.lab, args.to, args.fill, grades, column=args.column, zeros=args.missing_zero, ids=args.id)
    pages = feedback_pages(course, args.lab, args.to, filling.final) if args.feedback else None
    _show(filling, pages, args)
    files = {args.out or args.fill.with_name(f"{args.fill.stem}-filled{args.fill.suffix}"): filling.data}
    if not filling.fills and not args.out:
        print(f"There is nothing to write into {args.fill}, so no other sheet is made of it.")
        files = {}
    _write(files | ({args.feedback: pages.data} if pages else {}), args)
    return 0


def _host(args: argparse.Namespace) -> int:
    """Build what another host runs to grade."""
    from grader.books import open_course
    from grader.cli.grade import find_solutions
    from grader.platforms.hosts import write_host

    for given, option in ((args.fill, "--fill"), (args.feedback, "--feedback"), (args.column, "--column")):
        if given is not None:
            raise UserError(f"{option} is about sheets of grades: --to {args.to} builds what grades on another host.")
    solutions = args.solutions or find_solutions(args.course, args.lab)
    told = write_host(args.to, args.lab, open_course(args.course), solutions, args.out, replace=args.force, dry_run=args.dry_run)
    print(*told, sep="\n")
    return 0


def _table(args: argparse.Namespace) -> int:
    """Write nbgrader's columns."""
    from grader.books import open_course
    from grader.platforms import grades_of, table_of_grades

    for given, option in ((args.column, "--column"), (args.feedback, "--feedback")):
        if given is not None:
            raise UserError(f"{option} needs a sheet of a platform: name it with --fill.")
    course = open_course(args.course)
    grades = grades_of(course, args.lab, unmarked=args.unmarked)
    for why in sorted(set(grades.waiting.values())):
        print(f"Without a score, {why}: {_some([student for student, reason in grades.waiting.items() if reason == why])}.")
    data = table_of_grades(course, args.lab, grades, zeros=args.missing_zero)
    _write({args.out or Path(f"{args.lab}-grades.csv"): data}, args)
    return 0


def _show(filling: Filling, pages: Pages | None, args: argparse.Namespace) -> None:
    """Which cells change, and what else there is to know."""
    from grader.platforms import print_table

    if filling.fills:
        rows = [[one.student, one.name, one.late, one.old or "(empty)", one.new] for one in filling.fills]
        print_table(["student", "name", "late", "old", "new"], rows, ("old", "new"))
    print(f"Column {filling.title!r} of {args.fill.name}: {len(filling.fills)} to change, {filling.stays} as they should be.")
    for told in filling.told:
        print(told)
    if pages is not None:
        print(f"Feedback pages of {len(pages.students)} student{'' if len(pages.students) == 1 else 's'} for {args.feedback}.")
        for why, students in pages.without.items():
            print(f"No page of {_some(sorted(students))} is in it: {why}.")


def _some(students: list[str]) -> str:
    from grader.batch import some

    return some(students, 20)


def _write(files: dict[Path, bytes], args: argparse.Namespace) -> None:
    """Write the files, none over another one that nobody gave up."""
    from grader.files import write_atomically

    fresh = {path: data for path, data in files.items() if not (path.is_file() and path.read_bytes() == data)}
    for path in fresh:
        if args.fill is not None and path.resolve() == args.fill.resolve():
            raise UserError(f"{path} is the sheet itself, which stays as it is: name another file with --out.")
        if path.exists() and not args.force and not args.dry_run:
            raise UserError(f"{path} is there already, with something else in it: name another file, or replace it with --force.")
    for path, data in files.items():
        if args.dry_run:
            print(f"{path} was not written, as --dry-run says.")
        elif path not in fresh:
            print(f"{path} is up to date.")
        else:
            write_atomically(path, data, 0o600)
            print(f"Wrote {path}.")
