"""What platforms hand out, made from the grammars of their sources, and a course to collect it into."""

from __future__ import annotations

import json
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from course_utils.cli import main
from grader.books import Course, open_course
from grader.platforms import Collecting, Person, collect, open_source, plan_collecting, write_people

LAB, OTHER = "lab01_perceptron", "lab02_losses"


def notebook(text: str = "") -> bytes:
    """A notebook that nobody looks into."""
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def course(folder: Path, people: Iterable[Person] = (), names: Mapping[str, Iterable[str]] | None = None) -> Course:
    """A course with two labs, whose notebooks are named in `names`, and a roster."""
    for lab, notebooks in (names or {LAB: [LAB], OTHER: [OTHER]}).items():
        for name in notebooks:
            for step in ("source", "release"):
                (folder / step / lab).mkdir(parents=True, exist_ok=True)
                (folder / step / lab / f"{name}.ipynb").write_bytes(notebook())
    made = open_course(folder)
    if people := list(people):
        write_people(made, people)
    return made


def packed(path: Path, files: Mapping[str, bytes], **how: int) -> Path:
    """A zip of these files."""
    with zipfile.ZipFile(path, "w", **{"compression": zipfile.ZIP_DEFLATED, **how}) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return path


def canvas_name(sortable: str, user: int, attachment: int, file: str, *, late: bool = False) -> str:
    """A name by lib/content_zipper.rb: sanitize_user_name, get_filename, sanitize_attachment_filename."""
    name = re.sub(r"_(\d+)_", r"\1", sortable).lower()
    joined = "_".join(part for part in (name, "LATE" if late else None, str(user)) if part is not None)
    # Ruby's [[:word:]]
    start = "".join(letter for letter in joined if letter == "_" or letter.isalnum() or unicodedata.category(letter)[0] == "M")
    return f"{start}_{attachment}_" + re.sub(r'[\x00/\\:*?"<>|]+', "_", file)


def moodle_prefix(name: str, number: int | None, plugin: str = "file") -> str:
    """The beginning of a name by mod/assign/classes/downloader.php and `clean_filename`."""
    prefix = name.replace("_", " ") + (f"_{number}" if number is not None else "")
    return re.sub(r"[\x00-\x1f&<>\"`|':\\/]", "", f"{prefix}_assignsubmission_{plugin}")


def gradescope_metadata(submissions: Mapping[int, tuple[Iterable[Mapping[str, str]], str]]) -> bytes:
    """submission_metadata.yml as Ruby writes it: submitters, and when it was handed in, by the submission's number."""
    lines = ["---"]
    for number, (people, when) in submissions.items():
        lines += [f"submission_{number}:", "  :submitters:"]
        for person in people:
            quoted = {key: "'" + value.replace("'", "''") + "'" for key, value in person.items()}
            lines += [f"  {'-' if at == 0 else ' '} :{key}: {value}" for at, (key, value) in enumerate(quoted.items())]
        lines += [f"  :created_at: {when}", "  :score: 3.5", "  :status: processed", "  :results:", "    tests:", "    - name: one"]
        lines += ["      score: 1.0", "      output: |", "        :submitters:", "        - :name: Nobody"]
        lines += ["  :history:", "  - :created_at: 2020-01-01 00:00:00.000000000 Z", "    :score: 1.0"]
    return ("\n".join(lines) + "\n").encode()


def take(made: Course, path: Path, *, lab: str = LAB, skip: bool = False, **words: Any) -> Collecting:
    """Plan, and collect where nothing is refused or what is refused is skipped."""
    with open_source(path) as source:
        plan = plan_collecting(made, lab, source, **words)
        if skip or not plan.problems:
            collect(plan)
    return plan


def refused(plan: Collecting) -> dict[str, str]:
    """Why submissions are refused, by what the platform calls them."""
    return {row.handed.place: row.problem for row in plan.problems}


def told(plan: Collecting) -> str:
    """All that the table says beside whose a submission is."""
    return "; ".join([*(said for row in plan.rows for said in row.told), *plan.left_out])


def run(made: Course, source: Path, *words: str, lab: str = LAB) -> int:
    """`handgrad collect` as it is typed."""
    return main(["collect", lab, "--from", str(source), "--course", str(made.root), *words])


def submitted(made: Course, lab: str = LAB) -> dict[str, dict[str, bytes]]:
    """What lies in submitted/, by student and path."""
    found: dict[str, dict[str, bytes]] = {}
    for folder in sorted(made.root.glob(f"submitted/*/{lab}")):
        files = [path for path in folder.rglob("*") if path.is_file()]
        found[folder.parent.name] = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return found


def texts(made: Course, lab: str = LAB) -> dict[str, str]:
    """What each student's notebook says."""
    return {student: json.loads(files[f"{lab}.ipynb"])["cells"][0]["source"] for student, files in submitted(made, lab).items()}


def patched(data: bytes, old: bytes, new: bytes, *, last: bool = False) -> bytes:
    """Bytes changed in one place, the first or the last."""
    assert len(old) == len(new)
    at = data.rindex(old) if last else data.index(old)
    return data[:at] + new + data[at + len(old) :]


def with_count(data: bytes, size: int) -> bytes:
    """A zip whose end claims a table of contents of so many bytes."""
    at = data.rindex(b"PK\5\6")
    return data[: at + 12] + struct.pack("<L", size) + data[at + 16 :]
