"""Every lab in the sandbox: right answers earn all points there, and known mistakes are named as they are in the notebook.

A third of the mistakes of each lab is tried each day.
"""

from __future__ import annotations

import importlib.util
import linecache
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course_utils.cells import checked_exercise
from course_utils.checking import Lab, Local, check_exercise
from course_utils.checking.declare import Check
from course_utils.checking.judge import judge, observe_all
from course_utils.checking.report import Report
from course_utils.data import without_test_parts
from grader.demo.made_up import MadeUp, make_up
from grader.sandbox import Child, Limits, Sandbox

from ...today import share

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = sorted(path.parent for path in (ROOT / "solutions").glob("*/notebook.py"))
SEEDS = (6161, 717)

pytestmark = pytest.mark.stress


@dataclass
class Solved:
    """A lab whose right answers have run in a sandbox."""

    lab: Lab
    made_up: MadeUp
    child: Child
    equivalents: Mapping[str, list[Any]]

    def report(self, exercise: str) -> Report:
        """What is said of the answer that the sandbox holds now."""
        return self.reports(exercise)[0]

    def reports(self, exercise: str) -> tuple[Report, str]:
        """That, and what its public checks say alone. The sandbox is asked once, as when it grades: asking costs more than judging."""
        checks, oracle = self.lab.checks[exercise], self.lab.oracle
        traces = observe_all(checks, self.child, SEEDS, oracle)
        public = {check.id for check in self.public(exercise)}
        seen = {key: trace for key, trace in traces.items() if key[0] in public}
        return judge(exercise, checks, traces, oracle), judge(exercise, self.public(exercise), seen, oracle).text()

    def public(self, exercise: str) -> list[Check]:
        """The checks that a student sees."""
        return [check for check in self.lab.checks[exercise] if not check.hidden]

    def told(self, exercise: str, here: Any) -> str:
        """What the public checks say of an answer in a notebook."""
        notebook = Local({**self.lab.reference, exercise: here})
        return check_exercise(exercise, self.public(exercise), notebook, self.lab.oracle, SEEDS).text()


def _equivalents(name: str) -> Mapping[str, list[Any]]:
    spec = importlib.util.spec_from_file_location("equivalents", ROOT / "tests" / "equivalents" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Mapping[str, list[Any]] = module.EQUIVALENTS
    return found


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def solved(request: pytest.FixtureRequest) -> Iterator[Solved]:
    folder = request.param
    lab = Lab.from_source(folder)
    made_up = make_up(folder, nbformat.read(ROOT / "labs" / folder.name / f"{folder.name}.ipynb", as_version=4))
    sources = [cell.source for cell in made_up.notebook(made_up.right).cells if cell.cell_type == "code"]
    equivalents = (ROOT / "tests" / "equivalents" / f"{folder.name}.py").read_bytes()
    hide = ("torch",) if lab.by_hand else ()
    # all of a lab's answers run one after the other, on a machine that may be busy: only what is said of them is judged here
    usual = Limits().allowing(lab.budget, ())
    longer = {"cell_seconds": 4 * usual.cell_seconds, "call_seconds": 12 * usual.call_seconds, "answers_bytes": 2**30, "messages": 10**7}
    limits = replace(usual, **longer, notebook_seconds=900, cpu_seconds=900)
    with Sandbox(["numpy", "grader.sandbox.no_pictures"], hide, without_test_parts(), limits) as sandbox, sandbox.start() as child:
        for source in sources:
            if checked_exercise(source) is None:
                result = child.execute(source)
                assert result.status == "ok", (source, result.reason, result.outputs)
        child.put_file("equivalents.py", equivalents)
        child.put_file("wrong.py", _standing_alone(folder / "mistakes.py"))
        assert child.execute("import builtins, equivalents\n_right = builtins.right = dict(globals())\nimport wrong").status == "ok"
        yield Solved(lab, made_up, child, _equivalents(folder.name))


def test_unsolved_is_not_attempted_and_earns_nothing(solved, subtests):
    for exercise in solved.lab.checks:
        unwritten = f"def {exercise}(*args, **kwargs):\n    raise NotImplementedError"
        stub = unwritten if callable(solved.lab.reference[exercise]) else f"{exercise} = None"
        with subtests.test(exercise):
            assert solved.child.execute(f"globals().update(_right)\n{stub}").status == "ok"
            report = solved.report(exercise)
            assert {verdict.outcome for verdict in report.verdicts} == {"not attempted"}, report.text()
            assert report.score == 0
    assert solved.child.execute("globals().update(_right)").status == "ok"


def test_an_answer_that_does_nothing_earns_nearly_nothing(solved):
    for answer in share(("args[0]", "0.0", "True"), 3):
        earned = 0
        for exercise in solved.lab.checks:
            if callable(solved.lab.reference[exercise]) and not isinstance(solved.lab.reference[exercise], type):
                code = f"globals().update(_right)\ndef {exercise}(*args, **kwargs):\n    return {answer}"
                assert solved.child.execute(code).status == "ok"
                earned += solved.report(exercise).score
        assert earned <= 5, answer
    assert solved.child.execute("globals().update(_right)").status == "ok"


def test_the_labs_own_answers_earn_all_points(solved, subtests):
    for exercise in solved.lab.checks:
        with subtests.test(exercise):
            report = solved.report(exercise)
            assert report.score == report.max_score, report.text()


def test_right_answers_in_other_words_earn_all_points(solved, subtests):
    for exercise in solved.lab.checks:
        counted = solved.child.execute(f"print(len(equivalents.EQUIVALENTS[{exercise!r}]))")
        for number in range(int(counted.outputs[0]["text"])):
            other = f"{exercise} = equivalents.EQUIVALENTS[{exercise!r}][{number}]"
            with subtests.test(exercise, number=number):
                assert solved.child.execute(f"globals().update(_right)\n{other}").status == "ok"
                report, graded = solved.reports(exercise)
                assert report.score == report.max_score, report.text()
                assert graded == solved.told(exercise, solved.equivalents[exercise][number])


def test_mistakes_are_named(solved, subtests):
    every = [known for found in solved.lab.mistakes.values() for known in found]
    for known in share(every, 3):
        exercise, sentence = known.exercise, known.sentence
        code = solved.made_up.wrong.get(exercise, {}).get(sentence)
        if code is None:  # made by a helper of its bank: no cell that a student would write
            code = f"{exercise} = wrong.found[{exercise!r}, {sentence!r}]"
            mine = known.subject
        else:
            mine = _in_a_notebook(exercise, code, solved.lab.reference)
        if re.search(rf"^right_{exercise} =", code, re.MULTILINE):
            continue  # a value that would be made again, as long as that may take
        with subtests.test(exercise, sentence=sentence):
            assert solved.child.execute(f"globals().update(_right)\n{code}").status == "ok"
            report, graded = solved.reports(exercise)
            assert report.score < report.max_score
            assert {verdict.mistake for verdict in report.verdicts if verdict.outcome != "passed"} == {sentence}, report.text()
            assert graded == solved.told(exercise, mine)


def _standing_alone(mistakes: Path) -> bytes:
    """A bank of mistakes as a file beside a notebook, which keeps what is declared in `found`."""
    declares = [
        "import builtins, types",
        "solution, found = types.SimpleNamespace(**builtins.right), {}",
        "def mistake(exercise, sentence):",
        "    return lambda subject: found.setdefault((exercise, sentence), subject)",
    ]
    text = re.sub(r"^from course_utils\.checking import .*$", "", mistakes.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return "\n".join([*declares, text]).encode()


def _in_a_notebook(exercise: str, code: str, names: Mapping[str, Any]) -> Any:
    """What a cell defines, with its lines where a report finds them."""
    namespace, name = dict(names), f"<cell of {exercise}>"
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    exec(compile(code, name, "exec", dont_inherit=True), namespace)
    return namespace[exercise]
