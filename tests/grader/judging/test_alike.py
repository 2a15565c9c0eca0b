"""Two prints are alike where two answers gave the same, whatever rounding did; and nowhere else."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.checking.observe import Trace
from course_utils.checking.session import Raised
from course_utils.checking.values import Opaque
from grader.judging import alike
from grader.judging.alike import Print, cluster, print_of, rough_print
from grader.judging.messages import common_words, error_type, told

KEY = ("length/of_random_vectors", 11)
WANTED = np.random.default_rng(5).normal(size=(4, 3))
WORDS = common_words() | {"affine", "X", "W"}
SEEDS = st.integers(0, 2**32)


def printed(got, want=WANTED, **more) -> Print:
    made = print_of({KEY: Trace({"y": got}, **more)}, {KEY: Trace({"y": want})}, WORDS)
    assert made is not None
    return made


def stopped(message: str, kind: str = "error", error: str = "ValueError", line: str = "") -> Print:
    return printed(None, raised=Raised(kind, error, message, line, "f"))


def rounded_otherwise(rng, values, part=1e-13):
    return values * (1 + part * rng.uniform(-1, 1, size=values.shape))


@given(SEEDS, st.floats(-6, 6), st.sampled_from([(), (1,), (7,), (5, 3), (40, 30)]))
def test_rounding_makes_no_difference_and_a_part_in_a_thousand_does(seed, exponent, shape):
    rng = np.random.default_rng(seed)
    want = rng.normal(size=shape) * 10**exponent + 10**exponent
    fault = np.asarray(rng.uniform(1.5, 3, size=shape))
    answer = printed(want * fault, want)
    assert answer.alike(printed(rounded_otherwise(rng, want * fault), want))
    assert not answer.alike(printed(want * (fault + 1e-3), want))


@given(SEEDS)
def test_a_small_fault_is_not_taken_for_another_small_fault(seed):
    rng = np.random.default_rng(seed)
    first, second = (WANTED * (1 + 3e-5 * (1 + rng.uniform(size=WANTED.shape))) for _ in range(2))
    assert not printed(first).alike(printed(second))
    assert printed(first).alike(printed(rounded_otherwise(rng, first)))


@given(st.integers(0, 11), st.integers(0, 11), st.floats(0.1, 10))
def test_the_same_fault_in_another_entry_is_another_fault(one, other, size):
    answers = []
    for place in (one, other):
        values = WANTED.copy()
        values.reshape(-1)[place] += size
        answers.append(printed(values))
    assert answers[0].alike(answers[1]) == (one == other)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=30))
def test_a_print_comes_back_from_its_text_whatever_was_answered(values):
    made = printed(np.array(values), np.full(len(values), 0.123))
    again = Print.parse(str(made))
    assert again.alike(made)
    assert made.alike(again)
    assert str(Print.parse(str(again))) == str(again)
    assert again.exact == made.exact


def test_borders_of_rounding_do_not_exist():
    for value in (0.5, 0.125, 2.5, 1e-3, 0.1 + 0.2, 1 / 3):
        for nudge in (math.nextafter(value, 2), math.nextafter(value, -2), value):
            assert printed(nudge, 7.0).alike(printed(value, 7.0))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (-WANTED, (-WANTED).tolist()),
        (-WANTED, (-WANTED).astype(np.float32)),
        (-WANTED, np.asfortranarray(-WANTED)),
        (-WANTED, np.ascontiguousarray(-WANTED[::-1])[::-1]),
        (WANTED * 0.0, -WANTED * 0.0),
        (WANTED * np.nan, -(WANTED * np.nan)),
        (np.cumsum(WANTED.reshape(-1))[-1], math.fsum(WANTED.reshape(-1))),
        (2, 2.0),
        (np.int64(2), 2),
        (True, np.bool_(True)),
        ([np.zeros(2), np.zeros(3)], (np.zeros(2), [0, 0, 0])),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1.0}),
        (Opaque("MyNet"), Opaque("EvasNet")),
        (None, None),
    ],
)
def test_the_same_answer_in_other_clothes(one, other):
    assert printed(one).alike(printed(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (WANTED.T, WANTED.T.reshape(1, 3, 4)),
        (WANTED * np.nan, WANTED * np.inf),
        (WANTED * np.inf, WANTED * -np.inf),
        (np.where(WANTED > 1, np.nan, 0), np.where(WANTED < -1, np.nan, 0)),
        (-WANTED, -WANTED[::-1]),
        (None, 0.0),
        ("three", "four"),
        ("3", 3),
        ([1, 2], [1, 2, 3]),
        ({"a": 1}, {"b": 1}),
        (10**400, -(10**400)),
        (b"x", "x"),
        (Opaque("function"), Opaque("generator")),
        ([np.zeros(2), np.zeros(3)], [np.zeros(2), np.ones(3)]),
    ],
)
def test_another_answer(one, other):
    assert not printed(one).alike(printed(other))


def test_what_is_right_in_an_answer_counts_as_right_whatever_its_digits():
    nearly = WANTED * (1 + 1e-8)
    one, other = ({"dW": array, "db": np.array([5.0])} for array in (WANTED, nearly))
    want = {"dW": WANTED, "db": np.array([1.0])}
    assert printed(one, want).alike(printed(other, want))


def test_a_text_with_a_place_in_memory_is_the_same_in_every_process():
    one, other = ("{'A': <function <lambda> at 0x7f519dbfba60>}", "{'A': <function <lambda> at 0x7f519dbfbb00>}")
    assert printed(one) == printed(other) != printed("{'A': <function slope at 0x7f519dbfba60>}")
    assert printed([one]) == printed([other])
    assert printed({one: 1.0}) == printed({other: 1.0})


def test_a_right_answer_has_no_print():
    assert print_of({KEY: Trace({"y": WANTED + 1e-12})}, {KEY: Trace({"y": WANTED})}, WORDS) is None


def test_what_was_changed_in_place_is_part_of_the_answer():
    changed = printed(WANTED, changed=(("affine", "0"),))
    assert changed.alike(printed(WANTED, changed=(("affine", "0"), ("affine", "0"))))
    assert not changed.alike(printed(WANTED, changed=(("affine", "1"),)))


def test_many_arrays_are_told_apart_too():
    answers = [[np.full(3, float(number)) for number in range(60)] + ["no array"] for _ in range(3)]
    answers[1][59] = answers[1][59] + 1e-13
    answers[2][59] = answers[2][59] + 1.0
    one, same, other = (printed(answer) for answer in answers)
    assert one.alike(same)
    assert not one.alike(other)
    assert len(str(one)) < 2000


@given(st.permutations(range(9)), SEEDS)
def test_groups_do_not_hang_on_the_order_of_answers(order, seed):
    rng = np.random.default_rng(seed)
    faults = [2.0, 2.0, 2.0, 3.0, 3.0, -1.0, 0.5, 0.5, 7.0]
    answers = [printed(rounded_otherwise(rng, WANTED * fault)) for fault in faults]
    numbers = cluster([answers[place] for place in order])
    groups = {number: sorted(faults[place] for place, mine in zip(order, numbers, strict=True) if mine == number) for number in numbers}
    assert sorted(groups.values()) == [[-1.0], [0.5, 0.5], [2.0, 2.0, 2.0], [3.0, 3.0], [7.0]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("name 'X_mine' is not defined", "name 'Adas_X' is not defined"),
        ("invalid syntax (<cell 3>, line 4)", "invalid syntax (<cell 12>, line 1)"),
        ("bad value 0.12345 at 0x7fde12", "bad value -3.1e-4 at 0x11"),
        ("'AdasNet' object has no attribute 'my_w'", "'Net2' object has no attribute 'weight_of_ada'"),
        ("ada_step() missing 1 required positional argument: 'lr2'", "bobs_step() missing 1 required positional argument: 'eta_b'"),
    ],
)
def test_errors_that_differ_in_what_is_the_students_own(one, other):
    assert stopped(one, line="x = ada").alike(stopped(other, line="y = bob"))
    assert "ada" not in told(one, WORDS).lower()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "operands could not be broadcast together with shapes (3,4) (5,)",
            "operands could not be broadcast together with shapes (3,4) (4,3)",
        ),
        ("affine() missing 1 required positional argument: 'W'", "affine() missing 1 required positional argument: 'X'"),
        ("module 'numpy' has no attribute 'x'", "module 'torch' has no attribute 'x'"),
        ("name 'mean' is not defined", "name 'exp' is not defined"),
    ],
)
def test_errors_that_say_something_else(one, other):
    assert not stopped(one).alike(stopped(other))


def test_an_error_has_its_type_and_kind():
    assert not stopped("x", error="TypeError").alike(stopped("x", error="KeyError"))
    assert not stopped("x", kind="probe").alike(stopped("x"))
    assert error_type("AdasError", WORDS) == "Exception"


def test_a_rough_print_has_no_numbers_of_any_seed():
    def rough(seed: int, size: int) -> Print:
        key = (KEY[0], seed)
        late = Trace({}, raised=Raised("timeout", "TimeoutError", f"it took {size} s"))
        odd = Trace({}, raised=Raised("error", "IndexError", f"index {size} is out of bounds for axis 0 with size {size}"))
        traces = {key: late, ("length/other", seed): odd, ("length/third", seed): Trace({"y": float(size)})}
        return rough_print(traces, dict.fromkeys(traces, Trace({"y": 1.5})), WORDS)

    assert rough(3, 5).alike(rough(4, 8))


@pytest.mark.parametrize("text", ["", "1-abc-", "2-0123456789abcdef-", "1-0123456789abcdef-1,2", "1-0123456789abcdef-nan,0,0", "x" * 10**5])
def test_what_is_no_print_is_refused(text):
    with pytest.raises(ValueError, match="is no fingerprint"):
        Print.parse(text)


def test_an_answer_that_is_made_to_be_alike_to_all_is_alike_to_none():
    """Its entries are huge, and so is its tolerance; what is summed of them cancels, because anybody may know the weights."""
    weights = alike._weights(WANTED.size)
    null = np.linalg.svd(weights)[2][-1]
    made = 1e200 * null / np.abs(null).max()
    forged = printed(made.reshape(WANTED.shape) + 2 * WANTED)
    assert forged.sums[0][2] > 1e180
    first, second = printed(2 * WANTED), printed(3 * WANTED)
    assert not any(map(forged.alike, (first, second)))
    assert len(set(cluster([first, forged, second]))) == 3


def test_of_a_list_with_a_million_parts_only_the_first_are_looked_at(monkeypatch):
    looked = []
    monkeypatch.setattr(alike, "equal", lambda got, want: looked.append(got))
    assert printed(["no number"] * 10**6, ["x"] * 10**6) == printed(["no number"] * 10**6, ["x"] * 10**6)
    assert len(looked) < 10_000
