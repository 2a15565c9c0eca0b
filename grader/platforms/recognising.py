"""Which platform a zip or a folder comes from, and the submissions in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course_utils.errors import UserError
from grader.intake import Unreadable, shown
from grader.platforms import canvas, gradescope, moodle, nbgraders, repositories
from grader.platforms.archive import Source
from grader.platforms.handed import Handed
from grader.platforms.names import is_noise
from grader.platforms.people import Person
from grader.platforms.sheets import LARGEST, parse_sheet
from grader.platforms.whose import Roster

PLATFORMS = ("canvas", "moodle", "gradescope", "nbgrader", "repositories")
TOLD = {
    "canvas": "Canvas's submissions.zip",
    "moodle": "Moodle's zip of all submissions",
    "gradescope": "Gradescope's export",
    "nbgrader": "nbgrader's own folders",
    "repositories": "a folder for each student",
}
_OWN = (gradescope.METADATA, repositories.STUDENTS)


@dataclass(frozen=True)
class Recognised:
    """What was found in a source: the platform, and its submissions."""

    platform: str
    handed: list[Handed]
    left_out: list[str]  # what belongs to none of them


def recognise(source: Source, lab: str, notebooks: Sequence[str], people: Mapping[str, Person], asked: str | None = None) -> Recognised:
    """The submissions of a lab in a source. `asked` names the platform, where it cannot be recognised. Raises UserError for none."""
    paths = {path: path for path in source.files if not is_noise(path)}
    if not paths:
        raise UserError(f"There is no file in {source.name}: did the download end too early?")
    unwrapped = _unwrapped(paths)
    for platform in [asked] if asked else PLATFORMS:
        # one folder around all the students' is likelier than a class of one, whose repository has files of its own in it
        ways = (unwrapped, paths) if platform == "repositories" else (paths, unwrapped)
        seen = next((way for way in ways if way and _fits(platform, way, lab)), None)
        if seen is None and platform == asked == "repositories" and any("/" in path for path in paths):
            seen = paths
        if seen is not None:
            handed = _read(platform, source, seen, lab, notebooks, people)
            taken = {place for one in handed for place in one.files.values()} | {seen.get(name) for name in _OWN}
            rest = [path for path, place in seen.items() if place not in taken] if platform != "nbgrader" else []
            return Recognised(platform, handed, [f"{shown(path)} is nobody's, by its name." for path in rest])
    looks = f"its first file is {shown(next(iter(paths)))}. docs/platforms.md shows what each platform gives"
    if asked is not None:
        raise UserError(f"{source.name} is not {TOLD[asked]}: {looks}.")
    raise UserError(f"{source.name} is of no platform that is known: {looks}. Give the zip as it was downloaded.")


def _unwrapped(paths: Mapping[str, str]) -> dict[str, str]:
    """The paths without the one folder that all of them lie in, as many programs pack it."""
    tops = {path.partition("/")[0] for path in paths}
    if len(tops) != 1 or not all("/" in path for path in paths):
        return {}
    return {path.partition("/")[2]: source for path, source in paths.items()}


def _fits(platform: str, paths: Mapping[str, str], lab: str) -> bool:
    fitting = {"canvas": canvas.fits, "moodle": moodle.fits, "gradescope": gradescope.fits, "repositories": repositories.fits}
    return fitting[platform](paths) if platform in fitting else nbgraders.fits(paths, lab)


def _read(
    platform: str, source: Source, paths: Mapping[str, str], lab: str, notebooks: Sequence[str], people: Mapping[str, Person]
) -> list[Handed]:
    try:
        if platform == "gradescope":
            return gradescope.read(paths, _bytes(source, paths[gradescope.METADATA], gradescope.METADATA_BYTES))
        if platform == "repositories":
            students = paths.get(repositories.STUDENTS)
            sheet = parse_sheet(_bytes(source, students, LARGEST), repositories.STUDENTS) if students else None
            return repositories.read(paths, lab, Roster(people).logins(), sheet)
    except Unreadable as reason:
        raise UserError(str(reason)) from None
    if platform == "canvas":
        roster = Roster(people)
        return canvas.read(paths, lambda ways: roster.readings(ways, notebooks))
    if platform == "moodle":
        return moodle.read(paths)
    from nbgrader.utils import parse_utc

    return nbgraders.read(paths, lab, parse_utc)


def _bytes(source: Source, path: str, limit: int) -> bytes:
    if source.files[path] > limit:
        raise UserError(f"{path} in {source.name} has more than {limit // 2**20} MiB: is it the platform's?")
    return source.read(path)
