"""Sentences for whole groups of answers: say one, change it, take it back, share them with another course.

No code of a student runs and no points change: pages are rendered again from what was kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from course_utils.errors import UserError
from grader.books import MOST, Course, Remark, read_remarks, remarks_in, write_remarks
from grader.desk.groups import Group
from grader.files import write_atomically

_FORMAT = 1
_FILE_BYTES = 8 * 2**20


def say(course: Course, lab: str, group: Group, text: str) -> list[str]:
    """Say a sentence to a group, in the place of what was said before; gives that. Raises UserError for a text that cannot be said."""
    words = readable(text)
    if not words:
        raise UserError("The comment is empty: write what this group should read, or take the old one back with --remove.")
    if len(words) > MOST:
        raise UserError(f"The comment has {len(words)} characters, {MOST} are possible: say it shorter, or link to a page that says it.")
    new = Remark(group.exercise, group.print, words, group.name, group.answered)
    kept, gone = _parted(read_remarks(course, lab), group)
    write_remarks(course, lab, [*kept, new])
    return [remark.text for remark in gone]


def take_back(course: Course, lab: str, group: Group) -> list[str]:
    """Take back what was said to a group; gives that. Raises UserError where nothing was."""
    kept, gone = _parted(read_remarks(course, lab), group)
    if not gone:
        raise UserError(f"Nothing was said to group {group.name} yet.")
    write_remarks(course, lab, kept)
    return [remark.text for remark in gone]


def _parted(remarks: Sequence[Remark], group: Group) -> tuple[list[Remark], list[Remark]]:
    """The remarks that are none of this group's, and those that are."""
    mine = [remark for remark in remarks if remark.reaches(group.exercise, group.print) or remark.text in group.comments]
    mine = [remark for remark in mine if remark.exercise == group.exercise]
    return [remark for remark in remarks if remark not in mine], mine


def left_groups(remarks: Sequence[Remark], groups: Sequence[Group]) -> list[Group]:
    """Groups that nobody is in any more, or yet, and to whom something was said: they can still be changed or taken back."""
    idle = [
        remark for remark in remarks if not any(group.exercise == remark.exercise and remark.text in group.comments for group in groups)
    ]
    return [
        Group(one.group or one.print.name, one.exercise, one.answered, one.print, (), frozenset({one.group, one.print.name}), (one.text,))
        for one in idle
    ]


def readable(text: str) -> str:
    """What was typed, without control characters."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()


def share(course: Course, lab: str, path: Path) -> int:
    """Write the comments on a lab for another course; how many. Raises UserError where there is none, or the file is there already."""
    remarks = read_remarks(course, lab)
    if not remarks:
        raise UserError(f"Nothing was said to any group of {lab} yet: there is nothing to share.")
    if path.exists():
        raise UserError(f"{path} is there already: name another file, or take it away first.")
    told = [{"exercise": one.exercise, "print": str(one.print), "group": one.group, "text": one.text} for one in remarks]
    stored = {"format": _FORMAT, "lab": lab, "comments": told}
    write_atomically(path, (json.dumps(stored, indent=1, ensure_ascii=False) + "\n").encode(), 0o644)
    return len(remarks)


@dataclass(frozen=True)
class TakenIn:
    """What came of another course's comments: those that are new here, and those for whose group this course says something else."""

    new: list[Remark]
    kept: list[Remark]


def take_in(course: Course, lab: str, path: Path) -> TakenIn:
    """Take in the comments that another course shared; what this course says itself stays. Raises UserError for another kind of file."""
    theirs, ours = _shared(path, lab), read_remarks(course, lab)
    new: list[Remark] = []
    kept: list[Remark] = []
    for remark in theirs:
        known = next((one for one in [*ours, *new] if one.reaches(remark.exercise, remark.print)), None)
        if known is None:
            new.append(remark)
        elif known.text != remark.text:
            kept.append(remark)
    if new:
        write_remarks(course, lab, [*ours, *new])
    return TakenIn(new, kept)


def _shared(path: Path, lab: str) -> list[Remark]:
    try:
        if path.stat().st_size > _FILE_BYTES:
            raise UserError(f"{path} is larger than {_FILE_BYTES // 2**20} MiB: `handgrad comment --share` writes smaller files.")
        stored = json.loads(path.read_text(encoding="utf-8"))
        remarks = remarks_in(stored)
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"{path} cannot be read ({error}): name a file that `handgrad comment {lab} --share` wrote.") from None
    if stored.get("lab") != lab:
        raise UserError(f"{path} has comments on {str(stored.get('lab'))[:60]!r}, not on {lab}: name that lab, or another file.")
    cleaned = [replace(remark, text=readable(remark.text)[:MOST], group=remark.print.name, answered="") for remark in remarks]
    return [remark for remark in cleaned if remark.text]
