"""What the students' code answered, kept so that a submission can be judged again without running it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from course_utils.checking.cases import Packer
from course_utils.checking.declare import Check
from course_utils.checking.judge import Traces
from course_utils.checking.naming import Key
from course_utils.checking.observe import Trace
from grader.files import sweep, write_atomically
from grader.judging.again import Answers

FORMAT = 3  # of what is kept: an older one is run again
BYTES = 32 * 2**20  # of one submission; one that answers with more has to be run again


def save_answers(folder: Path, digest: str, answers: Mapping[str, Answers], seeds: tuple[int, ...]) -> None:
    """Keep what one submission answered, by exercise."""
    packer = Packer()
    packed = {
        exercise: [
            _packed(packer, found.traces),
            found.called,
            None if found.again is None else _packed(packer, found.again),
            found.unrun,
            None if found.shared is None else _packed(packer, found.shared),
        ]
        for exercise, found in answers.items()
    }
    if len(packer.data) > BYTES:
        return
    head = json.dumps({"format": FORMAT, "seeds": seeds, "answers": packed}).encode()
    write_atomically(_path(folder, digest), zlib.compress(len(head).to_bytes(8, "big") + head + packer.data, 1), 0o600)


def _packed(packer: Packer, traces: Traces) -> list[Any]:
    return [[check, seed, packer.pack_trace(trace)] for (check, seed), trace in traces.items()]


def load_answers(folder: Path, digest: str, checks: Mapping[str, Mapping[str, Check]]) -> tuple[tuple[int, ...], dict[str, Answers]] | None:
    """The seeds and the answers of one submission; None when they were not kept, or not to all of these checks."""
    path = _path(folder, digest)
    if not path.is_file():
        return None
    data = zlib.decompress(path.read_bytes())
    size = int.from_bytes(data[:8], "big")
    head, packer = json.loads(data[8 : 8 + size]), Packer(data[8 + size :])
    if head.get("format") != FORMAT:
        return None
    answers = {exercise: _answers(packer, *parts) for exercise, parts in head["answers"].items()}
    for exercise, found in answers.items():
        known = checks.get(exercise)
        if known is None or (not found.unrun and {check for check, _ in found.traces} != set(known)):
            return None
    return tuple(head["seeds"]), answers


def _answers(packer: Packer, asked: Any, called: Any, again: Any, unrun: str, shared: Any = None) -> Answers:
    """One exercise's; what was kept before wrong answers were grouped has nothing `shared`."""
    first, second, third = (None if part is None else _unpacked(packer, part) for part in (asked, again, shared))
    return Answers(first or {}, tuple(called), again=second, unrun=unrun, shared=third)


def _unpacked(packer: Packer, asked: list[Any]) -> dict[Key, Trace]:
    return {(check, seed): packer.unpack_trace(packed) for check, seed, packed in asked}


def sweep_traces(folder: Path) -> None:
    """Take away what killed workers had begun to keep; before any worker starts."""
    sweep(folder / "traces")


def _path(folder: Path, digest: str) -> Path:
    return folder / "traces" / f"{digest}.z"
