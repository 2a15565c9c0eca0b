"""`handgrad roster`: who is in the course, from the list of a learning platform; and more time for one student."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.platforms import Plan, Step

EXAMPLE = """examples:
  handgrad roster 2026-grades.csv --course course             names, e-mail, sections and ids of a Canvas gradebook
  handgrad roster participants.csv --course course --dry-run  show what would change, and change nothing
  handgrad roster list.csv --id "Student number"              this column is nbgrader's student id
  handgrad roster --course course                             show who is in the course, and who has more time
  handgrad roster --extension ada lab01_perceptron "2026-10-09 18:00+02:00"
  handgrad roster --extension ada lab01_perceptron none       take the extension back

Takes the gradebook CSV of Canvas, participants and grading worksheets of Moodle in any language, rosters of Gradescope, students.csv of
Classroom 50, and any CSV with a column of ids, user names or e-mail addresses. Nobody is removed."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "roster",
        help="bring names, e-mail and sections from your learning platform into the gradebook",
        description="Bring the students of a platform's CSV file into nbgrader's gradebook, or give one student more time.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="the CSV file that the platform gave you (default: show who is there)"
    )
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the nbgrader course (default: here)")
    parser.add_argument(
        "--id", metavar="COLUMN", help="the column that is nbgrader's student id (default: where the course's ids are found)"
    )
    parser.add_argument("--extension", nargs=3, metavar=("STUDENT", "LAB", "DATE"), help="this student may hand in until DATE (or: none)")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object for a program to read")
    parser.set_defaults(run=run, extra="grader")


def run(args: argparse.Namespace) -> int:
    """Show what changes, then change it. Returns 0 when every row of the file is a student of the course now."""
    from grader.books import open_course

    if args.extension:
        return _extend(args)
    if args.file is None:
        return _list(args)
    from grader.platforms import carry_out, plan_roster

    course = open_course(args.course)
    plan = plan_roster(course, args.file, args.id)
    if args.json:
        print(json.dumps(_as_data(plan)))
    else:
        _show(plan)
    if not args.dry_run:
        carry_out(course, plan)
    if not args.json:
        print("Nothing was changed, as --dry-run says." if args.dry_run else _done(plan))
    return 1 if any(told.startswith("Line ") for told in plan.left_out) else 0


def _list(args: argparse.Namespace) -> int:
    """Show who is in the course."""
    from grader.books import open_course
    from grader.platforms import extensions_of, held_by, known_people, print_table

    if args.id is not None or args.dry_run:
        raise UserError("--id and --dry-run need the CSV file that your platform gave you: `handgrad roster FILE`.")
    course = open_course(args.course)
    people, extended = known_people(course, held_by(course)), extensions_of(course)
    if args.json:
        print(json.dumps([asdict(person) | {"extensions": extended.get(student, [])} for student, person in sorted(people.items())]))
        return 0
    rows = [
        [person.student, person.last_name, person.first_name, person.email, person.section, "; ".join(extended.get(person.student, []))]
        for _, person in sorted(people.items())
    ]
    print_table(["student", "last name", "first name", "e-mail", "section", "more time"], rows)
    print(f"{len(rows)} student{'' if len(rows) == 1 else 's'}. `handgrad roster FILE` brings in names from your platform's CSV file.")
    return 0


def _show(plan: Plan) -> None:
    """What changes, by student, and whom the file does not name."""
    from grader.batch import some

    if plan.added or plan.changed:
        _table(plan)
    if plan.explained:  # below a table of hundreds of lines, where it is seen
        print(plan.explained)
    for told in plan.left_out:
        print(told)
    if plan.absent:
        print(f"In the course and not in this file, so they stay as they are: {some(plan.absent, 20)}.")


def _table(plan: Plan) -> None:
    from grader.platforms import print_table

    steps = [("add", step) for step in plan.added] + [("change", step) for step in plan.changed]
    print_table(["", "student", "name", "e-mail", "section", "what changes"], [[what, *_cells(step)] for what, step in steps])


def _cells(step: Step) -> list[str]:
    person = step.after
    name = ", ".join(part for part in (person.last_name, person.first_name) if part)
    return [person.student, name, person.email, person.section, "; ".join(step.changes)]


def _done(plan: Plan) -> str:
    counts = [(len(plan.added), "added"), (len(plan.changed), "changed"), (plan.kept, "as before")]
    told = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"Students: {told or 'none'}."


def _as_data(plan: Plan) -> dict[str, object]:
    def data(steps: Iterable[Step]) -> list[dict[str, object]]:
        return [{"student": step.after.student, "changes": step.changes} for step in steps]

    counts = {"platform": plan.platform, "kept": plan.kept, "absent": plan.absent, "left_out": plan.left_out}
    return {"added": data(plan.added), "changed": data(plan.changed), **counts, "explained": plan.explained}


def _extend(args: argparse.Namespace) -> int:
    """Give one student more time."""
    from grader.books import open_course
    from grader.platforms import extend

    if args.file is not None or args.id is not None:
        raise UserError("--extension takes STUDENT LAB DATE and no file: bring in the roster by a command of its own.")
    told = extend(open_course(args.course), *args.extension, dry_run=args.dry_run)
    print(json.dumps({"extension": told}) if args.json else told)
    return 0
