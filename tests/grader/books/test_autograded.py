"""The autograded folder: a notebook that nbformat reads, and of a student's files only what is safe to open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from grader.books import read_autograded, to_bytes, write_autograded
from grader.intake import TIMESTAMP

LABS = Path(__file__).parents[3] / "labs"
TEXT = st.text(max_size=20) | st.sampled_from(["a\nb", "\r\n", "x\u2028y\x85", '"\\\x00\x7f', "é😀", ""])
VALUES = st.recursive(
    TEXT | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=8,
)
BUNDLES = st.dictionaries(st.sampled_from(["text/plain", "text/html", "image/png"]), TEXT)
OUTPUTS = (
    st.builds(lambda text: nbformat.v4.new_output("stream", text=text), TEXT)
    | st.builds(lambda data: nbformat.v4.new_output("display_data", data=data), BUNDLES)
    | st.builds(lambda lines: nbformat.v4.new_output("error", ename="E", evalue="", traceback=lines), st.lists(TEXT))
)
CODE = st.builds(lambda source, outputs: nbformat.v4.new_code_cell(source, outputs=outputs), TEXT, st.lists(OUTPUTS, max_size=2))
PROSE = st.builds(lambda source, held: nbformat.v4.new_markdown_cell(source, attachments={"a": held}), TEXT, BUNDLES)


@settings(max_examples=30)
@given(st.lists(CODE | PROSE, max_size=3), st.dictionaries(TEXT, VALUES, max_size=2))
def test_what_is_written_is_read_by_nbformat(cells: list[NotebookNode], metadata: dict[str, Any]) -> None:
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=nbformat.from_dict(metadata))
    as_by_nbformat = nbformat.v4.reads(nbformat.v4.writes(notebook))
    assert repr(nbformat.v4.reads(to_bytes(notebook).decode())) == repr(as_by_nbformat)  # NaN is not equal to itself


@pytest.mark.parametrize("lab", ["lab01_perceptron", "lab04_backprop"])
def test_a_lab_is_written_for_nbformat(tmp_path: Path, lab: str) -> None:
    notebook = nbformat.read(LABS / lab / f"{lab}.ipynb", as_version=4)
    write_autograded(tmp_path, {lab: notebook}, {}, None)
    assert read_autograded(tmp_path / f"{lab}.ipynb") == notebook
    assert nbformat.read(tmp_path / f"{lab}.ipynb", as_version=4) == notebook
    assert len((tmp_path / f"{lab}.ipynb").read_text().splitlines()) > len(notebook.cells)  # a change shows where it is


def test_files_of_strangers_beside_the_graded_notebook(tmp_path: Path) -> None:
    files = {"page.html": b"theirs", "data.csv": b"theirs", "deep/er/x.png": b"theirs", "explorer.js": b"ours"}
    write_autograded(tmp_path / "lab", {}, files, "2030-01-01", released=["explorer.js"])
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["data.csv", "explorer.js", TIMESTAMP, "x.png"]
