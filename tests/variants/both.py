"""Give one course to both graders, and compare what their gradebooks hold, cell by cell."""

from __future__ import annotations

import json
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from .courses import LAB, Change, Variant, hand_in, make_course

_GRADES = (
    "select s.student_id, b.name, c.name || ' ' || c.type, g.auto_score, k.max_score, g.needs_manual_grade, m.auto_comment from base_cell c"
    " join notebook b on b.id = c.notebook_id join submitted_notebook n on n.notebook_id = b.id"
    " join submitted_assignment s on s.id = n.assignment_id"
    " left join grade g on g.cell_id = c.id and g.notebook_id = n.id"
    " left join comment m on m.cell_id = c.id and m.notebook_id = n.id"
    " left join (select id, max_score from grade_cells union select id, max_score from task_cells) k on k.id = c.id"
    " where c.type != 'SourceCell' and (g.id is not null or m.id is not null)"
)


class Row(NamedTuple):
    """What a gradebook holds of one cell: `comment` says whether nbgrader's own "No response." is there."""

    auto: float | None
    most: float | None
    needs_person: bool
    comment: bool


Place = tuple[str, str, str]  # student, notebook, cell


class Difference(NamedTuple):
    """A cell on which both disagree; None where one has no row of it."""

    place: Place
    ours: Row | None
    theirs: Row | None
    given_up: bool = False  # whether nbgrader wrote no notebook for this submission


def rows(root: Path) -> dict[Place, Row]:
    """All that a course's gradebook holds of graded and answered cells."""
    with closing(sqlite3.connect(root / "gradebook.db")) as connection:
        found = connection.execute(_GRADES).fetchall()
    return {tuple(row[:3]): Row(row[3], row[4], bool(row[5]), bool(row[6])) for row in found}  # type: ignore[misc]


def differences(ours: Mapping[Place, Row], theirs: Mapping[Place, Row]) -> list[Difference]:
    """Where both disagree by more than rounding."""
    return [
        Difference(place, ours.get(place), theirs.get(place))
        for place in sorted({*ours, *theirs})
        if not _same(ours.get(place), theirs.get(place))
    ]


def _same(one: Row | None, other: Row | None) -> bool:
    if one is None or other is None:
        return one is other
    close = one.auto == other.auto or (one.auto is not None and other.auto is not None and abs(one.auto - other.auto) < 1e-9)
    return close and one[1:] == other[1:]


def set_up(root: Path, variant: Variant, students: Mapping[str, Change]) -> tuple[Path, Path]:
    """Two courses, ours and nbgrader's, in which the same was handed in; nbgrader's was released by nbgrader."""
    ours, theirs = root / "ours", root / "theirs"
    make_course(ours, variant)
    shutil.copytree(ours, theirs)
    if variant.schema < 3:
        run("nbgrader", "update", "source", at=theirs)
    run("nbgrader", "generate_assignment", LAB, at=theirs)
    for student, change in students.items():
        hand_in(theirs / "release" / LAB, theirs, student, change)
    shutil.copytree(theirs / "submitted", ours / "submitted")
    for path in (ours / "submitted").rglob("*.ipynb"):
        path.write_text(json.dumps(_as_old(json.loads(path.read_text(encoding="utf-8")), variant)), encoding="utf-8")
    return ours, theirs


def _as_old(notebook: dict, variant: Variant) -> dict:  # type: ignore[type-arg]
    """A submission as it was made in the days of the variant: nbgrader has to have it updated, we take it as it is."""
    for cell in notebook["cells"]:
        role = cell["metadata"].get("nbgrader")
        if role and variant.schema < 3:
            role["schema_version"] = variant.schema
            role.pop("task", None)
            if variant.schema < 2:
                role.pop("cell_type", None)
            if not variant.schema:
                del role["schema_version"]
        if variant.minor < 5:
            cell.pop("id", None)
    return {**notebook, "nbformat_minor": variant.minor}


def run(program: str, *arguments: str, at: Path, well: Iterable[int] = (0,)) -> str:
    """Run a command of this Python's environment in a folder; what it printed. RuntimeError when it does not end as it should."""
    script = Path(sys.executable).with_name(program)
    done = subprocess.run([script, *arguments], cwd=at, capture_output=True, text=True, check=False)
    if done.returncode not in well:
        raise RuntimeError(f"{program} {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout + done.stderr


class Compared(NamedTuple):
    """What came of one course: our copy of it, the cells compared, where both disagree, and the processor seconds of each."""

    ours: Path
    cells: int
    differences: list[Difference]
    our_seconds: float
    their_seconds: float


def grade_both(root: Path, variant: Variant, students: Mapping[str, Change]) -> Compared:
    """Have both grade a course that is made for it."""
    return compare(*set_up(root, variant, students), LAB)


def compare(ours: Path, theirs: Path, lab: str, *options: str) -> Compared:
    """Have both grade what was handed in, each in its own course."""
    start = _seconds()
    run("handgrad", "grade", lab, "--workers", "1", *options, at=ours, well=(0, 1))
    between = _seconds()
    run("nbgrader", "autograde", lab, at=theirs, well=(0, 1))
    seconds = between - start, _seconds() - between
    found = rows(ours), rows(theirs)
    differ = [one._replace(given_up=not (theirs / "autograded" / one.place[0] / lab).is_dir()) for one in differences(*found)]
    return Compared(ours, len({*found[0], *found[1]}), differ, *seconds)


def _seconds() -> float:
    """Processor seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
