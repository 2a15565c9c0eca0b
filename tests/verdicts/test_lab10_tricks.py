"""What lab 10 says of answers: good habits cost nothing, odd results break nothing, and slips are named by what they are."""

from __future__ import annotations

import copy
import functools
from pathlib import Path

import numpy as np
import pytest

from course_utils.checking import Lab, Local, check_exercise
from course_utils.checking.report import Report
from tests.today import share

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ("sample_lr", "random_search", "refine", "ensemble", "ten_crop", "tta_predict", "snapshot_ensemble")


@functools.cache
def lab() -> Lab:
    return Lab.from_source(ROOT / "solutions" / "lab10_tricks")


def report(exercise, answer, others=None, **names) -> Report:
    given = {**lab().reference, **names, exercise: answer}
    if hasattr(answer, "__globals__"):
        answer.__globals__.update(names)
    return check_exercise(exercise, lab().checks[exercise], Local(given), lab().oracle, lab().seeds, others or {})


def named(found: Report) -> set[str | None]:
    return {verdict.mistake for verdict in found.verdicts if verdict.outcome != "passed"}


# --- right answers


def guarded_rate(rng, low=1e-5, high=1.0):
    """Checks its arguments, prints, and draws more than it needs."""
    assert 0 < low < high
    rng.normal(size=3)
    rate = low * (high / low) ** rng.random()
    print(f"{rate:.2e}")
    return np.float64(rate)


def searched_with_a_log(train, space, trials, rng):
    """Keeps a record and the best so far, and draws all of one knob before the next."""
    record, best = [], -np.inf
    drawn = {name: [_value(knob, rng) for _ in range(trials)] for name, knob in space.items()}
    for k in range(trials):
        params = {name: values[k] for name, values in drawn.items()}
        score = float(train(copy.deepcopy(params)))
        if score > best:
            best = score
            print("better:", params)
        record.append((score, params))
    return sorted(record, key=lambda pair: (pair[0], rng.random()))[::-1]


def _value(knob, rng):
    if isinstance(knob, list):
        return str(rng.choice(knob)) if isinstance(knob[0], str) else rng.choice(knob)
    low, high, kind = knob
    return np.exp(rng.uniform(np.log(low), np.log(high))) if kind == "log" else rng.uniform(low, high)


def crops_of_a_copy(image, size):
    image = np.array(image)
    image.setflags(write=False)
    rows, columns = (np.asarray(image.shape) - size).tolist()
    five = [image[r:, c:][:size, :size] for r in (0, rows) for c in (0, columns)]
    five.append(image[rows // 2 :, columns // 2 :][:size, :size])
    return five + [crop[:, ::-1] for crop in five]


def asked_twice(model, image, size):
    """Asks the model once more for a printout."""
    crops = lab().reference["ten_crop"](image, size)
    print(np.argmax(model(crops), axis=1))
    return sum(model(crop[None])[0] / 10 for crop in crops)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        ("sample_lr", guarded_rate),
        ("random_search", searched_with_a_log),
        ("ten_crop", crops_of_a_copy),
        ("tta_predict", asked_twice),
        ("ensemble", lambda p: np.stack(p).astype(np.longdouble).mean(axis=0)),
        ("snapshot_ensemble", lambda train, n: [{name: np.copy(w) for name, w in train(k).items()} for k in range(n)]),
        ("refine", lambda space, best: copy.deepcopy(lab().reference["refine"](copy.deepcopy(space), dict(best)))),
    ],
)
def test_a_right_answer_loses_nothing(exercise, answer):
    found = report(exercise, answer)
    assert found.passed, found.text()


# --- what costs little, and once


def sums_into_the_first(probabilities):
    for each in probabilities[1:]:
        probabilities[0][...] += each
    probabilities[0][...] /= len(probabilities)
    return probabilities[0]


def test_a_changed_argument_costs_a_small_share_once():
    found = report("ensemble", sums_into_the_first)
    assert found.max_score - found.score == pytest.approx(1)


def wrong_crops(image, size):
    return lab().reference["ten_crop"](image, size)[:, ::-1]


def with_own_crops(model, image, size):
    return np.mean(model(ten_crop(image, size)), axis=0)  # noqa: F821 - the notebook's


def test_a_wrong_helper_is_named_first():
    found = report("tta_predict", with_own_crops, lab().checks, ten_crop=wrong_crops)
    assert "you call ten_crop, which fails its own check: mend that first" in found.text()


def test_one_slip_in_a_knob_spoils_no_other_check():
    def evenly(train, space, trials, rng):
        level = {name: (*knob[:2], "linear") if isinstance(knob, tuple) else knob for name, knob in space.items()}
        return lab().reference["random_search"](train, level, trials, rng)

    found = report("random_search", evenly)
    assert [verdict.outcome for verdict in found.verdicts].count("failed") == 1
    assert named(found) == {'"log" is drawn evenly, like "linear": draw its exponent evenly'}


# --- answers that do nothing, or next to it


@pytest.mark.parametrize("value", ["x", b"x", None, 10**400, {}, [], np.zeros((2, 2)), np.nan, True, lambda: 0])
@pytest.mark.parametrize("exercise", share(FUNCTIONS, 2))
def test_an_odd_result_is_judged_and_earns_nearly_nothing(exercise, value):
    found = report(exercise, lambda *args, **named: value)
    assert found.score <= 0.5, found.text()
    assert {verdict.outcome for verdict in found.verdicts} <= {"failed", "passed"}, found.text()


ODD_PAIRS = [[("x", {})] * 7, [(1.0,)] * 7, [(1.0, None)] * 7, [{}] * 7, [(None, {"lr": "x"})] * 7, [[1, 2, 3]] * 7]


@pytest.mark.parametrize("value", ODD_PAIRS)
def test_odd_pairs_are_judged(value):
    found = report("random_search", lambda train, space, trials, rng: value)
    assert found.score <= 0.5, found.text()


@pytest.mark.parametrize("value", [{"a": 1}, {"a": (1, 2)}, {"lr": None}, {"a": ("x", "y", "log")}, [("a", 1)]])
def test_odd_spaces_are_judged(value):
    assert report("refine", lambda space, best: value).score <= 0.5


@pytest.mark.stress
def test_a_constant_or_a_generator_of_its_own_earns_little():
    assert report("sample_lr", lambda rng, low=1e-5, high=1.0: low).score <= 3.5
    assert report("sample_lr", lambda rng, low=1e-5, high=1.0: 1.0).score <= 2.5


def test_the_model_says_what_it_was_given():
    found = report("tta_predict", lambda model, image, size: model(image[None])[0])
    assert "model is called with crops (N, 4, 4), and was given (1, 7, 9)" in found.text()


# --- slips that are named by what they are


def last_of_range(train, space, trials, rng):
    found = []
    for _ in range(1, trials):
        params = {name: _value(knob, rng) for name, knob in space.items()}
        found.append((train(params), params))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return found


def best_at_the_end(train, space, trials, rng):
    found = []
    for _ in range(trials):
        params = {name: _value(knob, rng) for name, knob in space.items()}
        found.append((train(params), params))
    return sorted(found, key=lambda pair: pair[0])


def same_dict(train, space, trials, rng):
    params, found = {}, []
    for _ in range(trials):
        for name, knob in space.items():
            params[name] = _value(knob, rng)
        found.append((train(params), params))
    return sorted(found, key=lambda pair: -pair[0])


def as_an_eighth(space, best):
    new = {}
    for name, knob in space.items():
        new[name] = knob
        if isinstance(knob, tuple):
            low, high, kind = knob
            a, b, middle = np.log([low, high, best[name]]) if kind == "log" else (low, high, best[name])
            ends = np.clip([middle - (b - a) / 4, middle + (b - a) / 4], a, b)
            new[name] = (*(np.exp(ends) if kind == "log" else ends).tolist(), kind)
    return new


def flipped_up(image, size):
    found = lab().reference["ten_crop"](image, size)[:5]
    return list(found) + [np.flipud(crop) for crop in found]


def kept_by_name(train_cycle, cycles):
    found = []
    for k in range(cycles):
        weights = train_cycle(k)
        found.append({"W": weights["W"], "b": weights["b"]})
    return found


@pytest.mark.parametrize(
    ("exercise", "answer", "said"),
    [
        ("sample_lr", lambda rng, low=1e-5, high=1.0: low + rng.random() * (high - low), "nearly all rates lie in the highest decade"),
        ("sample_lr", lambda rng, low=1e-5, high=1.0: np.exp(rng.uniform(np.log10(low), np.log10(high))), "e is raised to an exponent"),
        ("random_search", last_of_range, "one trial too few"),
        ("random_search", best_at_the_end, "the worst comes first"),
        ("random_search", same_dict, "all results share one dict"),
        ("refine", as_an_eighth, "each side is a quarter of the old width"),
        ("ensemble", lambda p: sum(np.asarray(each) for each in p), "the probabilities are added up"),
        ("ensemble", lambda p: np.mean(np.eye(np.shape(p)[2])[np.argmax(p, axis=2)], axis=0), "the labels are counted"),
        ("ten_crop", flipped_up, "top and bottom are exchanged"),
        ("tta_predict", lambda model, image, size: np.max(model(lab().reference["ten_crop"](image, size)), axis=0), "the largest answer"),
        ("snapshot_ensemble", kept_by_name, "the dict is copied, and its arrays are not"),
        ("snapshot_ensemble", lambda train, n: [train(k) for k in range(n)], "every snapshot is the last one"),
    ],
)
def test_is_told_what_it_did(exercise, answer, said):
    found = report(exercise, answer)
    sentences = named(found)
    assert len(sentences) == 1, found.text()
    assert said in (sentences.pop() or ""), found.text()


# --- proof_read


def test_each_wrong_verdict_costs_its_line_only():
    right = lab().reference["proof_read"]
    for line in right:
        found = report("proof_read", {**right, line: "sign"})
        assert found.score == 18
        assert f"right verdict on line {line}" in found.text()


def test_an_empty_table_is_not_attempted():
    found = report("proof_read", dict.fromkeys(range(1, 11), ""))
    assert {verdict.outcome for verdict in found.verdicts} == {"not attempted"}


@pytest.mark.parametrize("verdict", ["nothing", "name", "first layer", "overflow"])
def test_one_verdict_for_all_lines_earns_little(verdict):
    assert report("proof_read", dict.fromkeys(range(1, 11), verdict)).score <= 2


@pytest.mark.parametrize("odd", [[], "nothing", 3, None, {1: 2}, {1: None, 2: ["name"]}, {"1": "first layer"}])
def test_odd_tables_are_judged(odd):
    assert report("proof_read", odd).score == 0
