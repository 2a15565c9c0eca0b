"""The build: rules between cells and checks, what students get, and an nbgrader course around it."""

from __future__ import annotations

import ast
import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hatchling.builders.wheel import WheelBuilder
from nbformat import NotebookNode

from course_utils.checking.cases import Cases, load
from course_utils.cli import main
from course_utils.errors import UserError
from grader.build import build_lab, install, source_notebook, stale
from grader.build.public import public_checks
from grader.build.same import same_value

LAB = "lab_tiny"


@pytest.fixture
def labs(tmp_path: Path) -> Path:
    return tmp_path / "labs"


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that has to be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def built(labs: Path) -> NotebookNode:
    return nbformat.read(labs / LAB / f"{LAB}.ipynb", as_version=4)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


# --- the source notebook ---


def test_short_metadata_is_completed_by_role(tiny: Path) -> None:
    source = source_notebook(tiny)
    assert cell(source, "double").metadata.nbgrader == {
        "grade": False, "grade_id": "double", "locked": False, "schema_version": 3, "solution": True, "task": False,
    }  # fmt: skip
    assert cell(source, "double_check").metadata.nbgrader == {
        "grade": True, "grade_id": "double_check", "locked": True, "points": 3, "schema_version": 3, "solution": False, "task": False,
    }  # fmt: skip


def test_a_cell_that_a_person_grades_earns_nothing_unless_it_says_so(tiny: Path) -> None:
    edit(tiny / "notebook.py", ', "points": 3}', "}")
    assert cell(source_notebook(tiny), "reflection").metadata.nbgrader["points"] == 0


REFLECTION = '"grade": true, "solution": true, "points": 3'
SAMPLE = "The sample answer"


def test_a_reflection_stays_with_its_author(tiny: Path, labs: Path) -> None:
    """nbgrader refuses a text answer that nobody grades: it gets an ordinary cell, empty as students do."""
    edit(tiny / "notebook.py", REFLECTION, '"solution": true')
    build_lab(tiny, labs)
    assert cell(source_notebook(tiny), "reflection").metadata.nbgrader == {
        "grade": False, "grade_id": "reflection", "locked": False, "schema_version": 3, "solution": True, "task": False,
    }  # fmt: skip
    assert SAMPLE in (tiny / "notebook.ipynb").read_text(encoding="utf-8")
    released = next(part for part in built(labs).cells if part.id == "reflection")
    assert (released.source, released.metadata) == ("YOUR ANSWER HERE", {})


def test_points_are_the_sum_over_all_checks(tiny: Path) -> None:
    source = source_notebook(tiny)
    points = {name: cell(source, name).metadata.nbgrader["points"] for name in ("double_check", "center_check", "reflection")}
    assert points == {"double_check": 3, "center_check": 4, "reflection": 3}


def test_ids_stay_when_other_cells_come_and_go(tiny: Path) -> None:
    before = [cell.id for cell in source_notebook(tiny).cells]
    edit(tiny / "notebook.py", "# %% [markdown]\n# ## Centring", "# %%\nnp.arange(3) * 2\n\n# %% [markdown]\n# ## Centring")
    after = [cell.id for cell in source_notebook(tiny).cells]
    assert len(set(after)) == len(after) == len(before) + 1
    assert [identity for identity in after if identity in before] == before


BROKEN: dict[str, tuple[str, str, str, str]] = {
    "stub_misnamed": (
        "notebook.py", '"grade_id": "double", "solution"', '"grade_id": "doubel", "solution"',
        'the answer cell "doubel" has no check in checks.py, likely meant is "double"',
    ),
    "stub_missing": (
        "checks.py", '@check("center", points=4)', '@check("centre", points=4)',
        'checks.py checks "centre", but no answer cell has this grade_id',
    ),
    "stub_copied": (
        "notebook.py", "# %% [markdown]\n# ## Centring",
        '# %% nbgrader={"grade_id": "double", "solution": true}\ndouble = None\n### BEGIN SOLUTION\n### END SOLUTION\n',
        '2 cells have the grade_id "double", likely copied',
    ),
    "stub_defines_another_name": (
        "notebook.py", "def center(X)", "def centre(X)", 'the answer cell "center" does not define center outside its answer, only centre',
    ),
    "value_without_a_start": (
        "notebook.py", "true_lines = None    # a set of letters\n", "", "write def, class or true_lines = None above ### BEGIN SOLUTION",
    ),
    "stub_without_region": (
        "notebook.py", "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n", "    return 2 * x\n",
        "students would lose all of it, the signature as well",
    ),
    "region_never_ends": (
        "notebook.py", "    return 2 * x\n    ### END SOLUTION\n", "    return 2 * x\n", 'the answer cell "double" has no ### END SOLUTION',
    ),
    "region_in_an_ordinary_cell": (
        "notebook.py", "np.arange(3) * 2\n", "### BEGIN SOLUTION\n6 * 7\n### END SOLUTION\n",
        "holds a solution but is no answer cell, so students would read it",
    ),
    "check_cell_missing": (
        "notebook.py", '# %% nbgrader={"grade_id": "center_check", "grade": true}\ncheck("center")\n', "",
        'the exercise "center" has no check cell',
    ),
    "check_cell_misnamed": (
        "notebook.py", '"center_check"', '"center_test"', 'the check cell "center_test" is misnamed',
    ),
    "check_cell_without_check": (
        "checks.py", '@check("center", points=4)', '@check("double", points=4)', 'the check cell "center_check" has no check in checks.py',
    ),
    "check_cell_calls_another_check": (
        "notebook.py", 'check("center")', 'check("double")', 'a check cell is check("center") and nothing else',
    ),
    "check_cell_above_its_stub": (
        "notebook.py", "# %% [markdown]\n# ## Doubling",
        '# %% nbgrader={"grade_id": "center_check", "grade": true}\ncheck("center")\n\n# %% [markdown]\n# ## Doubling',
        'the check cell "center_check" stands above the cell "center" that it checks',
    ),
    "other_points_than_the_checks": (
        "notebook.py", '"grade_id": "center_check", "grade": true', '"grade_id": "center_check", "grade": true, "points": 9',
        'the check cell "center_check" says 9 points, its checks add up to 4: points live in checks.py',
    ),
    "points_below_zero": (
        "notebook.py", '"points": 3}', '"points": -3}', 'the manually graded answer cell "reflection" is worth -3: write a number',
    ),
    "reflection_that_lost_its_role": (
        "notebook.py", '"grade": true, "solution": true, "points": 3', '"grade": false, "solution": false',
        'the text cell "reflection" has lost its role, likely to JupyterLab\'s Create Assignment panel',
    ),
    "id_with_a_space": (
        "notebook.py", '"reflection"', '"my reflection"', "give it one of letters, digits, - and _",
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_one_clear_sentence(tiny: Path, labs: Path, rule: str) -> None:
    name, old, new, sentence = BROKEN[rule]
    edit(tiny / name, old, new)
    with pytest.raises(UserError) as error:
        build_lab(tiny, labs)
    lines = str(error.value).split("\n")
    assert any(sentence in line for line in lines)
    assert all(line.startswith("solutions/lab_tiny: ") and line.endswith(".") for line in lines)
    assert not labs.exists()


def test_a_lab_lacks_a_file(tiny: Path, labs: Path) -> None:
    (tiny / "checks.py").unlink()
    with pytest.raises(UserError, match=r"^solutions/lab_tiny has no checks\.py: a lab is written as"):
        build_lab(tiny, labs)


# --- what students get ---


def test_the_second_build_writes_nothing(tiny: Path, labs: Path) -> None:
    assert build_lab(tiny, labs).changed == ("lab_tiny.ipynb", "checks.py", "cases.npz", "hints.json")
    before = {path: path.stat().st_mtime_ns for path in [*labs.rglob("*"), *tiny.iterdir()]}
    assert build_lab(tiny, labs).changed == ()
    assert {path: path.stat().st_mtime_ns for path in [*labs.rglob("*"), *tiny.iterdir()]} == before


def test_two_builds_elsewhere_make_the_same_bytes(tiny: Path, tmp_path: Path) -> None:
    first, second = (build_lab(tiny, tmp_path / name / "labs").folder for name in "ab")
    assert [path.read_bytes() for path in sorted(first.iterdir())] == [path.read_bytes() for path in sorted(second.iterdir())]


def test_no_answer_hidden_check_or_mistake_is_released(tiny: Path, labs: Path) -> None:
    build_lab(tiny, labs)
    released = b"".join(path.read_bytes() for path in (labs / LAB).iterdir()).decode(errors="replace")
    answers = ("2 * x", "X.mean(axis=0)", '{"a", "c"}', "removed twice")
    secrets = (*answers, "pairs_of_numbers", "_secret_numbers", "itertools", "x * x", "keepdims")
    assert [secret for secret in secrets if secret in released] == []


def test_hidden_checks_leave_no_recorded_case(tiny: Path, labs: Path) -> None:
    build_lab(tiny, labs)
    with np.load(labs / LAB / "cases.npz", allow_pickle=False) as stored:
        content = b"".join(stored[name].tobytes() for name in stored.files)
    assert b"an_array" in content
    assert b"pairs_of_numbers" not in content


def test_functions_wait_for_an_answer_and_values_run(tiny: Path, labs: Path) -> None:
    build_lab(tiny, labs)
    assert cell(built(labs), "double").source.endswith("# YOUR CODE HERE\n    raise NotImplementedError()")
    assert cell(built(labs), "true_lines").source == "true_lines = None    # a set of letters\n# YOUR CODE HERE"


def test_the_unsolved_notebook_runs_but_for_its_checks(tiny: Path, labs: Path) -> None:
    build_lab(tiny, labs)
    namespace: dict[str, object] = {}
    for part in built(labs).cells:
        if part.cell_type == "code" and not part.metadata.get("nbgrader", {}).get("grade"):
            exec(part.source, namespace)
    assert namespace["true_lines"] is None


def test_notebooks_say_nothing_of_the_machine(tiny: Path, labs: Path) -> None:
    build_lab(tiny, labs)
    assert built(labs).metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


# --- stale or not ---


def test_check_names_what_is_stale(tiny: Path, labs: Path) -> None:
    assert stale(tiny, labs)[0] == 'labs/lab_tiny/lab_tiny.ipynb is missing: run "handgrad build lab_tiny".'
    build_lab(tiny, labs)
    assert stale(tiny, labs) == []
    edit(labs / LAB / f"{LAB}.ipynb", "twice x", "twice x!")
    (labs / LAB / "notes.txt").write_text("mine")
    assert stale(tiny, labs) == [
        'labs/lab_tiny/lab_tiny.ipynb is not what solutions/lab_tiny builds today: run "handgrad build lab_tiny".',
        "labs/lab_tiny/notes.txt is made by no build: delete it, or write it in solutions.",
    ]


def test_another_machines_rounding_is_not_stale(tiny: Path, labs: Path) -> None:
    build_lab(tiny, labs)
    path = labs / LAB / "cases.npz"
    rewrite_cases(path, lambda numbers: numbers * (1 + 1e-12))
    assert stale(tiny, labs) == []
    assert build_lab(tiny, labs).changed == ()
    rewrite_cases(path, lambda numbers: numbers * (1 + 1e-3))
    assert stale(tiny, labs) == ['labs/lab_tiny/cases.npz is not what solutions/lab_tiny builds today: run "handgrad build lab_tiny".']


def rewrite_cases(path: Path, change: Callable[[np.ndarray], np.ndarray]) -> None:
    """Change every recorded number of the exercise `center`, whose cases hold nothing but float64 arrays."""
    with np.load(path, allow_pickle=False) as stored:
        members = {name: stored[name].tobytes() for name in stored.files}
    members["center.data"] = change(np.frombuffer(members["center.data"])).tobytes()
    path.write_bytes(Cases(members).to_bytes())


def test_a_damaged_file_of_cases_is_built_again(tiny: Path, labs: Path) -> None:
    build_lab(tiny, labs)
    (labs / LAB / "cases.npz").write_bytes(b"PK\x03\x04 cut off")
    assert build_lab(tiny, labs).changed == ("cases.npz",)
    assert load(labs / LAB / "cases.npz").seeds


def test_changed_points_reach_the_cell_that_the_build_wrote(tiny: Path, labs: Path) -> None:
    build_lab(tiny, labs)
    edit(tiny / "checks.py", '@check("center", points=4)', '@check("center", points=5)')
    assert 'run "handgrad build lab_tiny"' in stale(tiny, labs)[0]
    build_lab(tiny, labs)
    assert cell(built(labs), "center_check").metadata.nbgrader["points"] == 5
    assert '"grade_id": "center_check", "locked": true, "points": 5' in (tiny / "notebook.py").read_text(encoding="utf-8")


def test_the_command_builds_checks_and_complains(
    tiny: Path, labs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tiny)
    assert main(["build", "--check"]) == 1
    assert "labs/lab_tiny/checks.py is missing" in capsys.readouterr().out
    assert main(["build"]) == 0
    assert main(["build", "--check"]) == 0
    (labs / "lab_gone").mkdir()
    (labs / "lab_gone" / "lab_gone.ipynb").write_text("{}")
    assert main(["build", "--check"]) == 1
    assert "labs/lab_gone has no solutions/lab_gone: write it, or delete the folder." in capsys.readouterr().out
    assert main(["build", "lab_tyni"]) == 2
    assert capsys.readouterr().err == 'handgrad: solutions/ has no lab lab_tyni, only lab_tiny: "handgrad new lab_tyni" begins one.\n'


def test_a_new_lab_builds_as_it_is(tiny: Path, labs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tiny.parent.parent)
    assert main(["new", "lab11_attention"]) == 0
    assert main(["build", "lab11_attention"]) == 0
    assert (labs / "lab11_attention" / "lab11_attention.ipynb").is_file()
    assert main(["new", "lab11_attention"]) == 2
    assert main(["new", "Lab 11"]) == 2
    assert "solutions/lab11_attention exists already" in capsys.readouterr().err


# --- public checks ---


def public(text: str) -> str:
    return public_checks(text, "checks.py")


def test_text_without_hidden_checks_is_left_alone() -> None:
    text = 'import os   # odd  spacing\n@check("a", points=1)\ndef p(a):\n  """x"""\n  return {}\n\n\n\n\n'
    assert public(text) == text


def test_what_only_hidden_checks_need_goes_with_them() -> None:
    text = '''\
import math
import numpy as np
from course_utils.checking import check

LIMIT = 3
SECRET = LIMIT + 1


def used_by_both(rng):
    return rng.normal(size=LIMIT)


def used_by_the_hidden_one(rng):
    return math.sqrt(SECRET) * used_by_both(rng)


@check("a", points=1)
def shown(a, rng):
    """shown"""
    return {"a": a(np.abs(used_by_both(rng)))}


# Not told to anybody.
@check("a", points=1, hidden=True)
@note
def kept(a, rng):
    """kept"""
    return {"a": a(used_by_the_hidden_one(rng))}


for name in ("a", "b"):
    check(name, points=1, hidden=True)(kept)
'''
    left = public(text)
    names = {node.id for node in ast.walk(ast.parse(left)) if isinstance(node, ast.Name)}
    assert {"LIMIT", "used_by_both", "shown"} <= names | {node.name for node in ast.parse(left).body if hasattr(node, "name")}
    for gone in ("math", "SECRET", "used_by_the_hidden_one", "kept", "Not told", "note", "hidden"):
        assert gone not in left
    assert "\n\n\n\n" not in left


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('@check("a", points=1, hidden=True)\n@check("b", points=1)\ndef p(a): ...', "hidden and public checks are declared in one"),
        ('FLAG = True\n@check("a", points=1, hidden=FLAG)\ndef p(a): ...', "write hidden=True or nothing"),
        ('@check("a", **{"hidden": True})\ndef p(a): ...', "write hidden=True or nothing"),
        ("from course_utils.checking import check as c", "import check under its own name"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        public(text)


def test_values_compare_as_rounding_allows() -> None:
    assert same_value({"a": [np.ones(3), "got 0.6054, want 3.027"]}, {"a": [np.ones(3) + 1e-9, "got 0.6055, want 3.027"]})
    assert same_value(np.array([np.nan, np.inf]), np.array([np.nan, np.inf]))
    assert not same_value("shape (2, 3)", "shape (2, 4)")
    assert not same_value([1.0], [1.0, 2.0])
    assert not same_value(1, 1.0)
    assert not same_value(np.float32(1), np.float64(1))


# --- a course ---


def grade_cells(course: Path) -> dict[str, float]:
    with sqlite3.connect(course / "gradebook.db") as database:
        rows = database.execute("SELECT base_cell.name, max_score FROM grade_cells JOIN base_cell USING (id)").fetchall()
    database.close()
    return dict(rows)


def nbgrader(course: Path, *arguments: str) -> str:
    """Run nbgrader itself, as an instructor would, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.kernel
def test_install_makes_an_ordinary_course(tiny: Path, tmp_path: Path) -> None:
    course = tmp_path / "course"
    install(tiny, course)
    assert grade_cells(course) == {"double_check": 3, "center_check": 4, "true_lines_check": 2, "reflection": 3}
    for folder in ("source", "release"):
        assert sorted(path.name for path in (course / folder / LAB).iterdir()) == ["cases.npz", "checks.py", "hints.json", "lab_tiny.ipynb"]
        assert "_secret_numbers" not in (course / folder / LAB / "checks.py").read_text(encoding="utf-8")


@pytest.mark.kernel
def test_install_again_does_nothing_until_something_changed(tiny: Path, tmp_path: Path) -> None:
    course = tmp_path / "course"
    install(tiny, course)
    release = course / "release" / LAB / f"{LAB}.ipynb"
    before = release.stat().st_mtime_ns
    install(tiny, course)
    assert release.stat().st_mtime_ns == before
    edit(tiny / "notebook.py", "## Centring", "## Centering")
    install(tiny, course)
    assert "Centering" in release.read_text(encoding="utf-8")
    release.unlink()
    install(tiny, course)
    assert release.is_file()
    (course / "gradebook.db").unlink()
    install(tiny, course)
    assert grade_cells(course)["center_check"] == 4


@pytest.mark.kernel
def test_an_instructors_own_settings_stay(tiny: Path, tmp_path: Path) -> None:
    course = tmp_path / "course"
    course.mkdir()
    settings = 'c = get_config()\nc.CourseDirectory.course_id = "dl101"\nc.CourseDirectory.db_url = "sqlite:///{}"\n'
    (course / "nbgrader_config.py").write_text(settings.format(tmp_path / "elsewhere.db"))
    install(tiny, course)
    assert (tmp_path / "elsewhere.db").is_file()
    assert not (course / "gradebook.db").exists()


@pytest.mark.stress
@pytest.mark.parametrize("reflection", [REFLECTION, '"solution": true'])
def test_nbgrader_itself_accepts_the_course(tiny: Path, labs: Path, tmp_path: Path, reflection: str) -> None:
    """generate_assignment makes the same release; autograde takes a submission without answers and gives it nothing."""
    edit(tiny / "notebook.py", REFLECTION, reflection)
    course = tmp_path / "course"
    install(tiny, course)
    build_lab(tiny, labs)
    nbgrader(course, "generate_assignment", LAB, "--force")
    released = nbformat.read(course / "release" / LAB / f"{LAB}.ipynb", as_version=4)
    assert released.cells == built(labs).cells
    submitted = course / "submitted" / "ada" / LAB
    submitted.mkdir(parents=True)
    (submitted / f"{LAB}.ipynb").write_bytes((labs / LAB / f"{LAB}.ipynb").read_bytes())
    nbgrader(course, "autograde", LAB, "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter")
    graded = nbformat.read(course / "autograded" / "ada" / LAB / f"{LAB}.ipynb", as_version=4)
    assert json.dumps(cell(graded, "double_check").outputs).count("not attempted")


@pytest.mark.stress
def test_nbgrader_validates_right_answers(tiny: Path, labs: Path) -> None:
    """Without its hidden check, whose points nobody gets in a notebook, the solved notebook passes `nbgrader validate`."""
    edit(tiny / "checks.py", "points=1, hidden=True", "points=1")
    build_lab(tiny, labs)
    solved = labs / LAB / "solved.ipynb"
    nbformat.write(source_notebook(tiny), solved)
    assert "Success!" in nbgrader(labs / LAB, "validate", solved.name)


def test_the_wheel_carries_the_built_labs_and_no_answer(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    (wheel,) = WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
    names = zipfile.ZipFile(wheel).namelist()
    for lab in sorted(path.parent for path in root.glob("labs/*/cases.npz")):
        assert {f"course_utils/_labs/{lab.name}/{file.name}" for file in lab.iterdir() if file.is_file()} <= set(names)
    assert "grader/build/skeleton/notebook.py.txt" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"course_utils", "grader", "handgrad"}
    # no lab of the course: an author begins with the one, attacks try the other
    ours = ("grader/build/skeleton/", "grader/doctor/solutions/")
    assert not [name for name in names if "mistakes.py" in name and not name.startswith(ours)]
