"""What a student did with each exercise, kept in one small file beside the notebooks.

By lab and exercise an entry holds what the last check said: `score`, `max_score`, `when`, `outcomes`, `mistakes` (the sentences that
it named) and `of` (a digest of the answer). And what came before: `tries` (the digests of all answers that failed), `hints` (the titles
that were shown), `asked` (the worked answer was asked for too early), `answer` (it was shown), `hidden` (the points of hidden checks),
`review` (by question its box, the day and the variant: `reviewing/boxes.py`).
Older files lack some of these.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from course_utils import looks
from course_utils.checking.report import Report
from course_utils.checking.verdict import Verdict

FILE = Path(".handgrad") / "progress.json"
Entry = dict[str, Any]
Book = dict[str, dict[str, Entry]]

_UNWRITTEN: dict[Path, Book] = {}  # of folders that cannot be written: as long as the notebook runs, it is remembered all the same
_AHEAD: dict[Path, Book] = {}  # where files are dear: what a folder's file will say once the changes below are written
_CHANGES: dict[Path, list[tuple[str, str, Callable[[Entry], None]]]] = {}


def record(folder: Path, lab: str, report: Report, source: str = "", *, stopped: bool = False) -> None:
    """Remember a report in `folder`; `source` is the cell that was judged, where it is known, `stopped` says that it did not run."""
    tried = stopped or any(verdict.outcome != "not attempted" for verdict in report.verdicts)
    answer = digest(source or report.text())

    def change(entry: Entry) -> None:
        entry |= {
            "score": report.score,
            "max_score": report.max_score,
            "when": round(time.time()),
            "outcomes": [[verdict.title, verdict.outcome] for verdict in report.verdicts],
            "mistakes": list(dict.fromkeys(verdict.mistake for verdict in report.verdicts if verdict.mistake)),
        }
        if tried and not report.passed and answer not in entry.setdefault("tries", []):
            entry["tries"].append(answer)
        entry["of"] = answer
        if entry.get("hidden", {}).get("of", answer) != answer:  # those points were another answer's
            del entry["hidden"]

    update(folder, lab, report.exercise, change)


def record_hidden(folder: Path, lab: str, exercise: str, verdicts: Sequence[Verdict]) -> None:
    """Remember what hidden checks said of the answer that was recorded last."""
    score, most = sum(verdict.score for verdict in verdicts), sum(verdict.max_score for verdict in verdicts)

    def change(entry: Entry) -> None:
        entry["hidden"] = {"score": score, "max_score": most, "of": entry.get("of", "")}

    update(folder, lab, exercise, change)


def update(folder: Path, lab: str, exercise: str, change: Callable[[Entry], None]) -> None:
    """Change one entry. Where that cannot be written, it is remembered for as long as this process runs."""
    if folder in _CHANGES or looks.later(lambda: _catch_up(folder)):
        book = _AHEAD[folder] = read(folder)
        change(_entry(book, lab, exercise))
        _CHANGES.setdefault(folder, []).append((lab, exercise, change))
    else:
        _write(folder, [(lab, exercise, change)])


def _catch_up(folder: Path) -> None:
    """Write what was changed in a cell: into the file as it is by now, as another notebook may have written there too."""
    _AHEAD.pop(folder, None)
    _AHEAD[folder] = _write(folder, _CHANGES.pop(folder, []))


def _write(folder: Path, changes: Sequence[tuple[str, str, Callable[[Entry], None]]]) -> Book:
    path = folder / FILE
    try:
        with _alone(path):
            book = _changed(folder, changes)
            scratch = path.with_suffix(f".{os.getpid()}")
            scratch.write_text(json.dumps(book, ensure_ascii=False, indent=1), encoding="utf-8")
            scratch.replace(path)
            _UNWRITTEN.pop(folder, None)
    except OSError:  # a read-only folder is no reason to withhold a report
        book = _UNWRITTEN[folder] = _changed(folder, changes)
    return book


def _changed(folder: Path, changes: Sequence[tuple[str, str, Callable[[Entry], None]]]) -> Book:
    book = read(folder)
    for lab, exercise, change in changes:
        change(_entry(book, lab, exercise))
    return book


def _entry(book: Book, lab: str, exercise: str) -> Entry:
    return book.setdefault(lab, {}).setdefault(exercise, {})


def read(folder: Path) -> Book:
    """By lab and exercise, what is remembered in `folder`; an unreadable file counts as none, and so do odd entries in it."""
    known = _AHEAD.get(folder) or _UNWRITTEN.get(folder)
    if known is not None:
        return known
    try:
        known = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {lab: {name: _dict(entry) for name, entry in _dict(entries).items()} for lab, entries in _dict(known).items()}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def entry(folder: Path, lab: str, exercise: str) -> Mapping[str, Any]:
    """What is remembered of one exercise."""
    return read(folder).get(lab, {}).get(exercise, {})


def digest(source: str) -> str:
    """Names an answer; empty lines and spaces at the ends of lines make no other one."""
    lines = [line.rstrip() for line in source.splitlines() if line.strip()]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:12]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While two notebooks of a folder are open, one writes after the other."""
    path.parent.mkdir(exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        # Windows, a browser, or a file system without locks: the last one who writes is remembered
        if sys.platform != "win32":
            with suppress(ImportError, AttributeError, OSError):
                import fcntl

                fcntl.flock(lock, fcntl.LOCK_EX)
        yield
