"""What a student handed in: the notebooks, the files beside them and the time, each read once or told why not."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
import sysconfig
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path, PurePosixPath

from course_utils.errors import UserError
from grader.intake.layout import BELOW, is_ignored, names_below, student_in
from grader.intake.renamed import renamed
from grader.intake.untrusted import Unreadable, open_folder, read_beside, read_file, read_inner, read_regular, shown

NOTEBOOK_BYTES = 64 * 2**20  # pictures in outputs make honest notebooks large
NOTEBOOKS_BYTES = 128 * 2**20  # of all notebooks of a lab
TIMESTAMP_BYTES = SECRET_BYTES = 2**12
TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"  # nbgrader's: only who handed in can fetch the feedback, which is released under a name made of it
# What no browser runs, whatever it holds, and no program that opens it, as pickles are run.
_COPIED = re.compile(r"(?i).+\.(?:png|jpe?g|gif|webp|csv|tsv|txt|md|jsonl?|yaml|toml|npy|npz|dat|py)")
_SETTINGS = re.compile(r"(?i)config\.(?:py|json)$|^(?:conftest|sitecustomize|usercustomize)\.py$")  # read by programs started beside them
# What Jupyter starts Python by, in the notebook's folder, where a module of that name would be found first; it may be installed elsewhere.
_KERNELS = frozenset({"ipykernel", "ipykernel_launcher", "xpython", "xpython_launcher"})
_NAMED = 3
# A time zone is looked up as a file: none that the student chose.
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")
# An id ends up in paths, terminals, pages and spreadsheets: nothing that any of them takes for a command, also where semicolons part a
# table. What is written by a program that escapes it, such as the & and ' of `a&b` and `o'brien`, is none.
_NO_FORMULA = r"(?![=+\-@.\uff1d\uff0b\uff0d\uff20])(?!.*;\s*[=+\-@])"
_STUDENT = re.compile(_NO_FORMULA + r"[^\x00-\x1f\x7f-\x9f/\\<>\"`|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]{1,128}(?<!\s)")


@dataclass(frozen=True)
class Submission:
    """All that one student handed in for one lab."""

    student: str
    notebooks: Mapping[str, bytes | Unreadable]
    files: Mapping[str, bytes]
    left_out: tuple[str, ...]
    timestamp: datetime | None  # UTC, without a zone, as nbgrader keeps it
    digest: str

    @property
    def content(self) -> str:
        """Names the bytes of the notebooks alone: two who handed in the same have the same. Empty where one is missing or empty."""
        whole = {name: data for name, data in self.notebooks.items() if not isinstance(data, Unreadable) and data}
        return _digest(whole, {}, None) if len(whole) == len(self.notebooks) else ""


def find_students(submitted: Path, lab: str, below: Sequence[str] = BELOW) -> list[str]:
    """The students who have a folder of this lab, in a stable order; a link, which nobody follows, may hold anything.

    `below` are the patterns of the names below `submitted`, the first of which names the student.
    """
    pattern, *others = below
    if not submitted.is_dir():
        return []
    try:
        with os.scandir(submitted) as entries:
            found = [(student, entry) for entry in entries if (student := student_in(entry.name, pattern, lab)) is not None]
            return sorted({student for student, entry in found if _holds(entry, names_below(others, student, lab))})
    except OSError as error:
        raise UserError(f"{submitted} cannot be read: {error.strerror}.") from None


def _holds(entry: os.DirEntry[str], below: Sequence[str]) -> bool:
    try:
        if not entry.is_dir(follow_symlinks=False):
            return entry.is_symlink()
        os.lstat(Path(entry.path, *below))  # whatever it is: what cannot be graded is told, never passed over
    except FileNotFoundError:
        return False
    except OSError:  # a folder that cannot be looked into
        return True
    return True


def read_submission(
    submitted: Path,
    student: str,
    lab: str,
    names: tuple[str, ...],
    now: datetime,
    skipped: Collection[str] = (),
    *,
    below: Sequence[str] = BELOW,
    ignored: Callable[[str], bool] = is_ignored,
    accept_renamed: bool = False,
) -> Submission:
    """Read everything once. `names` are the lab's notebooks; `now` bounds the time of submission (UTC, no zone).

    `below` as in `find_students`; `ignored` says of the name of a file or a folder whether the course leaves it out. Files that are
    `skipped`, by path, are not looked at. With `accept_renamed`, a notebook that can only be the missing one is taken for it.
    """
    notebooks: Mapping[str, bytes | Unreadable]
    try:
        _refuse_odd(student)
        with open_folder(submitted, *names_below(below, student, lab)) as folder:
            notebooks, taken = _notebooks(folder, names, accept_renamed)
            files, left_out = read_beside(folder, ignored, skipped)
            timestamp, said = _timestamp(folder, now)
            left_out = (*taken, *left_out, *said)
    except Unreadable as reason:
        notebooks, files, left_out, timestamp = dict.fromkeys(names, reason), {}, (), None
    files.pop(TIMESTAMP, None)
    return Submission(student, notebooks, files, left_out, timestamp, _digest(notebooks, files, timestamp))


def _notebooks(folder: int, names: tuple[str, ...], accept_renamed: bool) -> tuple[dict[str, bytes | Unreadable], list[str]]:
    """The lab's notebooks, each within its limit and all within theirs; and what was taken in the place of one."""
    found: dict[str, bytes | Unreadable] = {}
    taken, room = [], NOTEBOOKS_BYTES
    for name in names:
        path, others = f"{name}.ipynb", renamed(folder, name, names)
        if len(others.likely) == 1 and accept_renamed:
            path = others.likely[0]
            taken.append(f"{shown(path)} was taken for {name}.ipynb.")
        try:
            data = read_inner(folder, path, min(room, NOTEBOOK_BYTES))
        except Unreadable as reason:
            found[name] = Unreadable(f"{reason}{others.sentence(accept_renamed)}")
        else:
            found[name] = data
            room -= len(data)
    return found, taken


def make_room(submission: Submission, ours: Iterable[str]) -> Submission:
    """Without the files that cannot lie beside ours: one where we have a folder, or in a folder where we have a file.

    What `is_copied` leaves out stays, because the student's code may read it; a sentence tells of it.
    """
    kept = set(ours)
    clash = set(clashing(submission.files, kept))
    files = {name: data for name, data in submission.files.items() if name not in clash}
    told = [f"{shown(name)} was left out: the assignment needs its place." for name in sorted(clash)]
    alone = sorted(name for name in files if name not in kept and not is_copied(name))
    if alone:
        named = ", ".join(map(shown, alone[:_NAMED])) + (f" and {len(alone) - _NAMED} more" if len(alone) > _NAMED else "")
        told.append(f"Of the other files only data, pictures and code go along with the graded notebook, not {named}.")
    return replace(submission, files=files, left_out=(*submission.left_out, *told))


def clashing(names: Iterable[str], kept: Collection[str]) -> list[str]:
    """Those of the names that cannot lie beside what is kept: a file where that has a folder, or in a folder where it has a file."""
    there = set(kept)
    folders = {folder for name in there for folder in _folders(name)}
    return [name for name in names if name in folders or there.intersection(_folders(name))]


def is_copied(name: str) -> bool:
    """Whether a student's file may lie where an instructor's browser, Jupyter or file manager finds it: by its name, which decides that."""
    last = name.rpartition("/")[2]
    named = name.isprintable() and _COPIED.fullmatch(last) is not None and not _SETTINGS.search(last)
    return named and not _is_hidden(name) and not (last.lower().endswith(".py") and _is_taken(name))


def _is_hidden(name: str) -> bool:
    """Whether a path is one that nobody sees, where programs keep their settings, such as `.vscode/tasks.json`."""
    return name.startswith(".") or "/." in name


def _is_taken(name: str) -> bool:
    """Whether Python would import this file in the place of an installed module: even the kernel that is started to show a notebook."""
    module = name.partition("/")[0].removesuffix(".py")
    return module.isidentifier() and (module in _KERNELS or module in sys.stdlib_module_names or _is_installed(module))


@cache
def _installed() -> list[str]:
    return sorted({sysconfig.get_path(place) for place in ("purelib", "platlib")})


def _is_installed(module: str) -> bool:
    return PathFinder.find_spec(module, _installed()) is not None


def _folders(name: str) -> list[str]:
    """The folders that a path goes through, the last of which holds the file."""
    return [str(folder) for folder in PurePosixPath(name).parents][:-1]


def is_student(name: str) -> bool:
    """Whether a folder's name can be an id in the gradebook."""
    return _STUDENT.fullmatch(name) is not None


def _refuse_odd(student: str) -> None:
    if not is_student(student):
        raise Unreadable(f"The folder name {student[:60]!r} cannot be a student's id: rename it in submitted/.")


def read_secret(root: Path, *folders: str) -> bytes | None:
    """The secret that lies with one submission, below `root`; None for one that nbgrader could not take: it would stop the whole class."""
    try:
        secret = read_regular(root, "/".join([*folders, SECRET]), SECRET_BYTES)
        return secret if secret.decode("utf-8") else None
    except (OSError, Unreadable, UnicodeDecodeError):
        return None


def _timestamp(folder: int, now: datetime) -> tuple[datetime | None, tuple[str, ...]]:
    """nbgrader's `timestamp.txt`; when that is damaged or lies in the future, the file's own time counts, and a sentence says so."""
    try:
        status = os.stat(TIMESTAMP, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None, ()
    parsed = None
    with contextlib.suppress(Unreadable):
        parsed = _parse_time(read_file(folder, TIMESTAMP, TIMESTAMP_BYTES))
        if parsed is not None and datetime(1990, 1, 1) < parsed <= now:
            return parsed, ()
    # the file's time is the student's to set as well; when it came here is not
    latest = now.replace(tzinfo=UTC).timestamp()
    changed = status.st_mtime if 0 <= status.st_mtime <= latest else status.st_ctime
    when = datetime.fromtimestamp(min(changed, latest), UTC).replace(tzinfo=None, microsecond=0)
    unreadable = "holds no time, and formgrader cannot list the class while it lies in submitted/"
    what = "lies in the future or far in the past" if parsed else unreadable
    return when, (f"{TIMESTAMP} {what}: the file's own time counts, {when:%Y-%m-%d %H:%M} UTC.",)


def _parse_time(text: bytes) -> datetime | None:
    from nbgrader.utils import parse_utc

    words = text[:200].decode("utf-8", "replace").split()
    if len(words) == 3 and not _ZONE.fullmatch(words[2]):
        return None
    try:
        parsed = parse_utc(" ".join(words))
    except Exception:  # noqa: BLE001 - dateutil raises nearly anything at text that is no time
        return None
    return parsed if isinstance(parsed, datetime) else None


def _digest(notebooks: Mapping[str, bytes | Unreadable], files: Mapping[str, bytes], timestamp: datetime | None) -> str:
    """Names one state of a submission: any change of a byte or of the time of submission makes it a newer one."""
    digest = hashlib.sha256(str(timestamp).encode())
    for name, content in [*sorted(notebooks.items()), *sorted(files.items())]:
        data = str(content).encode("utf-8", "replace") if isinstance(content, Unreadable) else content
        digest.update(f"\0{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()[:32]
