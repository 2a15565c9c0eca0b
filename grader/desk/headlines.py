"""What an instructor wants to know first: what to say to the class, whom to write to, what waits. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from urllib.parse import quote

from course_utils.checking.verdict import shown
from grader.batch import ClassReport
from grader.desk.roll import Roll
from grader.desk.tally import BROKEN, NOTHING, UNWRITTEN, Row, Slip, Tally
from grader.judging import FAILED, PARTIAL, UNGRADABLE

SAID = 3  # mistakes to speak of in a lecture: more are not remembered
LOW = 0.5  # of the points: below it somebody may need help
_LETTER = 1800  # characters of an address with its recipients, which every mail program takes


@dataclass(frozen=True)
class Someone:
    """A student in a list, with what concerns this one."""

    student: str
    note: str = ""


@dataclass
class Letter:
    """Some students to whom the same may be written. `write` is a link that opens a mail to them; empty where addresses are not known."""

    title: str
    people: list[Someone]
    write: str = ""
    addresses: list[str] = field(default_factory=list)


def to_say(tally: Tally) -> list[tuple[int, Slip]]:
    """The mistakes that most students made, with their places in the list; those of one student alone are that student's."""
    ranked = [(number, slip) for number, slip in enumerate(tally.slips) if slip.is_mistake and len(slip.students) > 1]
    return ranked[:SAID]


def also_to_say(tally: Tally) -> Iterator[str]:
    """What else concerns many: where most points went, and what many did not write or could not run."""
    lost = {part.name: tally.lost(number) for number, part in enumerate(tally.parts)}
    whole = sum(lost.values())
    if whole > 0 and len(lost) > 1:
        name = max(lost, key=lambda name: lost[name])
        yield f"{name} cost the class most: {shown(lost[name])} of the {shown(whole)} points that were lost."
    read = [row for row in tally.rows if row.share is not None]
    for outcome, told in ((UNWRITTEN, "was not written by"), (BROKEN, "did not run for")):
        counts = {part.name: tally.counts(number)[outcome] for number, part in enumerate(tally.parts)}
        name = max(counts, key=lambda name: counts[name], default="")
        if name and counts[name] > 1 and counts[name] >= 0.1 * len(read):
            yield f"{name} {told} {counts[name]} of {len(read)} students."


def to_write(report: ClassReport, tally: Tally, roll: Roll, lab: str, now: datetime) -> list[Letter]:
    """Who should hear from the instructor, in lists of the same reason; empty lists are left out."""
    is_open = roll.is_open(lab, now)
    low = sorted((row for row in tally.rows if row.share is not None and row.share < LOW), key=lambda row: row.share or 0.0)
    letters = [
        Letter("Could not be graded", [Someone(row.student, row.reason.rstrip(".")) for row in tally.rows if row.status == UNGRADABLE]),
        Letter("Less than half of the points", [Someone(row.student, _few(row)) for row in low]),
        Letter("Nothing handed in yet" if is_open else "Nothing handed in", [Someone(student) for student in report.missing]),
    ]
    letters = [letter for letter in letters if letter.people]
    for letter in letters:
        letter.addresses = [address for one in letter.people if (address := roll.email(one.student))]
        letter.write = mail_to(letter.addresses, lab) if len(letter.addresses) == len(letter.people) else ""
    return letters


def mail_to(addresses: Sequence[str], subject: str) -> str:
    """A link that opens a mail to people who do not see each other's addresses; empty where it would be too long."""
    link = f"mailto:?bcc={','.join(quote(address, safe='@') for address in addresses)}&subject={quote(subject)}"
    return link if addresses and len(link) <= _LETTER else ""


def _few(row: Row) -> str:
    """A low score, with how much of the lab was not written."""
    unwritten = sum(mark.outcome == UNWRITTEN for mark in row.marks)
    asked = sum(mark.outcome != NOTHING for mark in row.marks)
    told = f"; {unwritten} of {asked} not written" if unwritten else ""
    return f"{100 * (row.share or 0.0):.0f} %{told}"


def in_short(report: ClassReport, tally: Tally) -> Iterator[str]:
    """The class in a few numbers, each a sentence."""
    read = [row for row in tally.rows if row.share is not None]
    everybody = len(report.results) + len(report.missing) + len(report.ungraded)
    yield f"{len(report.results) + len(report.ungraded)} of {counted(everybody)} handed in"
    if read:
        shares = [row.share or 0.0 for row in read]
        yield f"half have {100 * median(shares):.0f} % of the points or more"
        full = sum(share >= 1 for share in shares)
        if full:
            yield f"{full} {'has' if full == 1 else 'have'} all points"
    late = sum(bool(row.late) for row in tally.rows)
    if late:
        yield f"{late} came late"


def waiting(report: ClassReport, tally: Tally, lab: str) -> list[str]:
    """What the instructor has to do before the lab is done."""
    found = []
    if report.trouble:
        found.append(f"Marks of people and penalties are not shown. {report.trouble}")
    if report.ungraded:
        found.append(f"Not graded yet: {counted(len(report.ungraded))}. `handgrad grade {lab}` grades them.")
    cells = sum(row.to_mark for row in tally.rows)
    if cells:
        people = sum(bool(row.to_mark) for row in tally.rows)
        found.append(f"To mark in formgrader: {cells} {'cell' if cells == 1 else 'cells'} of {counted(people)}.")
    failed = sum(row.status == FAILED for row in tally.rows)
    if failed:
        found.append(f"The machine failed on {counted(failed)}: `handgrad grade {lab}` tries them again.")
    partial = sum(row.status == PARTIAL for row in tally.rows)
    if partial:
        found.append(f"Graded in part: {counted(partial)}. The table of students has the reasons.")
    loose = sum(result.sandbox == "none" for result in report.results.values())
    if loose:
        found.append(f"Graded WITHOUT A SANDBOX: {counted(loose)}. That code could do all that you can do.")
    return found


def counted(count: int, noun: str = "student") -> str:
    """A number of things."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def by_section(tally: Tally, report: ClassReport, roll: Roll) -> list[tuple[str, int, int, float | None]]:
    """(section, students, handed in, median share) of each section; nothing where there is only one."""
    students: dict[str, list[str]] = {}
    for student in [*report.results, *report.ungraded, *report.missing]:
        students.setdefault(roll.section(student), []).append(student)
    if len(students) < 2:
        return []
    shares: Mapping[str, float | None] = {row.student: row.share for row in tally.rows}
    found = []
    for section, theirs in sorted(students.items()):
        known = [share for student in theirs if (share := shares.get(student)) is not None]
        handed_in = sum(student not in set(report.missing) for student in theirs)
        found.append((section or "no section", len(theirs), handed_in, median(known) if known else None))
    return found
