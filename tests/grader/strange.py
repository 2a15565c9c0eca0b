"""Strange things to find in `submitted/`: by what they are, a function that puts one there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from grader.doctor.attacks.put import link, listen, many, nested, pipe, raw
from grader.intake.submission import TIMESTAMP

LAB = "lab_tiny"
NOTEBOOK = f"{LAB}.ipynb"
Put = Callable[[Path], object]  # takes the lab's folder of a student


def write(path: Path, text: str = "x", size: int | None = None, time: float | None = None) -> None:
    """A file with this text; of this size, with a hole; changed at this time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if size is not None:
        os.truncate(path, size)
    if time is not None:
        os.utime(path, (time, time))


# Beside an honest notebook: it keeps its points.
BESIDE: dict[str, Put] = {
    "1200 nested folders": lambda lab: nested(lab, 1200),
    "15 nested folders with names of 255 bytes": lambda lab: write(lab.joinpath(*["x" * 255] * 7, "x")) or nested(lab, 8),
    "a name of 251 bytes": lambda lab: write(lab / ("n" * 251)),
    "a name of 255 bytes": lambda lab: write(lab / ("n" * 255)),
    "a name of 125 Cyrillic letters": lambda lab: write(lab / ("ж" * 125)),
    "a name that is not UTF-8": lambda lab: write(raw(lab, b"\xff\xfe")),
    "a folder's name that is not UTF-8": lambda lab: write(raw(lab, b"\xff/x")),
    "a name with control characters": lambda lab: write(lab / "a\n\x1b[2J\r\u202ez"),
    "a link to /proc/self": lambda lab: link(lab / "proc", "/proc/self"),
    "a link to itself": lambda lab: link(lab / "loop", "loop"),
    "a link to the folder above": lambda lab: link(lab / "up", ".."),
    "a link to nothing": lambda lab: link(lab / "nothing", "/nonexistent"),
    "a pipe": lambda lab: pipe(lab / "pipe"),
    "a socket": lambda lab: listen(lab / "socket"),
    "timestamp.txt is a pipe": lambda lab: pipe(lab / TIMESTAMP),
    "timestamp.txt is a link": lambda lab: link(lab / TIMESTAMP, "/dev/zero"),
    "timestamp.txt is a folder": lambda lab: write(lab / TIMESTAMP / "x"),
    "timestamp.txt names a file as time zone": lambda lab: write(lab / TIMESTAMP, "2020-01-02 00:00:00 /etc/passwd"),
    "timestamp.txt has 32 MiB": lambda lab: write(lab / TIMESTAMP, size=2**25),
    "timestamp.txt comes from the future": lambda lab: write(lab / TIMESTAMP, time=2**33),
    "timestamp.txt is older than Unix": lambda lab: write(lab / TIMESTAMP, time=-(2**31)),
    "a folder named as a released file": lambda lab: write(lab / "data.csv" / "x"),
    "a file named as a released folder": lambda lab: write(lab / "images"),
    "12000 files": lambda lab: many(lab / "many", 12_000),
    "200 files of 16 MiB": lambda lab: many(lab, 200, 2**24),
    "a file of 1 TiB": lambda lab: write(lab / "large", size=2**40),
}

_LINK = f"{LAB} is a link, not a folder."
# In place of a notebook, of the lab's folder or of the student's folder: nothing can be graded, and a sentence says why.
INSTEAD: dict[str, tuple[Put, str]] = {
    "the lab is a link to /proc/self": (lambda lab: link(lab, "/proc/self"), _LINK),
    "the lab is a link to itself": (lambda lab: link(lab, LAB), _LINK),
    "the lab is a link to an honest one": (lambda lab: link(lab, f"../ada/{LAB}"), _LINK),
    "the lab is a link to the source": (lambda lab: link(lab, f"../../source/{LAB}"), _LINK),
    "the lab is a link to nothing": (lambda lab: link(lab, "/nonexistent"), _LINK),
    "the lab is a file": (write, f"{LAB} is a file, not a folder."),
    "the lab is a pipe": (pipe, f"{LAB} is a pipe or a device, not a folder."),
    "the lab is an empty folder": (lambda lab: lab.mkdir(parents=True), f"{NOTEBOOK} was not handed in."),
    "the student is a link": (lambda lab: link(lab.parent, "ada"), "{} is a link, not a folder."),
    "the student is a link to /proc/self": (lambda lab: link(lab.parent, "/proc/self"), "{} is a link, not a folder."),
    "the student is a link to itself": (lambda lab: link(lab.parent, lab.parent.name), "{} is a link, not a folder."),
    "the notebook is an empty folder": (lambda lab: (lab / NOTEBOOK).mkdir(parents=True), f"{NOTEBOOK} is a folder, not a file."),
    "the notebook is a folder": (lambda lab: write(lab / NOTEBOOK / "x"), f"{NOTEBOOK} is a folder, not a file."),
    "the notebook is a folder with itself": (lambda lab: write(lab / NOTEBOOK / NOTEBOOK), f"{NOTEBOOK} is a folder, not a file."),
    "the notebook is a link": (lambda lab: link(lab / NOTEBOOK, f"../../ada/{LAB}/{NOTEBOOK}"), f"{NOTEBOOK} is a link, not a file."),
    "the notebook is a link to itself": (lambda lab: link(lab / NOTEBOOK, NOTEBOOK), f"{NOTEBOOK} is a link, not a file."),
    "the notebook is a pipe": (lambda lab: pipe(lab / NOTEBOOK), f"{NOTEBOOK} is a pipe or a device, not a file."),
    "the notebook has 1 TiB": (
        lambda lab: write(lab / NOTEBOOK, size=2**40),
        f"{NOTEBOOK} has 1048576 MiB, more than the limit of 64 MiB.",
    ),
}
