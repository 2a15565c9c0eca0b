"""What an author can get wrong, and the sentence that says so."""

import pytest

from course_utils.checking import Lab, Local, observe, solution
from course_utils.checking.declare import load_checks
from course_utils.errors import UserError

PROBE = """from course_utils.checking import check
@check("f", points=1)
def probe(f, rng):
    {doc}
    return {result}
"""


def lab(folder, checks, mistakes=""):
    (folder / "checks.py").write_text(checks)
    (folder / "mistakes.py").write_text(mistakes)
    (folder / "notebook.py").write_text('# %% nbgrader={"grade_id": "f", "solution": true}\ndef f():\n    return 1\n')
    return Lab.from_source(folder)


def test_a_probe_without_a_docstring_has_no_line_for_the_student(tmp_path):
    with pytest.raises(UserError, match="probe of f has no docstring: write what the student reads"):
        lab(tmp_path, PROBE.format(doc="pass", result="{}"))


def test_two_checks_cannot_share_a_name(tmp_path):
    with pytest.raises(UserError, match="two checks are named f/probe"):
        lab(tmp_path, PROBE.format(doc='"""once"""', result="{}") * 2)


def test_a_mistake_needs_a_checked_exercise(tmp_path):
    wrong = 'from course_utils.checking import mistake\n@mistake("g", "no")\ndef wrong(): pass\n'
    with pytest.raises(UserError, match="a mistake of g, which no check"):
        lab(tmp_path, PROBE.format(doc='"""once"""', result="{}"), wrong)


def test_a_probe_returns_a_dict(tmp_path):
    made = lab(tmp_path, PROBE.format(doc='"""once"""', result="3"))
    with pytest.raises(UserError, match="let it return a dict"):
        made.oracle.wanted(made.checks["f"][0], 1)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"checks\.py does not exist"):
        Lab.from_source(tmp_path)


def test_solution_is_bound_only_while_mistakes_are_loaded():
    with pytest.raises(AttributeError, match=r"solution\.f"):
        solution.f  # noqa: B018 - the access is what is tested


def test_one_probe_serves_many_exercises(tmp_path):
    path = tmp_path / "checks.py"
    path.write_text(
        "from course_utils.checking import check\n"
        "def at_zero(subject, rng):\n    'at zero'\n    return {'y': subject(0.0)}\n"
        "for name in ('f', 'g'):\n    check(name, points=1)(at_zero)\n"
    )
    both = Local({"f": lambda x: 1.0, "g": lambda x: 2.0})
    assert [observe(check, both, 1).observations["y"] for check in load_checks(path)] == [1.0, 2.0]


def test_a_library_is_itself_whatever_the_notebook_calls_by_its_name(tmp_path):
    path = tmp_path / "checks.py"
    path.write_text(
        "from course_utils.checking import check, libraries\n\nlibraries('math', 'os.path')\n\n\n"
        "@check('f', points=1)\ndef roots(f, math, path):\n    'a root'\n"
        "    return {'y': f(math.sqrt(4.0)), 'name': path.basename('a/b')}\n"
    )
    (roots,) = load_checks(path)
    trace = observe(roots, Local({"f": lambda x: x + 1, "math": [1, 2], "path": None}), 1)
    assert trace.observations == {"y": 3.0, "name": "b"}


def test_a_library_that_is_missing_is_named(tmp_path):
    path = tmp_path / "checks.py"
    path.write_text(
        "from course_utils.checking import check, libraries\n\nlibraries('numpie')\n\n\n"
        "@check('f', points=1)\ndef roots(f, numpie):\n    'a root'\n    return {'y': f(1)}\n"
    )
    trace = observe(load_checks(path)[0], Local({"f": abs}), 1)
    assert trace.raised is not None
    assert trace.raised.kind == "missing"
    assert trace.raised.message.startswith("numpie cannot be imported here")
