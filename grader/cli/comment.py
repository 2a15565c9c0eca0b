"""`handgrad comment`: one sentence to all who gave the same wrong answer."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.books import Course
    from grader.desk import Group

EXAMPLE = """examples:
  handgrad report lab01_perceptron --groups                           the groups, with their names
  handgrad comment lab01_perceptron k3x9qa "The bias is added **before** the step."
  handgrad comment lab01_perceptron k3x9qa --remove                   take it back
  handgrad comment lab01_perceptron                                   what was said, and whom it reaches
  handgrad comment lab01_perceptron --share comments.json             for another course, or next year
  handgrad comment lab01_perceptron --from comments.json              what another course shared

The comment stands on the feedback page of everybody in the group, at that exercise, and of whoever gives this answer later.
No code of a student runs, and no points change. Markdown is possible, as in formgrader's comments."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "comment",
        help="say one sentence to all who gave the same wrong answer",
        description="Say a sentence to a group of `handgrad report LAB --groups`, and print a @mistake that gives it a name for good.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lab", metavar="LAB", help="the lab")
    parser.add_argument("group", metavar="GROUP", nargs="?", help="the name of the group, or how it begins")
    parser.add_argument("text", metavar="TEXT", nargs="?", help="what they should read; it takes the place of what was said before")
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the nbgrader course (default: here)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--remove", action="store_true", help="take back what was said to the group")
    what.add_argument("--share", type=Path, metavar="FILE", help="write all comments on the lab into FILE, without any student")
    what.add_argument("--from", type=Path, metavar="FILE", dest="source", help="take in the comments that another course shared")
    parser.add_argument("--with-code", action="store_true", help="put a member's code, without names, into the @mistake")
    parser.add_argument("--json", action="store_true", help="print one JSON object for a program to read")
    parser.add_argument("--solutions", type=Path, metavar="DIR", help="where labs are written, as for `handgrad grade`")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="pages at a time (default: CPUs)")
    parser.set_defaults(run=run, extra="grader")


def run(args: argparse.Namespace) -> int:
    """Do one thing with comments. Returns 0 when it was done and every page is up to date."""
    from grader.books import open_course

    course = open_course(args.course)
    if args.group is None and args.remove:
        raise UserError(f"Which comment? Name its group, as in `handgrad comment {args.lab} k3x9qa --remove`.")
    if args.group is not None and (args.share or args.source):
        raise UserError("--share and --from mean all comments on the lab: leave the group out.")
    if args.text is not None and args.remove:
        raise UserError("Say something or take something back: leave the text or --remove out.")
    if args.share:
        return _share(args, course)
    if args.source:
        return _take_in(args, course)
    groups = _groups(args, course)
    return _list(args, groups) if args.group is None else _one(args, course, groups)


def _groups(args: argparse.Namespace, course: Course) -> list[Group]:
    """The groups of the class, and those that were spoken to and have nobody in them."""
    from grader.batch import read_report
    from grader.books import read_remarks
    from grader.desk import groups_of, left_groups

    remarks = read_remarks(course, args.lab)
    groups = groups_of(read_report(args.lab, args.course).results, remarks)
    return [*groups, *left_groups(remarks, groups)]


def _list(args: argparse.Namespace, groups: Sequence[Group]) -> int:
    from grader.cli.groups import head

    spoken = [group for group in groups if group.comments]
    if args.json:
        print(json.dumps({"lab": args.lab, "groups": [group.public() for group in spoken]}))
        return 0
    there = f"`handgrad report {args.lab} --groups` shows whom you could speak to."
    print("\n\n".join(map(head, spoken)) if spoken else f"Nothing was said to any group of {args.lab} yet: {there}")
    return 0


def _one(args: argparse.Namespace, course: Course, groups: Sequence[Group]) -> int:
    """Say, take back or show what is said to one group."""
    from dataclasses import replace

    from grader.cli.groups import head
    from grader.desk import find_group, say, take_back

    group = find_group(groups, args.group)
    if not args.json:
        print(head(replace(group, comments=())))
    before = list(group.comments)
    if args.remove:
        take_back(course, args.lab, group)
        said = f"Taken back: {' / '.join(before)}"
    elif args.text is not None:
        before = say(course, args.lab, group, args.text)
        said = f"Said before, and replaced: {' / '.join(before)}" if before and before != [args.text] else ""
    else:
        said = f"You said: {' / '.join(before)}" if before else "Nothing was said to this group yet."
    renewed = _renew(args) if args.remove or args.text is not None else None
    mistake = "" if args.remove else _mistake(args, course, group)
    if args.json:
        told = group.public() | {"comments": [] if args.remove else [args.text] if args.text else before, "mistake": mistake}
        print(json.dumps(told | {"renewed": renewed[0] if renewed else [], "without_page": renewed[1] if renewed else []}))
    else:
        print("\n".join(filter(None, [said, _pages(renewed), _for_good(args, mistake)])))
    return 1 if renewed and renewed[1] else 0


def _renew(args: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Render the pages that show something else by now; whose they are, and whose notebook is not there."""
    from grader.batch import renew_pages
    from grader.cli.grade import find_solutions

    solutions = args.solutions or find_solutions(args.course, args.lab)
    renewed = renew_pages(args.lab, args.course, solutions, max(1, args.workers))
    return renewed.students, renewed.without_page


def _pages(renewed: tuple[list[str], list[str]] | None) -> str:
    from grader.batch import some

    if renewed is None:
        return ""
    students, gone = renewed
    count = f"{len(students)} feedback page{'' if len(students) == 1 else 's'} renewed: {some(students)}."
    told = count if students else "No feedback page had to be renewed."
    lack = f" The graded notebook of {some(gone)} is not there: `handgrad grade` makes it again." if gone else ""
    return told + lack


def _mistake(args: argparse.Namespace, course: Course, group: Group) -> str:
    """A `@mistake` to complete, or "" where none can be declared."""
    from grader.batch import read_report
    from grader.cli.grade import find_solutions
    from grader.desk import skeleton, with_examples

    solutions = args.solutions or find_solutions(args.course, args.lab)
    notebook = solutions / args.lab / "notebook.py" if solutions else None
    cell = None
    if notebook is not None and notebook.is_file():
        from course_utils.checking.lab import exercise_cells

        cell = exercise_cells(notebook).get(group.exercise)
    if args.with_code and group.students:
        group = with_examples([group], course, args.lab, read_report(args.lab, args.course).results)[0]
    said = args.text or " ".join(group.comments) or "say here what is wrong, and why"
    return skeleton(group, said, cell)


def _for_good(args: argparse.Namespace, mistake: str) -> str:
    if not mistake:
        return ""
    where = f"solutions/{args.lab}/mistakes.py"
    told = f"To have this mistake named from now on, in notebooks as well, complete this and put it into {where}:"
    beware = "A student wrote the code below, and the build runs it as you: read it first. " if args.with_code else ""
    return f"\n{beware}{told}\n\n{mistake.rstrip()}"


def _share(args: argparse.Namespace, course: Course) -> int:
    from grader.desk import share

    count = share(course, args.lab, args.share)
    told = f"Wrote {count} comment{'' if count == 1 else 's'} on {args.lab} to {args.share}: texts and fingerprints of answers, no student."
    print(json.dumps({"shared": count}) if args.json else told)
    return 0


def _take_in(args: argparse.Namespace, course: Course) -> int:
    """Take in a file of another course; the pages of those whom it reaches are renewed."""
    from grader.desk import take_in

    taken = take_in(course, args.lab, args.source)
    graded = (course.notes(args.lab) / "journal.jsonl").is_file()
    renewed = _renew(args) if taken.new and graded else None
    if args.json:
        print(
            json.dumps({"new": len(taken.new), "kept": [remark.group for remark in taken.kept], "renewed": renewed[0] if renewed else []})
        )
        return 1 if renewed and renewed[1] else 0
    yours = f" For {len(taken.kept)} of their groups you say something else, and that stays." if taken.kept else ""
    count = f"{len(taken.new)} new comment{'' if len(taken.new) == 1 else 's'} on {args.lab}."
    later = "" if graded else " They reach students as soon as the lab is graded."
    print("\n".join(filter(None, [count + yours + later, _pages(renewed)])))
    return 1 if renewed and renewed[1] else 0
