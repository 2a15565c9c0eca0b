"""The page of a class: what to say and whom to write to first, then scores, exercises, students, mistakes and lost points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from markupsafe import Markup

from course_utils.checking.verdict import shown
from course_utils.pages import colours
from grader.batch import ClassReport, count_attempts, lateness, read_report, told_of
from grader.books import open_course
from grader.desk.examples import find_examples
from grader.desk.figures import bars_by_outcome, histogram, tens
from grader.desk.handed_in import LATE_THERE, HandedIn, handed_in
from grader.desk.headlines import also_to_say, by_section, counted, in_short, to_say, to_write, waiting
from grader.desk.pages import feedback_links, render, target_of, write_page
from grader.desk.roll import Roll, read_roll
from grader.desk.tally import BROKEN, OUTCOMES, PARTLY, RIGHT, UNWRITTEN, WAITS, WRONG, Slip, Tally, tally

_LETTERS = {RIGHT: "r", PARTLY: "p", WRONG: "w", BROKEN: "b", UNWRITTEN: "u", WAITS: "t"}  # classes of the style
_SIGNS = {RIGHT: "✓", PARTLY: "½", WRONG: "✗", BROKEN: "!", UNWRITTEN: "–", WAITS: "?"}  # for who sees no colour; words are beside them
_COSTLY = 25  # slips in the table of lost points
_PORT = "http://localhost:8888/formgrader/gradebook/"  # where JupyterLab serves formgrader if nobody says otherwise


def write_class_page(lab: str, root: Path, asked: str = "") -> Path:
    """Write the page of a graded lab into a file, by default one in the course; gives the file.

    Raises UserError for a lab that was not graded and a file that is not ours.
    """
    course = open_course(root)
    report = read_report(lab, root)
    target = target_of(course, asked, lab)
    roll = read_roll(course)
    counted_up = tally(report, count_attempts(course.notes(lab)))
    examples = find_examples(course, lab, counted_up, roll)
    notebook = counted_up.parts[0].place[0] if counted_up.parts else lab
    links = feedback_links(course, lab, notebook, [*report.results, *report.ungraded, *report.missing], target)
    found = handed_in(course, lab, report)
    write_page(course, target, class_page(lab, report, counted_up, roll, examples, links, found, datetime.now(UTC).replace(tzinfo=None)))
    return target


def class_page(
    lab: str,
    report: ClassReport,
    counted_up: Tally,
    roll: Roll,
    examples: Mapping[int, str],
    links: Mapping[str, str],
    found: HandedIn,
    now: datetime,
) -> bytes:
    """The page as a file. `examples` are code by the place of a slip, `links` addresses of feedback pages by student; `now` is in UTC."""
    shares = [row.share for row in counted_up.rows if row.share is not None]
    sections = by_section(counted_up, report, roll)
    costly, rest = _costly(counted_up.slips)
    return render(
        "class.html",
        lab=lab,
        now=f"{now:%Y-%m-%d %H:%M} UTC",
        tally=counted_up,
        roll=roll,
        links=links,
        examples={number: _code(examples.get(number)) for number in range(len(counted_up.slips))},
        short=list(in_short(report, counted_up)),
        say=to_say(counted_up),
        also=list(also_to_say(counted_up)),
        letters=to_write(report, counted_up, roll, lab, now),
        waiting=[*waiting(report, counted_up, lab), *([found.trouble] if found.trouble else [])],
        identical=found.identical,
        late_there=found.late,
        why_late_there=LATE_THERE,
        read=len(shares),
        scores=_scores(shares),
        ranges=_ranges(shares),
        sections=sections,
        section_names=sorted({name for student in links for name in roll.sections(student)}) if sections else [],
        outcomes=_outcomes(counted_up),
        kinds=_kinds(counted_up),
        letters_of=_LETTERS,
        signs=_SIGNS,
        partly=PARTLY,
        single=sum(len(slip.students) == 1 for slip in counted_up.mistakes),
        more=_more(counted_up),
        absent=[(report.ungraded, "not graded yet"), (report.missing, "nothing handed in")],
        costly=costly,
        rest_lost=rest,
        formgrader=f"{_PORT}{lab}",
        time=_time(counted_up),
        told=list(told_of(report.results.values())),
        shown=shown,
        lateness=lateness,
    )


def _code(source: str | None) -> Markup | None:
    return None if source is None else colours.code(source)


def _scores(shares: Sequence[float]) -> tuple[str, Markup] | None:
    if not shares:
        return None
    middle = 100 * median(shares)
    told = ", ".join(f"{range}: {count}" for range, count in _ranges(shares))
    title = f"Half of the class has {middle:.0f} percent of the points or more"
    return title, histogram(shares, title, f"{counted(len(shares))} by percent of the points. {told}.")


def _ranges(shares: Sequence[float]) -> list[tuple[str, int]]:
    """How many have how many percent, in tens."""
    return [(f"{10 * at} to {10 * at + 9 if at < 9 else 100}", count) for at, count in enumerate(tens(shares))]


def _outcomes(counted_up: Tally) -> tuple[str, Markup] | None:
    counts = {part.name: counted_up.counts(number) for number, part in enumerate(counted_up.parts)}
    if not counts:
        return None
    marked = {name: sum(found.values()) - found[WAITS] for name, found in counts.items()}
    right = {name: found[RIGHT] / marked[name] for name, found in counts.items() if marked[name]}
    hardest = min(right, key=lambda name: right[name], default="")
    title = f"{hardest} was right least often: {counts[hardest][RIGHT]} of {marked[hardest]}" if hardest else "Nothing is marked yet"
    told = "; ".join(f"{name}: {', '.join(f'{count} {kind}' for kind, count in found.items() if count)}" for name, found in counts.items())
    return title, bars_by_outcome(counts, title, f"How many students have which outcome. {told}.")


def _kinds(counted_up: Tally) -> list[str]:
    """The outcomes that somebody has."""
    there = {mark.outcome for row in counted_up.rows for mark in row.marks}
    return [outcome for outcome in OUTCOMES if outcome in there]


def _more(counted_up: Tally) -> list[str]:
    """The columns behind the exercises; those in which nothing would stand are left out."""
    rows = counted_up.rows
    wanted = {
        "late": any(row.late or row.penalty for row in rows),
        "to mark": any(row.to_mark for row in rows),
        "attempts": True,
        "clock s": True,
        "processor s": any(row.processor for row in rows),
    }
    return [name for name, there in wanted.items() if there]


def _costly(slips: Sequence[Slip]) -> tuple[list[tuple[Slip, float]], str]:
    """The slips that cost most, each with its percent of the costliest, and a sentence on those that are left out."""
    ranked = sorted((slip for slip in slips if slip.points > 0), key=lambda slip: -slip.points)
    most = ranked[0].points if ranked else 1.0
    rest = ranked[_COSTLY:]
    told = f"{counted(len(rest), 'other slip')} cost {shown(sum(slip.points for slip in rest))} points together." if rest else ""
    return [(slip, round(100 * slip.points / most, 1)) for slip in ranked[:_COSTLY]], told


def _time(counted_up: Tally) -> str:
    """What grading took, by the clock and of the processor."""
    clock = [row.clock for row in counted_up.rows]
    if not clock:
        return "Nothing was graded."
    told = f"Grading one submission took {median(clock):.1f} s by the clock (half of them less), {max(clock):.1f} s at most"
    used = sum(row.processor for row in counted_up.rows)
    return f"{told}; of the processor, {used:.0f} s in all." if used else f"{told}."
