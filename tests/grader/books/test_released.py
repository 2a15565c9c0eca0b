"""The files and packages that an assignment needs: which files go along, and which packages are missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from traitlets.config import Config

from course_utils.errors import UserError
from grader.books import Course, require_packages
from grader.books.packages import missing_modules
from grader.books.released import released_files


def course(root: Path, files: dict[str, str], **settings: object) -> Course:
    """A course with these files, and settings of its folder."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    config = Config()
    config.CourseDirectory.merge(settings)
    return Course(root, config)


def source(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]})


FILES = {
    "release/ps1/data.csv": "given",
    "release/ps1/old.csv": "only given",
    "source/ps1/data.csv": "mended",
    "source/ps1/secret/tests.py": "never given",
    "source/ps1/checks.py": "its own",
    "source/ps1/ps1.ipynb": "{}",
    "source/ps1/sub/other.ipynb": "{}",
    "source/ps1/__pycache__/x.txt": "",
    "source/ps1/.ipynb_checkpoints/data.csv": "",
    "source/ps1/notes.tex": "",
}


def test_the_sources_files_count_and_are_there(tmp_path: Path) -> None:
    found = released_files(course(tmp_path, FILES), "ps1", lab=False)
    told = {name: data.decode() for name, data in found.items()}
    wanted = {"data.csv": "mended", "old.csv": "only given", "secret/tests.py": "never given", "checks.py": "its own", "notes.tex": ""}
    assert told == wanted


def test_what_the_course_ignores_does_not_go_along(tmp_path: Path) -> None:
    found = released_files(course(tmp_path, FILES, ignore=["*.tex", "secret", "__pycache__", ".ipynb_checkpoints"]), "ps1", lab=False)
    assert sorted(found) == ["checks.py", "data.csv", "old.csv"]


def test_of_a_lab_only_what_was_released_and_not_its_checks(tmp_path: Path) -> None:
    files = {"release/lab/data.csv": "1", "release/lab/checks.py": "", "release/lab/cases.npz": "", "source/lab/more.csv": ""}
    assert released_files(course(tmp_path, files), "lab", lab=True) == {"data.csv": b"1"}


def test_too_many_bytes_are_told_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.books.released.MOST_BYTES", 2**20)
    made = course(tmp_path, {"source/ps1/a.bin": "x" * 2**19, "source/ps1/b.bin": "x" * (2**20 - 1)})
    with pytest.raises(UserError, match=r"source/ps1: b.bin has 1 MiB, more than .* CourseDirectory.ignore"):
        released_files(made, "ps1", lab=False)


CELLS = [
    "import numpy as np, no_such_one.inner\nfrom no_such_two import x",
    "%matplotlib inline\n!ls\nimport helper, sklearn",
    "try:\n    import not_needed\nexcept ImportError:\n    pass\ndef f():\n    import nor_this",
    "import broken_cell\nprint(",
    "%%bash\nimport -window root x.png",
]


def test_the_modules_that_are_missing(tmp_path: Path) -> None:
    made = course(tmp_path, {"source/ps1/ps1.ipynb": source(*CELLS), "source/ps1/bad.ipynb": "[", "source/ps1/written.ipynb": "{}"})
    files = {"helper.py": b"import no_such_three\nimport helper, written", "unused.py": b"import not_looked_at", "data/x.csv": b""}
    assert missing_modules(made.root / "source" / "ps1", files) == ["broken_cell", "no_such_one", "no_such_three", "no_such_two"]


def test_a_missing_package_is_told_with_how_to_install_it(tmp_path: Path) -> None:
    made = course(
        tmp_path,
        {"source/ps1/ps1.ipynb": source("import cv2_no, mine, no_such_one"), "submitted/ada/ps1/mine.py": "", "submitted/bob/ps1/x": ""},
    )
    with pytest.raises(
        UserError, match=r"ps1 imports cv2_no and no_such_one, which are not installed .* -m pip install cv2_no no_such_one`"
    ):
        require_packages(made, "ps1", {}, ["ada", "bob"], [])
    require_packages(made, "ps1", {}, ["ada", "bob"], ["cv2_no", "no_such_one"])
