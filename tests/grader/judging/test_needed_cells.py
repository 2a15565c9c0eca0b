"""Verdicts are the same whether all cells of a notebook run or the needed ones only, and a graded page shows what was handed in."""

from __future__ import annotations

import importlib.util
import inspect
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course_utils.checking import Lab
from course_utils.data import without_test_parts
from grader.books.course import to_preload
from grader.demo.made_up import MadeUp, make_up
from grader.intake import Submission, Template, make_template, parse_notebook, repair
from grader.judging.grading import Assignment, Graded, grade
from grader.judging.needed import Needed, asked_names, needed
from grader.sandbox import Limits, Sandbox
from tests.benchmarks.judged.corpus import read_corpus

from ...today import TODAY, share

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "tests" / "fixtures" / "solutions"
FOLDERS = sorted(path.parent for path in (ROOT / "solutions").glob("*/notebook.py"))
SEEDS = (6161, 717)
KINDS = ("nothing", "mistakes", "equivalents", "strangers")  # one of them each day, beside the lab's own answers
# What a demonstration of the template does, above the first answer; no answer of the lab's own has to do with it.
DEMONSTRATIONS = (
    "factor, history, rates = 2, [], {}",
    "def twice(x):\n    return factor * x",
    "history.append(1)\nh = history\nrates['double'] = 2",
    "import builtins\nbuiltins.two = 2",  # nothing in the text says that a name comes into being here
    "import random\nrandom.seed(1), np.random.rand(3)",
    "print('shown by the template')",
)


@dataclass
class Graders:
    """A lab's notebook in a sandbox, graded in both ways."""

    lab: Lab
    template: Template
    made_up: MadeUp
    sandbox: Sandbox

    def submission(self, answers: Mapping[str, str], cells: Mapping[int, str] | None = None) -> Submission:
        """The released notebook with these answers, and other cells of the student's own at these places."""
        notebook = self.made_up.notebook(answers)
        for at, code in (cells or {}).items():
            notebook.cells.insert(at, nbformat.v4.new_code_cell(code))
        return self.handed_in(notebook)

    def handed_in(self, notebook: Any) -> Submission:
        return Submission("ada", {self.template.name: nbformat.writes(notebook).encode()}, {}, (), None, "digest")

    def plan(self, submission: Submission) -> Needed:
        content = submission.notebooks[self.template.name]
        assert isinstance(content, bytes)
        return needed(repair(self.template, parse_notebook(content)), asked_names(self.lab.checks))

    def graded(self, submission: Submission, *, pictures: bool = False) -> Graded:
        assignment = Assignment(self.lab.name, (self.template,), self.lab, SEEDS, {}, 900, pictures)
        return grade(submission, assignment, self.sandbox, "bwrap")

    def told(self, submission: Submission, *, pictures: bool = False) -> Any:
        """Outcome, points and words of every check, and what the gradebook gets."""
        result = self.graded(submission, pictures=pictures).result
        # which group an answer belongs to is asked when the notebook is over: then names have the values of the last cells that ran
        verdicts = {name: {part: told for part, told in entry.items() if part != "alike"} for name, entry in result.exercises.items()}
        return verdicts, result.cells

    def agree(self, submission: Submission) -> Needed:
        """Assert that both ways tell the same."""
        assert self.told(submission) == self.told(submission, pictures=True)
        return self.plan(submission)


def _graders(folder: Path, released: Any, preloaded: Sequence[str] | None = None) -> Iterator[Graders]:
    lab, template = Lab.from_source(folder), make_template(folder.name, released, {})
    limits = replace(Limits().allowing(lab.budget, ()), notebook_seconds=900, cpu_seconds=900)
    limits = replace(limits, cell_seconds=4 * limits.cell_seconds)  # a machine that is busy changes no verdict
    modules = [*(to_preload((template,), {}) if preloaded is None else preloaded), "grader.sandbox.no_pictures"]
    with Sandbox(modules, ("torch",) if lab.by_hand else (), without_test_parts(), limits) as sandbox:
        yield Graders(lab, template, make_up(folder, released), sandbox)


@pytest.fixture(scope="module")
def tiny_lab(installed: Path) -> Iterator[Graders]:
    released = nbformat.read(installed / "release" / "lab_tiny" / "lab_tiny.ipynb", as_version=4)
    for code in reversed(DEMONSTRATIONS):
        released.cells.insert(4, nbformat.v4.new_code_cell(code))
    yield from _graders(FIXTURES / "lab_tiny", released, ["numpy"])


READS = {
    "nothing of the template's": ("def double(x):\n    return 2 * x", 9, True),
    "a number of a demonstration": ("def double(x):\n    return factor * x", 9, True),
    "a function of a demonstration": ("def double(x):\n    return twice(x)", 9, True),
    "a list that a later cell fills": ("def double(x):\n    return (1 + len(history)) * x", 9, True),
    "a dict that a later cell fills": ("def double(x):\n    return rates['double'] * x", 9, True),
    "a name that nothing announces": ("def double(x):\n    return two * x", 9, True),
    "a name that is nowhere": ("def double(x):\n    return tow * x", 6, True),
    "globals()": ("def double(x):\n    return globals()['factor'] * x", 9, False),
    "what it counts itself": ("calls = []\ndef double(x):\n    calls.append(1)\n    return 2 * x", 9, True),
}


@pytest.mark.parametrize("name", READS)
def test_both_ways_tell_the_same(name: str, tiny_lab: Graders) -> None:
    code, score, fewer = READS[name]
    submission = tiny_lab.submission(tiny_lab.made_up.right | {"double": code})
    plan = tiny_lab.agree(submission)
    assert tiny_lab.graded(submission).result.score == score
    assert (not plan.all) == fewer


def test_after_a_missing_name_everything_counts_once(tiny_lab: Graders) -> None:
    """The notebook starts anew in the middle: what was said before is forgotten, and no trouble is told of."""
    last = tiny_lab.made_up.right | {"true_lines": "true_lines = {'a', 'c'} if two == 2 else None"}
    graded = tiny_lab.graded(tiny_lab.submission(last))
    assert (graded.result.status, graded.result.score, list(graded.result.exercises)) == ("graded", 9, ["double", "center", "true_lines"])


LUCKY = """
import random
import numpy as np
np.random.seed(4)
random.seed(4)
drawn = np.random.rand(), random.random()
np.random.seed(4)
random.seed(4)
"""


def test_no_demonstration_draws_what_an_answer_draws(tiny_lab: Graders) -> None:
    """A student who seeds once, above, has the same luck further down, whether demonstrations in between have run or not."""
    answers = tiny_lab.made_up.right | {"true_lines": "true_lines = {'a', 'c'} if (np.random.rand(), random.random()) == drawn else None"}
    submission = tiny_lab.submission(answers, {1: LUCKY})
    assert not tiny_lab.agree(submission).all
    assert tiny_lab.graded(submission).result.score == 9


def shown(graded: Graded) -> list[tuple[str, list[dict[str, Any]], int | None]]:
    (notebook,) = graded.notebooks.values()
    return [(cell.source, cell.outputs, cell.execution_count) for cell in notebook.cells if cell.cell_type == "code"]


def test_a_cell_that_is_left_out_shows_what_was_handed_in(tiny_lab: Graders) -> None:
    notebook = tiny_lab.made_up.notebook(tiny_lab.made_up.right)
    demonstration = next(cell for cell in notebook.cells if cell.source == DEMONSTRATIONS[-1])
    unsafe = nbformat.v4.new_output("display_data", {"text/html": "<b>mine</b><script>alert(1)</script>"})
    demonstration.outputs, demonstration.execution_count = [nbformat.v4.new_output("stream", text="earlier\n"), unsafe], 17
    for graded, there, count in (
        (tiny_lab.graded(tiny_lab.handed_in(notebook)), ["as handed in", "earlier", "<b>mine</b>"], 17),
        (tiny_lab.graded(tiny_lab.handed_in(notebook), pictures=True), ["shown by the template"], 8),
    ):
        outputs, number = next((outputs, number) for source, outputs, number in shown(graded) if source == DEMONSTRATIONS[-1])
        assert number == count
        assert len(outputs) == len(there)
        assert all(word in str(output) for word, output in zip(there, outputs, strict=True))
        assert "script" not in str(outputs)


def test_a_changed_demonstration_runs_and_shows_what_it_gives(tiny_lab: Graders) -> None:
    notebook = tiny_lab.made_up.notebook(tiny_lab.made_up.right)
    demonstration = next(cell for cell in notebook.cells if cell.source == DEMONSTRATIONS[-1])
    demonstration.source, demonstration.outputs = "print(21 * factor)", [nbformat.v4.new_output("stream", text="41\n")]
    outputs = next(outputs for source, outputs, _ in shown(tiny_lab.graded(tiny_lab.handed_in(notebook))) if "21" in source)
    assert [output["text"] for output in outputs] == ["42\n"]


def test_a_forged_report_is_not_shown(tiny_lab: Graders) -> None:
    notebook = tiny_lab.made_up.notebook({})
    for cell in notebook.cells:
        if cell.source.startswith("check("):
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "100.0"}, execution_count=1)]
    graded = tiny_lab.graded(tiny_lab.handed_in(notebook))
    assert graded.result.score == 0
    assert "100.0" not in str(graded.notebooks)


DRAWING = "from course_utils import plots\nplots.points(np.eye(2), np.array([False, True]), 'mine')"


def test_the_students_own_figures_are_drawn(tiny_lab: Graders) -> None:
    graded = tiny_lab.graded(tiny_lab.submission(tiny_lab.made_up.right, {2: DRAWING}))
    outputs = next(outputs for source, outputs, _ in shown(graded) if source == DRAWING)
    assert ["image/png" in output["data"] for output in outputs] == [True]


# The labs of this course


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def graders(request: pytest.FixtureRequest) -> Iterator[Graders]:
    folder = request.param
    yield from _graders(folder, nbformat.read(ROOT / "labs" / folder.name / f"{folder.name}.ipynb", as_version=4))


def answers_of(graders: Graders, kind: str) -> Mapping[str, str]:
    """Answers to all exercises at once; each day another sample."""
    chance, name, right = random.Random(f"{TODAY} {kind}"), graders.template.name, graders.made_up.right
    if kind == "mistakes":
        return right | {exercise: chance.choice(sorted(codes.values())) for exercise, codes in graders.made_up.wrong.items()}
    if kind == "equivalents":
        return right | {exercise: chance.choice(ways) for exercise, ways in equivalents(name).items() if ways}
    if kind == "strangers":
        corpus = read_corpus(ROOT / "tests" / "strangers" / name)
        found = chance.sample([*corpus.right, *corpus.wrong], len(corpus.right))
        return right | {stranger.exercise: stranger.source for stranger in found}
    return {"answers": right, "nothing": {}}[kind]


def equivalents(name: str) -> dict[str, list[str]]:
    """Those that are functions which stand alone, as cells."""
    spec = importlib.util.spec_from_file_location("equivalents", ROOT / "tests" / "equivalents" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, list[str]] = {}
    for exercise, ways in module.EQUIVALENTS.items():
        plain = [way for way in ways if inspect.isfunction(way) and way.__name__ in vars(module) and not hasattr(way, "__wrapped__")]
        found[exercise] = [f"{inspect.getsource(way)}\n\n{exercise} = {way.__name__}" for way in plain]
    return found


@pytest.mark.stress
@pytest.mark.parametrize("kind", ["answers", KINDS[TODAY % len(KINDS)]])
def test_every_lab_is_judged_alike_in_both_ways(kind: str, graders: Graders) -> None:
    if kind != "answers" and graders.template.name not in share([folder.name for folder in FOLDERS], 3):
        pytest.skip("its turn comes another day")
    plan = graders.agree(graders.submission(answers_of(graders, kind)))
    if kind == "answers":
        assert len(plan.run) < 0.6 * len(plan.cells), plan.why_all


@pytest.mark.stress
def test_answers_that_read_what_demonstrations_bind(graders: Graders) -> None:
    """Every answer looks at a name that some demonstration binds, and says so by what it gives: a tuple of the two."""
    names = sorted({bound for cell in graders.template.cells if cell.kind == "code" for bound in _bound(cell.source)})
    chance, answers = random.Random(TODAY), dict(graders.made_up.right)
    for exercise in graders.lab.checks:
        if callable(graders.lab.reference[exercise]) and not isinstance(graders.lab.reference[exercise], type):
            code = f"def {exercise}(*args, **kwargs):\n    return repr({chance.choice(names)})[:200]"
            answers[exercise] = code
    graders.agree(graders.submission(answers))


def _bound(source: str) -> list[str]:
    return [line.split(" = ")[0] for line in source.split("\n") if " = " in line and line.split(" = ")[0].isidentifier()]
