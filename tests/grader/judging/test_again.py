"""One slip is charged once: the judge stands in for a wrong helper, after every verdict on it is final, and for nothing else."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from course_utils.checking import Lab
from course_utils.checking.declare import load_checks
from course_utils.checking.lab import Live
from grader.batch.replay import replay_lab
from grader.judging import again
from grader.judging.again import Answers, ask_again, replaceable
from grader.judging.result import Result, mistakes_of, telling
from grader.sandbox import Sandbox

from .conftest import LAB, LIMITS, SOLUTIONS, Class, scores

pytestmark = pytest.mark.stress

WRONG_SCALE = "def scale(X, k):\n    return k**2 * X"
ALL = {"scale": 4, "line": 6, "same_line": 4, "shuffled": 4, "total": 4}
KEEP = """
import pathlib
def scale(X, k):
    return k**2 * X
def line(X, k, b):
    globals()["kept"] = scale
    pathlib.Path("kept").write_text("x")
    return scale(X, k) + b"""
USE = """
def total(x, rng):
    kept = globals().get("kept")
    found = pathlib.Path("kept").exists()
    return float((x * kept(x, 1)).sum()) if getattr(kept, "__code__", None) and "frozen" in kept.__code__.co_filename else -1.0"""
# who hands in what; one class, as a sandbox's start costs more than all that they ask
HANDED_IN = {
    "ada": {"scale": WRONG_SCALE},
    "adds-first": {"scale": WRONG_SCALE, "line": "def line(X, k, b):\n    return scale(X + b, k)"},
    "detour": {
        "scale": WRONG_SCALE,
        "line": "def _twice_removed(X, k):\n    return scale(X, k)\n\n\ndef line(X, k, b):\n    return _twice_removed(X, k) + b",
    },
    "yields": {"shuffled": "def shuffled(x, rng):\n    for i in rng.permutation(len(x))[1:]:\n        yield x[i]"},
    "unwritten": {"scale": "def scale(X, k):\n    raise NotImplementedError"},
    "prints": {
        "scale": WRONG_SCALE,
        "line": "def line(X, k, b):\n    print(scale(X, k).sum() / X.sum())\n    return scale(X, k) + b",
    },
    "breaks-off": {"scale": f"{WRONG_SCALE}\nscale(1,"},
    "imports": {"scale": f"import nowhere\n\n{WRONG_SCALE}"},
    "keeps": {"scale": KEEP, "line": "line", "total": USE},
}
DELEGATED = {
    "an equal, which the reference itself calls": {
        "line": "def line(X, k, b):\n    return 0 * X",
        "same_line": "def same_line(X, k, b):\n    return line(X, k, b)",
    },
    "each other": {
        "line": "def line(X, k, b):\n    return same_line(X, k, b)",
        "same_line": "def same_line(X, k, b):\n    return line(X, k, b)",
    },
    "one that stands later": {
        "line": "def line(X, k, b):\n    return same_line(X, k, b)",
        "same_line": "def same_line(X, k, b):\n    return 0 * X",
    },
    "one that the reference does not call": {
        "total": "def total(x, rng):\n    return line(x, 1, 0).sum()",
        "line": "def line(X, k, b):\n    return 0 * X",
    },
}


class Graded(NamedTuple):
    """What became of the class."""

    course: Class
    results: Mapping[str, Result]


@pytest.fixture(scope="module")
def graded(chain: Path, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.books.course.PICTURES", ())
        course = Class(Path(shutil.copytree(chain, tmp_path_factory.mktemp("again") / "course", symlinks=True)))
        for student, answers in {**HANDED_IN, **DELEGATED}.items():
            course.hand_in(student, answers)
        return Graded(course, course.results())


def test_a_right_answer_beside_a_wrong_helper_keeps_its_points(graded: Graded) -> None:
    result = graded.results["ada"]
    assert scores(result) == ALL | {"scale": 0}
    assert result.exercises["line"]["first"] == (
        "you call scale, which fails its own check: mend that first; asked again with a right scale in its place: 6 more points are yours"
    )
    assert result.score == 18
    assert mistakes_of(result) == [("scale", "the square of k is taken")]
    assert telling(result) == "scale: the square of k is taken"
    assert "you call scale, which fails its own check: mend that first" in graded.course.page("ada")


def test_the_same_points_when_it_is_judged_again_from_what_was_kept(graded: Graded) -> None:
    changes = replay_lab(LAB, graded.course.root, SOLUTIONS)
    assert len(changes) == len(graded.results)
    for change in changes:
        assert change.before == change.after == graded.results[change.student].score


@pytest.mark.parametrize("student", ["breaks-off", "imports"])
def test_a_helper_whose_cell_does_not_run_is_charged_once(graded: Graded, student: str) -> None:
    result = graded.results[student]
    assert scores(result) == ALL | {"scale": 0}
    assert result.exercises["line"]["first"].startswith("you call scale, which fails its own check: mend that first")
    assert telling(result).startswith("scale: ")


def test_a_fault_of_its_own_is_still_charged_and_then_named(graded: Graded) -> None:
    result = graded.results["adds-first"]
    assert scores(result)["line"] == 0
    entry = result.exercises["line"]
    assert "it still fails" in entry["first"]
    assert {check["mistake"] for check in entry["checks"]} == {"b is multiplied by k as well"}


def test_through_a_function_that_is_no_exercise_and_through_a_wrong_helper_in_between(graded: Graded) -> None:
    assert scores(graded.results["detour"]) == ALL | {"scale": 0}


def test_a_helper_that_yields_and_draws_from_the_students_generator(graded: Graded) -> None:
    assert scores(graded.results["yields"]) == ALL | {"shuffled": 0}


def test_nobody_stands_in_for_what_was_not_written(graded: Graded) -> None:
    result = graded.results["unwritten"]
    assert scores(result)["line"] == 0
    assert result.exercises["line"]["checks"][0]["outcome"] == "not attempted"


@pytest.mark.parametrize("to", DELEGATED)
def test_delegating_earns_nothing(graded: Graded, to: str) -> None:
    assert {name: scores(graded.results[to])[name] for name in DELEGATED[to]} == dict.fromkeys(DELEGATED[to], 0)


def test_nothing_of_the_judge_can_be_kept(graded: Graded) -> None:
    """What is asked again runs in a process of its own: neither its names nor its files reach another exercise."""
    assert scores(graded.results["keeps"]) == ALL | {"scale": 0, "total": 0}


def test_what_was_printed_the_second_time_is_not_shown(graded: Graded) -> None:
    page = graded.course.page("prints")
    assert "it printed: 1.7" not in page  # k² of the first asking may be shown, k of the second may not
    assert "it printed: 1.3\n" not in page


@pytest.mark.stress
@pytest.mark.parametrize(
    "line",
    [
        "def line(X, k, b):\n    while True:\n        scale(X, k)",
        "def line(X, k, b):\n    return scale(np.ones(10**7), k)[: X.size].reshape(X.shape) + b",
        "def line(X, k, b):\n    for _ in range(10**5):\n        scale(X, k)\n    return 0 * X",
        "def line(X, k, b):\n    return scale(lambda: 1, k)",
        "def line(X, k, b):\n    import os\n    scale(X, k)\n    os._exit(0)",
    ],
    ids=["without end", "too large", "too often", "a function", "dies"],
)
def test_what_the_judge_does_for_a_student_is_bounded(course: Class, line: str) -> None:
    result = course.grade(scale=WRONG_SCALE, line=line)
    assert scores(result)["line"] == 0
    assert scores(result)["total"] == 4
    assert course.grade("bob").score == 22


PROBE = """
from course_utils.checking import check

@check("size", points=1)
def of_a_graph(size, Point):
    \"\"\"a graph\"\"\"
    first = Point(())
    return {"size": size(Point((first, Point((first, first)))))}
"""
OBJECTS = """
class Point:
    def __init__(self, before):
        self.before = before

def size(point):
    found = walk(point)
    return sum(each is point for each in found) * 100 + len(found)
"""


def walk(point: Any, seen: set[Any] | None = None) -> list[Any]:
    """The point and all before it, each once."""
    seen = set() if seen is None else seen
    if point in seen:
        return []
    seen.add(point)
    return [point, *(each for one in point.before for each in walk(one, seen))]


def test_the_judge_walks_through_the_students_objects_and_hands_them_back(tmp_path: Path) -> None:
    (tmp_path / "checks.py").write_text(PROBE)
    reference: dict[str, Any] = {"walk": walk}
    exec(OBJECTS, reference)
    checks = {"size": load_checks(tmp_path / "checks.py")}
    lab = Lab("objects", checks, Live(reference, {}, checks), (1,), reference=reference)
    with closing(Sandbox(limits=LIMITS)) as sandbox, closing(sandbox.start()) as child:
        assert child.execute(OBJECTS + "walk = None").status == "ok"
        (trace,) = ask_again("size", ["walk"], lab, child, lab.seeds).values()
    assert trace.raised is None
    assert trace.observations == {"size": 103}
    assert replaceable(Answers({}, blamed=("walk", "Point")), lab) == ("walk",)  # no class: its objects would have to live there


def waits(point: Any) -> list[Any]:
    """Takes its time, and nothing of the processor, as on a machine that is busy."""
    threading.Event().wait(0.2)
    return [point]


def works(point: Any) -> list[Any]:
    while point is not None:
        pass
    return []


@pytest.mark.stress
def test_a_helper_may_wait_but_not_work_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "SECONDS", 0.1)
    (tmp_path / "checks.py").write_text(PROBE)
    reference: dict[str, Any] = {"walk": walk}
    exec(OBJECTS, reference)
    checks = {"size": load_checks(tmp_path / "checks.py")}
    lab = Lab("objects", checks, Live(reference, {}, checks), (1,), reference=reference)
    with closing(Sandbox(limits=LIMITS)) as sandbox:
        for helper, sizes, told in ((waits, {"size": 101}, ""), (works, {}, "TooMuch: a helper took longer than 0.1 s")):
            reference["walk"] = helper
            with closing(sandbox.start()) as child:
                assert child.execute(OBJECTS + "walk = None").status == "ok"
                (trace,) = ask_again("size", ["walk"], lab, child, lab.seeds).values()
            assert trace.observations == sizes
            assert (trace.raised.message if trace.raised else "") == told
