"""What a warm process loads for a lab: what its cells ask for, and no other data set."""

from __future__ import annotations

import nbformat
import pytest

from grader.books import to_preload
from grader.intake import make_template


@pytest.mark.parametrize(
    ("source", "loaded"),
    [
        ("from course_utils import data\nX = data.digits().X_train", ["digits"]),
        ("from course_utils.data import diabetes, will_i_pass\ny = diabetes()", ["diabetes"]),
        ("from course_utils import data\ndef later():\n    return data.mnist(), data.photo()", ["photo", "mnist"]),
        ("from course_utils import data\ndata.two_moons()", []),
        ("%matplotlib inline\ndata.digits()", []),  # its other cells say what it asks for
    ],
)
def test_a_lab_has_loaded_what_its_cells_ask_for(source: str, loaded: list[str]) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source), nbformat.v4.new_markdown_cell("data.digits()")])
    calls = [name for name in to_preload((make_template("lab", notebook, {}),), {}) if name.endswith("()")]
    assert calls == [f"course_utils.data:{name}()" for name in loaded]
