"""What the build makes of help.md, and what it refuses."""

from __future__ import annotations

import json

import nbformat
import pytest

from course_utils.checking import Lab
from course_utils.errors import UserError
from course_utils.help import prediction
from course_utils.help.released import mark
from grader.build import build_lab, lawful, source_notebook, stale
from grader.build.course import install

LAB = "lab_tiny"
QUESTION = "What does a mean become that is removed twice?"
PREDICTION = f"\n# Predictions\n\n## {QUESTION}\n**It stays 0.** The first time made it 0.\n"
CELL = f'# %%\npredict("{QUESTION}", ["it stays 0", "it changes its sign"])\n\n'


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def labs(tmp_path):
    return tmp_path / "labs"


@pytest.fixture
def predicting(tiny):
    edit(tiny / "help.md", "The first and the last are true.\n", f"The first and the last are true.\n{PREDICTION}")
    edit(tiny / "notebook.py", "# %% [markdown]\n# ## A value", f"{CELL}# %% [markdown]\n# ## A value")
    return tiny


def test_hints_are_released_and_answers_are_not(predicting, labs):
    build_lab(predicting, labs)
    text = (labs / LAB / "hints.json").read_text(encoding="utf-8")
    released = json.loads(text)
    assert list(released["exercises"]) == ["double", "center", "true_lines"]
    assert released["exercises"]["double"]["hints"][2]["mistakes"] == [mark("x is squared, not doubled")]
    assert released["predictions"] == {QUESTION: {"answer": "It stays 0.", "why": "The first time made it 0."}}
    assert "squared" not in text
    assert "which is $2x$" not in text


def test_a_prediction_is_found_by_its_question(predicting, labs, tmp_path):
    build_lab(predicting, labs)
    found = prediction(f"{QUESTION[:9]}\n {QUESTION[9:]}", labs / LAB)
    assert found == ("It stays 0.", "The first time made it 0.")
    assert prediction("What else?", labs / LAB) is None
    assert prediction(QUESTION, tmp_path) is None
    (labs / LAB / "hints.json").write_text("torn {")
    assert prediction(QUESTION, labs / LAB) is None


def test_the_first_hint_stands_folded_under_the_check_cell(tiny, labs):
    build_lab(tiny, labs)
    cells = nbformat.read(labs / LAB / f"{LAB}.ipynb", as_version=4).cells
    place = next(number for number, cell in enumerate(cells) if cell.id == "center_check")
    block = cells[place + 1]
    assert (block.cell_type, block.id) == ("markdown", "center_stuck")
    title = "Stuck? <code>X</code> is shifted by <code>one number</code>"
    assert block.source.startswith(f"<details><summary>{title}</summary>\n\nHow many means")
    assert block.source.endswith('\n\nNot enough? `hint("center")` in a new cell goes further.\n\n</details>')
    assert not block.metadata


def test_the_authors_notebook_has_no_such_block(tiny, labs):
    build_lab(tiny, labs)
    assert "Stuck?" not in (tiny / "notebook.ipynb").read_text(encoding="utf-8")
    assert "Stuck?" not in (tiny / "notebook.py").read_text(encoding="utf-8")
    assert not [cell for cell in source_notebook(tiny).cells if "Stuck?" in cell.source]
    assert build_lab(tiny, labs).changed == ()


def test_a_lab_without_help_has_no_hints(tiny, labs):
    (tiny / "help.md").unlink()
    assert "hints.json" not in build_lab(tiny, labs).changed
    assert "Stuck?" not in (labs / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8")


def test_every_lab_of_this_course_has_help(tiny, labs, tmp_path, monkeypatch):
    (tiny / "help.md").unlink()
    build_lab(tiny, labs)
    monkeypatch.setattr(lawful, "grader", type("Package", (), {"__file__": str(tmp_path / "grader" / "__init__.py")}))
    with pytest.raises(UserError, match=r"^solutions/lab_tiny has no help\.md: whoever is stuck finds hints in every lab of this course"):
        lawful.held_to_laws(Lab.from_source(tiny), tiny, source_notebook(tiny).cells, tmp_path)


def test_a_lab_without_help_predicts_nothing(predicting, labs):
    (predicting / "help.md").unlink()
    with pytest.raises(UserError, match="has no answer: write \"## What does a mean"):
        build_lab(predicting, labs)


def test_hints_that_changed_are_stale(tiny, labs):
    build_lab(tiny, labs)
    edit(tiny / "help.md", "Which operation does that?", "What makes 9 of 3?")
    assert stale(tiny, labs) == ['labs/lab_tiny/hints.json is not what solutions/lab_tiny builds today: run "handgrad build lab_tiny".']
    (tiny / "help.md").unlink()
    assert any("labs/lab_tiny/hints.json is made by no build" in sentence for sentence in stale(tiny, labs))


BROKEN = {
    "exercise_forgotten": ("help.md", "# center\n", "# centre\n", 'the exercise center has no section: write "# center" with its hints'),
    "no_such_exercise": ("help.md", "# center\n", "# centre\n", '"# centre" is no exercise of this lab, likely meant is center: mend'),
    "other_order": ("notebook.py", "", "", '"# double" stands where the notebook has'),
    "no_such_mistake": (
        "help.md", "mistake: squared", "mistake: sqared",
        'the hint "The number 3 becomes 9" of double is bound to sqared, which is no mistake of mistakes.py: likely meant is squared',
    ),
    "mistake_of_another": ("help.md", "mistake: squared", "mistake: over_rows", "likely meant is squared"),
    "no_mistake": ("help.md", "mistake: squared", "mistake:", "is bound to nothing, which is no mistake of mistakes.py"),
    "answer_given_away": (
        "help.md", "How many means does", "Is it `X - X.mean( axis=0 )`? How many means does",
        """of center gives a line of an answer away, 'X-X.mean(axis=0)': ask for it instead""",
    ),
    "own_block": (
        "notebook.py", "# %% [markdown]\n# ## Centring", "# %% [markdown]\n# <details><summary>Stuck? So am I</summary>\n# …\n# </details>",
        'notebook.py still has a block "Stuck? So am I" of its own: delete the cell, the first hint of help.md takes its place',
    ),
    "no_imports": (
        "notebook.py", "import answer, check, hint", "import check, hint",
        'notebook.py does not import answer, which reports name: write "from course_utils import answer" in its setup cell',
    ),
    "prediction_without_answer": (
        "notebook.py", QUESTION, "What else?", 'the prediction "What else?" of notebook.py has no answer: write "## What else?" under',
    ),
    "answer_without_prediction": (
        "notebook.py", QUESTION, "What else?", f'no cell of notebook.py asks predict("{QUESTION}", […]): add the cell, or mend',
    ),
    "answer_is_no_option": ("notebook.py", '"it stays 0"', '"it stays 1"', 'is not among its options: it stays 1, it changes its sign'),
    "one_option": ("notebook.py", ', "it changes its sign"', "", "lists 1 option: write 2 to 4"),
    "computed_options": (
        "notebook.py", '["it stays 0", "it changes its sign"]', "options", 'which is not predict("question", ["one", "other"])',
    ),
    "prediction_in_an_answer": (
        "notebook.py", CELL.removeprefix("# %%\n"), "\n", f'no cell of notebook.py asks predict("{QUESTION}"',
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_one_clear_sentence(predicting, labs, rule):
    name, old, new, sentence = BROKEN[rule]
    if rule == "other_order":
        text = (predicting / "help.md").read_text()
        double, rest = text[: text.index("# center\n")], text[text.index("# center\n") :]
        (predicting / "help.md").write_text(rest.replace("# Predictions", f"{double}\n# Predictions"))
        sentence = '"# center" stands where the notebook has double: keep the order of the notebook'
    else:
        edit(predicting / name, old, new)
    with pytest.raises(UserError) as error:
        build_lab(predicting, labs)
    lines = str(error.value).split("\n")
    assert any(sentence in line for line in lines), lines
    assert all(line.startswith("solutions/lab_tiny/help.md: ") and line.endswith(".") for line in lines)
    assert not labs.exists()


@pytest.mark.kernel
def test_a_course_hands_the_hints_out(tiny, tmp_path):
    course = tmp_path / "course"
    install(tiny, course)
    for folder in ("source", "release"):
        assert (course / folder / LAB / "hints.json").is_file()
        assert "Stuck?" in (course / folder / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8")
    edit(tiny / "help.md", "Which operation does that?", "What makes 9 of 3?")
    install(tiny, course)
    assert "What makes 9 of 3?" in (course / "release" / LAB / "hints.json").read_text(encoding="utf-8")
