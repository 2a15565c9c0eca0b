"""What the students' code answered, kept so that a submission can be judged again without running it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path

from course_utils.checking.cases import Packer
from course_utils.checking.declare import Check
from course_utils.checking.judge import Traces
from grader.feedback import write_atomically

BYTES = 32 * 2**20  # of one submission; one that answers with more has to be run again


def save_traces(folder: Path, digest: str, traces: Mapping[str, Traces], seeds: tuple[int, ...]) -> None:
    """Keep what one submission answered, by exercise."""
    packer = Packer()
    answers = {
        exercise: [[check, seed, packer.pack_trace(trace)] for (check, seed), trace in asked.items()] for exercise, asked in traces.items()
    }
    if len(packer.data) > BYTES:
        return
    head = json.dumps({"seeds": seeds, "answers": answers}).encode()
    write_atomically(_path(folder, digest), zlib.compress(len(head).to_bytes(8, "big") + head + packer.data, 1), 0o600)


def load_traces(folder: Path, digest: str, checks: Mapping[str, Mapping[str, Check]]) -> tuple[tuple[int, ...], dict[str, Traces]] | None:
    """The seeds and the answers of one submission; None when they were not kept, or not to all of these checks."""
    path = _path(folder, digest)
    if not path.is_file():
        return None
    data = zlib.decompress(path.read_bytes())
    size = int.from_bytes(data[:8], "big")
    head, packer = json.loads(data[8 : 8 + size]), Packer(data[8 + size :])
    traces: dict[str, Traces] = {
        exercise: {(check, seed): packer.unpack_trace(packed) for check, seed, packed in asked}
        for exercise, asked in head["answers"].items()
    }
    for exercise, asked in traces.items():
        known = checks.get(exercise)
        if known is None or {check for check, _ in asked} != set(known):
            return None
    return tuple(head["seeds"]), traces


def _path(folder: Path, digest: str) -> Path:
    return folder / "traces" / f"{digest}.z"
