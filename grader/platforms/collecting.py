"""From what a platform handed out to nbgrader's `submitted/`: first a plan, in which nothing is written, and then what it says."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from course_utils.errors import UserError
from grader.books import Course
from grader.intake import NOBODY, Unreadable, shown
from grader.platforms.archive import Source
from grader.platforms.collected import Collected, digest_of, digest_of_folder, iso, read_collected, write_collected
from grader.platforms.handed import Handed
from grader.platforms.mapping import Said
from grader.platforms.notebooks import Wanted, choose, is_notebook, zips_in
from grader.platforms.people import Person, read_people
from grader.platforms.placing import Placed, Stage, with_stamp
from grader.platforms.recognising import recognise
from grader.platforms.whose import Found, find_all

NEW, SAME, REPLACES, NEWER_THERE, LEFT_OUT = "new", "as before", "replaces the one before", "older than what is there", "left out"


@dataclass(frozen=True)
class Row:
    """One line of the table: a submission, whose it is and why, and what becomes of it for each of its students.

    `problem` says why it is refused. `files` are paths in the student's folder, and where each comes from; `notebooks` are those of the
    lab, as they were called when they were handed in.
    """

    handed: Handed
    students: tuple[str, ...] = ()
    how: str = ""
    when: datetime | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    notebooks: Sequence[str] = ()
    told: tuple[str, ...] = ()
    problem: str = ""
    digest: str = ""  # of the files, without the time
    becomes: Mapping[str, str] = field(default_factory=dict)

    @property
    def writes(self) -> list[str]:
        """The students whose folder this row writes."""
        return [student for student, what in self.becomes.items() if what in (NEW, REPLACES)] if not self.problem else []


@dataclass(frozen=True)
class Plan:
    """What collecting would do. `left_out` says which files of the source are not taken at all."""

    course: Course
    lab: str
    source: Source
    platform: str
    rows: list[Row]
    left_out: list[str]
    with_roster: bool

    @property
    def problems(self) -> list[Row]:
        return [row for row in self.rows if row.problem]

    @property
    def late_without_time(self) -> list[Row]:
        """Those whom the platform calls late, and of whom nobody knows when they came."""
        return [row for row in self.rows if row.handed.late and row.when is None and not row.problem and row.students]


def plan_collecting(
    course: Course,
    lab: str,
    source: Source,
    *,
    platform: str | None = None,
    said: Mapping[str, Said] | None = None,
    late_at: datetime | None = None,
) -> Plan:
    """Whose each submission in a source is, and what would become of it. Nothing is written.

    `said` is what a person says of some of them, `late_at` when those came that the platform calls late. Raises UserError for a lab that
    the course does not have, and for a source that is of no platform.
    """
    wanted = _wanted(course, lab)
    people, said = read_people(course), said or {}
    recognised = recognise(source, lab, wanted.names, people, platform)
    handed = [_opened(one, source) for one in sorted(recognised.handed, key=lambda one: one.place)]
    _refuse_unknown(said, handed, people)
    found = find_all(handed, people, {place: one.students for place, one in said.items()})
    newest = _newest(handed, found)
    record = read_collected(course, lab)
    rows = []
    for one, of in zip(handed, found, strict=True):
        row = Row(one, of.students, of.how, told=one.told, problem=of.problem)
        if not row.problem and row.students and one not in newest:
            row = replace(row, becomes=dict.fromkeys(row.students, LEFT_OUT), told=(*row.told, "a newer one counts"))
        elif not row.problem and row.students:
            row = _filled(row, course, lab, source, wanted, said.get(one.place), late_at, record)
        rows.append(row)
    left_out = [*source.left_out.values(), *recognised.left_out]
    return Plan(course, lab, source, recognised.platform, rows, left_out, bool(people))


def collect(plan: Plan) -> list[Placed]:
    """Write what was planned; rows with a problem stay out. Gives the folders that were written.

    Raises UserError where the course or the source fails; then nothing is half-written, and collecting again goes on.
    """
    _refuse_full_disk(plan)
    record = read_collected(plan.course, plan.lab)
    stage = Stage(plan.course, plan.lab)
    try:
        for row in plan.rows:
            if row.writes:
                stage.add(row.writes, with_stamp({path: plan.source.read(source) for path, source in row.files.items()}, row.when))
    except Unreadable as reason:
        stage.clear()
        raise UserError(f"{reason} Nothing was written.") from None
    except OSError as error:
        stage.clear()
        raise UserError(f"{plan.course.notes(plan.lab)} cannot be written ({error.strerror}). Nothing was collected.") from None
    placed = stage.move()
    written = [row for row in plan.rows if not row.problem and (row.writes or SAME in row.becomes.values())]
    kept = [(row, student) for row in written for student in row.students if row.becomes[student] != NEWER_THERE]
    fresh = {student: _noted(row, student, plan.platform) for row, student in kept}
    if fresh != {student: record.get(student) for student in fresh}:
        write_collected(plan.course, plan.lab, record | fresh)
    return placed


def _noted(row: Row, student: str, platform: str) -> Collected:
    """For the record. Of several who handed in together, the numbers are each one's own or nobody's: a team has one of its own."""
    one, whose = row.handed, row.handed.whose
    ids = dict(whose[row.students.index(student)].ids) if len(whose) == len(row.students) else {}
    together = list(row.students) if len(row.students) > 1 else []
    return Collected(student, platform, one.place, row.digest, iso(row.when), one.late, one.order, ids, together)


def _wanted(course: Course, lab: str) -> Wanted:
    """What the lab has. Raises UserError for one that the course does not have."""
    by_lab = {name: _notebooks(course, name) for name in course.layout.assignments()}
    names = _notebooks(course, lab) if lab and "/" not in lab and not lab.startswith(".") else ()
    if not names:
        there = f"; there are {', '.join(by_lab)}" if by_lab else ""
        raise UserError(f"{shown(lab)} is no lab of this course, because neither source/ nor release/ has a notebook of it{there}.")
    return Wanted(names, {name: other for other, own in by_lab.items() if other != lab for name in own}, course.layout.ignores)


def _notebooks(course: Course, lab: str) -> tuple[str, ...]:
    """The names of a lab's notebooks; their files are not opened."""
    folders = [course.layout.folder(step, NOBODY, lab) for step in ("release", "source")]
    return tuple(sorted({path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.ipynb")}))


def _opened(handed: Handed, source: Source) -> Handed:
    """With what is in a zip that was handed in, where no notebook lies beside it."""
    files, told = dict(handed.files), list(handed.told)
    for path in zips_in(files)[:5]:
        try:
            inside, left_out = source.expand(files[path], path)
        except Unreadable as reason:
            told.append(f"{shown(path)} cannot be opened: {str(reason).rstrip('.')}")
            continue
        del files[path]
        prefix = f"{path.rpartition('/')[0]}/".lstrip("/")
        files |= {prefix + name: place for name, place in inside.items() if prefix + name not in files}
        told += [f"{shown(path)} was opened", *list(left_out.values())[:3]]
    return replace(handed, files=files, told=tuple(told))


def _refuse_unknown(said: Mapping[str, Said], handed: Sequence[Handed], people: Mapping[str, Person]) -> None:
    places = {one.place for one in handed}
    gone = next((place for place in said if place not in places), None)
    if gone is not None:
        raise UserError(f"--map speaks of {shown(gone)}, which is not in the source: is it the table of another zip? Write a fresh one.")
    strangers = [name for one in said.values() for name in one.students if people and name not in people]
    if strangers:
        raise UserError(f"--map names {shown(strangers[0])}, who is not in the roster: mend the cell, or bring in the roster again.")


def _newest(handed: Sequence[Handed], found: Sequence[Found]) -> list[Handed]:
    """Of several submissions of one student that a time tells apart, the last."""
    last: dict[str, Handed] = {}
    for one, of in zip(handed, found, strict=True):
        for student in of.students:
            if student not in last or last[student].order < one.order:
                last[student] = one
    return list(last.values())


def _filled(
    row: Row,
    course: Course,
    lab: str,
    source: Source,
    wanted: Wanted,
    said: Said | None,
    late_at: datetime | None,
    record: Mapping[str, Collected],
) -> Row:
    """The row with its files, its time, and what becomes of it."""
    one = row.handed
    try:
        picked = _picked(wanted.names, said)
        chosen = choose(one.files, wanted, source.size, source.read, picked, one.nbgraders)
        row = replace(row, told=(*row.told, *chosen.told), problem=chosen.problem)
        if row.problem:
            return row
        data = {path: source.read(place) for path, place in chosen.files.items()}
    except Unreadable as reason:
        return replace(row, problem=str(reason).rstrip("."))
    row = replace(row, files=chosen.files, notebooks=chosen.notebooks, digest=digest_of(data))
    row = replace(row, when=(said.when if said else None) or one.when or (late_at if one.late else None) or _told_before(row, record))
    if row.when is not None and row.when > datetime.now(UTC).replace(tzinfo=None):
        return replace(row, problem=f"it came at {row.when:%Y-%m-%d %H:%M} UTC, which is still to come")
    stamped = digest_of(with_stamp(data, row.when))
    row = replace(row, becomes={student: _becomes(row, course, lab, student, record.get(student), stamped) for student in row.students})
    return row if chosen.notebooks or said else _guarded(row, course, lab)


def _told_before(row: Row, record: Mapping[str, Collected]) -> datetime | None:
    """The time that somebody gave for these very files, when they were collected before."""
    times = {before.when for student in row.students if (before := record.get(student)) and before.digest == row.digest}
    return datetime.fromisoformat(times.pop()) if len(times) == 1 and "" not in times else None


def _picked(names: Sequence[str], said: Said | None) -> dict[str, str]:
    """Which path is which notebook, where a person says so."""
    picked: dict[str, str] = {}
    for path in said.notebooks if said else ():
        free = [name for name in names if name not in picked]
        name = next((name for name in free if path.rpartition("/")[2].startswith(name)), free[0] if free else None)
        if name is not None:
            picked[name] = path
    return picked


def _becomes(row: Row, course: Course, lab: str, student: str, before: Collected | None, stamped: str) -> str:
    """What happens to the folder of one student; `stamped` is the digest of what would lie there."""
    folder = course.folder("submitted", student, lab)
    if not folder.is_symlink() and not folder.exists():
        return NEW
    if before is not None and before.digest == row.digest and before.when == iso(row.when):
        return SAME  # also where somebody mended it by hand since
    if not folder.is_symlink() and folder.is_dir() and digest_of_folder(folder) == stamped:
        return SAME
    return NEWER_THERE if before is not None and _is_newer(before, row) else REPLACES


def _is_newer(before: Collected, row: Row) -> bool:
    """Whether what was collected came later than this: by the platform's numbers of files, which grow, else by the time."""
    if before.order and row.handed.order and not row.handed.when:
        return before.order > row.handed.order
    return bool(before.when and row.when) and before.when > iso(row.when)


def _guarded(row: Row, course: Course, lab: str) -> Row:
    """A submission without the notebook does not take the place of one that has it, unless somebody says so."""
    folders = {student: course.folder("submitted", student, lab) for student in row.writes}
    had = [student for student, folder in folders.items() if folder.is_dir() and any(is_notebook(path.name) for path in folder.iterdir())]
    if not had:
        return row
    return replace(row, problem=f"it has no notebook of the lab, and what is there of {shown(had[0])} has one: which one counts?")


def _refuse_full_disk(plan: Plan) -> None:
    needed = sum(plan.source.size(source) * len(row.writes) for row in plan.rows for source in row.files.values() if row.writes)
    free = shutil.disk_usage(plan.course.root).free
    if needed > free:
        raise UserError(f"{needed / 2**30:.1f} GiB are to be written, and {free / 2**30:.1f} are free on this disk. Nothing was collected.")
