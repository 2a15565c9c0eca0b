"""Reading what strangers hand in: every broken file gets one sentence, and no file is followed out of the folder."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake import submission as intake
from grader.intake.notebook import SOURCE_CHARACTERS, parse_notebook
from grader.intake.submission import NOTEBOOK_BYTES, is_student, read_submission
from grader.intake.untrusted import Unreadable, read_regular

NOW = datetime(2030, 1, 1)


def notebook(*sources: str) -> bytes:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()


BROKEN = {
    "is empty": b" \n",
    "breaks off": notebook("x = 1")[:60],
    "is not text in UTF-8": notebook("café").decode().encode("utf-16"),
    "but not a notebook": b"[1, 2]",
    "has no cells": b'{"nbformat": 4}',
    "format 5": b'{"nbformat": 5, "cells": []}',
    "format true": b'{"nbformat": "true", "cells": []}',
    "nested too deeply": b"[" * 200_000 + b"]" * 200_000,
    "has 1048577 characters": notebook("#" * (SOURCE_CHARACTERS + 1)),
    "has 2001 cells": json.dumps({"nbformat": 4, "cells": [{}] * 2001}).encode(),
}


@pytest.mark.parametrize("reason", BROKEN)
def test_broken_files_get_one_sentence(reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as caught:
        parse_notebook(BROKEN[reason], "lab.ipynb")
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_older_formats_are_read() -> None:
    old = {
        "nbformat": 3,
        "worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\n", "y"]}, {"cell_type": "heading", "level": 2, "source": "A"}]}],
    }
    cells = parse_notebook(json.dumps(old).encode())
    assert [(cell.kind, cell.source) for cell in cells] == [("code", "x = 1\ny"), ("markdown", "## A")]


SCALARS = st.none() | st.booleans() | st.integers() | st.text()
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def reading(data: bytes) -> object:
    """The cells, or the sentence that says why there are none."""
    try:
        return parse_notebook(data)
    except Unreadable as reason:
        return str(reason)


@given(TREES)
def test_any_json_is_cells_or_a_sentence(tree: object) -> None:
    assert isinstance(reading(json.dumps({"nbformat": 4, "cells": tree}).encode()), str | tuple)


@given(st.binary(max_size=300))
def test_any_bytes_are_cells_or_a_sentence(data: bytes) -> None:
    assert isinstance(reading(data), str | tuple)


def test_links_devices_and_large_files_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    folder = tmp_path / "submitted" / "eve" / "lab"
    folder.mkdir(parents=True)
    (folder / "link").symlink_to(secret)
    (tmp_path / "submitted" / "mallory").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    with (folder / "large").open("wb") as stream:
        stream.truncate(NOTEBOOK_BYTES + 1)
    for name, why in {
        "eve/lab/link": "a link",
        "mallory/secret.txt": "a link",
        "eve/lab/pipe": "a pipe",
        "eve/lab/large": "limit",
    }.items():
        with pytest.raises(Unreadable, match=why):
            read_regular(tmp_path / "submitted", name, NOTEBOOK_BYTES)


def test_the_notebooks_of_a_lab_have_a_limit_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "NOTEBOOKS_BYTES", 3 * 2**20)
    (tmp_path / "eve" / "lab").mkdir(parents=True)
    for name in "abc":
        (tmp_path / "eve" / "lab" / f"{name}.ipynb").write_bytes(b"x" * 2**20 * (1 if name == "a" else 2))
    found = read_submission(tmp_path, "eve", "lab", ("a", "b", "c", "d"), NOW).notebooks
    assert [len(data) if isinstance(data, bytes) else str(data) for data in found.values()] == [
        2**20,
        2**21,
        "c.ipynb has 2 MiB, more than the limit of 0 MiB.",
        "d.ipynb was not handed in.",
    ]


def test_other_files_come_along_but_no_links(tmp_path: Path) -> None:
    folder = tmp_path / "eve" / "lab"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "points.csv").write_text("1,2")
    (folder / "shadow").symlink_to("/etc/shadow")
    (folder / "lab.ipynb").write_bytes(notebook())
    submission = read_submission(tmp_path, "eve", "lab", ("lab",), NOW)
    assert dict(submission.files) == {"data/points.csv": b"1,2"}
    assert submission.left_out == ("shadow is a link, not a file.",)


@pytest.mark.parametrize(
    "name",
    [
        *["=cmd|' /C calc'!A0", "-rf", "..", "a/b", "x\x1b[2J", "a\nb", "@sum", "+1", "", "trailing ", "<b>", "a" * 129, "\u202ecod"],
        *["a;=1+1", "a; @sum", "\uff1d1"],  # a table may be parted by semicolons, and a wide sign read as one
    ],
)
def test_odd_names_are_no_students(name: str) -> None:
    assert not is_student(name)


@pytest.mark.parametrize("name", ["ada", "Müller.J", "王小明", "s1234567", "o_neil", "first last", "o'brien", "'t hooft", "a&b", "a;b-c"])
def test_ordinary_names_are(name: str) -> None:
    assert is_student(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2029-05-04 03:02:01 UTC", datetime(2029, 5, 4, 3, 2, 1)),
        ("2029-05-04 03:02:01 Europe/Berlin", datetime(2029, 5, 4, 1, 2, 1)),
        ("2045-01-01 00:00:00 UTC", datetime(2029, 12, 31)),  # the future
        ("yesterday, honestly", datetime(2029, 12, 31)),
        ("\x00" * 300, datetime(2029, 12, 31)),
    ],
)
def test_a_forged_time_is_the_time_of_the_file(tmp_path: Path, text: str, expected: datetime) -> None:
    folder = tmp_path / "eve" / "lab"
    folder.mkdir(parents=True)
    stamp = folder / "timestamp.txt"
    stamp.write_text(text)
    then = (datetime(2029, 12, 31) - datetime(1970, 1, 1)).total_seconds()
    os.utime(stamp, (then, then))
    found = read_submission(tmp_path, "eve", "lab", ("lab",), NOW)
    assert found.timestamp == expected
    forged = expected == datetime(2029, 12, 31)
    assert [sentence.split(" ")[0] for sentence in found.left_out] == ["timestamp.txt"] * forged


def test_a_renamed_notebook_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "eve" / "lab"
    folder.mkdir(parents=True)
    (folder / "lab (1).ipynb").write_bytes(notebook())
    found = read_submission(tmp_path, "eve", "lab", ("lab",), NOW).notebooks["lab"]
    told = "lab.ipynb was not handed in. There is lab (1).ipynb: was it renamed? Give it its own name and grade again"
    assert str(found) == f"{told}, or grade with --accept-renamed."


@pytest.mark.parametrize(
    ("names", "there", "taken"),
    [
        (("p1",), ["p1 (1).ipynb"], "p1 (1).ipynb"),
        (("p1", "p2"), ["p1-Copy1.ipynb", "p2.ipynb"], "p1-Copy1.ipynb"),
        (("p1", "p2"), ["Kopie von p1.ipynb", "p2.ipynb"], "Kopie von p1.ipynb"),
        (("p1", "p2"), ["p1/p1.ipynb", "p2.ipynb"], "p1/p1.ipynb"),
        (("p1",), ["my homework.ipynb"], "my homework.ipynb"),
        (("p1", "p2"), ["my homework.ipynb", "p2.ipynb"], ""),  # which of the two is it?
        (("p1", "p2"), ["p10.ipynb", "p2.ipynb"], ""),
        (("p1",), ["p1 (1).ipynb", "p1 (2).ipynb"], ""),
        (("p1",), ["p1/p1.ipynb", "old/p1.ipynb"], ""),
        (("p1",), ["a/b/p1.ipynb"], ""),
    ],
)
def test_a_renamed_notebook_is_taken_when_that_is_asked_for(tmp_path: Path, names: tuple[str, ...], there: list[str], taken: str) -> None:
    folder = tmp_path / "eve" / "lab"
    for name in there:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    found = read_submission(tmp_path, "eve", "lab", names, NOW, accept_renamed=True)
    assert (found.notebooks["p1"] == taken.encode()) == bool(taken)
    assert list(found.left_out) == ([f"{taken} was taken for p1.ipynb."] if taken else [])
    if not taken:
        assert "--accept-renamed" not in str(found.notebooks["p1"])


def test_no_link_is_taken_for_a_notebook(tmp_path: Path) -> None:
    folder = tmp_path / "eve" / "lab"
    folder.mkdir(parents=True)
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "p1.ipynb").write_bytes(notebook())
    (folder / "p1").symlink_to(tmp_path / "bob")
    (folder / "p1 (1).ipynb").symlink_to(tmp_path / "bob" / "p1.ipynb")
    found = read_submission(tmp_path, "eve", "lab", ("p1",), NOW, accept_renamed=True)
    assert "is a link, not a file" in str(found.notebooks["p1"])


def test_the_digest_names_the_content(tmp_path: Path) -> None:
    folder = tmp_path / "eve" / "lab"
    folder.mkdir(parents=True)
    digests = set()
    for change in (lambda: None, lambda: (folder / "lab.ipynb").write_bytes(notebook("x")), lambda: (folder / "a.txt").write_text("a")):
        change()
        digests.add(read_submission(tmp_path, "eve", "lab", ("lab",), NOW).digest)
        digests.add(read_submission(tmp_path, "eve", "lab", ("lab",), NOW).digest)
    assert len(digests) == 3


def test_what_a_cell_showed_is_kept_as_far_as_it_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.intake.notebook.OUTPUT_CHARACTERS", 1000)
    text = {"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"], "more": "x" * 9999}
    odd = [{"output_type": "display_data", "data": {"application/javascript": "alert(1)", "text/plain": "p"}}, 5, {"text": {"a": 1}}]
    large = {"output_type": "stream", "name": "stdout", "text": "y" * 2000}
    cells = [
        {"cell_type": "code", "source": "1", "outputs": [text, *odd], "execution_count": 7},
        {"cell_type": "code", "source": "2", "outputs": [large], "execution_count": True},
        {"cell_type": "code", "source": "3", "outputs": "none"},
        {"cell_type": "markdown", "source": "4", "outputs": [text]},
    ]
    first, *others = parse_notebook(json.dumps({"nbformat": 4, "cells": cells}).encode())
    assert first.count == 7
    assert [(output.get("text"), output["data"]) for output in first.outputs] == [
        (["a\n", "b\n"], {}),
        (None, {"text/plain": "p"}),
        (None, {}),
    ]
    assert [(list(cell.outputs), cell.count) for cell in others] == [([], None)] * 3
