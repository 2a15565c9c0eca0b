"""`handgrad report LAB --groups`: wrong answers without a name, by what they answered."""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from course_utils.errors import UserError

if TYPE_CHECKING:
    from grader.desk import Counted, Group

SHOWN = 10  # groups with an example
_CODE_LINES = 14


def show(args: argparse.Namespace) -> int:
    """Print the groups, the largest first. Returns 0 when the lab was graded."""
    from grader.batch import read_report
    from grader.books import open_course, read_remarks
    from grader.desk import count, groups_of, with_examples

    if not args.lab:
        raise UserError("Which lab? Groups are those of one lab, as in `handgrad report lab01_perceptron --groups`.")
    course, results = open_course(args.course), read_report(args.lab, args.course).results
    groups = groups_of(results, read_remarks(course, args.lab))
    counted = count(results, groups)
    shown = with_examples(groups if args.json else groups[:SHOWN], course, args.lab, results)
    if args.json:
        print(json.dumps({"lab": args.lab, "wrong_answers": asdict(counted), "groups": [group.public() for group in shown]}))
        return 0
    print(summary(counted))
    for group in shown:
        print(f"\n{head(group)}")
        print(textwrap.indent(_example(group), "    "))
    if rest := groups[SHOWN:]:
        print(f"\n{_rest(rest)}")
    if groups:
        print(f'\nSpeak to all of a group at once: handgrad comment {args.lab} {groups[0].name} "…"')
    return 0


def head(group: Group) -> str:
    """A group in some lines: its name, whose answers, what was answered, what was said."""
    said = [f"    you said: {text}" for text in group.comments]
    return "\n".join([f"{group.name}  {group.exercise}  {people(len(group.students))}", f"    {group.answered}", *said])


def people(number: int) -> str:
    """A number of students in words."""
    return "1 student" if number == 1 else f"{number} students"


def summary(counted: Counted) -> str:
    """How many wrong answers there are, and what is known of them."""
    if not counted.wrong:
        return "Nobody has a wrong answer here."
    parts = [
        (counted.named, "named by a known mistake"),
        (counted.together, "without a name, but the same as another student's"),
        (counted.alone, "without a name and alone"),
        (counted.follow, "wrong because of an exercise that they call"),
    ]
    told = f"Of {counted.wrong} wrong answers: {', '.join(f'{number} {what}' for number, what in parts if number)}."
    if counted.unknown:
        told += f" {counted.unknown} were graded before answers were grouped, or given up: `handgrad grade LAB --replay` groups them."
    return told


def _example(group: Group) -> str:
    lines = group.example.code.split("\n") if group.example.code else ["(no code to show: it could not be read, or is too long)"]
    return "\n".join(lines if len(lines) <= _CODE_LINES else [*lines[: _CODE_LINES - 1], "…"])


def _rest(groups: Sequence[Group]) -> str:
    """The smaller groups, one in a line."""
    shown, answers = groups[: 2 * SHOWN], sum(len(group.students) for group in groups)
    lines = [f"{group.name}  {group.exercise}  {people(len(group.students))}  {group.answered[:90]}" for group in shown]
    more = f"\n{len(groups) - len(shown)} more: --json has them all." if len(groups) > len(shown) else ""
    return f"{len(groups)} smaller groups with {answers} answers:\n" + "\n".join(lines) + more
