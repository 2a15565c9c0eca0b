"""What a lab's points do not hang on: a table of public answers, functions that probes hand over, the word of a student's process."""

from __future__ import annotations

import functools
import itertools
from pathlib import Path

import pytest

from course_utils.checking import Lab, Local
from course_utils.checking.declare import load_declared
from course_utils.checking.judge import SPOILT, judge, observe_all
from course_utils.checking.observe import observe
from course_utils.checking.trivial import trivial_answers

from .dishonest import Keeper, Liar, Parrot, calling, overflowing, spoiling, thieves
from .today import share

ROOT = Path(__file__).resolve().parent.parent
# labs that train networks are left out: their networks live in the student's process; docs/instructors.md says what hangs on it
FOLDERS = [path.parent for path in sorted((ROOT / "solutions").glob("*/notebook.py")) if not load_declared(path.parent / "checks.py")[1]]
FRESH = (90210, 5150)
FOR_A_TABLE = 10  # points of 100 that a table of the public answers may earn
FOR_A_WORD = 5  # that may hang on what only the student's process can say, but for what the engine charges for changed inputs


def labs(*quick):
    """Every lab; all but the quick ones come after the fast suite."""
    turn = [folder.name for folder in share(FOLDERS, 3)]
    marks = {folder.name: [] if folder.name in quick else [pytest.mark.stress] for folder in FOLDERS if folder.name in (*quick, *turn)}
    return pytest.mark.parametrize("lab", [pytest.param(name, id=name, marks=marked) for name, marked in marks.items()], indirect=True)


@functools.cache
def _lab(name):
    return Lab.from_source(ROOT / "solutions" / name)


@pytest.fixture
def lab(request):
    return _lab(request.param)


def functions_of(lab):
    """The exercises that are functions."""
    return [name for name in lab.checks if callable(lab.reference[name]) and not isinstance(lab.reference[name], type)]


def report_on(lab, exercise, session):
    checks = lab.checks[exercise]
    return judge(exercise, checks, observe_all(checks, session, FRESH, lab.oracle), lab.oracle)


def score(lab, exercise, subject, process=Local):
    return report_on(lab, exercise, process({**lab.reference, exercise: subject})).score


# --- a table


@labs("lab00_start")
def test_a_table_of_public_answers_earns_nearly_nothing(lab):
    earned = {}
    for exercise, checks in lab.checks.items():
        if not callable(lab.reference[exercise]):  # a value has no inputs
            continue
        parrot = Parrot(lab.reference)
        _all_asked(parrot, [check for check in checks if not check.hidden], lab.seeds, lab.oracle)
        parrot.stop_listening()
        traces = _all_asked(parrot, checks, FRESH, lab.oracle)
        earned[exercise] = judge(exercise, checks, traces, lab.oracle).score
    assert sum(earned.values()) <= FOR_A_TABLE, {name: points for name, points in earned.items() if points}


def _all_asked(parrot, checks, seeds, oracle):
    traces = {}
    for check in checks:
        for seed in check.asked_with(seeds):
            parrot.begin()
            traces[check.id, seed] = observe(check, parrot, seed, oracle.wanted(check, seed))
    return traces


@labs("lab01_perceptron")
def test_checks_ask_other_values_when_they_grade(lab):
    """What asks the same whatever the seed is worth a quarter of its exercise at most, and little of the lab."""
    known = 0
    for exercise, checks in lab.checks.items():
        if callable(lab.reference[exercise]):
            same = sum(check.points for check in checks if _asks_the_same(lab, check))
            assert same <= sum(check.points for check in checks) / 4, exercise
            known += same
    assert known <= FOR_A_WORD


def _asks_the_same(lab, check):
    found = set()
    for seed in range(1, 6):
        process = Parrot(lab.reference)
        observe(check, process, seed)
        found.add(process.said)
    return len(found) == 1


# --- functions that are handed over


@labs("lab01_perceptron")
def test_what_a_function_of_the_probe_gives_is_no_answer(lab, subtests):
    for exercise in functions_of(lab):
        keeper = Keeper(lab.reference)
        report_on(lab, exercise, keeper)
        if keeper.kept:
            with subtests.test(exercise):
                trivial = max(score(lab, exercise, answer) for answer in trivial_answers(lab.reference[exercise]))
                assert max(score(lab, exercise, thief) for thief in thieves()) <= trivial


@labs()
def test_a_function_that_was_kept_answers_no_other_exercise(lab, subtests):
    kept = {}
    for exercise in lab.checks:
        keeper = Keeper(lab.reference)
        report_on(lab, exercise, keeper)
        kept |= {code: (exercise, function) for code, function in keeper.kept.items()}
    for exercise, (source, function) in itertools.product(functions_of(lab), kept.values()):
        with subtests.test(exercise, kept_from=source):
            assert max(score(lab, exercise, answer) for answer in calling(function)) == 0


# --- the word of a process


@labs("lab01_perceptron")
def test_a_lie_about_inputs_is_worth_what_the_engine_charges_for_them(lab):
    for exercise in functions_of(lab):
        answer, most = spoiling(lab.reference[exercise]), sum(check.points for check in lab.checks[exercise])
        if all(check.mutates == () for check in lab.checks[exercise]):
            gained = score(lab, exercise, answer, Liar) - score(lab, exercise, answer)
            assert gained < SPOILT * most + 0.25, exercise


@labs("lab01_perceptron")
def test_a_lie_about_warnings_is_worth_little(lab):
    gained = 0
    for exercise in functions_of(lab):
        quiet = sum(check.points for check in lab.checks[exercise] if check.quiet)
        if quiet:
            answer = overflowing(lab.reference[exercise])
            gains = score(lab, exercise, answer, Liar) - score(lab, exercise, answer)
            assert gains <= quiet / 4, exercise
            gained += gains
    assert gained <= FOR_A_WORD
