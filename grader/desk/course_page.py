"""The page of a course: who falls behind first, then progress over the labs, and every student's labs in one table."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from markupsafe import Markup

from course_utils.checking.verdict import shown
from grader.batch import lateness
from grader.desk.figures import bands_by_lab
from grader.desk.headlines import LOW, counted, mail_to
from grader.desk.pages import FOLDER, feedback_links, link, render, target_of, write_page
from grader.desk.progress import CourseReport, LabReport, Stand, read_course_report

NAME = "course"
_GOOD = 0.8  # of the points: from here on nothing has to be said


def write_course_page(root: Path, asked: str = "") -> Path:
    """Write the page of a course into a file, by default one in the course; gives the file.

    Raises UserError where nothing was graded yet, and for a file that is not ours.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    report = read_course_report(root, now)
    target = target_of(report.course, asked, NAME)
    write_page(report.course, target, course_page(report, target, now))
    return target


def course_page(report: CourseReport, target: Path, now: datetime) -> bytes:
    """The page as a file that is going to lie at `target`; `now` is in UTC."""
    pages = {one.lab: report.course.root / FOLDER / f"{one.lab}.html" for one in report.labs}
    addresses = [address for student in report.behind if (address := report.roll.email(student))]
    sections = {name for name in map(report.roll.section, report.students) if name}
    return render(
        "course.html",
        course=report.course.root.resolve().name,
        now=f"{now:%Y-%m-%d %H:%M} UTC",
        report=report,
        roll=report.roll,
        short=_short(report),
        write=mail_to(addresses, report.course.root.resolve().name) if len(addresses) == len(report.behind) else "",
        progress=_progress(report.labs),
        pages={lab: link(path, target) if path.is_file() else "" for lab, path in pages.items()},
        links={one.lab: feedback_links(report.course, one.lab, one.notebook, list(report.students), target) for one in report.labs},
        section_names=sorted(sections) if len(sections) > 1 else [],
        kind=_kind,
        shown=shown,
        lateness=lateness,
    )


def _short(report: CourseReport) -> list[str]:
    found = [counted(len(report.students)), counted(len(report.labs), "graded lab"), f"{len(report.behind)} may need a word"]
    return found if report.behind else [*found[:2], "nobody falls behind"]


def _progress(labs: list[LabReport]) -> tuple[str, Markup] | None:
    """A figure, where there is something to compare."""
    shares = {one.lab: one.shares for one in labs if one.shares}
    if len(shares) < 2:
        return None
    middles = {one.lab: 100 * one.middle for one in labs if one.middle is not None}
    hardest = min(middles, key=lambda lab: middles[lab])
    told = ", ".join(f"{lab}: {middle:.0f} percent" for lab, middle in middles.items())
    title = f"The middle student had least in {hardest}: {middles[hardest]:.0f} percent"
    return title, bands_by_lab(shares, title, f"What half of the class reaches, and the middle half around it. {told}.")


def _kind(stand: Stand) -> str:
    """The class of the style for a share of the points."""
    if stand.share is None:
        return ""
    return "q0" if stand.share < LOW else "q1" if stand.share < _GOOD else "q2"
