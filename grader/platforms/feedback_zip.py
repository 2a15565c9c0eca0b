"""Feedback pages as the zip that a platform takes back: each page under the name by which the platform knows whose it is."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import UserError
from grader.books import Course
from grader.platforms.collected import Collected, read_collected
from grader.platforms.columns import CANVAS, MOODLE
from grader.platforms.entries import Entry

# How a submission begins in the zip that the platform made: a name, then the number of the user, participant or team
_CANVAS_PLACE = re.compile(r"[^/\\]*_[A-Za-z0-9]+")
_MOODLE_PLACE = re.compile(r"[^_/\\]+_\d+")
_NOT_IN_NAMES = r'[_/\\:*?"<>|\x00-\x1f]+'
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same pages make the same zip


@dataclass(frozen=True)
class Pages:
    """A zip of pages, whose they are, and who has none, by the reason."""

    data: bytes
    students: list[str]
    without: dict[str, list[str]]


def feedback_pages(course: Course, lab: str, platform: str, final: Mapping[str, Entry]) -> Pages:
    """The pages of those students whose grades are in a sheet, named for Canvas or Moodle.

    Raises UserError for a platform that takes no pages, and where nobody's page can be named.
    """
    if platform not in (CANVAS, MOODLE):
        raise UserError("Only Canvas and Moodle take feedback pages as a zip: leave out --feedback, the pages are in feedback/.")
    collected = read_collected(course, lab)
    stream, students = io.BytesIO(), []
    without: dict[str, list[str]] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, entry in sorted(final.items()):
            pages = sorted(course.folder("feedback", student, lab).glob("*.html"))
            told = collected.get(student)
            told = told if told and told.platform == platform else None
            names = list(_canvas(told, lab, pages) if platform == CANVAS else _moodle(told, entry, pages))
            if not pages or not names:
                without.setdefault("there is none in feedback/" if not pages else _UNNAMED[platform], []).append(student)
                continue
            students.append(student)
            for name, page in zip(names, pages, strict=True):
                if name in archive.NameToInfo:  # of a team that handed in once: one page is everybody's
                    continue
                archive.writestr(_entry(name), page.read_bytes())
    if not students and final:
        reasons = ", ".join(without)
        raise UserError(f"No feedback page of {lab} can go into a zip for {platform.capitalize()}: {reasons}. Leave out --feedback.")
    return Pages(stream.getvalue(), students, without)


_UNNAMED = {
    CANVAS: "not collected from a zip of Canvas, so Canvas's number of the file is not known",
    MOODLE: "neither collected from a zip of Moodle nor numbered in the sheet",
}


def _canvas(told: Collected | None, lab: str, pages: list[Path]) -> Iterator[str]:
    """Names that keep the numbers of user and file: `lovelaceada_4711_90210_lab01.html`."""
    if told and told.order and _CANVAS_PLACE.fullmatch(told.place):
        yield from (f"{told.place}_{told.order}_{lab if len(pages) == 1 else page.stem}.html" for page in pages)


def _moodle(told: Collected | None, entry: Entry, pages: list[Path]) -> Iterator[str]:
    """A folder for each student, or team: `Ada Lovelace_4711_assignfeedback_file/feedback.html`."""
    place = told.place if told else ""
    if not _MOODLE_PLACE.fullmatch(place):
        place = f"{re.sub(_NOT_IN_NAMES, ' ', entry.name).strip(' .') or 'Participant'}_{entry.ids.get('moodle', '')}"
    if _MOODLE_PLACE.fullmatch(place):
        yield from (f"{place}_assignfeedback_file/{'feedback' if len(pages) == 1 else page.stem}.html" for page in pages)


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
