"""What a student wrote in another lab's notebook is taken from its text, and nothing else of it is run."""

import json

import numpy as np
import pytest

from course_utils.beside import borrowed, source_of

SETUP = "import numpy as np\nfrom course_utils import check, plots\nscale = 2"
AFFINE = "def affine(X, W):\n    return X @ W * scale"
LOSS = "# mine\ndef loss(X, W):\n    rows = affine(X, W)\n    return np.sum(rows)\n"
PICTURE = "plots.show(loss)\nraise SystemExit('drawn')"


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """Writes the cells of another lab's notebook, beside the folder in which a student works."""
    (tmp_path / "lab09").mkdir()
    (tmp_path / "lab04").mkdir()
    monkeypatch.chdir(tmp_path / "lab09")

    def write(*sources, where="../lab04/lab04.ipynb"):
        cells = [{"cell_type": "code", "source": source.splitlines(keepends=True)} for source in sources]
        cells.insert(0, {"cell_type": "markdown", "source": ["def loss(): no code"]})
        (tmp_path / "lab09" / where).write_text(json.dumps({"cells": cells}))

    return write


def test_a_function_comes_with_what_it_calls_and_nothing_else(lab):
    lab(SETUP, PICTURE, AFFINE, LOSS, PICTURE)
    assert borrowed("lab04", "loss")(np.ones((2, 3)), np.ones((3, 1))) == 12


def test_the_statements_keep_their_order_and_the_last_definition_counts():
    source = source_of([SETUP, AFFINE, "def affine(X, W):\n    return X - W", LOSS], "loss")
    assert source.splitlines()[0] == "import numpy as np"
    assert "X - W" in source
    assert "scale" not in source
    assert "plots" not in source


def test_a_notebook_in_the_same_folder_will_do(lab):
    lab(SETUP, AFFINE, LOSS, where="lab04.ipynb")
    assert borrowed("lab04", "loss") is not None


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [SETUP, AFFINE],  # not written yet
        ["%matplotlib inline\ndef loss(X, W):\n    return 1"],  # no Python
        ["def loss(X, W)\n    return 1"],
        ["loss = None"],
        ["loss = 1 / 0"],
    ],
)
def test_where_there_is_nothing_to_take_there_is_none(lab, cells):
    lab(*cells)
    assert borrowed("lab04", "loss") is None


def test_without_a_notebook_or_with_a_broken_one_there_is_none(lab, tmp_path):
    assert borrowed("lab04", "loss") is None
    (tmp_path / "lab04" / "lab04.ipynb").write_text('{"cells": 3}')
    assert borrowed("lab04", "loss") is None


def test_names_that_call_each_other_come_to_an_end():
    source = source_of(["def even(n):\n    return n == 0 or odd(n - 1)", "def odd(n):\n    return n != 0 and even(n - 1)"], "even")
    assert source.count("def ") == 2
