"""Bring pages up to date with what people wrote into the gradebook: no code of a student runs, and no mark changes.

Only pages are rendered that show something else than the gradebook holds by now; the journal notes what each one shows.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.errors import UserError
from grader.batch.engine import LocalEngine
from grader.batch.grading import Class
from grader.batch.job import Desk, at_desk
from grader.batch.journal import Journal, Shown
from grader.batch.orders import Orders
from grader.batch.publish import Publisher
from grader.batch.worker import Budget
from grader.books import Scores, Standing, Touched, make_assignment, open_course, prepare, read_remarks, with_remarks
from grader.intake import one_line
from grader.judging import FAILED, Assignment

OWN = Budget(20.0, 60.0, 2**30)  # for one page


@dataclass
class Renewed:
    """What came of it: whose pages were rendered, whose graded notebook is not there, and what the gradebook holds of everybody."""

    students: list[str] = field(default_factory=list)
    without_page: list[str] = field(default_factory=list)
    standings: Mapping[str, Standing] = field(default_factory=dict)


def renew_pages(
    lab: str, root: Path, solutions: Path | None, workers: int = 1, *, students: Collection[str] | None = None, every: bool = False
) -> Renewed:
    """Render the feedback pages of a lab whose marks changed in the gradebook; of these `students` only, if any are named.

    `every` renders those that are up to date as well. `students` may hold patterns, as nbgrader's --student. Raises UserError for a lab
    that was not graded, a gradebook in trouble, and a student of whom there is no result.
    """
    course = open_course(root)
    if not (course.notes(lab) / "journal.jsonl").is_file():
        raise UserError(f"{lab} has not been graded in {root}: run `handgrad grade {lab} --course {root}` first.")
    prepared = prepare(course, lab, solutions)
    with Journal(course.notes(lab)) as journal:
        named = None if students is None else _named(students, journal, lab)
        desk = Desk(course, make_assignment(course, lab, prepared, journal.seeds, 0.0), "bwrap")
        return renew(desk, journal, workers, students=named, every=every)


def renew(
    desk: Desk,
    journal: Journal,
    workers: int,
    own: Budget = OWN,
    *,
    students: Collection[str] | None = None,
    every: bool = False,
) -> Renewed:
    """The same, of a class whose journal is open."""
    lab, database = desk.assignment.name, desk.course.database
    with Scores(desk.course, lab) as scores:
        before = database.state()
        standings = scores.read({student: shown.penalties for student, shown in journal.shown.items()})
        untouched = before == database.state()  # else penalties were written: the next one looks once more
        with_remarks(standings.values(), journal.results, read_remarks(desk.course, lab))
        left = [standing for standing in _with_pages(standings, desk, journal) if students is None or standing.student in students]
        stale = [one for one in left if every or not _is_shown(one, desk, journal)]
        publisher = Publisher(desk.course, desk.assignment, journal, scores)
        if stale:
            prepare_pages(desk.assignment)
            with LocalEngine(workers, lambda card: at_desk(desk, None, card), own, [None] * workers) as engine:
                Class(lab, desk.kind, Orders(engine), journal, publisher, 2 * workers).render(publisher.renew(stale))
    if students is None and untouched:
        database.note_shown(lab, before)
    gone = publisher.without_page
    return Renewed([one.student for one in stale if one.student not in gone], gone, standings)


def _named(students: Collection[str], journal: Journal, lab: str) -> set[str]:
    """The graded students that names or patterns mean."""
    known = journal.results
    found = {word: [word] if word in known else fnmatch.filter(known, word) for word in students}
    unknown = [one_line(word, 40) for word, names in found.items() if not names]
    if unknown:
        raise UserError(f"There is no graded submission of {lab} by {', '.join(unknown)}: is the name right?")
    return {name for names in found.values() for name in names}


def _is_shown(standing: Standing, desk: Desk, journal: Journal) -> bool:
    """Whether a student's pages are there, and show what the gradebook holds."""
    folder = desk.course.folder("feedback", standing.student, desk.assignment.name)
    known = journal.shown.get(standing.student, Shown())
    return known.digest == standing.digest() and all((folder / f"{name}.html").is_file() for name in desk.names)


def _with_pages(standings: Mapping[str, Standing], desk: Desk, journal: Journal) -> list[Standing]:
    """Those who have a page: of what failed on our side there is none."""
    names = set(desk.names)
    graded = set(journal.results) - set(journal.results.with_status(FAILED))
    return [standing for student, standing in standings.items() if student in graded and names <= set(standing.marks)]


def prepare_pages(assignment: Assignment) -> None:
    """Render once what all pages share, before the workers are forked."""
    from grader.books import prepare_pages as prepare_of  # nobody renders where nothing is to be rendered

    for template in assignment.templates:
        prepare_of(template)


def looked_at_again(touched: Sequence[Touched]) -> list[str]:
    """A sentence for each student whose marks, given by a person, may be about something else by now."""
    students: dict[str, list[str]] = {}
    for one in touched:
        students.setdefault(one.student, []).append(f"{one.cell} ({one.mark}; {one.why})")
    shown = [f"{one_line(name, 40)}: {_MARKED} {', '.join(map(one_line, marks))}." for name, marks in sorted(students.items())]
    rest = len(shown) - _SENTENCES
    return shown[:_SENTENCES] + ([f"The same holds for {rest} more student{'s' if rest > 1 else ''}."] if rest > 0 else [])


_SENTENCES = 12
_MARKED = "what a person gave stays, and should be looked at again in"
