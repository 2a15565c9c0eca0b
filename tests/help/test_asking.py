"""hint, answer and progress as a notebook calls them, and what the logbook remembers."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ProcessPoolExecutor

import nbformat
import pytest
from nbclient import NotebookClient

import course_utils
from course_utils import asking, logbook
from course_utils.checking import Lab
from course_utils.help.worked import bare, remember, worked
from course_utils.notebook import check_in

LAB = "lab_tiny"
METHOD = '''
class A:
    """Text."""

    def b(self):
        """More
        text."""
        ### BEGIN SOLUTION
        return 1
        ### END SOLUTION
'''
WRONG = "def double(x):\n    return x * x"


def checked(lab, **namespace):
    """Check `double` and remember it."""
    released = Lab.from_release(lab)
    source = namespace.pop("source", "")
    logbook.record(lab, LAB, check_in(released, "double", namespace), source)


def double(x):
    return x * x


# --- hints ---


def test_hints_come_one_by_one(lab):
    first, second, again = (course_utils.hint("double") for _ in range(3))
    assert first.text().startswith("double, hint 1 of 2: Every number comes back as it was\n\nWhat does one add to x to get twice x?")
    assert '`hint("double")` again gives the next one.' in first.text()
    assert "hint 2 of 2: A list comes back" in second.text()
    assert 'This was the last hint. `answer("double")` shows a worked answer.' in second.text()
    assert "1. Every number" in again.text()
    assert "2. A list" in again.text()
    assert "$x$" in first._repr_markdown_()


def test_the_hint_for_a_mistake_comes_first_to_whoever_made_it(lab):
    course_utils.hint("double")
    checked(lab, double=double)
    assert "hint 1 of 3: The number 3 becomes 9" in course_utils.hint("double").text()
    checked(lab, double=lambda x: 3 * x)
    assert "hint 3 of 3: A list comes back" in course_utils.hint("double").text()


def test_without_solutions_the_last_hint_names_no_answer(lab):
    remember(lab.parent, None)
    course_utils.hint("double")
    assert course_utils.hint("double").text().endswith("Read the report again with it in mind, or show your cell to somebody.")


def test_a_misspelt_name_is_told(lab):
    assert course_utils.hint("duoble").text() == "There are no hints for 'duoble': do you mean 'double'?"
    assert "do you mean 'center'" in course_utils.answer("centre").text()
    assert course_utils.hint("qqq").text().endswith("does hints.json lie beside the notebook?")
    assert "hint 1 of 2" in course_utils.hint(double).text()  # the function itself


# --- what a report ends with ---


def test_whoever_names_no_exercise_is_told_how_to(lab):
    for ask, verb in ((course_utils.hint, "hint"), (course_utils.answer, "answer")):
        told = ask().text()
        assert told.startswith("Which exercise?")
        assert f'{verb}("NAME")' in told
        assert "`progress()` lists all names" in told


def test_a_report_ends_with_the_way_to_help(lab):
    assert ended(lab, double) == 'Stuck? hint("double") has a hint for this mistake.'
    assert ended(lab, lambda x: 3 * x) == 'Stuck? hint("double") gives a first hint.'
    course_utils.hint("double")
    assert ended(lab, lambda x: 3 * x) == 'Stuck? hint("double") gives the next hint, 2 of 2.'
    course_utils.hint("double")
    assert ended(lab, lambda x: 3 * x) == 'Stuck? answer("double") shows a worked answer.'
    remember(lab.parent, None)
    assert ended(lab, lambda x: 3 * x) == 'Stuck? hint("double") shows all its hints again.'


def test_another_answer_in_the_place_of_ones_own_is_shown_and_forgotten(lab):
    report = course_utils.check("double", instead=double)
    assert report.score < report.max_score
    assert "✗" in report.text()
    assert logbook.entry(lab, LAB, "double") == logbook.entry(lab, LAB, "center")  # neither was checked


def test_a_report_says_what_an_older_notebook_has_to_import(lab):
    names = {"check": course_utils.check, "double": double}
    exec('report = check("double")', names)
    assert names["report"].text().endswith('Stuck? from course_utils import hint; hint("double") has a hint for this mistake.')
    assert "<code>from course_utils import hint; hint(&quot;double&quot;)</code> has" in names["report"]._repr_html_()


def test_a_pass_ends_with_what_was_gained(lab):
    assert ended(lab, lambda x: 2 * x) == "You have doubled a number, and will never do it by hand again."
    assert ended(lab, lambda X: X - X.mean(axis=0), "center") == "✓ a table with far-off columns                   4/4"


def test_what_was_not_begun_and_a_lab_without_help_say_nothing(lab):
    assert "Stuck?" not in ended(lab, None)
    (lab / "hints.json").unlink()
    assert "Stuck?" not in ended(lab, double)


def ended(lab, subject, exercise="double"):
    """The last line of the report on an answer, as a cell without IPython gets it."""
    names = {name: getattr(course_utils, name) for name in ("answer", "check", "hint")} | ({exercise: subject} if subject else {})
    exec(f"report = check({exercise!r})", names)
    return names["report"].text().splitlines()[-1]


# --- answers ---


def test_an_answer_is_shown_when_asked_twice(lab):
    first, second = course_utils.answer("double"), course_utils.answer("double")
    again = '`answer("double")` once more, or with `give_up=True`, shows the worked answer.'
    assert first.text() == f"You have not tried double so far: {again}"
    derivation, code = second.markdown.removeprefix("**double, a worked answer**\n\n").split("\n\n", 1)
    assert derivation == "Twice $x$ is $x + x$, which is $2x$."
    assert code == "```python\ndef double(x):\n    return 2 * x\n```"
    assert logbook.entry(lab, LAB, "double")["answer"]


def test_an_answer_is_shown_on_giving_up(lab):
    assert "return 2 * x" in course_utils.answer("double", give_up=True).text()


def test_an_answer_is_shown_after_three_different_attempts(lab):
    for source in (WRONG, WRONG + "  \n\n", "def double(x):\n    return 3 * x"):
        checked(lab, double=double, source=source)
    assert "You have made two different attempts at double so far" in course_utils.answer("double").text()
    logbook.update(lab, LAB, "double", lambda entry: entry.pop("asked"))
    checked(lab, double=double, source="def double(x): return x ** 2")
    assert "return 2 * x" in course_utils.answer("double").text()


def test_stubs_and_passes_are_no_attempts(lab):
    checked(lab)
    checked(lab, double=lambda x: 2 * x)
    assert not logbook.entry(lab, LAB, "double").get("tries")


def test_whoever_has_solved_it_may_compare(lab):
    checked(lab, double=lambda x: 2 * x)
    assert "return 2 * x" in course_utils.answer("double").text()
    assert "answer" not in logbook.entry(lab, LAB, "double")


def test_a_released_course_has_no_answers(lab):
    (lab.parent / ".handgrad" / "start.json").unlink()
    sentence = (
        "There are no worked answers here, because lab_tiny came without its solutions: "
        '`answer("double", solutions="DIR")` reads them in a checkout of Handgrad.'
    )
    assert course_utils.answer("double", give_up=True).text() == sentence


def test_solutions_can_be_named(lab, tiny, tmp_path):
    remember(lab.parent, None)
    checkout = tmp_path / "checkout"
    shutil.copytree(tiny, checkout / "solutions" / tiny.name)
    for given in (tiny.parent, tiny, str(tiny), checkout):
        assert "return 2 * x" in course_utils.answer("double", give_up=True, solutions=given).text()
    assert course_utils.answer("double", solutions=tmp_path / "no").text().endswith(
        "no has no lab_tiny/notebook.py: name a checkout of Handgrad, or its folder solutions/."
    )


def test_the_code_of_an_answer_has_neither_marks_nor_docstrings(tiny):
    assert worked("true_lines", tiny).code == 'true_lines = None    # a set of letters\ntrue_lines = {"a", "c"}'
    assert bare(METHOD) == "class A:\n\n    def b(self):\n        return 1"
    assert bare("%%time\n### BEGIN SOLUTION\n1\n### END SOLUTION") == "%%time\n1"


# --- progress ---


def test_progress_is_a_table_with_what_comes_next(lab):
    course_utils.hint("double")
    checked(lab, double=double)
    course_utils.answer("center", give_up=True)
    told = course_utils.progress().text().splitlines()
    assert told == [
        "lab_tiny",
        "   exercise    points    hints   answer",
        "✗  double      0/2 (+1)  1 of 3",
        "○  center      0/4       0 of 2  shown",
        "○  true_lines  0/2       0 of 2",
        "   all         0/8 (+1)  1       1 shown",
        "(+): points of checks that run when the notebook is graded",
        "Next: double (read its report again)",
    ]
    assert "<td" in course_utils.progress()._repr_html_()


def test_progress_names_the_next_lab_that_exists(lab):
    released = Lab.from_release(lab)
    right = {"double": lambda x: 2 * x, "center": lambda X: X - X.mean(axis=0), "true_lines": {"a", "c"}}
    for exercise in released.checks:
        logbook.record(lab, LAB, check_in(released, exercise, right))
    (lab.parent / "lab_zeta").mkdir()
    (lab.parent / "lab_zeta" / "cases.npz").touch()
    assert course_utils.progress().after == "All checks pass. Next: lab_zeta"
    assert "<a" not in course_utils.progress()._repr_html_(), "there is no notebook to go to"
    (lab.parent / "lab_zeta" / "lab_zeta.ipynb").touch()
    assert 'Next: <a href="../lab_zeta/lab_zeta.ipynb">lab_zeta</a>' in course_utils.progress()._repr_html_()
    (lab.parent / "lab_zeta" / "cases.npz").unlink()
    assert course_utils.progress().after == "All checks pass: everything here is done."


def test_progress_where_nothing_is_known(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert course_utils.progress().text() == "Nothing was checked here yet: run a check cell first."


# --- the logbook ---


def test_an_older_file_still_reads(lab):
    older = {LAB: {"double": {"score": 2, "max_score": 2, "when": 1, "outcomes": [["an array", "passed"]]}}}
    (lab / ".handgrad").mkdir(exist_ok=True)
    (lab / logbook.FILE).write_text(json.dumps(older))
    assert course_utils.progress().text().splitlines()[2] == "✓  double      2/2 (+1)  0 of 2"
    checked(lab, double=double)
    assert "hint 1 of 3" in course_utils.hint("double").text()


@pytest.mark.parametrize("text", ["torn {", "[]", '{"lab_tiny": 3}', '{"lab_tiny": {"double": [1]}}', ""])
def test_a_damaged_file_counts_as_none(lab, text):
    (lab / ".handgrad").mkdir(exist_ok=True)
    (lab / logbook.FILE).write_text(text)
    assert course_utils.progress().rows[0].score == 0
    checked(lab, double=double)
    assert logbook.entry(lab, LAB, "double")["tries"]


def note(where, number):
    logbook.update(where, LAB, f"exercise{number % 3}", lambda entry: entry.setdefault("hints", []).append(number))


def test_two_notebooks_of_one_folder_lose_nothing(tmp_path):
    with ProcessPoolExecutor(4) as pool:
        list(pool.map(note, [tmp_path] * 60, range(60)))
    kept = [number for entry in logbook.read(tmp_path)[LAB].values() for number in entry["hints"]]
    assert sorted(kept) == list(range(60))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(lab):
    lab.chmod(0o555)
    two_steps(lab)


def test_a_folder_that_is_a_file(lab):
    (lab / ".handgrad").write_text("in the way")
    two_steps(lab)


def two_steps(lab):
    assert "hint 1 of 2" in course_utils.hint("double").text()
    assert "hint 2 of 2" in course_utils.hint("double").text()
    assert "not tried" in course_utils.answer("double").text()
    assert "return 2 * x" in course_utils.answer("double").text()


# --- in the grader's sandbox ---


def test_while_grading_nothing_is_shown_and_nothing_read(lab, monkeypatch):
    monkeypatch.setattr(asking, "silent", True)
    before = sorted(lab.rglob("*"))
    assert course_utils.hint("double") is course_utils.answer("double", give_up=True) is course_utils.progress() is None
    assert sorted(lab.rglob("*")) == before


# --- in a kernel ---


@pytest.mark.kernel
def test_a_stuck_student_in_a_kernel(lab):
    sources = [
        "from course_utils import answer, check, hint, progress",
        "def double(x):\n    return x * x", 'check("double")', 'hint("double")',
        "def double(x:\n    return 3 * x", 'check("double")',
        "def double(x):\n    return 4 * x", 'check("double")', 'answer("double")', "progress()",
    ]  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": lab}}).execute()
    shown = [cell.outputs[-1].get("data", {}) if cell.outputs else {} for cell in notebook.cells]
    assert shown[2]["text/plain"] == "0.0"
    assert "<code>hint(&quot;double&quot;)</code> has a hint for this mistake." in shown[2]["text/html"]
    assert shown[3]["text/markdown"].startswith("**double, hint 1 of 3: The number 3 becomes 9**")
    assert "SyntaxError" in shown[5]["text/html"]
    assert "return 2 * x" in shown[8]["text/markdown"]  # the syntax error was an attempt as well
    assert "<td" in shown[9]["text/html"]
